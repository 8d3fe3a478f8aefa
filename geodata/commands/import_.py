"""The command that brings a file in: `import`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from geodata.catalog import current, workspace
from geodata.commands import print_json, print_table
from geodata.errors import BadValue

PATIENCE = 2.0
"""Seconds between two words of progress."""
SAID = 20
"""Doubts that are printed for people."""


def add(commands: Any) -> None:
    """Add the command."""
    made = commands.add_parser("import", help="Make a file a layer of the workspace, or a newer version of one")
    made.add_argument("file", metavar="FILE", help="CSV, TSV, XLSX, GeoJSON, KML, GeoPackage, Shapefile zip, …")
    made.add_argument("--as", dest="layer", metavar="LAYER", help="the layer's id; else one made of the file's name")
    made.add_argument("--profile", metavar="NAME", help="acled, acled-deleted, ucdp, gdelt or plain; else found out")
    made.add_argument("--map", action="append", default=[], metavar="ROLE=COLUMN", help="what a column means; repeated")
    made.add_argument("--format", metavar="FORMAT", help="the format, where the name does not say it")
    made.add_argument("--encoding", metavar="NAME", help="of a table of text: utf-8, utf-16-le, cp1256, …")
    made.add_argument("--delimiter", metavar="SIGN", help="between the cells of a table of text; tab for a tab")
    made.add_argument("--part", metavar="NAME", help="the layer or sheet, of a file that holds several")
    made.add_argument("--order", metavar="ORDER", help="of plain numbers in one column: lat,lon (as is) or lon,lat")
    made.add_argument("--dates", metavar="ORDER", help="of day, month and year in plain numbers: dmy, mdy or ymd")
    made.add_argument("--time-zone", metavar="NAME", help="of the layer's civil days: Asia/Baghdad, …; else UTC")
    made.add_argument("--actors", metavar="SIGNS", help="between the actors that one cell names; none: cells are whole")
    made.add_argument("--title-en", metavar="TEXT", help="what the layer is called in English")
    made.add_argument("--title-ar", metavar="TEXT", help="what the layer is called in Arabic")
    made.add_argument("--replace", action="store_true", help="rows of the layer that the file does not have go")
    made.add_argument("--look", action="store_true", help="say what would come of it, and write nothing")
    made.add_argument("--json", action="store_true", help="answer in JSON")
    made.set_defaults(run=_import)


def _import(asked: argparse.Namespace) -> int:
    # pyarrow and DuckDB wait until something is brought in.
    from geodata.importing.ingest import ImportOptions, load
    from geodata.importing.preview import preview
    from geodata.importing.source_file import ReadOptions

    path = Path(asked.file)
    delimiter = "\t" if asked.delimiter in ("tab", "\\t") else asked.delimiter
    wish = ImportOptions(
        layer=asked.layer or "",
        profile=asked.profile or "",
        roles=_roles(asked.map, path, ReadOptions(asked.format, asked.encoding, delimiter, asked.part), asked.profile),
        read_options=ReadOptions(asked.format, asked.encoding, delimiter, asked.part),
        order=asked.order or "lat,lon",
        dates=asked.dates or "",
        time_zone=asked.time_zone or "",
        separators="" if asked.actors == "none" else asked.actors,
        title={lang: text for lang, text in (("en", asked.title_en), ("ar", asked.title_ar)) if text},
        replace=asked.replace,
    )
    if asked.look:
        return _told(preview(path, path.name, wish, current()).to_dict(), asked.json)
    return _told(load(path, path.name, wish, workspace(), current(), _progress()).to_dict(), asked.json)


def _roles(given: list[str], path: Path, how: Any, profile: str | None) -> dict[str, tuple[str, ...]] | None:
    """Return the mapping that is guessed with what was given over it; None where nothing was."""
    from geodata.importing.ingest import ImportOptions
    from geodata.importing.preview import preview

    if not given:
        return None
    guess = preview(
        path, path.name, ImportOptions(profile=profile or "", read_options=how), current(), most=1
    ).meaning.roles
    made: dict[str, tuple[str, ...]] = {}
    for pair in given:
        role, sign, column = pair.partition("=")
        if not sign:
            raise BadValue("--map", pair, "ROLE=COLUMN; ROLE= for none")
        made[role] = (*made.get(role, ()), column) if column else ()
    return {role: names for role, names in {**guess, **made}.items() if names}


def _progress(clock: Callable[[], float] = time.monotonic) -> Callable[[str, int], None]:
    said = clock()

    def tell(step: str, rows: int) -> None:
        nonlocal said
        if clock() - said > PATIENCE:
            print(f"{step}: {rows} rows …", file=sys.stderr)
            said = clock()

    return tell


def _column(column: Mapping[str, Any]) -> str:
    """Return the type of a column, and what it is taken for."""
    kind = f"{column['type']}, for it has values of several types" if column.get("mixed") else column["type"]
    return f"{kind}, as {column['as']}" if column["as"] else str(kind)


def _told(answer: dict[str, Any], as_json: bool) -> int:
    if as_json:
        print_json(answer)
        return 0
    plain = {key: value for key, value in answer.items() if isinstance(value, str | int) and key != "schema"}
    print_table([(key, str(value)) for key, value in plain.items()])
    print_table([(f"  {one['name']}", _column(one)) for one in answer["columns"]])
    for one in answer["problems"][:SAID]:
        print(f"row {one['row']}: {one['reason']}", file=sys.stderr)
    more = len(answer["problems"]) - SAID
    if more > 0:
        print(f"and {more} more; --json lists them", file=sys.stderr)
    return 0
