"""Strict JSON: what is refused, and where the complaint points."""

from __future__ import annotations

import pytest

from geodata.errors import BadData
from geodata.formats import strict_json
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"a": 1,}', "not JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[" * 65 + b"]" * 65, "nested 65 deep"),
        (b"[" * 50_000 + b"]" * 50_000, "nested 50000 deep"),
        (b"1" * 5000, "not JSON"),
    ],
)
def test_refused(data: bytes, reason: str) -> None:
    with pytest.raises(BadData, match=reason):
        strict_json.parse(data)


def test_depth_counts_no_bracket_in_a_string() -> None:
    assert strict_json.depth(b'{"a": "[[[[\\"[[", "b": [1]}') == 2


def test_a_megabyte_of_brackets_is_refused_at_once() -> None:
    def refuse(length: int) -> None:
        with pytest.raises(BadData):
            strict_json.parse(b"[" * length)

    assert_linear(refuse, 200_000, 3_200_000)


def test_a_string_nobody_closed_is_refused_at_once() -> None:
    def refuse(length: int) -> None:
        with pytest.raises(BadData):
            strict_json.parse(b'["' + b'\\"' * length)

    assert_linear(refuse, 100_000, 1_600_000)


def test_a_byte_order_mark_is_read_over() -> None:
    assert strict_json.parse(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("text", "pointer", "message"),
    [
        ('{"a": {"b": 1, "b": 2}}', "/a", "'b' is repeated here"),
        ('{"a": [1.5, NaN]}', "/a/1", "nan is not a finite number"),
        ('{"a": [1e999]}', "/a/0", "inf is not a finite number"),
        ('{"a": [[1, 2.5], [3, -1e999]]}', "/a/1/1", "-inf is not a finite number"),
        ('{"a": [[NaN, 2.5], [3, 4]]}', "/a/0/0", "nan is not a finite number"),
        ('{"a": [[], {"b": 1, "b": 2}]}', "/a/1", "'b' is repeated here"),
        ('{"a/b": {"c~d": -Infinity}}', "/a~1b/c~0d", "-inf is not a finite number"),
    ],
)
def test_problems_point_to_their_place(text: str, pointer: str, message: str) -> None:
    found = strict_json.problems(strict_json.parse(text.encode()))
    assert [place for place, _ in found] == [pointer]
    assert message in str(found[0][1])


def test_a_clean_value_has_no_problem() -> None:
    assert strict_json.problems(strict_json.parse(b'{"a": [1, 2.5, "x", null, {"b": []}]}')) == []
    huge = b"1" * 400
    assert strict_json.problems(strict_json.parse(b'{"a": [[1.5, 2], [' + huge + b', 1]], "b": ' + huge + b"}")) == []
