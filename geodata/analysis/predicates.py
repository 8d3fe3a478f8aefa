"""Predicates of filters beside those of CQL2: near something, inside a place, by words, in a time, with an actor."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from threading import RLock
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.analysis.columnar import Ends, Mask, Positions, distances_to, positions_of
from geodata.analysis.places import Place, resolve
from geodata.analysis.targets import targets_of
from geodata.catalog import Catalog
from geodata.errors import BadValue, Refused, shown
from geodata.geodesy.prepared import prepared
from geodata.model import Feature, Layer
from geodata.query import cql2, evaluate, spatial, tables
from geodata.query.crs import CRS84, Crs
from geodata.query.operands import Truth
from geodata.query.table import Table
from geodata.records.actors import canonical_id, names
from geodata.text import arabic

KEPT = 16
"""Targets and places whose rows the table of a layer keeps."""
MAX_KM = 5_000.0
MAX_SECONDS, SHAPE_SECONDS = 12.0, 0.07
"""How long a filter may be expected to take, and about how long measuring from a line or an area takes."""
WITHIN = ("certainly", "possibly", "unknown")
"""The answers that match `within_km`; "possibly", which is meant without one, includes what is certain."""
_LOCK = RLock()
_PHRASE = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True)
class Signature:
    """How a predicate is called: its arguments with their types, and how many of them there must be."""

    arguments: tuple[tuple[str, tuple[str, ...]], ...]
    least: int
    most: int


_TEXT = ("string",)
SIGNATURES: Mapping[str, Signature] = {
    "within_km": Signature((("target", _TEXT), ("km", ("number",)), ("answer", _TEXT)), 2, 3),
    "inside": Signature((("area", ("string", "geometry")),), 1, 1),
    "text_contains": Signature((("text", _TEXT),), 1, 1),
    "during": Signature((("first", ("string", "date")), ("last", ("string", "date"))), 2, 2),
    "has_actor": Signature((("actor", _TEXT),), 1, 100),
}
"""What can be called; the messages say what each means, under `function`."""


def features(layer: Layer, text: str, catalog: Catalog, lang: str = "cql2-text") -> Sequence[Feature]:
    """Return the features of a layer for which a filter is true, in order; raises BadValue, Refused and NotFound."""
    table = tables.table(layer)
    functions = Predicates(layer, table, catalog).functions()
    return table.picked(evaluate.rows(cql2.parse(text, lang), table, CRS84, functions))


def layers_of(text: str, catalog: Catalog) -> set[str]:
    """Return the layers beside the filtered one that a filter refers to: of the targets and areas that it names."""
    layers, stack = set[str](), [cql2.parse(text)]
    while stack:
        tree = stack.pop()
        args = tree.get("args", ()) if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
        stack += args
        op = str(tree.get("op")).lower() if isinstance(tree, dict) else ""
        if op in ("within_km", "inside") and args and isinstance(args[0], str):
            layers |= {place.layer for place in resolve("filter", args[0].strip(), catalog)[0] if place.layer}
    return layers


def positions(layer: Layer, table: Table) -> Positions:
    """Return where the features of a layer lie, from the cache of its table."""
    where: Positions = _cached(table, ("positions",), lambda: positions_of(layer, table))
    return where


def _cached(table: Table, key: tuple[Any, ...], answer: Callable[[], Any]) -> Any:
    with _LOCK:
        if key not in table.answers:
            table.answers[key] = answer()
            while len(table.answers) > KEPT:
                table.answers.popitem(last=False)
        table.answers.move_to_end(key)
        return table.answers[key]


class Predicates:
    """The predicates over the features of one layer."""

    def __init__(
        self,
        layer: Layer,
        table: Table,
        catalog: Catalog,
        crs: Crs = CRS84,
        containing: Callable[[str, tuple[str, ...]], Mask] | None = None,
    ) -> None:
        """`containing` tells which features contain a folded text or name one of some actors (n).

        Blanks round a text stand for the ends of words.
        It is given where the files of a layer are quicker than its table.
        """
        self.layer, self.table, self.catalog, self.crs = layer, table, catalog, crs
        self.containing = containing or self._containing

    def functions(self) -> dict[str, Callable[[Sequence[Any]], Truth]]:
        """Return what `evaluate` calls, by name."""
        return {name: partial(self._checked, name) for name in SIGNATURES}

    def _checked(self, name: str, arguments: Sequence[Any]) -> Truth:
        signature = SIGNATURES[name]
        if not signature.least <= len(arguments) <= signature.most:
            raise BadValue("filter", name, "arguments_between", least=signature.least, most=signature.most)
        truth: Truth = getattr(self, f"_{name}")(*arguments)
        return truth

    @property
    def positions(self) -> Positions:
        """Where the features lie."""
        return positions(self.layer, self.table)

    def _within_km(self, target: Any, km: Any, answer: Any = WITHIN[1]) -> Truth:
        if isinstance(km, bool) or not isinstance(km, int | float) or not 0.001 <= km <= MAX_KM:
            raise BadValue("filter", shown(km), "number_range", least="0.001", most=f"{MAX_KM:g}")
        if answer not in WITHIN:
            raise BadValue("filter", shown(answer), "within_answer", answers=list(WITHIN))
        ends = self.distances(_text(target))
        words = ends.within(km * 1000)
        if answer == "unknown":
            return Truth(words == answer, words != answer)
        near = np.isin(words, WITHIN[:2] if answer == "possibly" else answer)
        # What lies nowhere is neither near nor far.
        return Truth.of(near, (words != "unknown") & ~np.isinf(ends.low))

    def distances(self, target: str) -> Ends:
        """Return the distance of every feature from a target; the last targets are cached."""
        places = targets_of(target, self.catalog)
        used = tuple((place.layer, self._version(place.layer)) for place in places)
        ends: Ends = _cached(self.table, ("near", target, used), lambda: self._measured(places))
        return ends

    def _version(self, layer: str) -> str:
        return self.catalog.layer(layer).version if layer else ""

    def _measured(self, places: Sequence[Place]) -> Ends:
        needed = (len(self.positions.shapes) + len(self.positions.refs)) * len(places) * SHAPE_SECONDS
        if needed > MAX_SECONDS:
            numbers = {"needed": f"{needed:.0f}", "most": f"{MAX_SECONDS:.0f}"}
            raise Refused("seconds", parameter="filter", places=len(self.table), targets=len(places), **numbers)
        return distances_to(places, self.positions, self.catalog)

    def _inside(self, area: Any) -> Truth:
        if isinstance(area, dict):
            shape = spatial.literal(area, self.crs)
            if shape.geom_type not in ("Polygon", "MultiPolygon"):
                raise BadValue("filter", shown(area), "one_area")
            # The parts of a page ask for one after the other.
            return Truth.of(*_cached(self.table, ("inside", shape.wkb), lambda: self._in(shape, "")))
        place = area_of("filter", _text(area), self.catalog)
        key = ("inside", place.layer, place.id, self._version(place.layer))
        return Truth.of(*_cached(self.table, key, lambda: self._in(_shape(place), place.id)))

    def _in(self, area: BaseGeometry, id_: str) -> tuple[Mask, Mask]:
        """Tell which features lie in an area, and of which it is known (n each).

        Points inside do, whatever their radius, lines and polygons that meet it, and what stands for an area that is
        completely inside; where such an area is so in part, nobody knows.
        """
        positions = self.positions
        west, south, east, north = area.bounds
        lon, lat = positions.lon, positions.lat
        mask: Mask = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        known, at = positions.located, np.flatnonzero(mask)
        with prepared(area) as copy:
            mask[at] = shapely.contains_xy(copy, lon[at], lat[at])
            for number, ref in enumerate(positions.refs):
                other = self.catalog.geometry(ref)
                if ref.rpartition("/")[2] == id_ or (other is not None and _covers(copy, other)):
                    mask |= positions.areas == number
                elif other is None or copy.intersects(other):
                    known &= (positions.areas != number) | ~np.isnan(lon)
            for row, shape in positions.shapes.items():
                mask[row], known[row] = bool(copy.intersects(shape)), True
        return mask, known

    def _text_contains(self, text: Any) -> Truth:
        everywhere = np.ones(len(self.table), dtype=bool)
        masks = [self.containing(term, called(term, self.catalog)) for term in words(_text(text))]
        # The name of a place finds its other names, too; each as whole words.
        names = [self.containing(f" {name} ", ()) for name in sorted(self.catalog.spellings(_text(text)))]
        return Truth.of(np.any([np.all([everywhere, *masks], axis=0), *names], axis=0), everywhere)

    def _containing(self, term: str, actors: tuple[str, ...]) -> Mask:
        mask = np.array([term in f" {text} " for text in self.table.search], dtype=bool)
        if actors and self.table.kinds.get("actors") == "list":
            named = self.table.column("actors").values
            mask |= np.array([not one.isdisjoint(actors) for one in named], dtype=bool)
        return mask

    def _during(self, first: Any, last: Any) -> Truth:
        low, high = days(first, last)
        begin, end = self.table.days
        return Truth.of(
            (end >= (-np.inf if low is None else low.toordinal()))
            & (begin <= (np.inf if high is None else high.toordinal())),
            ~np.isnan(begin),
        )

    def _has_actor(self, *actors: Any) -> Truth:
        return evaluate.truth(by_names([_text(one) for one in actors], self.catalog), self.table, self.crs)


def area_of(parameter: str, text: str, catalog: Catalog) -> Place:
    """Return the one place with an area that a text names; raises BadValue, which names `parameter`."""
    places, _ = resolve(parameter, text, catalog)
    shape = _shape(places[0]) if len(places) == 1 and places[0].has_extent else None
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or places[0].feature is None:
        raise BadValue(parameter, text, "one_area")
    return places[0]


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text, and its phrases between quotation marks."""
    terms = (phrase or word for phrase, word in _PHRASE.findall(text))
    return tuple(folded for term in terms if (folded := arabic.fold(term)))


def days(first: Any, last: Any) -> tuple[date | None, date | None]:
    """Return the days of two texts, None for `..`; raises BadValue, which names `filter`."""
    low, high = (_day(text) for text in (first, last))
    if low and high and low > high:
        raise BadValue("filter", first, "day_to", day=last)
    return low, high


def by_names(actors: Sequence[str], catalog: Catalog) -> dict[str, Any]:
    """Return the tree of "any of these actors takes part": an id of one that is recorded stands for all its names."""
    known = catalog.actors()
    called = [name for actor in actors for name in (names(actor, catalog) if actor in known else [actor])]
    return {"op": "a_overlaps", "args": [{"property": "actors"}, list(dict.fromkeys(called))]}


def called(term: str, catalog: Catalog) -> tuple[str, ...]:
    """Return all names of the recorded actors that a folded text is part of a name of."""
    found = [
        canonical_id(id_, catalog)
        for id_, actor in catalog.actors().items()
        if any(term in arabic.fold(name) for name in (actor["name_en"], actor["name_ar"], *actor["aliases"]))
    ]
    return tuple(dict.fromkeys(name for id_ in dict.fromkeys(found) for name in names(id_, catalog)))


def _day(text: Any) -> date | None:
    if text == "..":
        return None
    text = text.get("date") if isinstance(text, dict) else text
    try:
        if isinstance(text, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadValue("filter", shown(text), "iso_day")


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        raise BadValue("filter", shown(value), "text_literal")
    return value.strip()


def _shape(place: Place) -> BaseGeometry:
    return place.area if place.area is not None else place.shape


def _covers(area: BaseGeometry, other: BaseGeometry) -> bool:
    # The outline of an area may be drawn a little otherwise than that of the areas it is made of.
    return bool(shapely.intersection(area, other).area >= 0.999 * other.area)
