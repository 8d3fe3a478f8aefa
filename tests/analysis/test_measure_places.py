"""Measurements between places of every shape, each against the geodesic library or the rule worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geodata import geodesy
from geodata.analysis import measure
from geodata.analysis.measure import Measured
from geodata.analysis.nearest import to_nearest
from geodata.analysis.places import Place
from geodata.model import Feature

GEOD = Geod(ellps="WGS84")
NAME = {"en": "a", "ar": "أ"}
MERIDIAN = shapely.LineString([(40, 30), (40, 34)])
AREA = shapely.box(42, 32, 43, 33)


def place(
    shape: shapely.Geometry | None,
    radius: float | None = 0.0,
    id_: str = "a",
    area: shapely.Geometry | None = None,
    placeholder: bool = False,
) -> Place:
    """Return a place that is a feature of a layer."""
    return Place(
        id_, NAME, "sites", shape, radius, area, placeholder=placeholder, feature=Feature(id_, "sites", None, {})
    )


def between(subject: Place, target: Place) -> Measured:
    """Return the measurement from one place to another."""
    (made,) = measure.to_target([subject], target)
    assert made is not None
    assert (made.subject, made.target) == (subject, target)
    return made


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(GEOD.inv(*a, *b)[2])


lons, lats, radii = st.floats(38, 42), st.floats(30, 34), st.none() | st.floats(0, 90_000)


@settings(deadline=None, max_examples=30)
@given(lons, lats, radii, lons, lats, radii)
def test_from_point_to_point(x: float, y: float, r: float | None, u: float, v: float, s: float | None) -> None:
    made = between(place(shapely.Point(x, y), r, "a"), place(shapely.Point(u, v), s, "b"))
    azimuth, _, distance = GEOD.inv(x, y, u, v)
    assert made.distance == pytest.approx(distance, abs=1e-6)
    assert (made.start, made.foot) == ((x, y), (u, v))
    if distance > 1e-3:
        assert ((made.azimuth or 0.0) - azimuth + 180) % 360 == pytest.approx(180, abs=1e-4)
    if r is None or s is None:
        assert (made.low, made.high) == (None, None)
    else:
        assert made.low == pytest.approx(max(0.0, distance - r - s), abs=1e-6)
        assert made.high == pytest.approx(distance + r + s, abs=1e-6)
    assert (made.chainage, made.side, made.beyond_end, made.tied, made.by_area) == (None, None, False, None, False)
    assert made.shown_distance == made.distance == made.order


@pytest.mark.parametrize(
    ("lon", "lat", "radius", "side"),
    [
        (39.9, 32, 0, "left"),
        (40.1, 32, 0, "right"),
        (40.1, 32, 9_000, "right"),
        (40.1, 32, 10_000, "unclear"),
        (40.1, 32, None, "unclear"),
        (40.0, 32, 0, "on"),
        (40.0, 32, 5_000, "on"),
        (40.1, 29.5, 0, "unclear"),
    ],
)
def test_from_point_to_line(lon: float, lat: float, radius: float | None, side: str) -> None:
    made = between(place(shapely.Point(lon, lat), radius), place(MERIDIAN, 0.0, "line"))
    beyond = lat < 30
    foot = (40.0, 30.0) if beyond else (made.foot or (0.0, 0.0))
    assert made.foot == foot
    assert made.distance == pytest.approx(metres((lon, lat), foot), abs=1e-6)
    assert made.start == (lon, lat)
    assert made.chainage == pytest.approx(metres((40, 30), foot), abs=1e-3)
    assert (made.side, made.beyond_end, made.tied) == (side, beyond, False)
    assert (made.azimuth is None) == (lon == 40)


def test_half_a_metre_is_a_distance() -> None:
    lon, lat, _ = GEOD.fwd(40.0, 32.0, 90.0, 0.5)
    near, line = shapely.Point(lon, lat), place(MERIDIAN, 0.0, "line")
    short = shapely.LineString([(lon, lat), (lon + 0.1, lat)])
    label = shapely.Point(*GEOD.fwd(lon, lat, 90.0, 0.5)[:2])
    for shape, target in ((near, line), (short, line), (near, place(label, 0.0, "b", AREA))):
        made = between(place(shape), target)
        assert made.distance == pytest.approx(0.5, abs=1e-6)
        assert made.azimuth is not None
    clear = between(place(shapely.Point(40.1, 32)), line).distance or 0.0
    assert between(place(shapely.Point(40.1, 32), clear - 0.5), line).side == "right"


def test_two_feet_as_near_are_tied() -> None:
    bent = shapely.LineString([(39, 1), (40, 0), (41, 1)])
    # On the axis of symmetry.
    assert between(place(shapely.Point(40, 0.9)), place(bent, 0.0, "line")).tied is True
    assert between(place(shapely.Point(40.1, 0.9)), place(bent, 0.0, "line")).tied is False


@pytest.mark.parametrize("radius", [0.0, 500.0, None])
def test_lines_and_polygons_are_measured_from_their_nearest_places(radius: float | None) -> None:
    line, parallel, box = (
        place(MERIDIAN, radius),
        shapely.LineString([(41, 31), (41, 31.5)]),
        shapely.box(42, 31, 43, 32),
    )
    to_line = between(place(parallel, 100.0), place(MERIDIAN, radius, "line"))
    # The meridians come nearer to the north.
    assert (to_line.start, to_line.side, to_line.tied) == ((41.0, 31.5), "unclear", None)
    foot = to_line.foot or (0.0, 0.0)
    assert foot[0] == pytest.approx(40)
    assert to_line.distance == pytest.approx(metres((41, 31.5), foot), abs=1e-4)
    assert to_line.chainage == pytest.approx(metres((40, 30), foot), abs=1e-2)
    to_box = between(line, place(box, 100.0, "box"))
    assert (to_box.side, to_box.chainage) == (None, None)
    assert to_box.distance == pytest.approx(metres(to_box.start or (0, 0), to_box.foot or (0, 0)), abs=1e-4)
    azimuth = GEOD.inv(*(to_box.start or (0, 0)), *(to_box.foot or (0, 0)))[0]
    assert to_box.azimuth == pytest.approx(azimuth % 360, abs=1e-3)
    for made in (to_line, to_box):
        distance = made.distance or 0.0
        assert (made.low is None) == (radius is None)
        if radius is not None:
            assert (made.low, made.high) == (distance - 100 - radius, distance + 100 + radius)
    inside = between(place(shapely.Point(42.5, 31.5)), place(box, 0.0, "box"))
    assert (inside.distance, inside.azimuth) == (0.0, None)
    across = between(place(shapely.LineString([(42.5, 31.5), (42.6, 31.5)])), place(box, 0.0, "box"))
    assert (across.distance, across.azimuth) == (0.0, None)


def corners(area: shapely.Geometry) -> list[tuple[float, float]]:
    return [(x, y) for x, y in shapely.get_coordinates(area)]


def farthest(area: shapely.Geometry, lon: float, lat: float) -> float:
    """Return the most that any of a box lies from a point: a bound, little above the metres to its farthest corner."""
    most = float(geodesy.extent(area, shapely.Point(lon, lat))[1])
    corner = max(metres(at, (lon, lat)) for at in corners(area))
    assert corner <= most <= 1.01 * corner
    return most


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("radius", [1_000.0, 0.0, None, 500_000.0])
def test_an_area_is_measured_whole(labelled: bool, forward: bool, radius: float | None) -> None:
    label = shapely.Point(42.4, 32.4) if labelled else None
    known, vague = place(shapely.Point(41, 32.5), radius, "b"), place(label, 7_000.0, "a", AREA)
    made = between(vague, known) if forward else between(known, vague)
    slack = radius or 0.0
    near = geodesy.distance(AREA, shapely.Point(41, 32.5)).distance
    assert made.low == pytest.approx(max(0.0, near - slack), abs=1e-4)
    assert made.high == pytest.approx(farthest(AREA, 41, 32.5) + slack, abs=1e-4)
    assert made.by_area
    assert made.shown_distance is None
    assert (made.side, made.chainage, made.tied) == (None, None, None)
    if not labelled:
        assert (made.distance, made.start, made.foot, made.azimuth) == (None, None, None, None)
        assert made.order == made.low
        return
    ends = ((42.4, 32.4), (41.0, 32.5))
    assert (made.start, made.foot) == (ends if forward else ends[::-1])
    assert made.distance == pytest.approx(metres(*ends), abs=1e-6) == made.order
    azimuth = GEOD.inv(*(made.start or (0, 0)), *(made.foot or (0, 0)))[0]
    assert made.azimuth == pytest.approx(azimuth % 360, abs=1e-6)


def test_two_areas_reach_at_least_as_far_as_their_farthest_corners() -> None:
    other = shapely.box(45, 32, 46, 33)
    made = between(place(None, 5_000.0, "a", AREA), place(shapely.Point(45.5, 32.5), 5_000.0, "b", other))
    far = max(metres(a, b) for a in corners(AREA) for b in corners(other))
    assert made.low == pytest.approx(geodesy.distance(AREA, other).distance, abs=1e-4)
    centre = geodesy.centroid(other)
    through = farthest(AREA, *centre) + farthest(other, *centre)
    assert far <= (made.high or 0.0) == pytest.approx(through, abs=1e-4)
    on_label = between(place(shapely.Point(42.4, 32.4)), place(shapely.Point(42.4, 32.4), 0.0, "b", AREA))
    assert (on_label.distance, on_label.azimuth, on_label.low) == (0.0, None, 0.0)


@pytest.mark.parametrize(
    ("shape", "area", "extent"),
    [(shapely.Point(41, 33), None, True), (None, AREA, True), (None, None, False), (MERIDIAN, None, True)],
)
def test_a_feature_is_0_from_itself(
    shape: shapely.Geometry | None, area: shapely.Geometry | None, extent: bool
) -> None:
    subject = place(shape, 5_000.0, "a", area)
    for target in (subject, replace(subject, geometry=shapely.MultiPoint([(1, 1), (2, 2)]))):
        (made,) = measure.to_target([subject], target)
        assert made == (Measured(subject, target, 0.0, 0.0, 0.0) if extent else None)


def test_nothing_is_measured_from_what_lies_nowhere() -> None:
    subjects = [place(None, None, "x"), place(shapely.Point(41, 33), 0.0, "y"), place(None, None, "z", AREA)]
    made = measure.to_target(subjects, place(MERIDIAN, 0.0, "line"))
    assert [one is None for one in made] == [True, False, False]
    assert to_nearest(subjects, [place(None, None, "none")]) == [None, None, None]
    assert to_nearest(subjects, []) == [None, None, None]
    beyond = to_nearest(subjects, [place(None, None, "none"), place(MERIDIAN, 0.0, "line")])
    assert [one is None for one in beyond] == [True, False, False]


points = st.tuples(st.floats(38, 42), st.floats(30, 34))


@settings(deadline=None, max_examples=30)
@given(st.lists(points, min_size=1, max_size=4), st.lists(points, min_size=1, max_size=4))
@example([(40.0, 32.0)], [(40.0, 32.0), (40.0, 32.0)])
def test_the_nearest_target_that_is_not_the_place_itself(
    froms: list[tuple[float, float]], tos: list[tuple[float, float]]
) -> None:
    subjects = [place(shapely.Point(*at), 0.0, f"from-{i}") for i, at in enumerate(froms)]
    targets = [*subjects, *(place(shapely.Point(*at), 0.0, f"to-{i}") for i, at in enumerate(tos))]
    for subject, made in zip(subjects, to_nearest(subjects, targets), strict=True):
        lengths = {
            target.id: metres(subject.shape.coords[0], target.shape.coords[0])
            for target in targets
            if target.id != subject.id
        }
        assert made is not None
        assert made.target.id != subject.id
        assert made.distance == pytest.approx(min(lengths.values()), abs=1e-6)
        # Of several as near, the first.
        alike = [id_ for id_, length in lengths.items() if length <= min(lengths.values())]
        assert made.target.id == alike[0] or lengths[made.target.id] == pytest.approx(min(lengths.values()), abs=1e-6)
    twice = [place(shapely.Point(1, 1), 0.0, "b"), place(shapely.Point(1, 1), 0.0, "c")]
    first = to_nearest([place(shapely.Point(0, 0))], twice)[0]
    assert first is not None
    assert first.target.id == "b"


def several(
    *at: tuple[float, float], radius: float | None = 0.0, id_: str = "m", area: shapely.Geometry | None = None
) -> Place:
    return place(shapely.MultiPoint(at), radius, id_, area)


def rows(made: Sequence[Measured | None]) -> list[tuple[float | None, float | None, float | None]]:
    return [(one.distance, one.low, one.high) for one in made if one is not None]


@pytest.mark.parametrize("forward", [True, False])
def test_of_several_places_the_nearest_is_measured_with_the_interval_of_all(forward: bool) -> None:
    event, line = several((41, 32), (40.2, 33), (39.8, 31), radius=2_000.0), place(MERIDIAN, 500.0, "line")
    made = between(event, line) if forward else between(line, event)
    each = [
        between(place(part), place(MERIDIAN, 0.0, "line")).distance or 0.0 for part in shapely.get_parts(event.shape)
    ]
    assert made.distance == pytest.approx(min(each), abs=1e-6)
    assert made.low == pytest.approx(min(each) - 2_500, abs=1e-6)
    assert made.high == pytest.approx(min(each) + 2_500, abs=1e-6)
    # From the other side, too, and several against several.
    both = between(event, several((41.01, 32), (45, 33), radius=1_000.0, id_="n"))
    assert both.distance == pytest.approx(metres((41, 32), (41.01, 32)), abs=1e-6)
    assert both.high == pytest.approx((both.distance or 0.0) + 3_000)


def test_the_side_of_several_places_is_unclear_where_one_of_them_may_touch() -> None:
    line = place(MERIDIAN, 0.0, "line")
    clear = between(several((40.5, 32), (40.6, 33), radius=10_000.0), line)
    assert (clear.side, (clear.low or 0.0) > 0) == ("right", True)
    touching = between(several((40.5, 32), (40.6, 33), radius=60_000.0), line)
    assert (touching.side, touching.low) == ("unclear", 0.0)
    distance = between(place(shapely.Point(40.5, 32)), line).distance or 0.0
    barely = between(several((40.5, 32), (40.6, 33), radius=distance - 0.5), line)
    assert (barely.side, barely.low) == ("right", pytest.approx(0.5, abs=1e-6))
    # Its points are clear of the line, and the area beside them is not.
    over = between(several((40.5, 32), (40.6, 33), radius=1_000.0, area=shapely.box(39.9, 31, 40.1, 33)), line)
    assert (over.side, over.low, over.by_area) == ("unclear", 0.0, False)
    unstated = between(several((40.5, 32), (40.6, 33), radius=None), line)
    assert (unstated.side, unstated.low, unstated.high) == ("unclear", None, None)
    assert between(several((40.5, 32), (41, 32), radius=90_000.0), place(shapely.Point(40, 32), 0.0, "p")).side is None


def test_a_point_is_nearer_than_the_label_of_an_area() -> None:
    event = several((38, 33), (38, 31), radius=1_000.0, area=AREA)
    made = between(event, place(shapely.Point(41.9, 32.5), 0.0, "p"))
    assert (made.by_area, made.start) == (False, (38.0, 33.0)) or (made.by_area, made.start) == (False, (38.0, 31.0))
    assert made.low == pytest.approx(geodesy.distance(AREA, shapely.Point(41.9, 32.5)).distance, abs=1e-4)
    assert made.high == pytest.approx(farthest(AREA, 41.9, 32.5), abs=1e-4)
    back = between(place(shapely.Point(41.9, 32.5), 0.0, "p"), event)
    assert (back.by_area, back.foot, back.distance) == (False, made.start, made.distance)
    assert (back.low, back.high) == (made.low, made.high)


def test_many_subjects_are_measured_as_each_of_them() -> None:
    subjects = [
        place(shapely.Point(41, 32), 10.0, "p"),
        several((41, 33), (42, 33), radius=20.0, id_="q"),
        place(None, None, "none"),
        place(shapely.Point(40.5, 33), None, "r"),
        place(shapely.LineString([(41, 31), (42, 31)]), 30.0, "s"),
        several((39, 33), (39.5, 33), (38, 31), radius=40.0, id_="t"),
        place(MERIDIAN, 0.0, "line"),
        place(shapely.Point(42.5, 32.5), 5.0, "u", AREA),
    ]
    for target in (place(MERIDIAN, 0.0, "line"), several((40, 32), (44, 34), id_="w"), place(AREA, 0.0, "box")):
        together = measure.to_target(subjects, target)
        for subject, made in zip(subjects, together, strict=True):
            assert made == measure.to_target([subject], target)[0]
        assert [made.subject.id for made in together if made is not None] == ["p", "q", "r", "s", "t", "line", "u"]


@given(st.none() | st.floats(0, 1e6), st.none() | st.floats(0, 1e6))
@example(0.0, 0.0)
@example(100.0, 0.0)
@example(100.0, 50.0)
@example(100.0, 100.0)
@example(100.0, 100.5)
@example(0.5, 0.25)
@example(100.0, 0.5)
def test_half_the_angle_that_radii_span(distance: float | None, low: float | None) -> None:
    half = measure.angle(distance, low)
    if not distance or low is None or low <= 0:
        assert half == 180
    else:
        assert half == pytest.approx(0.0 if low >= distance else math.degrees(math.asin((distance - low) / distance)))
    a, b = place(shapely.Point(0, 0)), place(shapely.Point(1, 1), 0.0, "b")
    assert Measured(a, b, distance, low, None).angle == half


@given(st.none() | st.floats(0, 100), st.none() | st.floats(0, 100))
def test_what_the_nearest_is_chosen_by(distance: float | None, low: float | None) -> None:
    made = Measured(place(None), place(None, id_="b"), distance, low, None)
    assert made.order == (distance if distance is not None else low if low is not None else math.inf)


@pytest.mark.parametrize("vague", [(True, False), (False, True), (False, False)])
@pytest.mark.parametrize(
    ("low", "high", "distance", "word"),
    [
        (1.0, 9.0, 5.0, "certainly"),
        (1.0, 10.0, 5.0, "certainly"),
        (10.0, 19.0, 15.0, "possibly"),
        (10.5, 19.0, 15.0, "no"),
        (None, None, 10.0, "possibly"),
        (None, None, 10.5, "unknown"),
        (None, None, None, "unknown"),
    ],
)
def test_within_a_radius(
    vague: tuple[bool, bool], low: float | None, high: float | None, distance: float | None, word: str
) -> None:
    a, b = (place(None, None, id_, placeholder=is_vague) for id_, is_vague in zip("ab", vague, strict=True))
    expected = "possibly" if any(vague) and word == "certainly" else word
    assert Measured(a, b, distance, low, high).within(10.0) == expected


@settings(deadline=None, max_examples=40)
@given(points, st.floats(0, 360), st.sampled_from([0.0, 1.0, 19_999.0, 20_001.0, 39_999.0, 40_001.0, 250_000.0]))
def test_a_measured_line_is_drawn_along_the_geodesic(start: tuple[float, float], azimuth: float, length: float) -> None:
    lon, lat, _ = GEOD.fwd(*start, azimuth, length)
    end = (float(lon), float(lat))
    drawn = shapely.get_coordinates(measure.path(start, end))
    assert (tuple(drawn[0]), tuple(drawn[-1])) == (start, end)
    assert len(drawn) == max(2, math.ceil(length / 20_000) + 1)
    steps = np.array(GEOD.inv(*drawn[:-1].T, *drawn[1:].T)[2])
    assert steps.sum() == pytest.approx(length, abs=1e-4)
    assert steps == pytest.approx(np.full(len(steps), length / len(steps)), abs=1e-3)


def test_a_measured_line_is_cut_at_the_antimeridian() -> None:
    drawn = measure.path((179.0, 10.0), (-179.0, 10.5))
    assert drawn.geom_type == "MultiLineString"
    first, second = (shapely.get_coordinates(part) for part in drawn.geoms)
    assert tuple(first[0]) == (179.0, 10.0)
    assert tuple(second[-1]) == (-179.0, 10.5)
    assert (first[:, 0] > 0).all()
    assert (second[:, 0] < 0).all()
    assert len(first) + len(second) == math.ceil(metres((179, 10), (-179, 10.5)) / 20_000) + 1
    assert measure.path((-1.0, 0.0), (1.0, 0.0)).geom_type == "LineString"
    # A single vertex before the cut is no line, and over the pole half a turn is none to cut.
    beyond = measure.path((179.999, 0.0), (-179.0, 0.0))
    assert (beyond.geom_type, beyond.bounds[2] < 0) == ("LineString", True)
    assert measure.path((0.0, 85.0), (180.0, 85.0)).geom_type == "LineString"
    for beside in (0.002, 0.1):
        assert measure.path((-90 - beside, 84.9), (90 + beside, 84.9)).geom_type == "MultiLineString"
