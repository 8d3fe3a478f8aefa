"""Where an event is located, by the precision of its place: a point with a radius, or the area it stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geodata.analysis.country import within
from geodata.importing import orientation
from geodata.importing.areas import Areas
from geodata.importing.cell_kinds import metres_of, radius
from geodata.importing.columns import Places, at_places, combinations, decoded, each, mapped, places
from geodata.importing.meaning import Cells
from geodata.importing.named_countries import named
from geodata.importing.positions import Positions, of_metres, of_pair, of_shapes, of_text, of_texts
from geodata.importing.profiles import PLAIN, Precision, place_precisions
from geodata.importing.worker import GEOMETRY
from geodata.settings import MAX_RADIUS
from geodata.store import event_schema

Columns = dict[str, pa.Array]
Shapes = NDArray[np.object_]
Holders = tuple[Places, Places]
"""Which country and which governorate hold each row's position."""
UNKNOWN = Precision("")
WKB_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])


def read_positions(cells: Cells) -> tuple[Positions, Shapes | None]:
    """Return the positions of rows, and their geometries where the file has geometries."""
    lat, lon, text, wkt = (cells.first(role) for role in ("lat", "lon", "position", "wkt"))
    easting, northing = cells.first("easting"), cells.first("northing")
    if lat is not None and lon is not None:
        return _oriented(of_pair(_lettered(lat, cells, "lat"), _lettered(lon, cells, "lon")), cells), None
    if text is not None:
        return _oriented(of_text(text, cells.meaning.order), cells), None
    if wkt is not None:
        return of_texts(wkt)
    if easting is not None and northing is not None:
        zone = cells.first("zone")
        zone = None if zone is None else _lettered(zone, cells, "lat", southern="M")
        return of_metres(easting, northing, zone, cells.meaning.crs), None
    if GEOMETRY in cells.batch.schema.names:
        wkb = cells.batch.column(GEOMETRY).to_pylist()
        return of_shapes(shapely.from_wkb(np.array([*wkb, None], dtype=object))[:-1])
    empty = np.full(len(cells), np.nan)
    positions = Positions(empty, empty.copy(), np.zeros(len(cells)))
    positions.flag("no_position", slice(None))
    return positions, None


def _lettered(column: pa.Array, cells: Cells, axis: str, southern: str = "S") -> pa.Array:
    """Return cells with the letter of their hemisphere, where that has a column of its own.

    `southern` stands for the south: after the number of a UTM zone S would be a band of the north.
    """
    name = cells.meaning.hemispheres.get(axis)
    if name is None:
        return column
    letter = {"S": southern}
    letters = mapped(
        cells.raw(name), lambda text: letter.get(text.strip()[:1].upper(), text.strip()[:1].upper()), pa.string()
    )
    return pc.binary_join_element_wise(decoded(column), decoded(letters), "", null_handling="emit_null")


def _oriented(positions: Positions, cells: Cells) -> Positions:
    """Apply the change of the coordinates that the file as a whole decided, and flag the rows."""
    orientation = cells.meaning.orientation
    if orientation.changes:
        positions.flag("reoriented", positions.located)
        positions.lon, positions.lat = orientation.applied(positions.lon, positions.lat)
    return positions


def placed(cells: Cells, positions: Positions, shapes: Shapes | None, areas: Areas, holders: Holders) -> Columns:
    """Return position, radius, precision and area of each row, the country and governorate that hold it, and its shape.

    Where all shapes are points, `points` creates them later. What a source's code calls a centroid is
    no point: the row stands for the area, where we hold its polygon.
    """
    codes, code = _codes(cells)
    country, governorate = (holder.copy() for holder in holders)
    countries, governorates = list(areas.countries), list(areas.governorates)
    bare = np.ones(len(cells), dtype=bool) if shapes is None else shapely.is_missing(shapes)
    areal_rows = np.flatnonzero(
        bare & (np.array([precision.area is not None for precision in codes])[code] | ~positions.located)
    )
    refs, area = _areas(cells, positions, areas, holders, (codes, code), areal_rows)
    lost = positions.flags.get("no_position", np.zeros(0, dtype=bool))
    for at, ref in enumerate(refs):
        rows = area == at
        layer, _, id_ = ref.partition("/")
        inside = areas.country_of(id_) if layer == "governorates" else id_
        governorate[rows] = governorates.index(id_) if layer == "governorates" else -1
        country[rows] = countries.index(inside) if inside in areas.countries else -1
        positions.lon[rows] = positions.lat[rows] = np.nan
        if len(lost):
            lost[rows] = False
    # "Somewhere in a country" that we hold no polygon of: a point that must not look like one.
    vague = (
        np.array([precision.area is not None and precision.radius is None for precision in codes])[code]
        & positions.located
    )
    words = [*(precision.word or None for precision in codes), *(_layer_word(ref) for ref in refs)]
    shaped = {} if shapes is None else _shaped(positions, shapes)
    return {
        "lon": pa.array(positions.lon, from_pandas=True),
        "lat": pa.array(positions.lat, from_pandas=True),
        "coordinateUncertaintyInMeters": _radius(cells, positions, codes, code),
        "precision": at_places(np.where(area < 0, code % len(codes), len(codes) + area), words),
        "area": at_places(area, refs),
        "placeholder": pa.array(vague),
        "country_id": at_places(country, countries),
        "governorate": at_places(governorate, governorates),
        **shaped,
    }


def _codes(cells: Cells) -> tuple[list[Precision], Places]:
    """Return the precisions that a source's codes stand for, and which of them each row has."""
    column = cells.first("place_code")
    if column is None:
        return [UNKNOWN], np.zeros(len(cells), dtype=np.int64)
    precisions = place_precisions(cells.meaning.profile.name)
    return each(column, lambda text: precisions.get(text.removesuffix(".0"), UNKNOWN), UNKNOWN)


def _areas(
    cells: Cells,
    positions: Positions,
    areas: Areas,
    holders: Holders,
    coded: tuple[list[Precision], Places],
    rows: Places,
) -> tuple[list[str], Places]:
    """Return the areas (`layer/id`) that some rows stand for, and which of them each row does; -1 for none.

    Rows that say the same are looked at once.
    """
    codes, code = coded
    named = {role: cells.some(role) for role in ("pcode", "admin1", "country")}
    parts = [code, positions.located.astype(np.int64), *holders, *map(places, named.values())]
    first, row = combinations([part[rows] for part in parts])
    refs: dict[str, int] = {}
    numbers = []
    for at in rows[first].tolist():
        country, governorate = (
            list(layer)[holder[at]] if holder[at] >= 0 else None
            for layer, holder in zip((areas.countries, areas.governorates), holders, strict=True)
        )
        pcode, admin1, state = (column[at].as_py() for column in named.values())
        by_name = (
            lambda names=(pcode, admin1): next(
                filter(None, (areas.named(name, "governorates") for name in names)), None
            ),
            lambda name=state: areas.named(name, "countries"),
        )
        ref = _area(codes[code[at]], bool(positions.located[at]), country, governorate, by_name)
        numbers.append(-1 if ref is None else refs.setdefault(ref, len(refs)))
    result = np.full(len(cells), -1)
    result[rows] = np.array(numbers, dtype=np.int64)[row]
    return list(refs), result


def _area(
    code: Precision,
    has_position: bool,
    country: str | None,
    governorate: str | None,
    by_name: tuple[Callable[[], str | None], Callable[[], str | None]],
) -> str | None:
    if code.area == "country":
        return by_name[1]() or (f"countries/{country}" if country else None)
    if code.area == "governorate" and has_position:
        return f"governorates/{governorate}" if governorate else by_name[0]()
    # No position: only the named area locates the row.
    return by_name[0]() or by_name[1]()


def _layer_word(ref: str) -> str:
    return "governorate" if ref.startswith("governorates/") else "country"


def _radius(cells: Cells, positions: Positions, codes: list[Precision], code: Places) -> pa.Array:
    """Return the radius of rows with a point: as written, else by its code, else by the precision of its notation."""
    column = cells.first("radius")
    by_code = np.array([np.nan if precision.radius is None else precision.radius for precision in codes])[code]
    metres = np.where(np.isnan(by_code), np.where(positions.radius == 0, np.nan, positions.radius), by_code)
    if column is not None:
        unit = metres_of(cells.names("radius")[0])
        written = mapped(column, lambda text: _metres(text, unit), pa.float64()).to_numpy(zero_copy_only=False)
        metres = np.where(np.isnan(written), metres, written)
    return pa.array(np.where(positions.located, metres, np.nan), from_pandas=True)


def _metres(text: str, unit: float) -> float | None:
    value = radius(text, unit)
    return value if value is not None and 0 <= value <= MAX_RADIUS else None


def _shaped(positions: Positions, shapes: Shapes) -> Columns:
    """Return the shapes as WKB and their boxes; null where there is none."""
    geometries = shapes
    at = np.flatnonzero(positions.located)
    geometries[at] = shapely.points(positions.lon[at], positions.lat[at])
    gone = ~positions.located & (shapely.get_type_id(geometries) == shapely.GeometryType.POINT)
    geometries[gone] = None
    wkb = pa.array(shapely.to_wkb(geometries, flavor="iso", byte_order=1), pa.binary(), from_pandas=True)
    return {
        event_schema.GEOMETRY: wkb,
        event_schema.BBOX: _boxes(shapely.bounds(geometries).T, shapely.is_missing(geometries)),
    }


def points(lon: pa.Array, lat: pa.Array) -> Columns:
    """Return points as WKB and boxes, null where there is no position, without a shape of each: there are millions."""
    x, y = (column.to_numpy(zero_copy_only=False) for column in (lon, lat))
    written = np.zeros(len(x), dtype=WKB_POINT)
    written["order"], written["type"], written["x"], written["y"] = 1, 1, x, y
    size, bare = WKB_POINT.itemsize, np.isnan(x)
    cells = pa.FixedSizeBinaryArray.from_buffers(pa.binary(size), len(written), [None, pa.py_buffer(written)])
    wkb = pc.if_else(pa.array(bare), pa.scalar(None, pa.binary()), cells.cast(pa.binary()))
    return {event_schema.GEOMETRY: wkb, event_schema.BBOX: _boxes([x, y, x, y], bare)}


def _boxes(ends: Any, missing: NDArray[np.bool_]) -> pa.Array:
    sides = [pa.array(side, from_pandas=True) for side in ends]
    return pa.StructArray.from_arrays(sides, names=list(event_schema.BOX), mask=pa.array(missing))


def doubted(cells: Cells, positions: Positions, areas: Areas, holders: Holders) -> None:
    """Mark positions that look swapped, and those that may stand for a whole country though nothing says so.

    Swapped is what lies far from any country we hold and, the other way round, in a governorate.
    """
    lost = np.flatnonzero(positions.located & (holders[0] < 0))
    lost = lost[areas.far(positions.lon[lost], positions.lat[lost])]
    _, other_way = areas.holding(positions.lat[lost], positions.lon[lost])
    positions.flag("swapped", lost[other_way >= 0])
    if cells.meaning.profile is PLAIN or cells.first("place_code") is None:
        positions.flag(
            "country_centroid",
            positions.located & areas.central(np.nan_to_num(positions.lon), np.nan_to_num(positions.lat)),
        )


def swapped_by_country(cells: Cells, positions: Positions, areas: Areas) -> None:
    """Mark positions outside the country that a row names, or outside where the file lies, and inside if swapped.

    Of the countries that the catalogue has the outline decides, of others a box.
    """
    if cells.meaning.extent is not None:
        positions.flag("swapped", orientation.strays(positions.lon, positions.lat, cells.meaning.extent))
    column = cells.first("country")
    countries = named(column)
    if column is None or countries is None:
        return
    lon, lat = positions.lon, positions.lat
    out = positions.located & countries.recognised() & ~countries.inside(lon, lat)
    refs, which = each(column, lambda text: areas.named(text, "countries"), None)
    other_way = countries.inside(lat, lon)
    for at, ref in enumerate(refs):
        rows = np.flatnonzero(out & (which == at))
        if ref is not None and len(rows):
            other_way[rows] = within(areas.countries[ref.partition("/")[2]], lat[rows], lon[rows])
    positions.flag("swapped", out & other_way)
