"""The commands that correct features: `edit` and `history`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from geodata.catalog import current
from geodata.commands import json_option, print_json, print_table
from geodata.errors import BadValue
from geodata.formats import strict_json
from geodata.model import SCHEMA


def edit(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `edit`."""
    parser.add_argument("what", choices=["add", "change", "delete", "undo"])
    parser.add_argument("layer", metavar="LAYER", help="the layer; of undo, the number of the edit")
    parser.add_argument("id", metavar="ID", nargs="?", help="the feature")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a property, as JSON or text")
    parser.add_argument("--at", metavar="LON,LAT", help="where it lies, longitude first")
    parser.add_argument("--from", dest="file", metavar="FILE", help="a GeoJSON feature with the rest")
    parser.add_argument("--by", required=True, metavar="NAME", help="who edits: the journal says so")
    parser.add_argument("--why", default="", metavar="TEXT", help="why")
    json_option(parser)
    parser.set_defaults(run=_edit)


def history(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `history`."""
    parser.add_argument("layer", metavar="LAYER", nargs="?", default="", help="the layer; all of them without one")
    parser.add_argument("id", metavar="ID", nargs="?", default="", help="the feature")
    json_option(parser)
    parser.set_defaults(run=_history)


def _edit(arguments: argparse.Namespace) -> int:
    from geodata import editing

    if arguments.what == "undo":
        if not arguments.layer.isdecimal() or arguments.id:
            raise BadValue("edit undo", arguments.layer, "edit_number")
        edit = editing.undo(int(arguments.layer), arguments.by, arguments.why)
    else:
        if not arguments.id:
            raise BadValue("ID", "", "feature_id")
        update = _update(arguments)
        if arguments.what == "add":
            edit = editing.add(arguments.layer, {**update, "id": arguments.id}, arguments.by, arguments.why)
        else:
            seen = editing.tag(editing.read_feature(arguments.layer, arguments.id))
            edit = (
                editing.delete(arguments.layer, arguments.id, seen, arguments.by, arguments.why)
                if arguments.what == "delete"
                else editing.change(arguments.layer, arguments.id, update, seen, arguments.by, arguments.why)
            )
    if arguments.json:
        print_json({"schema": SCHEMA, **edit.to_dict()})
    else:
        print(f"edit {edit.number}: {edit.operation} {edit.layer}/{edit.feature}")
    return 0


def _update(arguments: argparse.Namespace) -> dict[str, Any]:
    update: dict[str, Any] = {}
    if arguments.file:
        value = strict_json.parse(Path(arguments.file).read_bytes())
        if not isinstance(value, dict) or value.get("type") != "Feature":
            raise BadValue("--from", arguments.file, "file_with_feature")
        update = {name: value[name] for name in ("geometry", "properties") if name in value}
    if arguments.at:
        update["geometry"] = {"type": "Point", "coordinates": _position(arguments.at)}
    properties = dict(update.get("properties") or {})
    for pair in arguments.set:
        name, sign, text = pair.partition("=")
        if not sign:
            raise BadValue("--set", pair, "assignment_or_null")
        properties[name] = _value(text)
    return {**update, "properties": properties} if properties else update


def _position(text: str) -> list[float]:
    from geodata.analysis.places import coordinates

    place = coordinates("--at", text)
    if place is None or place.geometry is None:
        raise BadValue("--at", text, "position_degrees")
    return [place.geometry.x, place.geometry.y]


def _value(text: str) -> Any:
    """Return what a text is as JSON, the text itself where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _history(arguments: argparse.Namespace) -> int:
    from geodata import editing

    edits = editing.history(current(), arguments.layer, arguments.id)
    if arguments.json:
        print_json({"schema": SCHEMA, "items": [edit.to_dict() for edit in edits]})
        return 0
    print_table(
        [
            (
                str(edit.number),
                edit.at,
                edit.who,
                edit.operation,
                f"{edit.layer}/{edit.feature}",
                _undoes(edit.undoes),
                edit.why,
            )
            for edit in edits
        ]
    )
    return 0


def _undoes(number: int | None) -> str:
    return "" if number is None else f"undoes {number}"
