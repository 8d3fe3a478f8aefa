"""Runs that read left to right among Arabic words are isolated once, by the same rule on server and page."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.bidi import isolated

number = st.decimals(-180, 180, places=4, allow_nan=False).map(str)
words = st.lists(st.sampled_from(["الموضع", "عند", "شمالًا", "المخيم", "(", ")", "·", "كم"]), max_size=3).map(" ".join)
RUNS = [
    "40.7625, 36.4775",
    "36.3755، 41.1485",
    "-40.7625,36.4775",
    "٤٠٫٧٦٢٥، ٣٦٫٤٧٧٥",
    "36°28′N 40°45′E",
    "36°22′30.24″N, 41°9′3.71″E",
    "3000–5000",
    "49 ± 3",
    "0–90°",
    "≤ 52,600",
    "−10.5",
    "hasakah-prison",
    "event-2024-01",
    "2024-01-28",
    "2020-01-03T12:00:00Z",
    "2020-01-03T12:00",
    "2024-01",
    "36°28′",
    "225°",
    "12-brigade",
    "37S FB 48400 37100",
    "37S 484003 3710021",
]
PLAIN = [
    "",
    "في شباط 2024",
    "16 و36",
    "19، 20 و21",
    "القائم",
    "10 كم",
    "CC BY 4.0 مع النسبة",
    "عين الأسد - أربيل",
]


@pytest.mark.parametrize("run", RUNS)
def test_a_run_is_isolated_among_words_and_alone(run: str) -> None:
    assert isolated(f"عند {run} جنوبًا") == f"عند \u2066{run}\u2069 جنوبًا"
    assert isolated(f"({run}).") == f"(\u2066{run}\u2069)."
    assert isolated(f"{run} ← {run}") == f"\u2066{run}\u2069 ← \u2066{run}\u2069"
    assert isolated(run) == f"\u2066{run}\u2069"


@pytest.mark.parametrize("text", PLAIN)
def test_what_reads_well_is_left_as_it_is(text: str) -> None:
    assert isolated(text) == text


@settings(deadline=None)
@given(words, number, st.sampled_from([", ", ",", "، ", "; "]), number, words)
def test_every_pair_stands_in_an_isolate_and_nothing_is_lost(
    before: str, lon: str, sign: str, lat: str, after: str
) -> None:
    text = f"{before} {lon}{sign}{lat} {after}"
    shown = isolated(text)
    assert shown.replace("\u2066", "").replace("\u2069", "") == text
    assert re.search(rf"\u2066[^\u2066\u2069]*{re.escape(f'{lon}{sign}{lat}')}[^\u2066\u2069]*\u2069", shown)
    assert isolated(shown) == shown
