"""A proximity table as files: CSV that a spreadsheet opens as text, and GeoJSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from geodata.formats import geojson
from geodata.model import Result, rounded_json

BOM = b"\xef\xbb\xbf"
"""By which a spreadsheet knows UTF-8."""
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
HEADER = (
    "line",
    "name",
    "kind",
    "lon",
    "lat",
    "uncertainty_m",
    "target",
    "distance_m",
    "interval_low_m",
    "interval_high_m",
    "foot_lon",
    "foot_lat",
    "azimuth_deg",
    "chainage_m",
    "side",
    "country",
    "country_certain",
    "governorate",
)


def csv_of(result: Result) -> bytes:
    """Return a table as CSV: UTF-8 with a byte order mark, formulas defused, unread rows with the reason."""
    body = result.body
    bands = [f"{km:g}" for km in body["bands"]]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*HEADER, *(f"within_{band}_km" for band in bands), "problem", "warning"])
    warned: dict[int, str] = {}
    for one in body["warnings"]:
        warned[one["line"]] = "; ".join(filter(None, (warned.get(one["line"]), one["reason"])))
    for item in body["items"]:
        writer.writerow([*_cells(item), *(item["bands"][band] for band in bands), "", warned.get(item["line"], "")])
    for one in body["problems"]:
        writer.writerow([one["line"], *[""] * (len(HEADER) - 1 + len(bands)), defused(one["reason"]), ""])
    return BOM + out.getvalue().encode()


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe before what would begin one."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text


def _cells(item: Mapping[str, Any]) -> list[Any]:
    low, high = item["interval_m"] or (None, None)
    country = item["country"] or {"id": "", "certain": ""}
    numbers = {"lon": item["lon"], "lat": item["lat"], "uncertainty_m": item["uncertainty_m"]}
    measured = {
        "distance_m": item["distance_m"],
        "low_m": low,
        "high_m": high,
        "foot_lon": item["foot"][0],
        "foot_lat": item["foot"][1],
        "azimuth_deg": item["azimuth_deg"],
        "chainage_m": item["chainage_m"],
    }
    return [
        item["line"],
        defused(item["name"]),
        defused(item["kind"]),
        *rounded_json(numbers).values(),
        item["target"],
        *rounded_json(measured).values(),
        item["side"] or "",
        country["id"],
        country["certain"],
        item["governorate"] or "",
    ]


def geojson_of(result: Result) -> bytes:
    """Return a table as GeoJSON: a point a row, what was measured as its properties."""
    about = result.to_geojson()["masafa"]
    body = result.body
    said = {name: body[name] for name in ("target", "bands", "rows", "read", "problems", "warnings", "assumptions")}
    return geojson.write(list(_features(body["items"])), {"masafa": {**about, **rounded_json(said)}})


def _features(items: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for count, item in enumerate(items, start=1):
        about = {name: value for name, value in item.items() if name not in ("id", "lon", "lat")}
        yield {
            "type": "Feature",
            "id": f"row-{count}",
            "geometry": {"type": "Point", "coordinates": [item["lon"], item["lat"]]},
            "properties": rounded_json(about),
        }
