"""How a file is interpreted by its header and its first rows: columns, order of coordinates, system, notation of dates.

What the user states is taken; the rest is decided by what the columns are called and by what their cells read as.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from geodata.formats import headings
from geodata.formats.coordinates import Order
from geodata.importing import cell_kinds, column_mapping, dates, located_columns, orientation, projected
from geodata.importing.areas import Areas
from geodata.importing.cell_kinds import Kinds
from geodata.importing.columns import decoded
from geodata.importing.delimited import CELL
from geodata.importing.geolocate import read_positions
from geodata.importing.meaning import Cells, Meaning
from geodata.importing.named_countries import anywhere
from geodata.importing.orientation import UNCHANGED, Orientation
from geodata.importing.positions import Positions, numbers
from geodata.importing.profiles import PLAIN, Roles
from geodata.importing.source_file import SourceFile
from geodata.messages import Message


@dataclass(frozen=True)
class Stated:
    """What the user states of the columns and coordinates; what is empty is decided by the file."""

    roles: Roles | None = None
    order: Order | None = None
    crs: str = ""


def interpreted(meaning: Meaning, source: SourceFile, first: pa.RecordBatch, stated: Stated, areas: Areas) -> Meaning:
    """Return the meaning of a file with its columns, and with how its coordinates are written."""
    sample = first.slice(0, cell_kinds.ROWS)
    kinds = {} if meaning.profile is not PLAIN else cell_kinds.of_columns(sample, source.header, CELL)
    mapped = column_mapping.guessed(
        source.header, meaning.profile, source.tags, shapes=bool(source.metadata.get("shapes")), kinds=kinds
    )
    meaning = replace(meaning, guess=mapped.roles)
    if stated.roles is None:
        meaning = replace(meaning, roles=mapped.roles, reasons=mapped.reasons, candidates=mapped.candidates)
    else:
        roles = column_mapping.checked(stated.roles, source.header)
        same = {name for role, names in roles.items() for name in names if name in mapped.roles.get(role, ())}
        reasons = {name: mapped.reasons.get(name, _USER) if name in same else _USER
                   for names in roles.values() for name in names}  # fmt: skip
        meaning = replace(meaning, roles=roles, reasons=reasons)
    country = Cells(sample, meaning).first("country")
    if "date" not in meaning.roles and "date" not in meaning.guess:
        meaning = _with_date_parts(meaning, kinds)
    dated = [decoded(column) for role in ("date", "date_end") for column in Cells(sample, meaning).all(role)]
    if dated:
        meaning = replace(meaning, date_notation=dates.notation(pa.concat_arrays(dated)))
    if stated.roles is None and mapped.either:
        meaning = _of_either(meaning, mapped.either, Cells(sample, meaning), country, areas)
    meaning = replace(meaning, hemispheres=_hemispheres(sample, kinds))
    if "easting" in meaning.roles:
        meaning = _with_system(meaning, Cells(sample, meaning), country, stated.crs, areas)
    elif stated.order is not None:
        meaning = replace(meaning, order=stated.order)
    else:
        meaning = _oriented(meaning, kinds, sample, country, areas)
    positions, _ = read_positions(Cells(sample, meaning))
    return replace(meaning, extent=orientation.extent(positions.lon, positions.lat))


_USER = Message("guess.user")
_NONE = Kinds()


def _of_either(
    meaning: Meaning, pair: tuple[str, ...], cells: Cells, country: pa.Array | None, areas: Areas
) -> Meaning:
    """Tell the latitude of two columns by where the rows lie; both ways are candidates where that does not."""
    one, other = pair
    order = orientation.order(numbers(cells.raw(one)), numbers(cells.raw(other)), country, areas)
    if order is None:
        ways = (f"{one} + {other}", f"{other} + {one}")
        return replace(meaning, candidates={**meaning.candidates, "position": ways})
    lat, lon = (one, other) if order == "lat,lon" else (other, one)
    notice = Message("import.degrees_by_country", lat=lat, lon=lon)
    reasons = {**meaning.reasons, **dict.fromkeys(pair, Message("guess.countries"))}
    roles = {**meaning.roles, "lat": (lat,), "lon": (lon,)}
    return replace(meaning, roles=roles, guess=roles, reasons=reasons, notices=(*meaning.notices, notice))


def _with_system(meaning: Meaning, cells: Cells, country: pa.Array | None, crs: str, areas: Areas) -> Meaning:
    """Decide the system of columns of metres: as stated, as headings name it, by a row's zone, or by the countries."""
    columns = (*cells.names("easting"), *cells.names("northing"))
    east, north = (numbers(cells.some(role)) for role in ("easting", "northing"))
    crs = projected.checked(crs) if crs else projected.stated(north, *columns)
    if crs:
        return replace(meaning, crs=crs, notices=(*meaning.notices, Message("import.metres_stated", crs=crs)))
    if "zone" in meaning.roles:
        return replace(
            meaning, notices=(*meaning.notices, Message("import.metres_zone", column=cells.names("zone")[0]))
        )
    fitting = projected.fitting(east, north, country, areas)
    if len(fitting) == 1:
        notice = Message("import.metres_fitting", crs=fitting[0])
        return replace(meaning, crs=fitting[0], notices=(*meaning.notices, notice))
    systems = tuple(fitting) or (projected.MERCATOR,)
    return replace(meaning, candidates={**meaning.candidates, "crs": systems})


def _oriented(
    meaning: Meaning, kinds: Mapping[str, Kinds], sample: pa.RecordBatch, country: pa.Array | None, areas: Areas
) -> Meaning:
    """Decide the order of pairs in one column, and whether the coordinates of the file as a whole are changed."""
    column = next(iter(meaning.roles.get("position", ())), None)
    if column is None and "lat" not in meaning.roles:
        return meaning
    if column is not None:
        decided = located_columns.order_of(column, kinds.get(column))
        meaning = replace(meaning, order=decided or meaning.order)
        if decided:
            notice = Message("import.order_decided", column=column, order=Message(f"order.{decided[:3]}_first"))
            return replace(meaning, notices=(*meaning.notices, notice))
    by_heading = _of_headings(meaning, sample)
    if by_heading != UNCHANGED:
        notices = tuple(Message(f"import.heading_{name}") for name in by_heading.changes)
        return replace(meaning, orientation=by_heading, notices=(*meaning.notices, *notices))
    positions, _ = read_positions(Cells(sample, meaning))
    change = orientation.decided(positions.lon, positions.lat, country)
    if column is not None and change == UNCHANGED:
        by_place = orientation.order(positions.lat, positions.lon, None, areas)
        change = Orientation(swapped=by_place == "lon,lat")
        listed = kinds.get(column, _NONE).share("list") >= cell_kinds.CERTAIN
        if by_place is None and listed and _is_geojson(column, positions):
            notice = Message("import.order_of_geojson", column=column)
            return replace(meaning, order="lon,lat", notices=(*meaning.notices, notice))
        if by_place is None and listed:
            # A list of two numbers is longitude first in GeoJSON, and latitude first elsewhere.
            roles, guess = (
                {role: names for role, names in of.items() if role != "position"}
                for of in (meaning.roles, meaning.guess)
            )
            candidates = {**meaning.candidates, "order": (column,)}
            return replace(meaning, roles=roles, guess=guess, candidates=candidates)
    if change == UNCHANGED:
        return meaning
    if column is not None and change == Orientation(swapped=True):
        order: Order = "lat,lon" if meaning.order == "lon,lat" else "lon,lat"
        notice = Message("import.order_by_country", column=column, order=Message(f"order.{order[:3]}_first"))
        return replace(meaning, order=order, notices=(*meaning.notices, notice))
    notices = tuple(Message(f"import.{name}") for name in change.changes)
    return replace(meaning, orientation=change, notices=(*meaning.notices, *notices))


def _hemispheres(sample: pa.RecordBatch, kinds: Mapping[str, Kinds]) -> dict[str, str]:
    """Return the columns whose cells are letters of directions, by the axis that these name."""
    columns: dict[str, str] = {}
    for name, own in kinds.items():
        if own.share("hemisphere") >= cell_kinds.CERTAIN:
            letters = {text.strip()[:1].upper() for text in sample.column(f"{CELL}{name}").unique().to_pylist() if text}
            axis = "lat" if letters <= {"N", "S"} else "lon" if letters <= {"E", "W"} else None
            if axis is not None:
                columns.setdefault(axis, name)
    return columns


def _of_headings(meaning: Meaning, sample: pa.RecordBatch) -> Orientation:
    """Return the hemispheres that the headings of two columns name, where no number has a sign."""
    cells = Cells(sample, meaning)
    flags = {}
    for axis, own, other in (("lat", "south", "north"), ("lon", "west", "east")):
        names = meaning.roles.get(axis, ())
        is_named = bool(names) and headings.says(names[0], own) and not headings.says(names[0], other)
        values = numbers(cells.some(axis)) if is_named else np.empty(0)
        known = values[np.isfinite(values)]
        flags[axis] = bool(len(known)) and bool((known >= 0).all())
    return Orientation(south=flags["lat"], west=flags["lon"])


def _is_geojson(column: str, positions: Positions) -> bool:
    """Tell whether a list is called as GeoJSON calls it, with the longitude first, and lies in some country so."""
    known = positions.located
    own = headings.words(column.replace("/", ".").rsplit(".", 1)[-1])
    return own == {"coordinates"} and bool(
        anywhere(positions.lat[known], positions.lon[known]).mean() >= orientation.DECIDED
    )


def _with_date_parts(meaning: Meaning, kinds: Mapping[str, Kinds]) -> Meaning:
    """Take columns of year, month and day for the date of a file that has no other."""
    parts: list[str] = []
    for part in ("year", "month", "day"):
        fitting = {
            name: own for name, own in kinds.items() if own.share(part) >= cell_kinds.CERTAIN and name not in parts
        }
        scores = {name: match.score for name in fitting if (match := headings.matches(name).get(part)) is not None}
        best = max(scores, key=lambda name: scores[name], default=None)
        if best is None:
            break
        parts.append(best)
    if len(parts) < 2:
        return meaning
    candidates = {role: names for role, names in meaning.candidates.items() if role != "date"}
    notice = Message("import.date_parts", names=parts)
    return replace(meaning, date_parts=tuple(parts), candidates=candidates, notices=(*meaning.notices, notice))
