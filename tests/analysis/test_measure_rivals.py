"""Which of several targets is nearest, and which others are as near elsewhere: over distances of our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geodata.analysis import measure
from geodata.analysis.measure import Measured, Position
from geodata.analysis.nearest import apart, to_nearest
from geodata.analysis.places import Place

GEOD = Geod(ellps="WGS84")
HALF_MILLIMETRE = 5e-4
HERE = (41.0, 35.0)
# Feet 0.4 m, 0.9 m, 1.1 m and 5 km from the first.
FEET: list[Position] = [HERE, *(GEOD.fwd(*HERE, 90.0, metres)[:2] for metres in (0.4, 0.9, 1.1, 5_000.0))]
shared = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def place(id_: str, extent: bool = True) -> Place:
    """Return a line, so that it is measured to each target on its own."""
    path = measure.shapely.LineString([HERE, (41.5, 35.0)]) if extent else None
    return Place(id_, {"en": id_, "ar": id_}, "", path, 0.0)


@st.composite
def measurements(draw: st.DrawFn) -> list[Measured | None]:
    """Return what is measured from one subject to several targets, distances within a few millimetres."""
    items: list[Measured | None] = []
    for number in range(draw(st.integers(0, 5))):
        if draw(st.integers(0, 6)) == 0:
            items.append(None)
            continue
        steps = draw(st.none() | st.integers(0, 6))
        distance = None if steps is None else 10 + steps * HALF_MILLIMETRE
        low = draw(st.none() | st.integers(0, 6).map(lambda steps: 10 + steps * HALF_MILLIMETRE))
        id_ = draw(st.sampled_from([f"target-{number}", "subject"]))
        foot = draw(st.none() | st.sampled_from(FEET))
        items.append(
            Measured(place("subject"), place(id_), distance, low, None, foot=foot, by_area=draw(st.booleans()))
        )
    return items


def hand_made(number: int, distance: float, foot: Position | None) -> Measured:
    return Measured(place("subject"), place(f"target-{number}"), distance, None, None, foot=foot)


def rivals(nearest: Measured, others: Sequence[Measured]) -> set[str]:
    """Return the targets that are as near as the nearest, within 1 mm, at places more than 1 m apart."""
    found = set()
    for other in others:
        both = (nearest, other)
        if any(one.by_area or one.distance is None or one.foot is None for one in both):
            continue
        apart = GEOD.inv(*(nearest.foot or HERE), *(other.foot or HERE))[2]
        if abs(nearest.order - other.order) <= 1e-3 and apart > 1.0:
            found.add(other.target.id)
    return found


@shared
@given(measurements())
@example([hand_made(0, 0.0, FEET[0]), hand_made(1, 1e-3, FEET[4])])
@example([hand_made(0, 1e-3, FEET[0]), hand_made(1, 0.0, FEET[4])])
@example([hand_made(0, 0.0, FEET[0]), hand_made(1, 2e-3, FEET[4]), hand_made(2, 0.0, FEET[4])])
@example([None, hand_made(1, 2.0, FEET[0]), hand_made(2, 1.0, FEET[4])])
@example([hand_made(0, 10.0, FEET[0]), hand_made(1, 10.0, FEET[4])])
@example([hand_made(0, 10.0016, FEET[4]), hand_made(1, 10.0008, FEET[0]), hand_made(2, 10.0, FEET[0])])
@example([hand_made(0, 10.0, None), hand_made(1, 10.0, FEET[4])])
@example([hand_made(0, 10.0, FEET[0]), hand_made(1, 10.0, None)])
@example([replace(hand_made(0, 10.0, FEET[0]), by_area=True), hand_made(1, 10.0, FEET[4])])
@example([hand_made(0, 10.0, FEET[0]), replace(hand_made(1, 10.0, FEET[4]), by_area=True)])
def test_the_nearest_and_its_rivals(monkeypatch: pytest.MonkeyPatch, made: list[Measured | None]) -> None:
    targets = [one.target if one else place("none") for one in made]
    by_target = dict(zip(map(id, targets), made, strict=True))
    monkeypatch.setattr(measure, "to_target", lambda subjects, target: [by_target[id(target)] for _ in subjects])
    (found,) = to_nearest([place("subject")], targets)
    others = [one for one in made if one is not None and one.target.id != "subject"]
    if not others:
        assert found is None
        return
    assert found is not None
    # Of several as near, the first.
    expected = min(others, key=lambda one: one.order)
    assert found.target is expected.target
    alike = rivals(expected, [one for one in others if one is not expected])
    assert {rival.target.id for rival in found.rivals} == alike
    assert len(found.rivals) == len(alike)
    assert found.tied == (True if alike else None)
    assert replace(found, tied=None, rivals=()) == expected


def test_what_lies_nowhere_is_no_target(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def measured(subjects: Sequence[Place], target: Place) -> list[Measured]:
        asked.append(target.id)
        return [Measured(subject, target, 1.0, None, None) for subject in subjects]

    monkeypatch.setattr(measure, "to_target", measured)
    (found,) = to_nearest([place("subject")], [place("nowhere", extent=False), place("somewhere")])
    assert found is not None
    assert (found.target.id, asked) == ("somewhere", ["somewhere"])


@pytest.mark.parametrize("metres", [0.0, 0.5, 0.99, 1.01, 2.0, 1e5])
@pytest.mark.parametrize("azimuth", [0.0, 75.0, 260.0])
def test_feet_are_two_places_more_than_a_metre_apart(metres: float, azimuth: float) -> None:
    lon, lat, _ = GEOD.fwd(*HERE, azimuth, metres)
    assert apart(HERE, (lon, lat)) is (metres > 1)
