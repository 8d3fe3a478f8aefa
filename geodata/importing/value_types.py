"""The types of columns whose values have types of their own, as JSON's do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from geodata.formats.arrow import encodable
from geodata.formats.column_types import TEXT, ColumnType, of_value
from geodata.importing.inference import Inference

_SINGLE: Mapping[str, ColumnType] = {
    "text": TEXT,
    "integer": ColumnType("integer"),
    "number": ColumnType("number"),
    "boolean": ColumnType("boolean"),
}


def array_of_texts(texts: Sequence[str | None]) -> pa.Array:
    """Return texts as a column; what UTF-8 cannot hold in them becomes a sign of loss."""
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        return pa.array([None if text is None else encodable(text) for text in texts], pa.string())


class ValueTypes:
    """The types of columns, told from their values batch after batch; texts that are all dates or times are those."""

    def __init__(self) -> None:
        self._kinds: dict[str, set[str]] = {}
        self._only_texts: dict[str, bool] = {}
        self._inference = Inference()

    def take(self, name: str, values: Iterable[Any]) -> None:
        """Look at the values of a column; None says nothing."""
        # Each text and integer once: of other values the type alone matters.
        distinct = {(type(value), value if isinstance(value, str | int) else None): value for value in values}
        present = [value for value in distinct.values() if value is not None]
        self._kinds.setdefault(name, set()).update(filter(None, map(of_value, present)))
        only = self._only_texts.get(name, True) and all(isinstance(value, str) for value in present)
        self._only_texts[name] = only
        if only:
            self._inference.take([(name, array_of_texts(present))])

    def type(self, name: str) -> ColumnType:
        """Return the type of a column; text where its values are of several, or there are none."""
        kinds = self._kinds.get(name, set())
        if kinds == {"text"} and self._only_texts[name]:
            inferred = self._inference.types([name])[name]
            return inferred if inferred.name in ("date", "timestamp") else TEXT
        if kinds == {"integer", "number"}:
            return ColumnType("number")
        return _SINGLE[next(iter(kinds))] if len(kinds) == 1 else ColumnType(mixed=bool(kinds))
