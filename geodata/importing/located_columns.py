"""Which columns locate the rows of a table: a pair of degrees, positions or geometries in one column, or metres.

Every way that the headings and the cells allow is weighed by the share of rows that it would place. Where two of the
same kind weigh the same, or nothing tells latitude from longitude, none is taken and a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from geodata.formats import headings
from geodata.formats.coordinates import Order
from geodata.importing.cell_kinds import CERTAIN, Kinds
from geodata.messages import Message

Roles = Mapping[str, tuple[str, ...]]
Weights = Mapping[str, Mapping[str, float]]
LEAST = 0.25
NEAR = 0.02
HALF = 0.5
"""The share of positions that nothing but a position is written as."""
NAMED = 0.9
"""The weight of columns that are taken though most of their cells cannot be read: the rows say why."""
NOTATION, GEOMETRY, DEGREES = 0.4, 0.6, 0.26
"""The weights of what the cells say alone: positions in a notation of their own, geometries, two columns of degrees."""
_KINDS = ("pair", "geometry", "position", "metres", "either")
"""The kinds of columns, the first where they weigh the same."""
_JOINED = re.compile(r"(?<![a-z])(lat|lon|lng|x)[a-z]*[\W_]*(?:lat|lon|lng|y)[a-z]*(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Weighed:
    """The columns of a table weighed: what each may be and why, and what its cells read as."""

    weights: Weights
    """By role and column; a column that cannot have a role is left out."""
    why: Mapping[tuple[str, str], Message]
    """By role and column."""
    kinds: Mapping[str, Kinds]
    """By column; empty where the cells are not known."""


@dataclass(frozen=True)
class Located:
    """The columns that locate the rows, and why."""

    roles: Roles = field(default_factory=dict)
    reasons: Mapping[str, Message] = field(default_factory=dict)
    candidates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Under `position`: those between which a person must choose, pairs written `lat + lon`."""
    either: tuple[str, ...] = ()
    """Two columns of degrees of which nothing in their headings and numbers tells which is the latitude."""


@dataclass(frozen=True)
class _Option:
    kind: str
    roles: Roles
    weight: float
    placed: float
    """The share of the rows that it would place."""
    reasons: Mapping[str, Message]

    @property
    def rank(self) -> tuple[float, int]:
        return self.weight / 2 + self.placed, -_KINDS.index(self.kind)

    @property
    def label(self) -> str:
        return " + ".join(name for names in self.roles.values() for name in names)


def located(header: Sequence[str], weighed: Weighed) -> Located:
    """Return the columns that locate the rows; nothing where there are none, or several of the same weight."""
    options = [
        option
        for option in (*_pairs(weighed), *_metres(weighed), *_single(header, weighed))
        if option.weight >= LEAST and (option.placed >= 0.02 or option.weight >= NAMED or not weighed.kinds)
    ]
    options = options or list(_bare_pairs(header, weighed))
    if not options:
        return Located()
    best = max(options, key=lambda option: option.rank)
    rivals = [
        option
        for option in options
        if option.kind == best.kind
        and best.rank[0] - option.rank[0] <= NEAR
        and not set(option.label.split(" + ")) & set(best.label.split(" + "))
        and best.weight < NAMED
    ]
    if rivals:
        return Located(candidates={"position": (best.label, *(option.label for option in rivals))})
    if best.kind == "either":
        return Located(either=best.roles["either"], reasons=best.reasons)
    return Located(best.roles, best.reasons)


def order_of(heading: str, kinds: Kinds | None) -> Order | None:
    """Return the order of pairs of degrees where the heading or the numbers say it; None where they do not."""
    axes = [axis for word in re.findall(r"[^\W_]+", heading) for axis in ("lat", "lon") if headings.says(word, axis)]
    if {"lat", "lon"} <= set(axes):
        return "lat,lon" if axes.index("lat") < axes.index("lon") else "lon,lat"
    if match := _JOINED.search(heading):
        return "lon,lat" if match[1].lower().startswith(("lon", "lng", "x")) else "lat,lon"
    if kinds is not None and kinds.share("lon_first") >= 0.05 and kinds.share("lat_first") == 0:
        return "lon,lat"
    return None


def _pairs(weighed: Weighed) -> Iterator[_Option]:
    for lat, lat_weight in _degrees(weighed, "lat", "northing").items():
        for lon, lon_weight in _degrees(weighed, "lon", "easting").items():
            if lat == lon or headings.says(lat, "low") or headings.says(lat, "high") or _whole(weighed, lat, lon):
                continue
            fit, covered = _fit(weighed.kinds, (lat, "lat"), (lon, "lon"))
            weight = min(lat_weight, lon_weight) - 0.1 * (_rest(lat, "lat") != _rest(lon, "lon"))
            reasons = {name: _reason(weighed, role, name, role) for role, name in (("lat", lat), ("lon", lon))}
            yield _Option("pair", {"lat": (lat,), "lon": (lon,)}, weight, fit * covered, reasons)


def _degrees(weighed: Weighed, axis: str, metres: str) -> dict[str, float]:
    """Return the weights of columns of an axis, those called as metres are among them where their cells are degrees."""
    others = {
        name: weight
        for name, weight in weighed.weights.get(metres, {}).items()
        if name in weighed.kinds
        and weighed.kinds[name].share(axis) >= CERTAIN
        and weighed.kinds[name].share("fine") >= HALF
    }
    return {**others, **weighed.weights.get(axis, {})}


def _whole(weighed: Weighed, *pair: str) -> bool:
    """Tell whether columns hold degrees whose minutes stand in columns of their own: alone they are up to 60' off."""
    parts = {
        name for axis in ("lat", "lon") for name in weighed.weights.get(axis, {}) if headings.says(name, "minutes")
    }
    if parts & set(pair):
        return True
    return bool(parts) and all(
        weighed.kinds[name].share("integer") >= CERTAIN for name in pair if name in weighed.kinds
    )


def _metres(weighed: Weighed) -> Iterator[_Option]:
    """Yield pairs of columns of metres: those called so, or as degrees are called, as x and y often are."""
    if not weighed.kinds:
        return
    east = {**weighed.weights.get("lon", {}), **weighed.weights.get("easting", {})}
    north = {**weighed.weights.get("lat", {}), **weighed.weights.get("northing", {})}
    for easting, one in east.items():
        for northing, other in north.items():
            fit, covered = _fit(weighed.kinds, (easting, "metres"), (northing, "metres"))
            if easting == northing or fit < 0.5:
                continue
            weight = min(one, other) - 0.1 * (_rest(easting, "easting") != _rest(northing, "northing"))
            roles = {"easting": (easting,), "northing": (northing,)}
            reasons = {name: _reason(weighed, role, name, "metres") for role, (name,) in roles.items()}
            zones = weighed.weights.get("zone", {})
            zone = max(zones, key=lambda name: zones[name], default=None)
            if zone is not None and weighed.kinds[zone].share("zone") >= CERTAIN:
                roles["zone"] = (zone,)
                reasons[zone] = _reason(weighed, "zone", zone, "zone")
            yield _Option("metres", roles, weight, fit * covered, reasons)


def _single(header: Sequence[str], weighed: Weighed) -> Iterator[_Option]:
    for name in header:
        own = weighed.kinds.get(name)
        for role, kind, alone in (("wkt", "geometry", GEOMETRY), ("position", "position", NOTATION)):
            weight = weighed.weights.get(role, {}).get(name, 0.0)
            if own is not None and own.count:
                notation = kind == "geometry" or own.share("particular") >= HALF
                weight = max(weight, alone) if own.share(kind) >= CERTAIN and notation else weight
                weight = weight if own.share(kind) >= 0.5 or weight >= NAMED else 0.0
            if weight:
                fit, covered = _fit(weighed.kinds, (name, kind))
                shown = own.notation if own is not None and kind == "position" else kind
                reasons = {name: _reason(weighed, role, name, kind, shown)}
                yield _Option(kind, {role: (name,)}, weight, fit * covered, reasons)


def _bare_pairs(header: Sequence[str], weighed: Weighed) -> Iterator[_Option]:
    """Yield the only two neighbouring columns of fine degrees whose headings say nothing."""
    fine = [name for name, kinds in weighed.kinds.items() if kinds.share("fine") >= CERTAIN / 2]
    fine = [name for name in fine if min(map(weighed.kinds[name].share, ("number", "lon"))) >= CERTAIN]
    if len(fine) != 2 or header.index(fine[1]) - header.index(fine[0]) != 1:
        return
    one, other = fine
    reasons = {name: Message("guess.cells") for name in fine}
    if weighed.kinds[one].share("lat") < CERTAIN <= weighed.kinds[other].share("lat"):
        yield _Option("pair", {"lat": (other,), "lon": (one,)}, DEGREES, 1.0, reasons)
    elif weighed.kinds[other].share("lat") < CERTAIN <= weighed.kinds[one].share("lat"):
        yield _Option("pair", {"lat": (one,), "lon": (other,)}, DEGREES, 1.0, reasons)
    else:
        yield _Option("either", {"either": (one, other)}, DEGREES, 1.0, reasons)


def _fit(kinds: Mapping[str, Kinds], *wanted: tuple[str, str]) -> tuple[float, float]:
    """Return the smallest share of cells that read as their kind, and of rows with such a cell; 1 where unknown."""
    if not kinds:
        return 1.0, 1.0
    known = [(kinds[name], kind) for name, kind in wanted if name in kinds]
    return min(one.share(kind) for one, kind in known), min(one.filled for one, _ in known)


def _rest(name: str, meaning: str) -> frozenset[str]:
    """Return the words of a heading beside those of a meaning: the two of a pair have the same."""
    match = headings.matches(name).get(meaning)
    return frozenset() if match is None else match.rest


def _reason(weighed: Weighed, role: str, name: str, kind: str, shown: str | None = None) -> Message:
    """Return why a column is taken for a role, with the share of its cells that read as a kind."""
    why = weighed.why.get((role, name), Message("guess.cells"))
    if name not in weighed.kinds:
        return why
    share = round(100 * weighed.kinds[name].share(kind))
    return Message("guess.read", why=why, share=share, kind=Message(f"cell.{shown or kind}"))
