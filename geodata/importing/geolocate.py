"""Where an event is put, by how well its place is known: a point with a radius, or the area that it stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geodata.analysis.country import within
from geodata.importing import positions
from geodata.importing.columns import Places, at_places, combinations, each, mapped, number, places
from geodata.importing.meaning import Cells
from geodata.importing.positions import Areas, Found
from geodata.importing.profiles import PLAIN, Precision, place_precisions
from geodata.importing.worker import GEOMETRY
from geodata.store import event_schema

Columns = dict[str, pa.Array]
Shapes = NDArray[np.object_]
Holders = tuple[Places, Places]
"""Which country and which governorate hold each row's position."""
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


def placed(cells: Cells, held: Found, shapes: Shapes | None, areas: Areas, holders: Holders) -> Columns:
    """Return position, radius, precision and area of each row, the country and governorate that hold it, and its shape.

    Where all shapes are points they are left to be made later, by `points`. What a source's code calls a centroid is
    no point: the row stands for the area, where we hold its polygon.
    """
    codes, code = _codes(cells)
    country, governorate = (one.copy() for one in holders)
    countries, governorates = list(areas.countries), list(areas.governorates)
    bare = np.ones(len(cells), dtype=bool) if shapes is None else shapely.is_missing(shapes)
    asked = np.flatnonzero(bare & (np.array([one.area is not None for one in codes])[code] | ~held.known))
    found, area = _areas(cells, held, areas, holders, (codes, code), asked)
    lost = held.flags.get("no_position", np.zeros(0, dtype=bool))
    for at, ref in enumerate(found):
        rows = area == at
        layer, _, id_ = ref.partition("/")
        inside = areas.country_of(id_) if layer == "governorates" else id_
        governorate[rows] = governorates.index(id_) if layer == "governorates" else -1
        country[rows] = countries.index(inside) if inside in areas.countries else -1
        held.lon[rows] = held.lat[rows] = np.nan
        if len(lost):
            lost[rows] = False
    # "Somewhere in a country" that we hold no polygon of: a point that must not look like one.
    vague = np.array([one.area is not None and one.radius is None for one in codes])[code] & held.known
    words = [*(one.word or None for one in codes), *(_layer_word(ref) for ref in found)]
    shaped = {} if shapes is None else _shaped(held, shapes)
    return {
        "lon": pa.array(held.lon, from_pandas=True),
        "lat": pa.array(held.lat, from_pandas=True),
        "coordinateUncertaintyInMeters": _radius(cells, held, codes, code),
        "precision": at_places(np.where(area < 0, code % len(codes), len(codes) + area), words),
        "area": at_places(area, found),
        "placeholder": pa.array(vague),
        "country_id": at_places(country, countries),
        "governorate": at_places(governorate, governorates),
        **shaped,
    }


def _codes(cells: Cells) -> tuple[list[Precision], Places]:
    """Return the precisions that a source's codes stand for, and which of them each row has."""
    column = cells.one("place_code")
    if column is None:
        return [UNKNOWN], np.zeros(len(cells), dtype=np.int64)
    known = place_precisions(cells.meaning.profile.name)
    return each(column, lambda text: known.get(text.removesuffix(".0"), UNKNOWN), UNKNOWN)


def _areas(
    cells: Cells, held: Found, areas: Areas, holders: Holders, coded: tuple[list[Precision], Places], asked: Places
) -> tuple[list[str], Places]:
    """Return the areas (`layer/id`) that some rows stand for, and which of them each row does; -1 for none.

    Rows that say the same are looked at once.
    """
    codes, code = coded
    named = {role: cells.some(role) for role in ("pcode", "admin1", "country")}
    parts = [code, held.known.astype(np.int64), *holders, *map(places, named.values())]
    first, row = combinations([part[asked] for part in parts])
    found: dict[str, int] = {}
    made = []
    for at in asked[first].tolist():
        country, governorate = (
            list(layer)[one[at]] if one[at] >= 0 else None
            for layer, one in zip((areas.countries, areas.governorates), holders, strict=True)
        )
        pcode, admin1, state = (column[at].as_py() for column in named.values())
        by_name = (
            lambda names=(pcode, admin1): next(filter(None, (areas.named(one, "governorates") for one in names)), None),
            lambda name=state: areas.named(name, "countries"),
        )
        ref = _area(codes[code[at]], bool(held.known[at]), country, governorate, by_name)
        made.append(-1 if ref is None else found.setdefault(ref, len(found)))
    whole = np.full(len(cells), -1)
    whole[asked] = np.array(made, dtype=np.int64)[row]
    return list(found), whole


def _area(
    code: Precision,
    known: bool,
    country: str | None,
    governorate: str | None,
    by_name: tuple[Callable[[], str | None], Callable[[], str | None]],
) -> str | None:
    if code.area == "country":
        return by_name[1]() or (f"countries/{country}" if country else None)
    if code.area == "governorate" and known:
        return f"governorates/{governorate}" if governorate else by_name[0]()
    # No position: what is named is all that is known.
    return by_name[0]() or by_name[1]()


def _layer_word(ref: str) -> str:
    return "governorate" if ref.startswith("governorates/") else "country"


def _radius(cells: Cells, held: Found, codes: list[Precision], code: Places) -> pa.Array:
    """Return the radius of what has a point: as written, else by its code, else what its notation leaves open."""
    column = cells.one("radius")
    by_code = np.array([np.nan if one.radius is None else one.radius for one in codes])[code]
    made = np.where(np.isnan(by_code), np.where(held.radius == 0, np.nan, held.radius), by_code)
    if column is not None:
        written = mapped(column, _metres, pa.float64()).to_numpy(zero_copy_only=False)
        made = np.where(np.isnan(written), made, written)
    return pa.array(np.where(held.known, made, np.nan), from_pandas=True)


def _metres(text: str) -> float | None:
    value = number(text)
    return value if value is not None and 0 <= value <= MAX_RADIUS else None


def _shaped(held: Found, shapes: Shapes) -> Columns:
    """Return the shapes as WKB and their boxes; null where there is none."""
    made = shapes
    at = np.flatnonzero(held.known)
    made[at] = shapely.points(held.lon[at], held.lat[at])
    gone = ~held.known & (shapely.get_type_id(made) == shapely.GeometryType.POINT)
    made[gone] = None
    wkb = pa.array(shapely.to_wkb(made, flavor="iso", byte_order=1), pa.binary(), from_pandas=True)
    return {event_schema.GEOMETRY: wkb, event_schema.BBOX: _boxes(shapely.bounds(made).T, shapely.is_missing(made))}


def points(lon: pa.Array, lat: pa.Array) -> Columns:
    """Return points as WKB and boxes, null where there is no position, without a shape of each: there are millions."""
    x, y = (one.to_numpy(zero_copy_only=False) for one in (lon, lat))
    written = np.zeros(len(x), dtype=WKB_POINT)
    written["order"], written["type"], written["x"], written["y"] = 1, 1, x, y
    size, bare = WKB_POINT.itemsize, np.isnan(x)
    cells = pa.FixedSizeBinaryArray.from_buffers(pa.binary(size), len(written), [None, pa.py_buffer(written)])
    wkb = pc.if_else(pa.array(bare), pa.scalar(None, pa.binary()), cells.cast(pa.binary()))
    return {event_schema.GEOMETRY: wkb, event_schema.BBOX: _boxes([x, y, x, y], bare)}


def _boxes(ends: Any, missing: NDArray[np.bool_]) -> pa.Array:
    sides = [pa.array(side, from_pandas=True) for side in ends]
    return pa.StructArray.from_arrays(sides, names=list(event_schema.BOX), mask=pa.array(missing))


def doubted(cells: Cells, held: Found, areas: Areas, holders: Holders) -> None:
    """Mark positions that look swapped, and those that may stand for a whole country though nothing says so.

    Swapped is what lies far from any country we hold and, the other way round, in a governorate.
    """
    lost = np.flatnonzero(held.known & (holders[0] < 0))
    lost = lost[areas.far(held.lon[lost], held.lat[lost])]
    _, other_way = areas.holding(held.lat[lost], held.lon[lost])
    held.flag("swapped", lost[other_way >= 0])
    if cells.meaning.profile is PLAIN or cells.one("place_code") is None:
        held.flag("country_centroid", held.known & areas.central(np.nan_to_num(held.lon), np.nan_to_num(held.lat)))


def swapped_by_country(cells: Cells, held: Found, areas: Areas) -> None:
    """Mark positions that lie outside the country a row names and, the other way round, inside."""
    column = cells.one("country")
    if column is None:
        return
    named, which = each(column, lambda text: areas.named(text, "countries"), None)
    for ref in set(named) - {None}:
        area: Any = areas.countries[str(ref).partition("/")[2]]
        same = np.array([one == ref for one in named])[which]
        rows = np.flatnonzero(held.known & same)
        west, south, east, north = area.geometry.bounds
        lon, lat = held.lon[rows], held.lat[rows]
        out = (lon < west) | (lon > east) | (lat < south) | (lat > north)
        held.flag("swapped", rows[out & within(area, lat, lon)])
