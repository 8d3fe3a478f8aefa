"""Headings by their words: ten languages, words in any order, groups before and units behind."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import settings
from geodata.formats import headings

LANGUAGES: dict[str, dict[str, list[str]]] = {
    path.stem: json.loads(path.read_text("utf-8"))["words"]
    for path in sorted((settings.SCHEMAS / "headings").glob("*.json"))
}
ROLES = ("lat", "lon", "position", "date", "deaths", "name", "category", "notes", "id")


def plain(language: str, meaning: str) -> list[str]:
    """Return the patterns of a meaning that are headings as they stand."""
    return [text for text in LANGUAGES[language][meaning] if "*" not in text and len(text) > 3]


def test_every_language_has_words_for_what_a_table_needs() -> None:
    assert set(LANGUAGES) == {"ar", "de", "en", "es", "fa", "fr", "ku", "ru", "tr", "uk"}
    for language, words in LANGUAGES.items():
        assert set(words) <= set(LANGUAGES["en"]), language
        assert all(words[meaning] for meaning in (*ROLES, "total", "low", "high", "end")), language


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_a_latitude_and_a_longitude(language: str) -> None:
    words = LANGUAGES[language]
    assert not {headings.folded(text) for text in words["lat"]} & {headings.folded(text) for text in words["lon"]}
    assert not {headings.folded(text) for text in words["low"]} & {headings.folded(text) for text in words["high"]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("meaning", ROLES)
def test_a_heading_of_the_words_alone_says_its_meaning_best(language: str, meaning: str) -> None:
    for text in plain(language, meaning):
        scores = headings.matches(text)
        assert scores[meaning].score >= 0.9, text


@given(st.data())
def test_words_are_found_among_others_in_any_dress(data: Any) -> None:
    language = data.draw(st.sampled_from(sorted(LANGUAGES)))
    meaning = data.draw(st.sampled_from(("lat", "lon", "date", "deaths")))
    text = data.draw(st.sampled_from(plain(language, meaning) or ["latitude"]))
    meaning = meaning if text in LANGUAGES[language][meaning] else "lat"
    form = data.draw(
        st.sampled_from(("grp_x/{}", "_{}", "{} (WGS84)", "data.{}", "{}_1", "  {}: ", "zzz {}", "Qrst-{}"))
    )
    upper = data.draw(st.booleans())
    heading = form.format(text.upper() if upper and text.isascii() else text)
    assert headings.matches(heading)[meaning].score >= 0.4, heading


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("grp_where/_GPS_latitude", "lat"),
        ("Position LAT (UNCLASS)", "lat"),
        ("Position MGRS (UNCLASS)", "position"),
        ("loc-Accuracy", "radius"),
        ("location.longitude", "lon"),
        ("eventDate", "date"),
        ("Civilians reported killed (min)", "deaths"),
        ("Vorfallsdatum", "date"),
        ("Широта (WGS84)", "lat"),
        ("عدد القتلى", "deaths"),
        ("تاریخ رویداد", "date"),
        ("ÖLÜ SAYISI", "deaths"),
    ],
)
def test_real_headings_are_understood(heading: str, meaning: str) -> None:
    scores = headings.matches(heading)
    assert scores[meaning].score >= 0.6


@pytest.mark.parametrize("text", ["Total", "TOTAL:", "Grand total", "المجموع", "Итого", "Gesamt", "Toplam", "جمع کل"])
def test_totals_are_told_from_names(text: str) -> None:
    assert headings.is_total(text)
    assert not headings.is_total(f"{text} Bridge Camp")


@given(st.text(max_size=80))
def test_any_heading_is_taken(text: str) -> None:
    assert all(0 < match.score <= 1 for match in headings.matches(text).values())
    assert isinstance(headings.is_total(text), bool)
