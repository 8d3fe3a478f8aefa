"""What lies inside rings: each feature once, in the smallest ring that certainly, and that possibly, holds it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import shapely

from geodata.analysis import measure, result_builder, text_lines
from geodata.analysis.batches import OF_PLACES, Batch, Rows
from geodata.analysis.country import of_places
from geodata.analysis.linear.chainage_interval import kilometres_of
from geodata.analysis.measure import Measured
from geodata.analysis.number_format import stated
from geodata.analysis.places import Place
from geodata.analysis.subjects import rows_of
from geodata.catalog import Catalog
from geodata.errors import BadValue, Refused
from geodata.messages import one_of, texts
from geodata.model import Text

COLUMNS = (*OF_PLACES, "precision", "killed.best", "killed.low", "killed.high")
"""What a ring tells of a feature."""
OWN = "own"
"""Stands for every layer of the workspace among the layers to look in."""
MAX_FEATURES = 20_000
MAX_INTERVALS = 250
"""Features measured to a centre that is known to an area only."""
LISTED = 1_000
"""Features that a list names, the nearest; of more it gives the number."""
INWARD = texts("ring.inward")
PLACEHOLDER = texts("ring.placeholder")
UNRECORDED = texts("ring.unrecorded")
NARROW = texts("ring.narrow")


@dataclass(frozen=True)
class Content:
    """A feature measured to the nearest centre, and the first ring (by index) that certainly and possibly holds it."""

    measured: Measured
    certain: int | None
    possible: int
    first: tuple[int, int] = (0, 0)
    """The first centre (by index) that it is possibly near, and the number of its row."""

    @property
    def country_wide(self) -> bool:
        """Whether the feature is known to a whole country, and to nothing nearer."""
        feature = self.measured.subject.feature
        if feature is None:
            return False
        return (feature.area or "").startswith("countries/") or feature.properties.get("precision") == "country"

    def word(self, ring: int) -> str:
        """Return whether the ring holds the feature: certainly, possibly or no."""
        if self.certain is not None and self.certain <= ring:
            return "certainly"
        return "possibly" if self.possible <= ring else "no"

    @property
    def order(self) -> tuple[Any, ...]:
        """What contents are sorted by: the nearest first."""
        return self.measured.order, self.measured.subject.id, self.first


def layers_of(parameter: str, names: Iterable[str], catalog: Catalog) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Return the ids of the layers named, OWN spelt out, and the workspace's layers left out for their size.

    Raises BadValue for a layer that does not exist. A large layer named by its id is not left out but refused later.
    """
    named, left_out = set(names), []
    if OWN in named and OWN not in catalog.ids():
        named.remove(OWN)
        for id_ in set(catalog.own_ids()) - named:
            count = len(catalog.layer(id_).features)
            if count > MAX_FEATURES:
                left_out.append({"layer": id_, "title": catalog.layer(id_).title, "features": count})
            else:
                named.add(id_)
    for name in named:
        if name not in catalog.ids():
            raise BadValue(parameter, name, one_of((*catalog.ids(), OWN)))
    return tuple(sorted(named)), sorted(left_out, key=lambda layer: str(layer["layer"]))


def rows_in(parameter: str, layers: Iterable[str], catalog: Catalog, where: str | None = None) -> tuple[Rows, ...]:
    """Return the rows of the layers, those that a filter in CQL2 takes; raises Refused beyond MAX_FEATURES."""
    rows = tuple(rows_of(parameter, name, catalog, where)[0] for name in layers)
    count = sum(map(len, rows))
    if count > MAX_FEATURES:
        raise Refused("features", parameter=parameter, count=count, most=MAX_FEATURES)
    return rows


@dataclass(frozen=True)
class Rings:
    """Rings round centres, by radii in metres, ascending."""

    around: tuple[Place, ...]
    radii: tuple[float, ...]

    def others(self, batch: Batch) -> list[tuple[int, Place]]:
        """Return the rows of a batch that are no centre, with their numbers."""
        centres = {place.id for place in self.around}
        return [(batch.first + row, place) for row, place in enumerate(batch.places) if place.id not in centres]

    def check(self, batches: Iterable[Batch]) -> None:
        """Raise Refused where more than MAX_INTERVALS rows may lie in the rings of a centre known to an area."""
        areas = [centre for centre in self.around if centre.area is not None] if self.radii else []
        counts = [0] * len(areas)
        for batch in batches if areas else ():
            subjects = [place for _, place in self.others(batch)]
            counts = [
                count + len(_reachable(subjects, centre, self.radii[-1]))
                for count, centre in zip(counts, areas, strict=True)
            ]
        for count, centre in zip(counts, areas, strict=True):
            if count > MAX_INTERVALS:
                raise Refused("ring_round_area", count=count, centre=centre.id, most=MAX_INTERVALS)

    def classify(self, others: Sequence[tuple[int, Place]]) -> list[Content]:
        """Return which of some numbered rows the rings hold or may hold, the nearest first.

        A ring round several centres holds certainly what lies certainly within the radius of any one of them. Without
        an interval the distance alone decides, and never certainly.
        """
        subjects = [place for _, place in others]
        nearest: dict[int, Measured] = {}
        certain: dict[int, int] = {}
        possible: dict[int, int] = {}
        first: dict[int, int] = {}
        for number, centre in enumerate(self.around if self.radii else ()):
            rows = _reachable(subjects, centre, self.radii[-1])
            for index, measured in zip(rows, measure.to_target([subjects[row] for row in rows], centre), strict=True):
                if measured is None:
                    continue
                if index not in nearest or measured.order < nearest[index].order:
                    nearest[index] = measured
                for ring, radius in enumerate(self.radii):
                    word = measured.within(radius)
                    if word in ("certainly", "possibly"):
                        possible[index] = min(ring, possible.get(index, ring))
                        first.setdefault(index, number)
                    if word == "certainly":
                        certain[index] = min(ring, certain.get(index, ring))
                        break
        contents = [
            Content(nearest[index], certain.get(index), ring, (first[index], others[index][0]))
            for index, ring in possible.items()
        ]
        return sorted(contents, key=attrgetter("order"))


def _reachable(subjects: Sequence[Place], centre: Place, radius: float) -> Sequence[int]:
    """Return the subjects (by index) that may lie within `radius` metres of a centre.

    All of them but for a centre that is known to an area: an interval over an area takes about a tenth of a second,
    so the points that are certainly farther away are told apart first.
    """
    if centre.area is None:
        return range(len(subjects))
    points = [row for row, subject in enumerate(subjects) if subject.is_point]
    rows = sorted(set(range(len(subjects))) - set(points))
    if points:
        lon, lat = shapely.get_coordinates([subjects[row].shape for row in points]).T
        away = measure.target_of(centre.area, "lonlat").nearest(lon, lat).distance
        rows += [
            row
            for row, metres in zip(points, away.tolist(), strict=True)
            if metres - (subjects[row].uncertainty or 0.0) <= radius
        ]
    return sorted(rows)


def rings(
    contents: Sequence[Content], around: Sequence[Place], radii: Sequence[float], catalog: Catalog
) -> list[dict[str, Any]]:
    """Return for each radius (metres, ascending) its totals, its lists, and why nothing is certain, as JSON values.

    The totals count everything inside; a list has what no smaller ring has in the same list.
    """
    countries = of_places([content.measured.subject for content in contents], catalog)
    items = {
        id(content): {
            **result_builder.item(content.measured, country, kilometres_of(content.measured)),
            "country_wide": content.country_wide,
        }
        for content, country in zip(contents, countries, strict=True)
    }
    answers = []
    for ring, radius in enumerate(radii):
        inside = {
            word: [content for content in contents if content.word(ring) == word] for word in ("certainly", "possibly")
        }
        first = {
            "certainly": [content for content in inside["certainly"] if content.certain == ring],
            "possibly": [content for content in inside["possibly"] if content.possible == ring],
        }
        answers.append(
            {
                "totals": {
                    word: totals(content.measured.subject for content in listed) for word, listed in inside.items()
                },
                "certainty_note": None if inside["certainly"] else never_certain(around, radius),
                **{
                    word: [{**items[id(content)], "within": word} for content in listed[:LISTED]]
                    for word, listed in first.items()
                },
                "unlisted": {word: max(0, len(listed) - LISTED) for word, listed in first.items()},
            }
        )
    return answers


def inward() -> dict[str, Any]:
    """Return what `rings` has for a ring drawn into an area, in which nothing is counted."""
    return {
        "totals": None,
        "certainty_note": INWARD,
        "certainly": [],
        "possibly": [],
        "unlisted": {"certainly": 0, "possibly": 0},
    }


def never_certain(around: Sequence[Place], radius: float) -> Text | None:
    """Return why nothing can certainly lie within `radius` metres of any of the centres; None where something can."""
    if all(place.placeholder for place in around):
        return PLACEHOLDER
    spreads = [
        0.0 if place.area is not None else math.inf if place.uncertainty is None else place.uncertainty
        for place in around
        if not place.placeholder
    ]
    if min(spreads) == math.inf:
        return UNRECORDED
    return NARROW if min(spreads) > radius else None


def totals(places: Iterable[Place]) -> dict[str, Any]:
    """Count features, events among them, and the killed that the events record: best, low and high; None without any.

    `high` is None where one of the records leaves it open.
    """
    features = [place.feature for place in places if place.feature]
    records = [
        feature.properties["killed"] for feature in features if isinstance(feature.properties.get("killed"), Mapping)
    ]
    figures = [counted for counted in map(_killed, records) if counted is not None]
    killed = None
    if figures:
        highs = [high for _, _, high in figures if high is not None]
        killed = {
            "best": sum(best for best, _, _ in figures),
            "low": sum(low for _, low, _ in figures),
            "high": sum(highs) if len(highs) == len(figures) else None,
        }
    return {
        "features": len(features),
        "events": sum(feature.kind == "event" for feature in features),
        "killed": killed,
    }


def _killed(record: Mapping[str, Any]) -> tuple[int, int, int | None] | None:
    """Return best, low and high of a record; a single figure is all three, an upper end that is missing is open."""
    best, low, high = (None if record.get(name) is None else int(record[name]) for name in ("best", "low", "high"))
    middle = next((figure for figure in (best, low, high) if figure is not None), None)
    if middle is None:
        return None
    if low is None and high is None:
        return middle, middle, middle
    return middle, middle if low is None else low, high


def lines(ring: Mapping[str, Any]) -> Iterator[str]:
    """Yield a ring of an answer as lines of English text: its areas, and what lies in it certainly and possibly."""
    for area in ring["areas"]:
        of = f" round {area['around']}" if isinstance(area["around"], str) and len(ring["areas"]) > 1 else ""
        size = text_lines.shown(area["display"]) if area["display"] else "nothing is left of the area"
        yield f"{stated(ring['km'])} km{of}: {size}"
    if ring["certainty_note"]:
        yield f"  {ring['certainty_note']['en']}"
    for word in ("certainly", "possibly") if ring["totals"] else ():
        yield from _listed(ring, word)


def _listed(ring: Mapping[str, Any], word: str) -> Iterator[str]:
    """Yield how many a ring holds by one word, and those that no smaller ring has named, by layer."""
    yield f"{word} within {stated(ring['km'])} km: {_totals(ring['totals'][word])}"
    near = [item for item in ring[word] if not item["country_wide"]]
    for layer in sorted({item["layer"] for item in near}):
        yield f"  {layer}:"
        rows = [item for item in near if item["layer"] == layer]
        yield from text_lines.aligned(
            [("", "", item["id"], text_lines.shown(item["display"]), text_lines.placeholder(item)) for item in rows]
        )
    wide = [item["id"] for item in ring[word] if item["country_wide"]]
    if wide:
        yield f"  known to a whole country only: {', '.join(wide)}"
    if ring["unlisted"][word]:
        yield f"  and {ring['unlisted'][word]} more, farther away"


def _totals(counted: Mapping[str, Any]) -> str:
    """Return how many features, events and killed were counted, as one text."""
    parts = [str(counted["features"])]
    if counted["events"]:
        parts.append(f"events {counted['events']}")
    killed = counted["killed"]
    if killed:
        more = " or more" if killed["high"] is None else f"–{killed['high']}" if killed["high"] != killed["low"] else ""
        parts.append(f"killed {killed['low']}{more}")
    return ", ".join(parts)
