"""GeoDataFrames, GeoSeries and shapely geometries as layers of a question, and answers as rows of a table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.formats import geojson
from geodata.messages import texts
from geodata.model import Layer, Result
from geodata.store.geojson_store import layer_of
from geodata.store.layered_store import Pinned

if TYPE_CHECKING:
    import geopandas

RADIUS = "unc_m"
"""The column that holds a row's radius of uncertainty in metres."""


@dataclass(frozen=True)
class Rows:
    """Geometries as a layer: `layer` holds one feature a row, `frame` what was given, None for a lone geometry."""

    layer: Layer
    frame: geopandas.GeoSeries | geopandas.GeoDataFrame | None


def is_geometry(value: Any) -> bool:
    """Tell whether a value is a GeoDataFrame, a GeoSeries or a shapely geometry."""
    return isinstance(value, BaseGeometry) or (hasattr(value, "geometry") and hasattr(value, "crs"))


def rows_of(parameter: str, value: Any, catalog: Catalog, number: int = 0) -> Rows:
    """Return geometries as a layer whose id no layer of the catalogue has.

    Rows keep their order; one without a geometry, or with an empty one, keeps its place. Heights are dropped.
    Coordinates are reprojected to longitude and latitude on WGS84. Raises BadValue, naming the parameter, for a frame
    without a CRS, for coordinates that its CRS does not map to the globe, and for a radius that is not a number of
    metres from 0.
    """
    lone = isinstance(value, BaseGeometry)
    shapes, radii, labels = _lone(value) if lone else _columns(parameter, value)
    items = []
    for index, (shape, radius, label) in enumerate(zip(shapes, radii, labels, strict=True)):
        placed = _checked(parameter, label, shape)
        properties = {"name_en": label, "name_ar": label, "coordinateUncertaintyInMeters": radius}
        items.append(geojson.feature(f"row-{index}", placed, properties, exact=True))
    id_ = f"frame-{number}"
    while id_ in catalog.ids():
        id_ += "-0"
    return Rows(layer_of(id_, geojson.write(items), {"id": id_, **_ENTRY}), None if lone else value)


_ENTRY: Mapping[str, Any] = {
    "title": texts("frame.title"),
    "description": texts("frame.description"),
    "kind": "frame",
    "edges": "lonlat",
    "default_uncertainty_m": None,
    "licence": "not stated",
    "attribution": texts("frame.attribution"),
    "sources": [],
}


def reference(rows: Rows) -> str:
    """Return how a question names the rows: the layer, or the one feature of a lone geometry."""
    return rows.layer.id if rows.frame is not None else f"{rows.layer.id}/{rows.layer.features[0].id}"


def with_layers(catalog: Catalog, layers: Sequence[Layer]) -> Catalog:
    """Return a catalogue that has these layers as well."""
    pinned = Pinned(catalog.store, {layer.id: layer for layer in layers})
    return Catalog(pinned, own=catalog.own, claims=catalog.claims())


def answered(rows: Rows, result: Result) -> geopandas.GeoDataFrame | None:
    """Return an answer about each row beside its geometry, in the order and with the index of what was given.

    A cell is missing where nothing could be measured. None where the answer is not one item a row.
    """
    import geopandas

    items = result.to_dict().get("items")
    ids = [feature.id for feature in rows.layer.features]
    if rows.frame is None or not isinstance(items, list):
        return None
    by_id = {item.get("id"): _cells(item) for item in items}
    if not by_id.keys() <= set(ids):
        return None
    names = list(dict.fromkeys(name for cells in by_id.values() for name in cells))
    data = {name: [by_id.get(id_, {}).get(name) for id_ in ids] for name in names}
    columns = {name: _series(values) for name, values in data.items()}
    frame = geopandas.GeoDataFrame(
        columns, geometry=list(rows.frame.geometry), crs=rows.frame.crs, index=range(len(ids))
    )
    frame.index = rows.frame.index
    frame.attrs["masafa"] = result.to_geojson()["masafa"]
    return frame


def _lone(shape: BaseGeometry) -> tuple[list[Any], list[float | None], list[str]]:
    return [shape], [None], ["geometry"]


def _columns(parameter: str, frame: Any) -> tuple[list[Any], list[float | None], list[str]]:
    if frame.crs is None:
        raise BadValue(parameter, "a frame without a CRS", "frame_with_crs")
    with np.errstate(all="ignore"):
        shapes = list(frame.geometry.to_crs("EPSG:4326"))
    labels = [str(label) for label in frame.index]
    stated = frame[RADIUS] if RADIUS in getattr(frame, "columns", ()) else [None] * len(shapes)
    return shapes, [_radius(parameter, label, value) for label, value in zip(labels, stated, strict=True)], labels


def _radius(parameter: str, label: str, value: Any) -> float | None:
    if value is None or value != value or str(value) == "<NA>":
        return None
    try:
        radius = float(value)
    except (TypeError, ValueError):
        radius = math.nan
    if not (math.isfinite(radius) and radius >= 0):
        raise BadValue(parameter, value, "radius_column", column=RADIUS, row=label)
    return radius


def _checked(parameter: str, label: str, shape: Any) -> BaseGeometry | None:
    """Return a geometry in two dimensions; None where there is none."""
    if shape is None or shape.is_empty:
        return None
    flat: BaseGeometry = shapely.force_2d(shape)
    x, y = shapely.get_coordinates(flat).T
    if not ((np.abs(x) <= 180).all() and (np.abs(y) <= 90).all()):
        raise BadValue(parameter, f"row {label}", "on_the_globe")
    return flat


def _cells(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain values of an item by column: both ends of an interval, a country's id, a figure as text."""
    cells: dict[str, Any] = {}
    for name, value in item.items():
        if name in ("id", "layer", "kind", "name"):
            continue
        if name == "display":
            cells["display"] = None if value is None else f"{value['number']} {value['unit']}"
        elif name == "country":
            cells["country"], cells["country_certain"] = (value["id"], value["certain"]) if value else (None, None)
        elif name.partition("interval")[1] and name.endswith(("_m", "_deg")):
            stem, _, unit = name.rpartition("_")
            low, high = value or (None, None)
            cells[f"{stem}_low_{unit}"], cells[f"{stem}_high_{unit}"] = low, high
        elif value is None or isinstance(value, str | int | float):
            cells[name] = value
    return cells


def _series(values: Sequence[Any]) -> Any:
    """Return a column: floats with NaN where all that is there are numbers, else objects with None."""
    import pandas

    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        return pandas.array([math.nan if value is None else float(value) for value in values], dtype="float64")
    return pandas.array(list(values), dtype="object")
