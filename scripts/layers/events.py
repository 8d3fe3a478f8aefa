"""Events: what the document reports in its own precision, the public record beside it, relations and statements."""

from __future__ import annotations

import tomllib
from typing import Any

import airportsdata
from shapely.geometry import MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from scripts.layers import gazetteer
from scripts.layers.write import TABLES, feature

DEFAULTS: dict[str, Any] = {
    "date_start": None,
    "date_end": None,
    "date_precision": "unknown",
    "date_text": None,
    "record_date": None,
    "time_zone": "Asia/Baghdad",
    "event_type": None,
    "actors": [],
    "alleged_actors": [],
    "places": [],
    "killed": None,
    "wounded": None,
    "statements": [],
    "relations": [],
    "summary": None,
    "paragraphs": [],
}
PLACE = ("lon", "lat", "geoname", "airports", "multi", "u", "id")


def _position(row: dict[str, Any]) -> BaseGeometry | None:
    if "multi" in row:
        return MultiPoint(row["multi"])
    if "airports" in row:
        known = airportsdata.load()
        return MultiPoint([(known[code]["lon"], known[code]["lat"]) for code in row["airports"]])
    if "geoname" in row:
        return Point(gazetteer.position(row["geoname"]))
    return Point(row["lon"], row["lat"]) if "lon" in row else None


def _count(count: dict[str, int] | None) -> dict[str, int | None] | None:
    return None if count is None else {"best": None, "low": None, "high": None, **count}


def _statement(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": row["source"],
        "date": row.get("date"),
        "killed": _count(row.get("killed")),
        "wounded": _count(row.get("wounded")),
        "note": row.get("note"),
    }


def build() -> list[dict[str, Any]]:
    """Return the events; one that has no point stands for its `area` and is never a marker."""
    items = []
    for row in tomllib.loads((TABLES / "events.toml").read_text("utf-8"))["event"]:
        known = {key: value for key, value in row.items() if key not in PLACE}
        known["killed"], known["wounded"] = _count(row.get("killed")), _count(row.get("wounded"))
        known["statements"] = [_statement(item) for item in row.get("statements", [])]
        if known.get("record_date"):
            known["record_date"] = {"time": None, "note": None, **known["record_date"]}
        items.append(
            feature(
                row["id"],
                _position(row),
                kind="event",
                coordinateUncertaintyInMeters=row.get("u"),
                title_en=row["name_en"],
                title_ar=row["name_ar"],
                **{**DEFAULTS, **known},
            )
        )
    return items
