"""The commands that correct features: `edit` and `history`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from geodata.catalog import current
from geodata.commands import print_json, print_table
from geodata.errors import BadValue
from geodata.formats import strict_json
from geodata.model import SCHEMA


def add(commands: Any) -> None:
    """Add the commands."""
    made = commands.add_parser("edit", help="Add, change or delete a feature, or undo an edit")
    made.add_argument("what", choices=["add", "change", "delete", "undo"])
    made.add_argument("layer", metavar="LAYER", help="the layer; of undo, the number of the edit")
    made.add_argument("id", metavar="ID", nargs="?", help="the feature")
    made.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a property, as JSON or text")
    made.add_argument("--at", metavar="LON,LAT", help="where it lies, longitude first")
    made.add_argument("--from", dest="file", metavar="FILE", help="a GeoJSON feature with the rest")
    made.add_argument("--by", required=True, metavar="NAME", help="who edits: the journal says so")
    made.add_argument("--why", default="", metavar="TEXT", help="why")
    made.add_argument("--json", action="store_true", help="answer in JSON")
    made.set_defaults(run=_edit)
    made = commands.add_parser("history", help="Who changed what, when and why")
    made.add_argument("layer", metavar="LAYER", nargs="?", default="", help="the layer; all of them without one")
    made.add_argument("id", metavar="ID", nargs="?", default="", help="the feature")
    made.add_argument("--json", action="store_true", help="answer in JSON")
    made.set_defaults(run=_history)


def _edit(asked: argparse.Namespace) -> int:
    from geodata import editing

    if asked.what == "undo":
        if not asked.layer.isdecimal() or asked.id:
            raise BadValue("edit undo", asked.layer, "the number of an edit, as `geodata history` lists them")
        made = editing.undo(int(asked.layer), asked.by, asked.why)
    else:
        if not asked.id:
            raise BadValue("ID", "", "the id of a feature")
        given = _given(asked)
        if asked.what == "add":
            made = editing.add(asked.layer, {**given, "id": asked.id}, asked.by, asked.why)
        else:
            seen = editing.tag(editing.read_feature(asked.layer, asked.id))
            made = (
                editing.delete(asked.layer, asked.id, seen, asked.by, asked.why)
                if asked.what == "delete"
                else editing.change(asked.layer, asked.id, given, seen, asked.by, asked.why)
            )
    if asked.json:
        print_json({"schema": SCHEMA, **made.to_dict()})
    else:
        print(f"edit {made.number}: {made.operation} {made.layer}/{made.feature}")
    return 0


def _given(asked: argparse.Namespace) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if asked.file:
        value = strict_json.parse(Path(asked.file).read_bytes())
        if not isinstance(value, dict) or value.get("type") != "Feature":
            raise BadValue("--from", asked.file, "a file with one GeoJSON feature")
        given = {name: value[name] for name in ("geometry", "properties") if name in value}
    if asked.at:
        given["geometry"] = {"type": "Point", "coordinates": _position(asked.at)}
    properties = dict(given.get("properties") or {})
    for pair in asked.set:
        name, sign, text = pair.partition("=")
        if not sign:
            raise BadValue("--set", pair, "NAME=VALUE; NAME=null for nothing")
        properties[name] = _value(text)
    return {**given, "properties": properties} if properties else given


def _position(text: str) -> list[float]:
    from geodata.analysis.places import coordinates

    found = coordinates("--at", text)
    if found is None or found.geometry is None:
        raise BadValue("--at", text, "longitude,latitude in degrees")
    return [found.geometry.x, found.geometry.y]


def _value(text: str) -> Any:
    """Return what a text is as JSON, the text itself where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _history(asked: argparse.Namespace) -> int:
    from geodata import editing

    found = editing.history(current(), asked.layer, asked.id)
    if asked.json:
        print_json({"schema": SCHEMA, "items": [one.to_dict() for one in found]})
        return 0
    print_table(
        [
            (
                str(one.number),
                one.at,
                one.who,
                one.operation,
                f"{one.layer}/{one.feature}",
                _undoes(one.undoes),
                one.why,
            )
            for one in found
        ]
    )
    return 0


def _undoes(number: int | None) -> str:
    return "" if number is None else f"undoes {number}"
