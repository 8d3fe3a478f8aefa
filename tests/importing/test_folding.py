"""Many texts folded at once are what each is folded to alone."""

from __future__ import annotations

import json

import numpy as np

from geodata.arabic import fold
from geodata.importing import folding
from geodata.importing.folding import fold_all
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


def test_the_cases_that_hold_for_one_hold_for_many() -> None:
    cases = [text for text, _ in json.loads((ROOT / "tests/arabic_cases.json").read_text("utf-8"))["fold"]]
    assert len(cases) > folding.FEW
    assert fold_all(cases) == [fold(text) for text in cases]


def test_texts_made_of_anything_are_folded_the_same() -> None:
    random = np.random.default_rng(20_240_203)
    signs = [*map(chr, range(2, 0x700)), *map(chr, range(0x1E00, 0x2100)), *map(chr, range(0xFB50, 0xFF00))]
    signs += ["ا", "ل", "و", " ", "-"] * 300 + ["\u1100", "\u1161", "\u3099", "か", "\U0001d400", "\ud800"]
    texts = ["".join(random.choice(signs, random.integers(0, 12))) for _ in range(20_000)]
    texts += [" ".join(random.choice(WORDS, random.integers(0, 6))) for _ in range(20_000)]
    for text, made in zip(texts, fold_all(texts), strict=True):
        assert made == fold(text), repr(text)


def test_what_parts_texts_within_one_and_few_or_no_texts() -> None:
    texts = ["a\x01b", "الهول"] * 50
    assert fold_all(texts) == [fold(text) for text in texts]
    assert fold_all([]) == []
    assert fold_all([""] * 99) == [""] * 99
