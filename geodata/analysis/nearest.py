"""Which of several targets is nearest to each of many places: the one choice under every question of proximity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata import geodesy
from geodata.analysis import measure
from geodata.analysis.measure import Measured
from geodata.analysis.places import Place
from geodata.geodesy.kernel import EQUAL

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

APART = 1.0
"""Metres: feet on two targets that are no farther apart are one place, as where borders of different datasets meet."""


def choose(distances: Floats) -> tuple[Ints, Mapping[int, tuple[int, ...]]]:
    """Choose the nearest of k targets for each of n rows.

    Parameters
    ----------
    distances
        Metres (k, n); NaN where a target is none for a row.

    Returns
    -------
    Which target is nearest (n), of several the first, and -1 where there is none; and of the rows that have them the
    other targets that are as near to within `EQUAL`, in the order in which one after the other gives way.
    """
    count = distances.shape[1]
    if not len(distances):
        return np.full(count, -1), {}
    usable = ~np.isnan(distances)
    ordered = np.where(usable, distances, np.inf)
    best = np.argmin(ordered, axis=0)
    least = ordered[best, np.arange(count)]
    # Of targets that are all infinitely far the first that is one.
    best = np.where(np.isinf(least), np.where(usable.any(axis=0), np.argmax(usable, axis=0), -1), best)
    with np.errstate(invalid="ignore"):
        alike = (ordered - least <= EQUAL).sum(axis=0) > 1
    return best, {row: _others(distances[:, row]) for row in np.flatnonzero(alike).tolist()}


def _others(distances: Floats) -> tuple[int, ...]:
    """Return the targets of one row that are as near as the nearest: each, once another is found to be as near."""
    metres = distances.tolist()
    best, *later = (target for target, distance in enumerate(metres) if distance == distance)
    equal = []
    for target in later:
        nearer = metres[target] < metres[best]
        equal.append(best if nearer else target)
        best = target if nearer else best
    return tuple(target for target in equal if abs(metres[target] - metres[best]) <= EQUAL)


def feet_of(targets: Sequence[Place], lon: Floats, lat: Floats) -> list[geodesy.Nearest]:
    """Return the nearest point of each target, none of which stands for an area, to positions in degrees (n)."""
    return [measure.feet(target, lon, lat) for target in targets]


def nearest_of(
    targets: Sequence[Place], lon: Floats, lat: Floats
) -> tuple[Ints, list[geodesy.Nearest], Mapping[int, tuple[int, ...]]]:
    """Return which target is nearest to each position (n, degrees), every target's feet, and the rivals by row.

    No target may stand for an area. A rival is as near as the nearest, at another place.
    """
    feet = feet_of(targets, lon, lat)
    best, others = choose(np.array([near.distance for near in feet]).reshape(len(feet), len(lon)))

    def at(target: int, row: int) -> tuple[float, float]:
        return feet[target].lon[row], feet[target].lat[row]

    rivals = {
        row: tuple(target for target in targets_ if apart(at(best[row], row), at(target, row)))
        for row, targets_ in others.items()
    }
    return best, feet, {row: targets_ for row, targets_ in rivals.items() if targets_}


def apart(foot: Sequence[float], other: Sequence[float]) -> bool:
    """Tell whether two feet, longitudes and latitudes in degrees, are two places."""
    return float(geodesy.inverse(*foot, *other)[2]) > APART


def to_nearest(subjects: Sequence[Place], targets: Sequence[Place]) -> list[Measured | None]:
    """Return for every subject the measurement to the nearest target that is not itself; None where there is none.

    Points and targets that stand for no area are measured as columns, all others pair by pair.
    """
    usable = [target for target in targets if target.has_extent]
    points = [row for row, subject in enumerate(subjects) if subject.is_point]
    others = sorted(set(range(len(subjects))) - set(points))
    lon, lat = shapely.get_coordinates([subjects[row].shape for row in points]).T
    distances = np.full((len(usable), len(subjects)), np.nan)
    feet: dict[int, geodesy.Nearest] = {}
    pairs: dict[tuple[int, int], Measured] = {}
    for at, target in enumerate(usable):
        rows: Sequence[int] = range(len(subjects))
        if points and target.area is None and not target.parts:
            feet[at], rows = measure.feet(target, lon, lat), others
            distances[at, points] = feet[at].distance
        answers = measure.to_target([subjects[row] for row in rows], target)
        for row, pair in zip(rows, answers, strict=True):
            if pair is not None:
                pairs[at, row], distances[at, row] = pair, pair.order
    ids = (np.array([place.id for place in part], dtype=object) for part in (usable, subjects))
    distances[np.equal.outer(*ids).astype(bool)] = np.nan
    best, equal = choose(distances)
    column = {row: number for number, row in enumerate(points)}

    def measured(at: int, row: int) -> Measured:
        if (at, row) in pairs:
            return pairs[at, row]
        return measure.of_foot(subjects[row], usable[at], feet[at], column[row])

    return [
        None if at < 0 else _with_rivals(measured(at, row), [measured(other, row) for other in equal.get(row, ())])
        for row, at in enumerate(best.tolist())
    ]


def _with_rivals(nearest: Measured, others: Sequence[Measured]) -> Measured:
    """Return a measurement with those to other targets that are as near, if there are any."""
    rivals = tuple(other for other in others if _tied(nearest, other))
    return replace(nearest, tied=True, rivals=rivals) if rivals else nearest


def _tied(first: Measured, second: Measured) -> bool:
    """Tell whether two measurements that are as near may be shown, and end at different places: borders meet in one."""
    return (
        first.shown_distance is not None
        and second.shown_distance is not None
        and first.foot is not None
        and second.foot is not None
        and apart(first.foot, second.foot)
    )
