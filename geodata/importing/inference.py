"""The types of a table's columns, told from its texts: only one that gives every text back, digit for digit.

No leading zero, no plus sign, no blank and no number of more digits than a double holds passes: such a column is text.
Empty cells are unknown and say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from geodata.formats.arrow import arrow_type
from geodata.formats.column_types import TEXT, ColumnType, iso

WHOLE = r"^(0|-?[1-9][0-9]{0,18})$"
DECIMAL = r"^(0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\.[0-9]*[1-9])$"
POINTED = r"^-?(0|[1-9][0-9]*)\.(0|[0-9]*[1-9])$"
SMALL = r"^-?0\.0000"
"""What doubles are written with an exponent for."""
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?"
SHORT = 15
"""Characters of a decimal number that a double gives back whatever its digits."""
SAMPLE = 50
"""Texts that are tried before a whole column is: most columns of names fail at the first."""


@dataclass
class Inference:
    """The types that the columns may still have, batch after batch; those whose type is declared are not looked at."""

    declared: Mapping[str, ColumnType] = field(default_factory=dict)
    _open: dict[str, list[ColumnType]] = field(default_factory=dict)

    def take(self, columns: Iterable[tuple[str, pa.Array]]) -> None:
        """Look at the texts of columns (n, coded or not)."""
        for name, column in columns:
            candidates = self._open.get(name, CANDIDATES)
            if name not in self.declared and candidates != []:
                self._open[name] = _left(_texts(column), candidates)

    def types(self, names: Iterable[str]) -> dict[str, ColumnType]:
        """Return the types of columns: those declared, else the narrowest that is left; text where none is."""
        return {name: self.declared.get(name) or self._type(name) for name in names}

    def _type(self, name: str) -> ColumnType:
        candidates = self._open.get(name, [])
        # Where no text was met none is ruled out.
        return candidates[0] if candidates and candidates != CANDIDATES else TEXT


def _texts(column: pa.Array) -> pa.Array:
    """Return the texts of a column that are not empty; of a coded one each once."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary.take(column.indices.unique().drop_null())
    return column.filter(pc.fill_null(pc.greater(pc.binary_length(column), 0), False))


def _left(texts: pa.Array, candidates: list[ColumnType]) -> list[ColumnType]:
    if not len(texts):
        return candidates
    for some in (texts.slice(0, SAMPLE), texts):
        candidates = [kind for kind in _zoned(candidates, some[0].as_py()) if _CHECKS[kind.name](some, kind)]
        if not candidates:
            break
    return candidates


def _zone(text: str) -> str | None:
    return "Z" if text.endswith("Z") else text[-6:] if len(text) > 19 and text[-6] in "+-" else None


def _zoned(candidates: list[ColumnType], first: str) -> list[ColumnType]:
    """Return the candidates, timestamps with the zone of the first text; without them where another was met before."""
    others = [kind for kind in candidates if kind.name != "timestamp"]
    timestamp = ColumnType("timestamp", _zone(first))
    return [*others, timestamp] if TIMESTAMP in candidates or timestamp in candidates else others


def _matches(texts: pa.Array, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(texts, pattern)).as_py())


def _integer(texts: pa.Array, _: ColumnType) -> bool:
    return _matches(texts, WHOLE) and _casts(texts, pa.int64())


def _number(texts: pa.Array, kind: ColumnType) -> bool:
    if not _matches(texts, POINTED if kind.point else DECIMAL):
        return False
    small = pc.match_substring_regex(texts, SMALL)
    odd = texts.filter(pc.or_(pc.greater(pc.binary_length(texts), SHORT), small))
    # But for small ones Arrow writes doubles as Python does, and many at once.
    same = pc.equal(odd.cast(pa.float64()).cast(pa.string()), odd)
    odd = odd.filter(pc.or_(pc.invert(same), pc.match_substring_regex(odd, SMALL)))
    return all(kind.text(float(text)) == text for text in odd.to_pylist())


def _boolean(texts: pa.Array, _: ColumnType) -> bool:
    return bool(pc.all(pc.is_in(texts, value_set=pa.array(["true", "false"]))).as_py())


def _date(texts: pa.Array, _: ColumnType) -> bool:
    # Year 0 has no date in Python.
    return _matches(texts, DAY) and not _starts(texts, "0000") and _casts(texts, pa.date32())


def _timestamp(texts: pa.Array, kind: ColumnType) -> bool:
    if not _matches(texts, f"{MOMENT}{re.escape(kind.zone or '')}$") or _starts(texts, "0000"):
        return False
    # A fraction of nothing is not written back; of the zone the first text tells for all.
    nothing = pc.any(pc.match_substring_regex(texts, r"\.000000")).as_py()
    first = texts[0].as_py()
    return not nothing and _back(first) == first and _casts(texts, arrow_type(kind))


def _back(text: str) -> str | None:
    try:
        return iso(datetime.fromisoformat(text))
    except ValueError:
        return None


def _starts(texts: pa.Array, start: str) -> bool:
    return bool(pc.any(pc.starts_with(texts, start)).as_py())


def _casts(texts: pa.Array, kind: pa.DataType) -> bool:
    try:
        texts.cast(kind)
    except pa.ArrowInvalid:
        return False
    return True


TIMESTAMP = ColumnType("timestamp", "any")
"""A timestamp before any was met."""
CANDIDATES = [
    ColumnType("integer"),
    ColumnType("number"),
    ColumnType("number", point=True),
    ColumnType("boolean"),
    ColumnType("date"),
    TIMESTAMP,
]
"""The types that a column may have, the narrowest first."""
_CHECKS: Mapping[str, Callable[[pa.Array, ColumnType], bool]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "timestamp": _timestamp,
}
