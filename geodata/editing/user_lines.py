"""Lines that users add to the workspace: an official border, a wall, a river, each with its source.

Built from a few named fields and a path: positions one below the other, a WKT LINESTRING, or a GeoJSON file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from geodata import geodesy
from geodata.analysis.country import within
from geodata.analysis.linear.reference import one_line
from geodata.analysis.places import drawn_path
from geodata.catalog import OWN_LINES, Catalog, parted
from geodata.errors import BadData, BadValue, NotFound
from geodata.formats import geojson, point_table
from geodata.formats.coordinates import Order
from geodata.messages import one_of, texts
from geodata.model import COMMON, Text
from geodata.records import fields
from geodata.records.fields import Form, Record, both, new_id, text
from geodata.store.workspace import Workspace
from geodata.text.plain_digits import plain_digits

KINDS = ("border", "wall", "river")
LICENCE = "LicenseRef-own-data"
MOST_METRES = 100_000.0
BESIDE = 5_000.0
"""Metres from the line at which its two countries are looked for."""
TITLES: Mapping[str, Text] = {
    "border": texts("own_lines.border"),
    "wall": texts("own_lines.wall"),
    "river": texts("own_lines.river"),
}
ABOUT: Text = texts("own_lines.about")
CREDIT: Text = texts("own_lines.credit")


def path_of(written: str, uploaded: bytes | None, order: Order) -> shapely.LineString:
    """Return the one line that was typed, drawn or uploaded; raises BadValue with what stands in its way."""
    if uploaded:
        return _of_file(uploaded)
    drawn = drawn_path("path", written.strip())
    if drawn is not None:
        return drawn
    read = point_table.pasted(written, order)
    if read.problems:
        first = read.problems[0]
        more = len(read.problems) - 1
        raise BadValue(
            "path",
            f"line {first['line']}",
            "position_a_line_more" if more else "position_a_line",
            reason=first["reason"],
            count=more,
        )
    if len(read) < 2:
        raise BadValue("path", written.strip(), "positions_or_file")
    return one_line("path", shapely.LineString(list(zip(read.lon, read.lat, strict=True))))[0]


def _of_file(data: bytes) -> shapely.LineString:
    try:
        features = geojson.read(data)
    except BadData as error:
        raise BadValue("file", error.pointer or "/", "geojson_because", reason=error.reason) from None
    shapes = [geojson.geometry(item["geometry"]) for item in features if item["geometry"]]
    lines = [item for shape in shapes for item in shapely.get_parts(shape)]
    if not lines or any(item.geom_type != "LineString" for item in lines):
        kinds = ", ".join(sorted({item.geom_type for item in lines})) or "nothing"
        raise BadValue("file", kinds, "lines")
    return one_line("file", shapely.MultiLineString(lines) if len(lines) > 1 else lines[0])[0]


def add(form: Form, path: shapely.LineString, workspace: Workspace, catalog: Catalog) -> str:
    """Write a line, and its source where that is new; return the line's id.

    Fields: `id` (else made of the name), `name_en`, `name_ar`, `kind`, `left` and `right` (countries, of a border),
    `uncertainty_m`, `reference`, and the source as `fields.source` reads it. Raises BadValue naming the field,
    Unwritable.
    """
    fields.bounded(form)
    source_id, source = fields.source(form, catalog, "name")
    kind = text(form, "kind") or KINDS[0]
    if kind not in KINDS:
        raise BadValue("kind", kind, one_of(KINDS))
    properties = _properties(form, kind, source_id, catalog)
    if kind == "border":
        _facing(path, properties["left"], properties["right"], catalog)
    feature = geojson.feature(_id(form, catalog), path, properties, exact=True)
    if source:
        fields.valid("source", source)
        workspace.put_records({"sources": source})
    workspace.change_layer(_entry(kind), lambda features: [*_unmarked(features, feature), feature])
    return str(feature["id"])


def refer(id_: str, on: bool, workspace: Workspace, catalog: Catalog) -> None:
    """Mark a user's border as the reference between its two countries, or unmark it."""
    feature = _own(id_, catalog)
    if feature["properties"]["kind"] != "border":
        raise BadValue("id", id_, "border_only")
    marked = {**feature, "properties": {**feature["properties"], "reference": on}}

    def change(features: list[Record]) -> list[Record]:
        return [marked if item["id"] == id_ else item for item in (_unmarked(features, marked))]

    workspace.change_layer(_entry("border"), change)


def remove(id_: str, workspace: Workspace, catalog: Catalog) -> None:
    """Remove a user's line; citations of it keep their version."""
    kind = _own(id_, catalog)["properties"]["kind"]
    workspace.change_layer(_entry(kind), lambda features: [item for item in features if item["id"] != id_])


def _own(id_: str, catalog: Catalog) -> Record:
    for layer in OWN_LINES.values():
        if layer in catalog.ids():
            for feature in catalog.layer(layer).features:
                if feature.id == id_:
                    return geojson.feature(id_, feature.geometry, feature.properties, exact=True)
    raise NotFound("own_line", id_)


def _id(form: Form, catalog: Catalog) -> str:
    lines = {feature.id for layer in catalog.line_layers() for feature in layer.features}
    id_ = new_id(form, "id", () if text(form, "id") else lines, form.get("name_en", ""))
    try:
        catalog.feature(id_)
    except NotFound:
        return id_
    raise BadValue("id", id_, "unused_id")


def _unmarked(features: list[Record], new: Record) -> list[Record]:
    """Return the features, none of them the reference that the new one is."""
    pair = parted(new["properties"])
    if not new["properties"]["reference"]:
        return features
    return [
        {**feature, "properties": {**feature["properties"], "reference": False}}
        if parted(feature["properties"]) == pair
        else feature
        for feature in features
    ]


def _properties(form: Form, kind: str, source: str, catalog: Catalog) -> Record:
    names = both(form, "name")
    left, right = (_country(form, side, catalog) if kind == "border" else None for side in ("left", "right"))
    if kind == "border" and left == right:
        raise BadValue("right", right, "other_country")
    return {
        **COMMON,
        "name_en": names["en"],
        "name_ar": names["ar"],
        "kind": kind,
        "coordinateUncertaintyInMeters": _radius(form),
        "sources": [source],
        "left": left,
        "right": right,
        "reference": bool(text(form, "reference")) and kind == "border",
    }


def _country(form: Form, side: str, catalog: Catalog) -> str:
    id_ = text(form, side, required=True)
    allowed = [feature.id for layer in catalog.layers_of("country") for feature in layer.features]
    if id_ not in allowed:
        raise BadValue(side, id_, one_of(allowed))
    return id_


def _facing(path: shapely.LineString, left: str, right: str, catalog: Catalog) -> None:
    """Raise BadValue where the two countries are on the opposite sides, looking along the line."""
    line = geodesy.Line(shapely.get_coordinates(path))
    at = np.linspace(0.1, 0.9, 9) * line.length
    lon, lat = line.point_at(at)
    azimuth = geodesy.inverse(lon, lat, *line.point_at(np.minimum(at + 100.0, line.length)))[0]
    turned = 0
    for offset, own, other in ((-90.0, left, right), (90.0, right, left)):
        beside = geodesy.direct(lon, lat, azimuth + offset, BESIDE)
        turned += int(within(catalog.feature(other), *beside).sum()) - int(within(catalog.feature(own), *beside).sum())
    if turned > 0:
        raise BadValue("left", left, "sides_swapped", country=right)


def _radius(form: Form) -> float | None:
    written = plain_digits(text(form, "uncertainty_m"))
    if not written:
        return None
    try:
        value = float(written)
    except ValueError:
        value = -1.0
    if not 0 <= value <= MOST_METRES:
        raise BadValue("uncertainty_m", written, "metres_or_nothing", most=f"{MOST_METRES:g}")
    return value


def _entry(kind: str) -> dict[str, Any]:
    return {
        "id": OWN_LINES[kind],
        "title": dict(TITLES[kind]),
        "description": dict(ABOUT),
        "kind": kind,
        "edges": "lonlat",
        "geometry": "line",
        "default_uncertainty_m": None,
        "licence": LICENCE,
        "attribution": dict(CREDIT),
        "sources": [],
        "as_of": None,
        "hidden": False,
    }
