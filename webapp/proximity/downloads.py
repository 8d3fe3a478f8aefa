"""A proximity table as files: CSV that a spreadsheet opens as text, and GeoJSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from geodata.formats import geojson
from geodata.formats.spreadsheet_cells import defused
from geodata.model import Result, rounded_json

BOM = b"\xef\xbb\xbf"
"""By which a spreadsheet knows UTF-8."""
HEADER = (
    "line",
    "name",
    "kind",
    "feature",
    "date_start",
    "date_end",
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
    for entry in body["warnings"]:
        warned[entry["line"]] = "; ".join(filter(None, (warned.get(entry["line"]), entry["reason"]["en"])))
    for item in body["items"]:
        writer.writerow([*_cells(item), *(item["bands"][band] for band in bands), "", warned.get(item["line"], "")])
    for entry in body["problems"]:
        writer.writerow([entry["line"], *[""] * (len(HEADER) - 1 + len(bands)), defused(entry["reason"]["en"]), ""])
    return BOM + out.getvalue().encode()


def _cells(item: Mapping[str, Any]) -> list[Any]:
    low, high = item["interval_m"] or (None, None)
    country = item["country"] or {"id": "", "certain": ""}
    foot = item["foot"] or (None, None)
    return [
        item["line"],
        defused(item["name"]),
        defused(item["kind"]),
        item["feature"] or "",
        item["date_start"] or "",
        item["date_end"] or "",
        _degrees(item["lon"]),
        _degrees(item["lat"]),
        _metres(item["uncertainty_m"]),
        item["target"],
        _metres(item["distance_m"]),
        _metres(low),
        _metres(high),
        _degrees(foot[0]),
        _degrees(foot[1]),
        _degrees(item["azimuth_deg"]),
        _metres(item["chainage_m"]),
        item["side"] or "",
        country["id"],
        country["certain"],
        item["governorate"] or "",
    ]


def _degrees(value: float | None) -> float | None:
    return None if value is None else round(value, 9)


def _metres(value: float | None) -> float | None:
    """Return metres to 0.1 mm; nothing for what is not known."""
    return None if value is None or value != value else round(value, 4)


def geojson_of(result: Result) -> bytes:
    """Return a table as GeoJSON: a point a row, what was measured as its properties."""
    about = result.to_geojson()["masafa"]
    body = result.body
    members = {name: body[name] for name in ("target", "bands", "rows", "read", "problems", "warnings", "assumptions")}
    return geojson.write(list(_features(body["items"])), {"masafa": {**about, **rounded_json(members)}})


def _features(items: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for count, item in enumerate(items, start=1):
        about = {name: value for name, value in item.items() if name not in ("id", "lon", "lat")}
        yield {
            "type": "Feature",
            "id": f"row-{count}",
            "geometry": None if item["lon"] is None else {"type": "Point", "coordinates": [item["lon"], item["lat"]]},
            "properties": rounded_json(about),
        }
