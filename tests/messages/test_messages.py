"""How a message is rendered from its code and parameters, in both languages."""

from __future__ import annotations

import errno
import json
import os
import re

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata import errors
from geodata.geodesy.validation import invalidity
from geodata.messages import LANGUAGES, Message, catalogue, one_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize(
    ("most", "words"),
    [
        (1, "حرف واحد"),
        (2, "حرفان"),
        (3, "3 أحرف"),
        (10, "10 أحرف"),
        (11, "11 حرفًا"),
        (99, "99 حرفًا"),
        (100, "100 حرف"),
        (103, "103 أحرف"),
        (3500, "3500 حرف"),
    ],
)
def test_the_noun_takes_the_form_of_its_number(most: int, words: str) -> None:
    assert Message("allowed.text_at_most", most=most).text("ar").startswith(f"{words} على الأكثر")


def test_english_is_the_text_of_an_exception() -> None:
    error = errors.BadValue("km", "x", "number_range", least="1", most="9")
    assert str(error) == "km: 'x' is not allowed; allowed: a number from 1 to 9"
    assert error.code == "allowed.number_range"
    assert str(errors.NotFound("layer", "x", ["a", "b"])) == "no layer is called 'x'; there are: a, b"
    assert str(errors.BadData("", "empty_file")) == "/: an empty file"


def test_a_message_in_a_message_speaks_its_language() -> None:
    message = errors.BadValue("file", "x", "geojson_because", reason=Message("data.ring_open")).message
    assert "the ring is open" in message.text("en")
    assert "الحلقة مفتوحة" in message.text("ar")
    assert "open" not in message.text("ar")


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=4))
def test_a_value_cannot_turn_the_text_around_it(name: str, values: list[str]) -> None:
    arabic = errors.BadValue(name, name, one_of(values)).message.text("ar")
    parts = arabic.split("\u2068")
    assert arabic.count("\u2068") - name.count("\u2068") >= len(values)
    assert len(parts) > len(values)


@given(TEXTS, st.integers(), st.lists(TEXTS, max_size=3))
def test_a_message_crosses_to_another_process_unchanged(text: str, number: int, values: list[str]) -> None:
    message = Message("data.kind", name=text, reason=Message("data.bytes", size=number, most=one_of(values)))
    crossed = Message.from_dict(json.loads(json.dumps(message.to_dict())))
    assert crossed == message
    assert crossed.texts() == message.texts()


def test_a_long_value_is_cut_where_it_leaves_its_process() -> None:
    crossed = Message.from_dict(Message("data.library", text="x" * 10_000).to_dict())
    assert len(crossed.text()) == 1_000


def test_an_unknown_code_is_no_message() -> None:
    for language in LANGUAGES:
        with pytest.raises(KeyError):
            Message("data.there_is_none").text(language)
    assert "data.there_is_none" not in catalogue("en")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR])
def test_what_the_system_refused_is_said_in_both_languages(number: int) -> None:
    cause = errors.cause(OSError(number, os.strerror(number)))
    assert cause.text("en") == os.strerror(number)
    assert not re.search("[A-Za-z]", cause.text("ar"))


def test_what_the_system_says_seldom_is_said_as_it_says_it() -> None:
    assert errors.cause(OSError(errno.ELOOP, "Too many levels")).text("en") == "Too many levels"
    assert errors.cause(OSError("no number")).text("en") == "no number"


def test_what_is_wrong_with_a_geometry_is_said_in_both_languages() -> None:
    bowtie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    assert invalidity(bowtie).texts() == {"en": "it crosses itself, at 1 1", "ar": "يقطع نفسه، عند \u20681 1\u2069"}
    hole = shapely.Polygon([(0, 0), (1, 0), (1, 1)], [[(5, 5), (6, 5), (6, 6)]])
    assert invalidity(hole).text("en").startswith("a hole lies outside")
