"""The rows of a file over those that a layer has: added, updated by id, deleted; sorted along the curve, counted.

DuckDB sorts and joins within a bounded memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from duckdb.func import FunctionNullHandling, PythonUDFType

from geodata.importing import attributes
from geodata.importing.columns import trimmed
from geodata.importing.staging import CURVE, PLACE, Finish, Staged, gathered
from geodata.store import event_schema, hilbert
from geodata.store.prefetch import ahead

MEMORY = "160MB"
SOURCE = "source"
"""The column that says which of the sources a row is from."""
SAME = ('"lon"', '"lat"', '"area"', '"date_start"', '"date_end"', '"category"', '"actors"', '"killed.best"')
"""What two rows have in common that may be one event."""
MADE_AT_THE_END = ("notes", "search", "bbox")
"""Columns that are made of others once the rows are merged."""
NOT_COMPARED = {"id", "row", "sources", "flags", "lon", "lat", event_schema.GEOMETRY, *MADE_AT_THE_END}
"""Columns that say where a row is from, or that are compared in a way of their own."""
OF_THE_MERGE = ("duplicate", "duplicate_id", "edited_by_hand")
"""Flags that the merge itself gives."""
DECIMALS = 7
"""Of a degree: a small layer is stored so (1 cm), and what differs by less is the same position."""
NOTED = 1_000


@dataclass
class Tally:
    """How many rows of a file were added, updated and so on."""

    added: int = 0
    updated: int = 0
    """Rows that say anything else than before: a cell, or the position, date or meaning that it is read as."""
    unchanged: int = 0
    kept: int = 0
    """Rows of the layer that the file does not have."""
    older: int = 0
    """Rows of the file that are older than the layer's own."""
    edited: int = 0
    """Rows of the file that were edited or deleted by hand in the layer: there they stay as they are."""
    deleted: int = 0
    repeated: int = 0
    """Rows with an id that another row of the file has, too."""
    duplicates: int = 0
    """Rows that say the same as another one."""
    noted: list[tuple[int, str]] = field(default_factory=list)
    """Number of the row and flag of the first of those two."""


class Merge:
    """A file's rows joined with a layer's, in a private database.

    Its queries contain only our own names and column names quoted by `_name`: no text of a row.
    """

    def __init__(
        self,
        folder: Path,
        new: Staged,
        old: Staged | None,
        original: event_schema.Columns,
        finish: Finish = lambda table: table,
    ) -> None:
        """`original` are the columns of the result; `finish` adds the columns that new rows still lack."""
        self.original = list(original)
        types = original if isinstance(original, Mapping) else {}
        self.typed = {f"{event_schema.ORIGINAL}{name}" for name, kind in types.items() if kind.name != "text"}
        self.sources = [new] if old is None else [new, old]
        self.finish: list[Finish] = [finish, lambda table: table][: len(self.sources)]
        self.tally = Tally()
        self.db = duckdb.connect(":memory:")
        for name, value in (("memory_limit", MEMORY), ("temp_directory", str(folder / "spill")), ("threads", "2")):
            self.db.execute(f"SET {name} = '{value}'")
        self.db.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
        self._view("new", new)
        self._ids()
        if old is not None:
            self._view("old", old)
        self._merged = "SELECT * FROM fresh"
        self.tally.added = self._scalar("SELECT count(*) FROM fresh")

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.db.execute(query).fetchall()

    def _scalar(self, query: str) -> int:
        return int(self._rows(query)[0][0])

    def _view(self, name: str, staged: Staged) -> None:
        """Create a view of staged rows: the columns of the result, missing ones as nulls, and their other columns."""
        columns = dict.fromkeys(column for column in staged.names if column != PLACE)
        wanted = list(dict.fromkeys([*event_schema.schema(self.original).names, *columns]))
        wanted.remove(CURVE)
        picked = [_name(column) if column in columns else f"NULL AS {_name(column)}" for column in wanted]
        staged.view(self.db, f"{name}_rows")
        self.db.execute(
            f"CREATE VIEW {name} AS SELECT {', '.join(picked)}, {CURVE}, {PLACE}, "  # nosec B608
            f"{self.sources.index(staged)} AS {SOURCE} FROM {name}_rows"
        )

    def _ids(self) -> None:
        """Give rows that repeat an id a unique id, and flag them."""
        self.db.execute(
            "CREATE TABLE repeated AS WITH likely AS MATERIALIZED (SELECT id, row FROM new WHERE hash(id) IN "
            "(SELECT hash(id) AS sum FROM new GROUP BY sum HAVING count(*) > 1)) "
            "SELECT id, row, row_number() OVER (PARTITION BY id ORDER BY row) AS n FROM likely "
            "WHERE id IN (SELECT id FROM likely GROUP BY id HAVING count(*) > 1)"
        )
        self.tally.repeated = self._scalar("SELECT count(*) FROM repeated WHERE n > 1")
        self._note("duplicate_id", "SELECT row FROM repeated ORDER BY row")
        self.db.execute(
            "CREATE VIEW fresh AS SELECT new.* REPLACE ("
            "CASE WHEN repeated.n > 1 THEN new.id || '-row-' || new.row ELSE new.id END AS id, "
            "CASE WHEN repeated.n IS NOT NULL THEN list_append(new.flags, 'duplicate_id') ELSE new.flags END AS flags) "
            "FROM new LEFT JOIN repeated ON new.id = repeated.id AND new.row = repeated.row"
            if self.tally.repeated
            else "CREATE VIEW fresh AS SELECT * FROM new"
        )

    def _note(self, flag: str, query: str) -> None:
        self.tally.noted += [(row, flag) for (row,) in self._rows(f"{query} LIMIT {NOTED}")]

    def _met(self, newer: str | None, other: str | None, notes: Sequence[str] | None = None) -> None:
        """Make `met`: the open ids that both have, whether the file's row is the older, whether both are the same."""
        mine, theirs = (_name(f"{event_schema.ORIGINAL}{name}") for name in (newer, other))
        stale = f"TRY_CAST(fresh.{mine} AS DOUBLE) < TRY_CAST(old.{theirs} AS DOUBLE)" if newer else "false"
        same = " AND ".join(self._alike(notes)) or "true"
        self.db.execute(
            f"CREATE TABLE met AS SELECT id, coalesce({stale}, false) AS stale, {same} AS same "  # nosec B608
            "FROM open AS fresh JOIN old USING (id)"
        )

    def _alike(self, notes: Sequence[str] | None) -> Iterator[str]:
        """Yield the conditions under which a row of the file says what the layer's row says.

        Cells that are as they were are not enough: read by other columns, another profile or newer code, they may
        mean another place, day or number. `notes` are the columns that notes are made of, where that may differ.
        """
        new = self.sources[0]
        columns = [f"{event_schema.ORIGINAL}{name}" for name in self.original]
        columns += [name for name in event_schema.schema(()).names if name in new.names and name not in NOT_COMPARED]
        for column in columns:
            sides = [f"{row}.{_name(column)}" for row in ("fresh", "old")]
            # A typed column knows no empty text: there it is unknown.
            yield " IS NOT DISTINCT FROM ".join(
                f"nullif({side}, '')" if column in self.typed else side for side in sides
            )
        for name in ("lon", "lat"):
            yield f"round(fresh.{name}, {DECIMALS}) IS NOT DISTINCT FROM round(old.{name}, {DECIMALS})"
        own = ", ".join(f"'{flag}'" for flag in OF_THE_MERGE)
        doubts = "list_sort(list_filter(coalesce({row}.flags, []), lambda f: f NOT IN ({own})))"
        yield " = ".join(doubts.format(row=row, own=own) for row in ("fresh", "old"))
        if event_schema.GEOMETRY in new.names:
            self._function("same_shape", same_shape, ["BLOB", "BLOB"], "BOOLEAN")
            yield f"same_shape(fresh.{event_schema.GEOMETRY}, old.{event_schema.GEOMETRY})"
        else:
            yield f"(fresh.lon IS NOT NULL OR old.lon IS NOT NULL OR old.{event_schema.GEOMETRY} IS NULL)"
        if notes is not None:
            self._function("trimmed", trimmed, ["VARCHAR"], "VARCHAR")
            parts = [f"trimmed(fresh.{_name(event_schema.ORIGINAL + name)})" for name in notes]
            joined = f"nullif(concat_ws({_text(attributes.PART)}, {', '.join(parts)}), '')" if parts else "NULL"
            yield f"{joined} IS NOT DISTINCT FROM old.notes"

    def _function(self, name: str, function: Any, takes: list[Any], gives: Any) -> None:
        """Register a vectorised Python function for queries."""
        self.db.create_function(
            name, function, takes, gives, type=PythonUDFType.ARROW, null_handling=FunctionNullHandling.SPECIAL
        )

    def join(
        self, newer: str | None, replaced: bool, edited: Iterable[str] = (), notes: Sequence[str] | None = None
    ) -> None:
        """Merge the file's rows into the layer's; `newer` is the column that says which of two is the newer.

        `notes` are the columns that hold notes, where the layer's own may come from others. Where all are
        `replaced`, rows that the file does not have go. What was `edited` by hand is left as it is.
        """
        column = newer if newer in self.original else None
        self._leave(edited)
        self.db.execute("CREATE VIEW held AS SELECT * FROM old WHERE id NOT IN (SELECT id FROM edited)")
        self._met(column, column, notes)
        tally = self.tally
        met, tally.older, tally.unchanged = (
            self._scalar(f"SELECT count(*) FROM met WHERE {what}")  # nosec B608
            for what in ("true", "stale", "same AND NOT stale")
        )
        tally.updated = met - tally.older - tally.unchanged
        tally.added = self._scalar("SELECT count(*) FROM open") - met
        others = self._scalar("SELECT count(*) FROM held") - met
        tally.deleted, tally.kept = (others, 0) if replaced else (0, others)
        which = (
            "id IN (SELECT id FROM met WHERE stale)" if replaced else "id NOT IN (SELECT id FROM met WHERE NOT stale)"
        )
        self._merged = (
            "SELECT * FROM open WHERE id NOT IN (SELECT id FROM met WHERE stale) "  # nosec B608
            f"UNION ALL SELECT * FROM held WHERE {which} "
            "UNION ALL SELECT * FROM old WHERE id IN (SELECT id FROM edited)"
        )

    def _leave(self, edited: Iterable[str]) -> None:
        """Make `open`: the file's rows without those that were edited by hand, which are counted and noted."""
        self.db.register("edited", pa.table({"id": pa.array(list(edited), pa.string())}))
        self.db.execute("CREATE VIEW open AS SELECT * FROM fresh WHERE id NOT IN (SELECT id FROM edited)")
        left = "FROM fresh WHERE id IN (SELECT id FROM edited)"
        self.tally.edited = self._scalar(f"SELECT count(*) {left}")
        self._note("edited_by_hand", f"SELECT row {left} ORDER BY row")

    def delete(self, deleted: str, newer: str, edited: Iterable[str] = ()) -> None:
        """Delete the layer's rows that the file names, except those that are newer than their deletion.

        What was `edited` by hand is left as it is.
        """
        self._leave(edited)
        self._met(deleted, newer)
        tally = self.tally
        tally.deleted, tally.older = (
            self._scalar(f"SELECT count(*) FROM met WHERE {what}")  # nosec B608
            for what in ("NOT stale", "stale")
        )
        tally.added, tally.kept = 0, self._scalar("SELECT count(*) FROM old") - tally.deleted
        self._merged = "SELECT * FROM old WHERE id NOT IN (SELECT id FROM met WHERE NOT stale)"

    def mark(self) -> None:
        """Flag possible duplicates; call it once all rows are merged."""
        self.db.execute(f"CREATE VIEW merged AS {self._merged}")
        keys = ", ".join(SAME)
        # Of many rows few are alike: those whose keys have the same hash are compared key by key.
        doubtful = "kind = 'event' AND date_start IS NOT NULL AND (lon IS NOT NULL OR area IS NOT NULL)"
        self.db.execute(
            f"CREATE TABLE likely AS SELECT id, row, kind, {keys} FROM merged WHERE hash({keys}) IN "  # nosec B608
            f"(SELECT hash({keys}) AS sum FROM merged WHERE {doubtful} GROUP BY sum HAVING count(*) > 1)"
        )
        self.db.execute(
            "CREATE TABLE alike AS SELECT id, row FROM likely SEMI JOIN "  # nosec B608
            f"(SELECT {keys} FROM likely WHERE {doubtful} GROUP BY {keys} HAVING count(*) > 1) AS twice ON "
            + " AND ".join(f"likely.{key} IS NOT DISTINCT FROM twice.{key}" for key in SAME)
        )
        self.db.execute("DROP TABLE likely")
        self.tally.duplicates = self._scalar("SELECT count(*) FROM alike")
        self._note("duplicate", "SELECT row FROM alike ORDER BY row")

    def sorted(self) -> Iterator[pa.Table]:
        """Yield all rows along the curve, possible duplicates flagged; the database is closed afterwards."""
        flags = "list_filter(merged.flags, lambda f: f <> 'duplicate')"
        # NULL where a row has the id and the flags that it had.
        id_, unchanged = ("merged.id", "merged.flags") if self.tally.repeated else ("NULL::VARCHAR", "NULL::VARCHAR[]")
        rows = self.db.sql(
            f"SELECT merged.{SOURCE}, merged.{PLACE}, {id_} AS id, "  # nosec B608
            f"CASE WHEN alike.id IS NOT NULL THEN list_append({flags}, 'duplicate') "
            f"WHEN list_contains(merged.flags, 'duplicate') THEN {flags} ELSE {unchanged} END AS flags "
            "FROM merged LEFT JOIN alike ON merged.id = alike.id "
            f"ORDER BY coalesce(merged.{CURVE}, {int(hilbert.LAST)}), merged.id"
        ).to_arrow_table()
        # Its memory is needed for the rows.
        self.db.close()
        source, places = (rows.column(name).combine_chunks() for name in (SOURCE, PLACE))
        first = 0
        for table in ahead(gathered(self.sources, self.finish, source, places, event_schema.schema(self.original))):
            yield _with(table, rows.slice(first, len(table)))
            first += len(table)

    def counts(self) -> dict[str, Any]:
        """Count the rows of the result: how they are placed and dated, and how many are doubted."""
        names = ("rows", "points", "areas", "shapes", "flagged", "undated")
        row = self._rows(
            "SELECT count(*), count(lon), count(*) FILTER (area IS NOT NULL), "  # nosec B608
            "count(*) FILTER (lon IS NULL AND geometry IS NOT NULL), "
            "count(*) FILTER (CASE WHEN len(flags) > 0 THEN "
            f"len(list_filter(flags, lambda f: f NOT IN {event_schema.NO_DOUBT})) > 0 ELSE false END), "
            "count(*) FILTER (date_start IS NULL AND kind = 'event') FROM merged"
        )[0]
        return dict(zip(names, map(int, row), strict=True))


def _with(table: pa.Table, own: pa.Table) -> pa.Table:
    """Return a table with the ids and flags of another where that has any."""
    for name in ("id", "flags"):
        if own.column(name).null_count < len(own):
            at, field = table.schema.get_field_index(name), table.schema.field(name)
            cells = own.column(name).combine_chunks().cast(field.type)
            table = table.set_column(at, field, pc.coalesce(cells, table.column(name).combine_chunks()))
    return table


def same_shape(fresh: pa.ChunkedArray, old: pa.ChunkedArray) -> pa.Array:
    """Tell which geometries (WKB) are the same, whatever the direction of their rings and the last of their digits."""
    shapes = []
    for column in (fresh, old):
        geometries = shapely.from_wkb(np.array([*column.to_pylist(), None], dtype=object))[:-1]
        rounded = shapely.transform(geometries, lambda pairs: np.round(pairs, DECIMALS))
        shapes.append(shapely.normalize(rounded))
    absent = [shapely.is_missing(shape) for shape in shapes]
    return pa.array(np.where(absent[0] | absent[1], absent[0] & absent[1], shapely.equals_exact(*shapes)))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
