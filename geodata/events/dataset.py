"""A layer of events opened for queries: a DuckDB view of its files, or a table of its features where it is small."""

from __future__ import annotations

import shutil
import weakref
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from tempfile import mkdtemp
from threading import Lock
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geodata.analysis.columnar import Positions
from geodata.analysis.predicates import positions
from geodata.catalog import Catalog
from geodata.errors import NotFound
from geodata.model import Feature, Layer
from geodata.query import tables
from geodata.query.columns import Kind
from geodata.query.parquet_table import kinds_of
from geodata.query.table import Table
from geodata.store import event_schema

MEMORY, THREADS = "512MB", 4
KEPT = 6
"""Layers that stay open."""
HELD = 2_000_000
"""Events of a layer that are queried in memory; larger layers are queried in their files."""
WORDS = 32
"""Searched words whose matches are cached."""
LONG = ("search", "notes")
"""Texts that stay in the files: they are most of what an event takes."""
COLUMNS = tuple(name for name in event_schema.NARROW if name not in LONG)
KINDS = kinds_of(event_schema.schema(()))
NUMBER = "n"
"""The column that says which row of the layer an event is."""


class Opened:
    """The events of one version of a layer."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.orders: dict[str, NDArray[np.int64]] = {}
        """The sorted rows, by sort key, of the sort keys used so far."""
        # DuckDB spills to a temporary folder that is removed with this object, not to the working directory.
        spill = mkdtemp(prefix="masafa-events-")
        weakref.finalize(self, shutil.rmtree, spill, ignore_errors=True)
        settings: dict[str, Any] = {"memory_limit": MEMORY, "threads": str(THREADS), "temp_directory": spill}
        self._db = duckdb.connect(":memory:", config=settings)
        # Nothing is downloaded, and only the layer's own files are read.
        self._db.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
        if layer.stored is None:
            self._hold(layer)
        else:
            self._view(layer)
        self._narrow()

    def _narrow(self) -> None:
        """Create `events` from `files`: the columns that are queried often, in memory unless they are too large."""
        names = ", ".join(f'"{name}"' for name in COLUMNS)
        what = "TABLE held.events" if len(self.layer.features) <= HELD else "VIEW held.events"
        self._db.execute("ATTACH ':memory:' AS held (COMPRESS)")
        self._db.execute(
            f"CREATE {what} AS SELECT {NUMBER}, {names}, bbox, geometry IS NOT NULL AS shaped FROM memory.files"  # nosec B608
        )

    def _hold(self, layer: Layer) -> None:
        original = list(layer.entry.get("imported", {}).get("columns", ()))
        table = event_schema.table(self.table.features, original)
        table = table.append_column(NUMBER, pa.array(np.arange(len(table))))
        self._db.register("held", table)
        self._db.execute("CREATE TABLE files AS SELECT * FROM held")
        self._db.unregister("held")

    def _view(self, layer: Layer) -> None:
        first, parts = 0, []
        for path in layer.stored.paths if layer.stored else ():
            self._db.read_parquet(str(path), file_row_number=True).create_view(f"part_{first}")
            parts.append(
                f"SELECT * EXCLUDE (file_row_number), file_row_number + {first} AS {NUMBER} FROM part_{first}"  # nosec B608
            )
            first += pq.read_metadata(path).num_rows
        self._db.execute(f"CREATE VIEW files AS {' UNION ALL '.join(parts)}")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a new cursor: one for each query, so that queries can run concurrently."""
        cursor = self._db.cursor()
        cursor.execute("USE held")
        return cursor

    @cached_property
    def rows(self) -> int:
        """How many events there are."""
        return len(self.layer.features)

    @property
    def positions(self) -> Positions:
        """Where all events are."""
        return positions(self.layer, self.table)

    @cached_property
    def table(self) -> Table:
        """The events as filters see them: with the properties of imported events, also where a document has none."""
        if self.layer.stored is not None:
            return tables.table(self.layer)
        return tables.of_features([with_columns(feature) for feature in self.layer.features], self.layer, KINDS)

    @cached_property
    def columns(self) -> Mapping[str, Kind]:
        """The columns that SQL can filter; none of a small layer, whose values may be of several types."""
        return {} if self.layer.stored is None else {name: KINDS[name] for name in COLUMNS if name in KINDS}

    @cached_property
    def containing(self) -> Callable[[str, tuple[str, ...]], NDArray[np.bool_]]:
        """What tells which events contain a folded text or name one of some actors (n); the last answers are cached.

        Blanks round a text stand for the ends of words.
        """

        def search(word: str, actors: tuple[str, ...]) -> NDArray[np.bool_]:
            text = "' ' || search || ' '" if word.startswith(" ") else "search"
            found = f"contains({text}, ?) OR list_has_any(actors, ?::VARCHAR[])"
            question = f"SELECT {NUMBER} FROM memory.files WHERE {found}"  # nosec B608
            mask = np.zeros(self.rows, dtype=bool)
            mask[table(self.cursor(), question, [word, list(actors)]).column(0).to_numpy()] = True
            return mask

        return lru_cache(maxsize=WORDS)(search)

    def features(self, rows: Sequence[int]) -> list[Feature]:
        """Return the features of rows, in their order."""
        if self.layer.stored is None:
            return [self.layer.features[row] for row in rows]
        return event_schema.features(self.layer.stored.take(rows), self.layer.id)


def table(cursor: duckdb.DuckDBPyConnection, question: str, values: Sequence[Any] = ()) -> pa.Table:
    """Return the rows of a query."""
    return cursor.sql(question, params=list(values)).to_arrow_table()


def some(cursor: Any, columns: str, rows: Sequence[int]) -> pa.Table:
    """Return columns of the events of these numbers, in the order of the layer."""
    # Joined as a list rather than written into the query: DuckDB then reads only the blocks that contain them.
    question = f"SELECT {columns} FROM events WHERE {NUMBER} IN (SELECT unnest(?::BIGINT[])) ORDER BY {NUMBER}"  # nosec B608
    return table(cursor, question, [list(rows)])


_OPEN: OrderedDict[tuple[str, str], Opened] = OrderedDict()
_LOCK = Lock()


def has_events_page(layer: Layer) -> bool:
    """Tell whether a layer has an events page: layers of events, and layers too large for a table of one page."""
    return layer.kind == "event" or layer.stored is not None


def opened(id_: str, catalog: Catalog) -> Opened:
    """Return a layer's events, open for the next queries too; raises NotFound for a layer that has none."""
    layer = catalog.layer(id_)
    if not has_events_page(layer):
        raise NotFound("event_layer", id_, [other.id for other in catalog.layers() if has_events_page(other)])
    key = (id_, layer.version)
    with _LOCK:
        events = _OPEN.get(key)
        if events is None:
            events = _OPEN[key] = Opened(layer)
            for old in list(_OPEN)[:-KEPT]:
                del _OPEN[old]
        _OPEN.move_to_end(key)
    return events


def with_columns(event: Feature) -> Feature:
    """Return an event of a document with the additional properties that an imported event has."""
    properties = event.properties
    more: dict[str, Any] = {}
    if not properties.get("category"):
        more["category"] = properties.get("event_type")
    figures = [item["killed"] for item in properties.get("statements") or () if item.get("killed")]
    if figures and not properties.get("killed"):
        ends = {
            end: [figure[end] for figure in figures if figure.get(end) is not None] for end in ("low", "best", "high")
        }
        more["killed"] = {
            "low": min(ends["low"], default=None),
            "best": ends["best"][0] if len(ends["best"]) == 1 else None,
            "high": max(ends["high"], default=None),
        }
    return Feature(event.id, event.layer, event.geometry, {**properties, **more}) if more else event


def exact(values: NDArray[Any]) -> pa.Table:
    """Return row numbers as a table that a query can join."""
    return pa.table({NUMBER: pc.cast(pa.array(values), pa.int64())})
