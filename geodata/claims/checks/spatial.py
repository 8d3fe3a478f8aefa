"""Tests that measure on the map: nearest points, frontages, directions, containment.

None of them reads a layer that was drawn from a claim (`DRAWN`), and none lets a placeholder decide.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from geodata import geodesy
from geodata.analysis import measure, result_builder
from geodata.analysis.direction import DEFINITE, HALF_ANGLE, WORDS, Bearing, bearing
from geodata.analysis.nearest import to_nearest
from geodata.analysis.number_format import degrees, isolated, kilometres, sector, stated
from geodata.analysis.places import Place, of_feature
from geodata.catalog import Catalog
from geodata.claims import verdict
from geodata.claims.checks.frontage import frontage
from geodata.claims.checks.outcome import Outcome
from geodata.errors import BadData
from geodata.messages import LANGUAGES, same_in_all, texts
from geodata.model import Interval, Text

Record = Mapping[str, Any]

DRAWN = frozenset({"wall"})
"""Layers whose lines illustrate a claim: nothing is tested on them, whatever they hold."""

OWN_LINE: Text = texts("check.own_line")
PLACEHOLDER: Text = texts("check.placeholder")
UNSTATED: Text = texts("check.unstated")
NO_OTHER: Text = texts("check.no_other")


def place(id_: str, catalog: Catalog) -> Place:
    """Return a feature as a place; refuses one that was drawn from a claim."""
    feature = catalog.feature(id_)
    if feature.layer in DRAWN:
        raise BadData(f"/{id_}", "drawn_from_claim", id=id_)
    return of_feature(feature, catalog.layer(feature.layer), catalog)


def proximity(claim: Record, catalog: Catalog) -> Outcome:
    """Measure every candidate of the place to every boundary line held; all must agree for a verdict."""
    test, figure = claim["test"], float(claim["reported"]["value"])
    reported = verdict.reported_interval(figure)
    candidates = [place(id_, catalog) for id_ in test["candidates"]]
    layers = sorted({catalog.feature(id_).layer for id_ in (*test["candidates"], *test["lines"])})
    table, verdicts, first = [], [], None
    doubtful = False
    for candidate in candidates:
        for line in (place(id_, catalog) for id_ in test["lines"]):
            measurement = to_nearest([candidate], [line])[0]
            if measurement is None or measurement.low is None or measurement.high is None:
                continue
            first = first or measurement
            word = verdict.quantity(reported, figure, Interval(measurement.low / 1000, measurement.high / 1000))
            table.append(_row(measurement, word))
            if candidate.placeholder:
                doubtful = doubtful or word != "disagrees"
            else:
                verdicts.append(word)
    if first is None:
        firm = any(candidate.has_extent and not candidate.placeholder for candidate in candidates)
        return Outcome("cannot_tell", UNSTATED if firm else PLACEHOLDER, layers=layers)
    word = "cannot_tell" if doubtful and "disagrees" in verdicts else verdict.every(verdicts)
    return Outcome(
        word,
        _spread(table, word),
        measured=None if first.distance is None else first.distance / 1000,
        interval=None if first.low is None or first.high is None else [first.low / 1000, first.high / 1000],
        unit="km",
        reported={"interval": [reported.low, reported.high]},
        table=table,
        layers=layers,
        geometries=[*_reported_ring(first.subject, figure), *result_builder.drawn(first)],
    )


def _reported_ring(subject: Place, figure: float) -> list[dict[str, Any]]:
    """Return the reported distance as a ring round the place: where the border would have to pass."""
    if not subject.is_point:
        return []
    ring = geodesy.buffer(subject.shape, figure * 1000)
    return [result_builder.shape(f"reported-{subject.id}", ring, {"role": "reported", "radius_m": figure * 1000})]


def _row(measurement: measure.Measured, word: verdict.Verdict) -> dict[str, Any]:
    line = measurement.target.feature
    return {
        "candidate": measurement.subject.id,
        "name": dict(measurement.subject.name),
        "placeholder": measurement.subject.placeholder,
        "line": measurement.target.id,
        "line_name": dict(measurement.target.name),
        "line_source": list(line.sources) if line else [],
        "distance_m": measurement.distance,
        "interval_m": [measurement.low, measurement.high],
        "display": dict(kilometres(measurement.distance, measurement.low, measurement.high)),
        "foot": list(measurement.foot) if measurement.foot else None,
        "verdict": word,
    }


def _spread(table: list[dict[str, Any]], word: verdict.Verdict) -> Text:
    nearest, farthest = geodesy.either_of(*zip(*(row["interval_m"] for row in table), strict=True))
    candidates = len({row["candidate"] for row in table})
    lines = len({row["line"] for row in table})
    range_ = kilometres(None, nearest, farthest)["number"]
    from_, _, to = range_.partition("–")
    among = texts("check.range", low=same_in_all(from_), high=same_in_all(to)) if to else isolated(range_)
    codes = {
        "disagrees": "check.no_candidate_agrees",
        "agrees": "check.every_candidate_agrees",
        "cannot_tell": "check.candidates_differ",
    }
    return texts(codes[word], candidates=candidates, lines=lines, range=among)


def length(claim: Record, catalog: Catalog) -> Outcome:
    """Refuse to measure a line that was drawn from the claim; measure any other."""
    reported = verdict.reported_interval(float(claim["reported"]["value"]))
    about = {"interval": [reported.low, reported.high]}
    return Outcome("cannot_tell", OWN_LINE, unit=claim["reported"].get("unit"), reported=about)


def room(claim: Record, catalog: Catalog) -> Outcome:
    """Measure how much border there is where the claim puts a line: too little contradicts it."""
    test, figure = claim["test"], float(claim["reported"]["value"])
    reported = verdict.reported_interval(figure)
    found = frontage(test, place, catalog)
    kilometre = Interval(found.low / 1000, found.high / 1000)
    shown = kilometres(found.length, found.low, found.high)["number"]
    word: verdict.Verdict = "disagrees" if kilometre.high < reported.low else "cannot_tell"
    reason = texts("check.frontage_enough", length=isolated(shown))
    if word == "disagrees":
        reason = texts("check.frontage_short", length=isolated(shown), figure=same_in_all(stated(figure)))
    return Outcome(
        word,
        reason,
        measured=found.length / 1000,
        interval=[kilometre.low, kilometre.high],
        unit="km",
        reported={"interval": [reported.low, reported.high]},
        layers=found.layers,
        geometries=found.geometries,
    )


def direction(claim: Record, catalog: Catalog) -> Outcome:
    """Measure the azimuth from the country's centroid, and where the claim names one, containment in an area."""
    test = claim["test"]
    subject, country = place(test["feature"], catalog), place(test["country"], catalog)
    layers = sorted({subject.layer, country.layer})
    if not subject.has_extent or subject.placeholder:
        return Outcome("cannot_tell", PLACEHOLDER, layers=layers)
    found, spoken = bearing(subject, country), test["direction"]
    if found.interval is None or found.margin is None:
        return Outcome("cannot_tell", UNSTATED, layers=layers)
    fits = [found.agrees(spoken)]
    if test.get("and_within"):
        area = catalog.feature(test["and_within"])
        fits.append(_inside(subject, of_feature(area, catalog.layer(area.layer), catalog), catalog))
        layers = sorted({*layers, area.layer})
    word: verdict.Verdict = "disagrees" if "no" in fits else "agrees"
    if found.margin >= HALF_ANGLE:
        word = "cannot_tell"
    low, high = (WORDS[spoken] + sign * HALF_ANGLE for sign in (-1, 1))
    return Outcome(
        word,
        _direction_reason(found, spoken, low, high, "possibly" in fits),
        measured=found.azimuth,
        interval=list(found.interval),
        unit="°",
        reported={"interval": [low % 360, high % 360], "direction": spoken},
        dial={"azimuth_deg": found.azimuth, "low": low % 360, "high": high % 360},
        layers=layers,
    )


def _direction_reason(found: Bearing, spoken: str, low: float, high: float, possibly: bool) -> Text:
    shown, span = degrees(found.azimuth, found.margin), sector(low, high)
    azimuth = "?" if shown is None else f"{shown['number']}°"
    least, _, most = span.partition("–")
    ends = texts("check.sector", low=same_in_all(least), high=same_in_all(most))
    sentences = [texts("check.azimuth", azimuth=isolated(azimuth), direction=DEFINITE[spoken], sector=ends)]
    if found.span is not None:
        first, last = (isolated(f"{end}°") for end in sector(*found.span).split("–"))
        sentences.append(texts("check.azimuth_span", first=first, last=last))
    if possibly:
        sentences.append(texts("check.azimuth_radius"))
    return {lang: " ".join(sentence[lang] for sentence in sentences) for lang in LANGUAGES}


def containment(claim: Record, catalog: Catalog) -> Outcome:
    """Tell whether a place's disc lies in an area, among the areas of the same country."""
    test = claim["test"]
    subject, area = place(test["feature"], catalog), place(test["area"], catalog)
    layers = sorted({subject.layer, area.layer})
    if subject.feature is not None and subject.feature.area in (area.id, f"{area.layer}/{area.id}"):
        return Outcome("cannot_tell", NO_OTHER, measured=area.id, layers=layers)
    if not subject.has_extent or subject.placeholder:
        return Outcome("cannot_tell", PLACEHOLDER, layers=layers)
    if subject.uncertainty is None:
        return Outcome("cannot_tell", UNSTATED, measured=area.id, layers=layers)
    fit = _inside(subject, area, catalog)
    verdicts: Mapping[str, verdict.Verdict] = {"certainly": "agrees", "possibly": "cannot_tell", "no": "disagrees"}
    reasons: Mapping[str, Text] = {
        "certainly": texts("check.containment_certainly"),
        "possibly": texts("check.containment_possibly"),
        "no": texts("check.containment_no"),
    }
    return Outcome(verdicts[fit], reasons[fit], measured=area.id, layers=layers)


def _inside(subject: Place, area: Place, catalog: Catalog) -> str:
    """Return certainly, possibly or no: does the place lie in the area, among the areas of the same country?

    The country's own border is no other area: whether a place lies in Anbar is not in doubt because it is near Syria.
    """
    if area.feature is None or subject.geometry is None or area.geometry is None or subject.uncertainty is None:
        return "possibly"
    point = subject.geometry.representative_point()
    lon, lat = np.array([point.x]), np.array([point.y])
    own = float(measure.target_of(area.geometry, area.edges).nearest(lon, lat).distance[0])
    country = area.feature.properties.get("country")
    siblings = [
        feature
        for feature in catalog.layer(area.layer).features
        if feature.id != area.id
        and feature.geometry is not None
        and feature.kind == area.feature.kind
        and feature.properties.get("country") == country
    ]
    reach = subject.uncertainty + (area.uncertainty or 0.0)
    others = [
        float(measure.target_of(feature.geometry, area.edges).nearest(lon, lat).distance[0]) for feature in siblings
    ]
    # Inside is 0 metres away. How far away the place may lie is known only where no other area can hold it.
    sure = own == 0 and all(distance > reach for distance in others)
    return str(geodesy.classify(max(0.0, own - reach), 0.0 if sure else math.inf, 0.0))
