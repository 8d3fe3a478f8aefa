"""The words that claims quote: cut at their figures, marked, and found again in a text by their offsets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geodata import catalog, validation
from geodata.claims import quotes
from geodata.cli import main

letters = st.text(st.sampled_from("ابت ثجح123\u0301😀a"), max_size=12)
shared = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def shipped_quotes() -> list[tuple[str, dict[str, Any]]]:
    """Return every quotation of the shipped claims, by its pointer."""
    return [
        (f"/claims/{claim['id']}/quotes/{index}", quote)
        for claim in catalog.shipped().claims().values()
        for index, quote in enumerate(claim["quotes"])
    ]


def synthetic(filler: str) -> str:
    """Return a document that has every quotation at its offsets, and a filler everywhere else."""
    size = max(quote["end"] for _, quote in shipped_quotes()) + len(filler)
    signs = list((filler * size)[:size])
    for _, quote in shipped_quotes():
        signs[quote["start"] : quote["end"]] = quote["text"]
    return "".join(signs)


@given(st.lists(st.tuples(letters, st.booleans()), max_size=5))
def test_the_pieces_are_the_text_in_order(pieces: list[tuple[str, bool]]) -> None:
    # Figures that stand once each, as records have them: a sign of their own keeps them apart.
    figures = [f"{text}{chr(0xE000 + index)}" for index, (text, marked) in enumerate(pieces) if marked]
    parts = iter(figures)
    text = "".join(next(parts) if marked else text for text, marked in pieces)
    cut = quotes.segments(text, figures)
    assert "".join(piece for piece, _ in cut) == text
    assert [piece for piece, marked in cut if marked] == figures
    assert all(piece for piece, _ in cut)


def test_a_figure_that_the_text_lacks_marks_nothing() -> None:
    assert quotes.segments("على بعد 10 كم", ["11", "10 كم", "على"]) == [("على بعد ", False), ("10 كم", True)]


def test_every_claim_quotes_its_figure() -> None:
    for claim in catalog.shipped().claims().values():
        figures = " ".join(figure for quote in claim["quotes"] for figure in quote["figures"])
        assert figures, claim["id"]
        if isinstance(claim["reported"]["value"], int):
            written = {3: ("3", "ثلاثة"), 4000: ("4 آلاف",)}.get(claim["reported"]["value"])
            assert any(word in figures for word in written or [str(claim["reported"]["value"])]), claim["id"]


def test_quotations_are_short_and_run_with_the_paragraphs() -> None:
    parts = [quote for _, quote in shipped_quotes()]
    assert len(parts) >= 35
    for quote in parts:
        assert 1 <= len(quote["text"].split()) <= 12
        assert quote["end"] - quote["start"] == len(quote["text"])
    ordered = sorted((quote["start"], quote["paragraph"]) for quote in parts)
    assert [paragraph for _, paragraph in ordered] == sorted(paragraph for _, paragraph in ordered)


def test_a_paragraph_of_a_claim_is_that_of_its_first_quotation() -> None:
    for claim in catalog.shipped().claims().values():
        assert claim["paragraph"] == claim["quotes"][0]["paragraph"], claim["id"]


@shared
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
@example("\r\n")
@example("\ufeff")
@example("e\u0301😀")
def test_a_document_with_every_quotation_in_its_place_is_valid(tmp_path: Path, filler: str) -> None:
    path = tmp_path / "document.txt"
    path.write_bytes(synthetic(filler).encode())
    report = validation.document(path, catalog.shipped())
    assert report.errors == []


@shared
@given(st.integers(0, 10**6), st.sampled_from(["change", "insert", "remove"]))
def test_each_quotation_that_is_not_in_its_place_is_named_and_no_other(tmp_path: Path, at: int, how: str) -> None:
    text = synthetic("\n")
    at %= len(text)
    changed = {
        "change": f"{text[:at]}\ue000{text[at + 1 :]}",
        "insert": f"{text[:at]}\ue000{text[at:]}",
        "remove": text[:at] + text[at + 1 :],
    }[how]
    path = tmp_path / "document.txt"
    path.write_bytes(changed.encode())
    expected = {
        pointer for pointer, quote in shipped_quotes() if changed[quote["start"] : quote["end"]] != quote["text"]
    }
    errors = validation.document(path, catalog.shipped()).errors
    assert {pointer for pointer, _ in errors} == expected
    assert len(errors) == len(expected)
    by_pointer = dict(shipped_quotes())
    for pointer, message in ((at, str(why)) for at, why in errors):
        words = by_pointer[pointer]["text"]
        where = changed.find(words)
        assert (f"it is at {where}–" if where >= 0 else "it is nowhere") in message
        assert f"paragraph {by_pointer[pointer]['paragraph']}" in message


def test_the_command_names_all_and_exits_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "document.txt"
    path.write_bytes(synthetic("\n").encode())
    assert main(["validate", "--document", str(path)]) == 0
    path.write_bytes(synthetic("\n").encode()[1:])
    capsys.readouterr()
    assert main(["validate", "--document", str(path)]) == 1
    printed = capsys.readouterr().out
    assert all(pointer in printed for pointer, _ in shipped_quotes())
    assert main(["validate", "--document", str(path), "--json"]) == 1
    (report,) = json.loads(capsys.readouterr().out)["items"]
    assert len(report["errors"]) == len(shipped_quotes())


@pytest.mark.parametrize(
    ("data", "message"), [(None, "cannot be read"), (b"\xff\xfe", "no UTF-8 text"), (b"", "it is nowhere")]
)
def test_what_is_no_such_document_is_an_error(tmp_path: Path, data: bytes | None, message: str) -> None:
    path = tmp_path / "document.txt"
    if data is not None:
        path.write_bytes(data)
    assert message in str(validation.document(path, catalog.shipped()).errors[0][1])
    assert main(["validate", "--document", str(path)]) == 1


def test_the_command_prints_the_words_with_their_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "prison-10km"]) == 0
    assert "«سجن الحسكة على بعد [10 كم] من الحدود العراقية»" in capsys.readouterr().out


def test_a_record_from_before_offsets_is_quoted_still() -> None:
    (part,) = quotes.of({"quote_ar": "سجن الحسكة", "paragraph": 30})
    assert (part["text"], part["paragraph"], part["start"]) == ("سجن الحسكة", 30, None)
    assert quotes.of({"quote_ar": None}) == []
