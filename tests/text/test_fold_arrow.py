"""Many texts folded at once are what each is folded to alone."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from geodata.text import fold_arrow
from geodata.text.arabic import fold
from geodata.text.fold_arrow import fold_all
from tests.tree import ROOT

WORDS = [
    "ال",
    "الال",
    "وال",
    "والي",
    "بالكا",
    "لله",
    "للل",
    "الal",
    "al",
    "AL",
    "al-",
    "كال",
    "كالبيت",
    "مخيّم",
    "الهَول",
]
WORDS += [
    "É",
    "e\u0301",
    "ه\u0654",
    "ا\u0653",
    "ΣΑΣ",
    "İ",
    "ﷲ",
    "ﻻ",
    "ٱلله",
    "۱۲",
    "٣",
    "’ain",
    "a\u00a0b",
    "…",
    "½",
    "—",
    "😀",
]


@pytest.fixture(params=[0, fold_arrow.FEW], ids=["by the pass", "one by one"], autouse=True)
def _few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways in which texts are folded."""
    monkeypatch.setattr(fold_arrow, "FEW", request.param)


def folded(texts: list[str | None]) -> list[str | None]:
    result: list[str | None] = fold_all(pa.array(texts, pa.string())).to_pylist()
    return result


def test_the_cases_that_hold_for_one_hold_for_many() -> None:
    cases = [text for text, _ in json.loads((ROOT / "tests/arabic_cases.json").read_text("utf-8"))["fold"]]
    assert folded(cases) == [fold(text) for text in cases]


def test_texts_made_of_anything_are_folded_the_same() -> None:
    random = np.random.default_rng(20_240_203)
    signs = [*map(chr, range(1, 0x700)), *map(chr, range(0x1E00, 0x2100)), *map(chr, range(0xFB50, 0xFF00))]
    signs += ["ا", "ل", "و", " ", "-"] * 300 + ["\u1100", "\u1161", "\u3099", "か", "\U0001d400", "\uffff"]
    texts = ["".join(random.choice(signs, random.integers(0, 12))) for _ in range(10_000)]
    texts += [" ".join(random.choice(WORDS, random.integers(0, 6))) for _ in range(10_000)]
    for text, result in zip(texts, folded(texts), strict=True):
        assert result == fold(text), repr(text)


def test_what_is_missing_and_what_is_a_part() -> None:
    assert folded(["الهول", None, "", "a\x01b"]) == ["هول", None, "", fold("a\x01b")]
    assert folded([]) == []
    part = pa.array(["x", "الهول", None, "مخيّم", "y"]).slice(1, 3)
    assert fold_all(part).to_pylist() == ["هول", None, "مخيم"]
    assert fold_all(pa.array([""] * 9)).to_pylist() == [""] * 9
