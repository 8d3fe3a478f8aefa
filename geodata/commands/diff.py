"""The command that compares two versions of a layer."""

from __future__ import annotations

import argparse
import csv
import sys
from io import StringIO
from pathlib import Path
from typing import Any

from geodata.catalog import current, version_of
from geodata.commands import json_option, print_json, print_table
from geodata.model import Layer, rounded_json
from geodata.store.geojson_store import write_whole

LIMIT = 100


def diff(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `diff`."""
    parser.add_argument(
        "old", metavar="LAYER@OLD", help="the earlier version: a layer, @ and the first 8 digits or more"
    )
    parser.add_argument("new", metavar="LAYER[@NEW]", help="the later version; without @ the present one")
    parser.add_argument("--kind", metavar="KIND", help="only rows added, gone, moved, redated, recounted or changed")
    parser.add_argument("--limit", type=int, default=LIMIT, metavar="N", help=f"the most rows listed (default {LIMIT})")
    parser.add_argument("--csv", metavar="FILE", help="write all differing rows as CSV; - for standard output")
    json_option(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    # DuckDB is needed here alone.
    from geodata.events import release_diff

    compared = release_diff.compared(_layer(arguments.old), _layer(arguments.new))
    total = compared.count(arguments.kind)
    if arguments.csv:
        _write_csv(compared, arguments.csv)
    if arguments.csv == "-":
        return 0
    items = compared.items(arguments.kind, 0, max(0, arguments.limit))
    if arguments.json:
        print_json(rounded_json({**compared.summary, "kind": arguments.kind, "total": total, "items": items}))
        return 0
    _print_summary(compared.summary)
    print_table([_cells(item) for item in items])
    if total > len(items):
        print(f"… {total - len(items):,} more rows: --limit, --csv FILE")
    return 0


def _layer(text: str) -> Layer:
    id_, at, version = text.strip().partition("@")
    now = current().layer(id_)
    return version_of(now, version) if at else now


def _print_summary(summary: dict[str, Any]) -> None:
    versions, rows, totals = summary["versions"], summary["rows"], summary["totals"]
    print(
        f"{summary['layer']}: {versions['old'][:12]} → {versions['new'][:12]}, {rows['old']:,} → {rows['new']:,} rows"
    )
    words = {"redated": "re-dated", "changed": "otherwise changed"}
    kinds = ("added", "gone", "moved", "redated", "recounted", "changed", "unchanged")
    print(", ".join(f"{totals[kind]:,} {words.get(kind, kind)}" for kind in kinds))
    if totals["moved"]:
        print(
            f"moved by more than both uncertainties: {totals['moved_certainly']:,}; by less: "
            f"{totals['moved_possibly']:,}; not known: {totals['moved_unknown']:,}"
        )
    for word, names in summary["columns"].items():
        if names:
            print(f"columns {word}, not compared: {', '.join(names)}")
    radii = summary["default_uncertainty_m"]
    if radii["old"] != radii["new"]:
        print(f"assumed radius: {_radius(radii['old'])} → {_radius(radii['new'])}")


def _cells(item: dict[str, Any]) -> tuple[str, ...]:
    parts = []
    if "moved" in item:
        parts.append(_move(item["moved"]))
    for name, join in (("dates", "–"), ("killed", "/")):
        if name in item:
            old, new = (_joined(item[name][side].values(), join) for side in ("old", "new"))
            parts.append(f"{name} {old} → {new}")
    parts += [f"{one['name']}: {_short(one['old'])} → {_short(one['new'])}" for one in item.get("properties", ())]
    return item["id"], " ".join(item["kinds"]), "; ".join(parts)


def _move(move: dict[str, Any]) -> str:
    radii = " → ".join(_radius(move[side]["uncertainty_m"]) for side in ("old", "new"))
    if move["moved_m"] is None:
        return " → ".join(_place(move[side]) for side in ("old", "new"))
    return f"moved {move['moved_m']:,.0f} m ({radii})"


def _place(side: dict[str, Any]) -> str:
    if side["lon"] is not None:
        return f"{side['lon']:.5f}, {side['lat']:.5f}"
    return str(side["area"] or ("a shape" if side["shape"] else "no position"))


def _radius(metres: float | None) -> str:
    return "± unknown" if metres is None else f"± {metres:,.0f} m"


def _joined(values: Any, join: str) -> str:
    return join.join("?" if value is None else str(value) for value in values)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _write_csv(compared: Any, to: str) -> None:
    if to == "-":
        csv.writer(sys.stdout, lineterminator="\n").writerows(compared.csv_rows())
        return
    text = StringIO()
    csv.writer(text).writerows(compared.csv_rows())
    write_whole(Path(to), text.getvalue().encode())
