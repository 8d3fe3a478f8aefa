"""Where an event is put, by how well its place is known: a point with a radius, or the area that it stands for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geodata.analysis.country import within
from geodata.importing import positions
from geodata.importing.columns import each, number
from geodata.importing.meaning import Cells
from geodata.importing.positions import Areas, Found
from geodata.importing.profiles import PLAIN, Precision, place_precisions
from geodata.importing.reading import GEOMETRY
from geodata.store import flat

Columns = dict[str, pa.Array]
Shapes = NDArray[np.object_]
UNKNOWN = Precision("")
WKB_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
MAX_RADIUS = 5_000_000.0


def found(cells: Cells) -> tuple[Found, Shapes | None]:
    """Return the positions of rows, and their shapes where the file has shapes that are no points."""
    lat, lon, text, wkt = (cells.one(role) for role in ("lat", "lon", "position", "wkt"))
    if lat is not None and lon is not None:
        return positions.of_pair(lat, lon), None
    if text is not None:
        return positions.of_text(text, cells.meaning.order), None
    if wkt is not None:
        return positions.of_texts(wkt)
    if GEOMETRY in cells.batch.schema.names:
        held = cells.batch.column(GEOMETRY).to_pylist()
        return positions.of_shapes(shapely.from_wkb(np.array([*held, None], dtype=object))[:-1])
    empty = np.full(len(cells), np.nan)
    made = Found(empty, empty.copy(), np.zeros(len(cells)))
    made.flag("no_position", slice(None))
    return made, None


def placed(cells: Cells, held: Found, shapes: Shapes | None, areas: Areas) -> Columns:
    """Return position, radius, precision, area and geometry of each row, and the country and governorate that hold it.

    What a source's code calls a centroid is no point: the row stands for the area, where we hold its polygon.
    """
    codes = _codes(cells)
    countries, governorates = areas.holding(held.lon, held.lat)
    found_areas: list[str | None] = [None] * len(cells)
    by_name = _namers(cells, areas)
    bare = np.ones(len(cells), dtype=bool) if shapes is None else shapely.is_missing(shapes)
    known = held.known.tolist()
    asked = np.array([code.area is not None for code in codes]) | ~held.known
    for at in np.flatnonzero(bare & asked).tolist():
        found_areas[at] = _area(at, codes[at], known[at], countries[at], governorates[at], by_name)
    lost = held.flags.get("no_position", np.zeros(0, dtype=bool))
    for at, area in enumerate(found_areas):
        if area is not None:
            layer, _, id_ = area.partition("/")
            governorates[at] = id_ if layer == "governorates" else None
            countries[at] = areas.country_of(id_) if layer == "governorates" else id_
            held.lon[at] = held.lat[at] = np.nan
            if len(lost):
                lost[at] = False
    words = [_word(code, area) for code, area in zip(codes, found_areas, strict=True)]
    radius = _radius(cells, held, codes)
    # "Somewhere in a country" that we hold no polygon of: a point that must not look like one.
    vague = np.array([one.area is not None and one.radius is None for one in codes]) & held.known
    wkb, box = geometry(held, shapes)
    return {
        "lon": pa.array(held.lon, from_pandas=True),
        "lat": pa.array(held.lat, from_pandas=True),
        "coordinateUncertaintyInMeters": radius,
        "precision": pa.array(words, pa.string()),
        "area": pa.array(found_areas, pa.string()),
        "placeholder": pa.array(vague),
        "country_id": pa.array(countries, pa.string()),
        "governorate": pa.array(governorates, pa.string()),
        flat.GEOMETRY: wkb,
        flat.BBOX: box,
    }


def _codes(cells: Cells) -> list[Precision]:
    column = cells.one("place_code")
    if column is None:
        return [UNKNOWN] * len(cells)
    known = place_precisions(cells.meaning.profile.name)
    return each(column, lambda text: known.get(text.removesuffix(".0"), UNKNOWN), UNKNOWN)


def _namers(cells: Cells, areas: Areas) -> tuple[Callable[[int], str | None], Callable[[int], str | None]]:
    """Return what gives the governorate and the country that row `at` names."""
    governorate = cache(lambda name: areas.named(name, "governorates"))
    country = cache(lambda name: areas.named(name, "countries"))
    coded, named, states = (cells.some(role).to_pylist() for role in ("pcode", "admin1", "country"))
    return (lambda at: governorate(coded[at]) or governorate(named[at])), (lambda at: country(states[at]))


def _area(
    at: int,
    code: Precision,
    known: bool,
    country: str | None,
    governorate: str | None,
    by_name: tuple[Callable[[int], str | None], Callable[[int], str | None]],
) -> str | None:
    if code.area == "country":
        return by_name[1](at) or (f"countries/{country}" if country else None)
    if code.area == "governorate" and known:
        return f"governorates/{governorate}" if governorate else by_name[0](at)
    # No position: what is named is all that is known.
    return by_name[0](at) or by_name[1](at)


def _word(code: Precision, area: str | None) -> str | None:
    if area is not None:
        return "governorate" if area.startswith("governorates/") else "country"
    return code.word or None


def _radius(cells: Cells, held: Found, codes: list[Precision]) -> pa.Array:
    """Return the radius of what has a point: as written, else by its code, else what its notation leaves open."""
    column = cells.one("radius")
    written = [None] * len(cells) if column is None else each(column, _metres, None)
    made = [
        (own if own is not None else code.radius if code.radius is not None else open_ or None) if known else None
        for own, code, open_, known in zip(written, codes, held.radius.tolist(), held.known.tolist(), strict=True)
    ]
    return pa.array(made, pa.float64())


def _metres(text: str) -> float | None:
    value = number(text)
    return value if value is not None and 0 <= value <= MAX_RADIUS else None


def geometry(held: Found, shapes: Shapes | None) -> tuple[pa.Array, pa.Array]:
    """Return the shapes as WKB and their boxes; null where there is none."""
    if shapes is None:
        return _points(held)
    made = shapes
    at = np.flatnonzero(held.known)
    made[at] = shapely.points(held.lon[at], held.lat[at])
    gone = ~held.known & (shapely.get_type_id(made) == shapely.GeometryType.POINT)
    made[gone] = None
    wkb = pa.array(shapely.to_wkb(made, flavor="iso", byte_order=1), pa.binary(), from_pandas=True)
    return wkb, _boxes(shapely.bounds(made).T, shapely.is_missing(made))


def _points(held: Found) -> tuple[pa.Array, pa.Array]:
    """Return points as WKB and boxes, written without a shape of each: there are millions."""
    written = np.zeros(len(held.lon), dtype=WKB_POINT)
    written["order"], written["type"], written["x"], written["y"] = 1, 1, held.lon, held.lat
    size, bare = WKB_POINT.itemsize, ~held.known
    cells = pa.FixedSizeBinaryArray.from_buffers(pa.binary(size), len(written), [None, pa.py_buffer(written)])
    wkb = pc.if_else(pa.array(bare), pa.scalar(None, pa.binary()), cells.cast(pa.binary()))
    return wkb, _boxes([held.lon, held.lat, held.lon, held.lat], bare)


def _boxes(ends: Any, missing: NDArray[np.bool_]) -> pa.Array:
    sides = [pa.array(side, from_pandas=True) for side in ends]
    return pa.StructArray.from_arrays(sides, names=list(flat.BOX), mask=pa.array(missing))


def doubted(cells: Cells, held: Found, areas: Areas) -> None:
    """Mark positions that look swapped, and those that may stand for a whole country though nothing says so.

    Swapped is what lies far from any country we hold and, the other way round, in a governorate.
    """
    countries, _ = areas.holding(held.lon, held.lat)
    lost = np.flatnonzero(held.known & np.array([one is None for one in countries], dtype=bool))
    lost = lost[areas.far(held.lon[lost], held.lat[lost])]
    _, other_way = areas.holding(held.lat[lost], held.lon[lost])
    held.flag("swapped", lost[np.array([one is not None for one in other_way], dtype=bool)])
    if cells.meaning.profile is PLAIN or cells.one("place_code") is None:
        held.flag("country_centroid", held.known & areas.central(np.nan_to_num(held.lon), np.nan_to_num(held.lat)))


def swapped_by_country(cells: Cells, held: Found, areas: Areas) -> None:
    """Mark positions that lie outside the country a row names and, the other way round, inside."""
    column = cells.one("country")
    if column is None:
        return
    named = each(column, lambda text: areas.named(text, "countries"), None)
    for ref in set(named) - {None}:
        area: Any = areas.countries[str(ref).partition("/")[2]]
        rows = np.flatnonzero(held.known & np.array([one == ref for one in named]))
        west, south, east, north = area.geometry.bounds
        lon, lat = held.lon[rows], held.lat[rows]
        out = (lon < west) | (lon > east) | (lat < south) | (lat > north)
        held.flag("swapped", rows[out & within(area, lat, lon)])
