"""Counts of the dead as sources write them, in ten languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.importing import figures
from geodata.importing.figures import Figures
from geodata.importing.phrases import simplified, words
from tests.importing.conftest import Bring

LANGUAGES = list(words("figure-words")["languages"].values())
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
COUNTS = st.integers(0, 100_000)
LANGUAGE = st.sampled_from(LANGUAGES)


def before(kind: str) -> st.SearchStrategy[str]:
    """Words of a kind in any language; Turkish has those of more and less behind the figure."""
    return st.sampled_from([word for each in LANGUAGES for word in each.get(kind, ()) if "'" not in word])


def test_no_word_means_two_things() -> None:
    kinds: dict[str, str] = {}
    for each in LANGUAGES:
        for kind in ("least", "most", "over", "under", "about", "or_more", "or_fewer", "people", "unknown"):
            for word in each.get(kind, ()):
                assert kinds.setdefault(simplified(word), kind) == kind, word


@given(COUNTS, st.sampled_from(["{}", "{:,}", " {} ", "{}.0"]), st.booleans())
def test_a_number(number: int, form: str, arabic: bool) -> None:
    text = form.format(number).translate(ARABIC if arabic else {})
    assert figures.read(text) == Figures(best=number)


@given(COUNTS, COUNTS, LANGUAGE, st.data())
def test_a_range(first: int, second: int, language: dict[str, list[str]], data: st.DataObject) -> None:
    low, high = sorted((first, second))
    sign = data.draw(st.sampled_from(["-", "–", " - ", *(f" {word} " for word in language["to"])]))
    opening = data.draw(st.sampled_from(["", *(f"{word} " for word in language.get("from", ()))]))
    text = f"{opening}{low}{sign}{high}"
    assert figures.read(text) == figures.read(text.upper()) == Figures(low=low, high=high)
    assert figures.read(f"{data.draw(before('about'))} {text}") == Figures(low=low, high=high)
    if low < high:
        assert figures.read(f"{opening}{high}{sign}{low}") is None


@given(COUNTS, st.data())
def test_bounds_and_figures_that_are_about_so_many(number: int, data: st.DataObject) -> None:
    people = data.draw(st.sampled_from(["", *(f" {word}" for each in LANGUAGES for word in each.get("people", ()))]))
    for kind, sign, expected in (
        ("least", "≥", Figures(low=number)),
        ("most", "<=", Figures(high=number)),
        ("about", "~", Figures(best=number)),
        ("over", ">", Figures(low=number + 1)),
    ):
        word = data.draw(before(kind))
        for text in (f"{word} {number}{people}", f"{word.upper()} {number}", f"{sign}{number}", f"{sign} {number}"):
            assert figures.read(text) == expected, text
    for word, expected in (("or_more", Figures(low=number)), ("or_fewer", Figures(high=number))):
        assert figures.read(f"{number} {data.draw(before(word))}") == expected
    assert figures.read(f"{number}+") == Figures(low=number)
    assert figures.read(f"{data.draw(before('under'))} {number}") == (Figures(high=number - 1) if number else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("من 2 إلى 5", Figures(2, None, 5)),
        ("بين 2 و5", Figures(2, None, 5)),
        ("от 2 до 5", Figures(2, None, 5)),
        ("до 5", Figures(high=5)),
        ("حتى 5", Figures(high=5)),
        ("حوالي ١٠", Figures(best=10)),
        ("c. 10", Figures(best=10)),
        ("10 approx.", Figures(best=10)),
        ("10'dan fazla", Figures(low=11)),
        ("1 000 - 1 500", Figures(1000, None, 1500)),
        ("3 (2 children)", Figures(best=3)),
        ("2-5 (unconfirmed)", Figures(2, None, 5)),
        ("10 (approx.)", Figures(best=10)),
        ("3 (at least)", Figures(low=3)),
        ("3 قتلى", Figures(best=3)),
    ],
)
def test_figures_in_words(text: str, expected: Figures) -> None:
    assert figures.read(text) == expected


@pytest.mark.parametrize(
    "text", ["unknown", "n/a", "N/A", "-", "—", "?", "...", "غير معروف", "k. A.", "inconnu", "неизвестно", "(unknown)"]
)
def test_cells_that_say_that_nothing_is_known(text: str) -> None:
    assert figures.read(text) == Figures()
    assert figures.is_unknown(text)


@pytest.mark.parametrize(
    "text",
    [
        "dozens",
        "5?",
        "-5",
        "12,5",
        "2/3",
        "10 km",
        "10–",
        "5 (3 killed, 2 wounded)",
        "5 (3)",
        "at least 10-15",
        "about at least 5",
        "from 5",
        "at least 5 or more",
        "2, 5",
        "2-5-7",
        "five",
        "1" * 101,
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert figures.read(text) is None
    assert not figures.is_unknown(text)


@given(st.text(max_size=30) | st.text("0123456789-–~<>=+.,() من", max_size=20))
def test_any_text_is_a_figure_or_none(text: str) -> None:
    read = figures.read(text)
    if read is not None:
        assert all(value is None or 0 <= value < 2**53 for value in read)
        assert read.low is None or read.high is None or read.low <= read.high


def test_a_table_states_what_its_cells_state(bring: Bring) -> None:
    cells = ["2-5", "~10", "at least 3", "3+", "unknown", "", "4", "0", "dozens", "up to 5"]
    text = "lat,lon,date,deaths\n" + "".join(
        f"34,{41 + at / 100:.2f},2024-05-01,{cell}\n" for at, cell in enumerate(cells)
    )
    _, layer = bring(text, roles={"lat": ["lat"], "lon": ["lon"], "date": ["date"], "deaths_best": ["deaths"]})
    rows = [feature.properties for feature in layer.features]
    killed = [tuple((row["killed"] or {}).get(name) for name in ("low", "best", "high")) for row in rows]
    nothing = (None, None, None)
    assert killed[:4] == [(2, None, 5), (None, 10, None), (3, None, None), (3, None, None)]
    assert killed[4:] == [nothing, nothing, (None, 4, None), (None, 0, None), nothing, (None, None, 5)]
    assert [row["flags"] for row in rows] == [[]] * 8 + [["unreadable_number"], []]


def test_columns_of_bounds_win_over_those_in_a_cell(bring: Bring) -> None:
    rows = ["2-5,3,4", "2-5,,n/a", "2-5,x,9", "7,9,12", "~10,8,12"]
    text = "lat,lon,date,deaths,low,high\n" + "".join(
        f"34,{41 + at / 100:.2f},2024-05-01,{row}\n" for at, row in enumerate(rows)
    )
    roles = {"lat": ["lat"], "lon": ["lon"], "date": ["date"]}
    roles |= {"deaths_best": ["deaths"], "deaths_low": ["low"], "deaths_high": ["high"]}
    _, layer = bring(text, roles=roles)
    events = [feature.properties for feature in layer.features]
    killed = [tuple((row["killed"] or {}).get(name) for name in ("low", "best", "high")) for row in events]
    assert killed == [(3, None, 4), (2, None, 5), (2, None, 9), (9, 7, 12), (8, 10, 12)]
    assert [row["flags"] for row in events] == [[], [], ["unreadable_number"], ["deaths_inconsistent"], []]
