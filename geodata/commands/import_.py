"""The command that imports a file: `import`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from geodata.catalog import current, workspace
from geodata.commands import json_option, print_json, print_table
from geodata.errors import BadValue

PATIENCE = 2.0
"""Seconds between two reports of progress."""
SHOWN = 20
"""Doubts that are printed for people."""


def import_(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `import`."""
    parser.add_argument("file", metavar="FILE", help="CSV, XLSX, ODS, JSON, GeoJSON, KML, GPX, GeoPackage, Parquet, …")
    parser.add_argument("--as", dest="layer", metavar="LAYER", help="the layer's id; else one made of the file's name")
    parser.add_argument(
        "--profile", metavar="NAME", help="acled, ucdp, gdelt, airwars, atlos, viina, … or plain; else found out"
    )
    parser.add_argument(
        "--map", action="append", default=[], metavar="ROLE=COLUMN", help="what a column means; repeated"
    )
    parser.add_argument("--format", metavar="FORMAT", help="the format, where the name does not say it")
    parser.add_argument("--encoding", metavar="NAME", help="of a table of text: utf-8, utf-16-le, cp1256, …")
    parser.add_argument("--delimiter", metavar="SIGN", help="between the cells of a table of text; tab for a tab")
    parser.add_argument("--part", metavar="NAME", help="the layer or sheet, of a file that holds several")
    parser.add_argument("--order", metavar="ORDER", help="of plain numbers in one column: lat,lon or lon,lat")
    parser.add_argument("--dates", metavar="ORDER", help="of day, month and year in plain numbers: dmy, mdy or ymd")
    parser.add_argument("--time-zone", metavar="NAME", help="of the layer's civil days: Asia/Baghdad, …; else UTC")
    parser.add_argument(
        "--actors", metavar="SIGNS", help="between the actors that one cell names; none: cells are whole"
    )
    parser.add_argument("--title-en", metavar="TEXT", help="what the layer is called in English")
    parser.add_argument("--title-ar", metavar="TEXT", help="what the layer is called in Arabic")
    parser.add_argument("--replace", action="store_true", help="rows of the layer that the file does not have go")
    parser.add_argument("--crs", metavar="NAME", help="of columns of metres: EPSG:32638, EPSG:3857, …")
    parser.add_argument("--radius", type=float, metavar="METRES", help="assumed of positions without one")
    parser.add_argument("--radius-reason", metavar="TEXT", help="why it may be assumed: towns by name, …")
    parser.add_argument("--keep-unplaced", action="store_true", help="store a file of which no row has a place")
    parser.add_argument(
        "--preview", "--look", action="store_true", help="print what was guessed, why and what is open; write nothing"
    )
    json_option(parser)
    parser.set_defaults(run=_import)


def _import(arguments: argparse.Namespace) -> int:
    # pyarrow and DuckDB wait until something is imported.
    from geodata.importing.import_report import Unplaced
    from geodata.importing.ingest import load
    from geodata.importing.options import ImportOptions
    from geodata.importing.preview import preview
    from geodata.importing.source_file import ReadOptions

    path = Path(arguments.file)
    delimiter = "\t" if arguments.delimiter in ("tab", "\\t") else arguments.delimiter
    request = ImportOptions(
        layer=arguments.layer or "",
        profile=arguments.profile or "",
        roles=_roles(
            arguments.map,
            path,
            ReadOptions(arguments.format, arguments.encoding, delimiter, arguments.part),
            arguments.profile,
        ),
        read_options=ReadOptions(arguments.format, arguments.encoding, delimiter, arguments.part),
        order=arguments.order or None,
        crs=arguments.crs or "",
        dates=arguments.dates or "",
        time_zone=arguments.time_zone or "",
        separators="" if arguments.actors == "none" else arguments.actors,
        title={lang: text for lang, text in (("en", arguments.title_en), ("ar", arguments.title_ar)) if text},
        radius=arguments.radius,
        radius_reason=arguments.radius_reason or "",
        unplaced=arguments.keep_unplaced,
        replace=arguments.replace,
    )
    if arguments.preview:
        return _print_answer(preview(path, path.name, request, current()).to_dict(), arguments.json)
    try:
        report = load(path, path.name, request, workspace(), current(), _progress())
    except Unplaced as unplaced:
        _print_answer(unplaced.report.to_dict(), arguments.json)
        print(f"geodata: {unplaced} (--map, --keep-unplaced)", file=sys.stderr)
        return 1
    return _print_answer(report.to_dict(), arguments.json)


def _roles(pairs: list[str], path: Path, how: Any, profile: str | None) -> dict[str, tuple[str, ...]] | None:
    """Return the guessed column mapping, overridden by the pairs; None without any."""
    from geodata.importing.options import ImportOptions
    from geodata.importing.preview import preview

    if not pairs:
        return None
    guess = preview(
        path, path.name, ImportOptions(profile=profile or "", read_options=how), current(), most=1
    ).meaning.roles
    roles: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        role, sign, column = pair.partition("=")
        if not sign:
            raise BadValue("--map", pair, "role_assignment")
        roles[role] = (*roles.get(role, ()), column) if column else ()
    return {role: names for role, names in {**guess, **roles}.items() if names}


def _progress(clock: Callable[[], float] = time.monotonic) -> Callable[[str, int], None]:
    reported = clock()

    def tell(step: str, rows: int) -> None:
        nonlocal reported
        if clock() - reported > PATIENCE:
            print(f"{step}: {rows} rows …", file=sys.stderr)
            reported = clock()

    return tell


def _column(column: Mapping[str, Any]) -> str:
    """Return the type of a column, what it is taken for, and why."""
    kind = f"{column['type']}, for it has values of several types" if column.get("mixed") else column["type"]
    why = f" ({column['why']})" if column.get("why") else ""
    return f"{kind}, as {column['as']}{why}" if column["as"] else str(kind)


def _print_answer(answer: dict[str, Any], as_json: bool) -> int:
    if as_json:
        print_json(answer)
        return 0
    figures = {key: value for key, value in answer.items() if isinstance(value, str | int) and key != "schema"}
    print_table([(key, str(value)) for key, value in figures.items()])
    print_table([(f"  {entry['name']}", _column(entry)) for entry in answer["columns"]])
    for notice in answer["notices"]:
        print(f"note: {notice}")
    for question in answer["questions"]:
        print(f"question: {question['question']}")
        print_table([(f"  {entry['answer']}", _stated(entry["set"])) for entry in question["answers"]])
    for entry in answer["problems"][:SHOWN]:
        print(f"row {entry['row']}: {entry['reason']}", file=sys.stderr)
    more = len(answer["problems"]) - SHOWN
    if more > 0:
        print(f"and {more} more; --json lists them", file=sys.stderr)
    return 0


def _stated(options: Mapping[str, Any]) -> str:
    """Return the arguments that state an answer."""
    words = [f"--map '{role}={name}'" for role, name in options.get("roles", {}).items()]
    for name, value in options.items():
        if name != "roles":
            # The separators of actors are an option of the command by that name.
            words.append(f"--actors '{value}'" if name == "separators" else f"--{name} {value}")
    return " ".join(words)
