"""Blank rows and totals: set apart and counted, wherever they stand; everything else is a row."""

from __future__ import annotations

from random import Random

import pytest

from geodata.errors import Refused
from tests.importing.conftest import Bring

WORDS = ("Total", "Grand total:", "المجموع", "Итого", "Summe", "Toplam")


def row(number: int) -> str:
    """Return a row of a table of events."""
    return f"E{number},2024-05-{number + 1:02},33.5{number},44.5{number},{number},Total war {number}"


@pytest.mark.parametrize("seed", range(12))
def test_rows_that_are_none_are_set_apart_wherever_they_stand(bring: Bring, seed: int) -> None:
    draw = Random(seed)
    lines = [row(number) for number in range(5)]
    extra = draw.choices((",,,,,", "{},,,,17,", ",{},,,17,"), k=draw.randrange(5))
    for text in extra:
        lines.insert(draw.randint(0, len(lines)), text.format(draw.choice(WORDS)))
    report, layer = bring("\n".join(["ref,date,lat,lon,killed,what", *lines]), replace=True, unplaced=False)
    totals = sum("17" in text for text in extra)
    assert (report.rows, len(report.set_apart)) == (5, totals)
    said = [str(notice) for notice in report.notices]
    assert any(f"{totals} row" in text and "totals" in text for text in said) == bool(totals)
    assert any("blank" in text for text in said) == (len(extra) > totals)
    assert {feature.properties["original"]["ref"] for feature in layer.features} == {f"E{n}" for n in range(5)}


def test_a_row_with_a_place_or_a_date_is_never_set_apart(bring: Bring) -> None:
    text = "name,date,lat,lon\nTotal,2024-05-01,,\nTotal,,33.5,44.5\nTotal,,,\n"
    report, _ = bring(text, unplaced=False)
    assert (report.rows, [entry["row"] for entry in report.set_apart]) == (2, [3])


def test_a_file_without_any_place_is_not_stored_unasked(bring: Bring) -> None:
    text = "name,date\nHajin,2024-05-01\n"
    with pytest.raises(Refused, match="nothing was imported") as refused:
        bring(text, layer="towns", unplaced=False)
    assert refused.value.report.rows == 1  # type: ignore[attr-defined]
    report, layer = bring(text, layer="towns")
    assert (report.rows, len(layer.features)) == (1, 1)
