"""Every public function, asked what makes no sense: refused by the parameter's name, before any work, or NaN."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata import geodesy
from geodata.errors import BadValue, MasafaError, Refused
from geodata.geodesy import ellipsoid, segments, validation

LINE = [[41.0, 35.0], [42.0, 36.0], [42.5, 36.0]]
POINT, AREA = shapely.Point(41.0, 35.0), shapely.box(41, 35, 42, 36)

# Function, good values by parameter, and what each parameter takes: n(umbers), p(ositions), g(eometry), 1 (a number).
FUNCTIONS: dict[str, tuple[Callable[..., Any], dict[str, Any], str]] = {
    "nearest": (lambda **at: geodesy.Line(LINE).nearest(**at), {"lon": 41.5, "lat": 35.0}, "pp"),
    "target": (lambda **at: geodesy.Target(AREA).nearest(**at), {"lon": 41.5, "lat": 38.0}, "pp"),
    "within": (lambda **at: geodesy.Line(LINE).within(**at), {"lon": 41.5, "lat": 35.0, "radius": 1e5}, "ppn"),
    "target within": (lambda **at: geodesy.Target(AREA).within(**at), {"lon": 41.5, "lat": 35, "radius": 1e5}, "ppn"),
    "point_at": (lambda **at: geodesy.Line(LINE).point_at(**at), {"chainage": 100.0}, "n"),
    "slice": (lambda **at: geodesy.Line(LINE).slice(**at), {"start": 100.0, "end": 200.0}, "11"),
    "inverse": (geodesy.inverse, {"lon1": 41.0, "lat1": 35.0, "lon2": 42.0, "lat2": 35.0}, "pppp"),
    "direct": (geodesy.direct, {"lon": 41.0, "lat": 35.0, "azimuth": 10.0, "distance": 100.0}, "ppnn"),
    "matrix": (geodesy.matrix, {"lon1": 41.0, "lat1": 35.0, "lon2": 42.0, "lat2": 35.0}, "pppp"),
    "interval": (geodesy.interval, {"distance": 100.0, "u_a": 10.0, "u_b": 10.0}, "nnn"),
    "classify": (geodesy.classify, {"low": 1.0, "high": 20.0, "radius": 10.0}, "nnn"),
    "distance": (geodesy.distance, {"a": POINT, "b": AREA}, "gg"),
    "buffer": (geodesy.buffer, {"geometry": POINT, "radius": 1_000.0, "tolerance": 10.0}, "g11"),
    "centroid": (geodesy.centroid, {"polygon": AREA}, "g"),
    "extent": (geodesy.extent, {"area": AREA, "target": POINT}, "gg"),
    "Target": (geodesy.Target, {"geometry": AREA}, "g"),
}
NO_NUMBERS = {
    "text": "far",
    "an empty text": "",
    "an object": object(),
    "complex": 1 + 2j,
    "an array of complex": np.array([1 + 2j]),
    "a number too large": 10**400,
    "a day": np.datetime64("2024-01-28"),
    "ragged": [[1.0], [1.0, 2.0]],
}
NO_SHAPES = {
    "nothing": None,
    "a number": 41.0,
    "text": "POINT (41 35)",
    "a list": [41.0, 35.0],
    "empty": shapely.Point(),
    "empty parts": shapely.GeometryCollection([shapely.Point(), shapely.LineString()]),
    "NaN": shapely.Point(math.nan, 35),
    "infinite": shapely.LineString([(41, 35), (41, math.inf)]),
    "out of range": shapely.Point(181, 35),
    "a bow tie": shapely.Polygon([(40, 30), (41, 31), (41, 30), (40, 31)]),
    "no inside": shapely.Polygon([(40, 30), (41, 31), (40, 30)]),
}
ASKED = [
    (name, parameter, kind)
    for name, (_, good, kinds) in FUNCTIONS.items()
    for parameter, kind in zip(good, kinds, strict=True)
]


def ask(name: str, **changed: Any) -> Any:
    function, good, _ = FUNCTIONS[name]
    return function(**{**good, **changed})


def named(name: str, parameter: str) -> str:
    """Return what an error calls a parameter: positions are lon and lat, and a geometry stands for what is measured."""
    plain = parameter.rstrip("12")
    if plain in ("lon", "lat"):
        return rf"^({plain}|lon, lat): "
    return r"^(geometry|area|polygon|target): " if parameter in ("a", "b", "target", "geometry") else f"^{plain}: "


@pytest.mark.parametrize(("name", "parameter", "kind"), ASKED)
def test_what_is_no_number_or_shape_is_refused_by_name(name: str, parameter: str, kind: str) -> None:
    assert ask(name) is not None
    for what, bad in (NO_SHAPES if kind == "g" else NO_NUMBERS).items():
        if (name, parameter, what) == ("buffer", "radius", "ragged"):
            # A list of radii gives a buffer each.
            continue
        with pytest.raises(BadValue, match=named(name, parameter)):
            pytest.fail(f"{what} gave {ask(name, **{parameter: bad})!r}")


@pytest.mark.parametrize(("name", "parameter", "kind"), [one for one in ASKED if one[2] == "1"])
@pytest.mark.parametrize("bad", [None, math.nan, math.inf, -math.inf, [None]])
def test_where_one_number_is_needed_nothing_else_will_do(name: str, parameter: str, kind: str, bad: object) -> None:
    with pytest.raises(BadValue, match=f"^{parameter}: "):
        ask(name, **{parameter: bad})


@pytest.mark.parametrize(("name", "parameter", "kind"), [one for one in ASKED if one[2] in "pn"])
@pytest.mark.parametrize("missing", [None, math.nan])
def test_nothing_gives_nothing_and_its_neighbours_are_as_alone(
    name: str, parameter: str, kind: str, missing: float | None
) -> None:
    good = FUNCTIONS[name][1][parameter]
    alone, mixed, single = ask(name), ask(name, **{parameter: [missing, good]}), ask(name, **{parameter: missing})
    for one, two, three in zip(parts(alone), parts(mixed), parts(single), strict=True):
        by_itself, both, missed = (np.asarray(part).ravel() for part in (one, two, three))
        assert both[1] == by_itself[0]
        for nothing in (both[0], missed[0]):
            assert nothing in ("no", "unknown", "", False, -1) or (
                isinstance(nothing, np.floating) and np.isnan(nothing)
            )
    assert all(np.asarray(part).size == 0 for part in parts(ask(name, **{parameter: []})))


def parts(answer: Any) -> list[Any]:
    """Return the arrays of an answer."""
    if isinstance(answer, geodesy.Nearest):
        names = ("distance", "lon", "lat", "side", "piece", "beyond_end", "azimuth")
        return [getattr(answer, name) for name in names]
    return list(answer) if isinstance(answer, tuple) else [answer]


@pytest.mark.parametrize(("name", "parameter", "kind"), [one for one in ASKED if one[2] == "p"])
def test_positions_out_of_range_are_refused(name: str, parameter: str, kind: str) -> None:
    most = 180.0 if parameter.startswith("lon") else 90.0
    for bad in (np.nextafter(most, 999), -np.nextafter(most, 999), math.inf, -math.inf, 1e300, [most, most + 1]):
        with pytest.raises(BadValue, match=named(name, parameter)):
            ask(name, **{parameter: bad})
    for good in (most, -most):
        ask(name, **{parameter: good})


@pytest.mark.parametrize("name", ["nearest", "within", "inverse", "direct", "matrix", "interval", "classify"])
def test_arrays_that_do_not_fit_are_refused(name: str) -> None:
    first, second = list(FUNCTIONS[name][1])[:2]
    good = FUNCTIONS[name][1]
    with pytest.raises(BadValue, match=r"lon, lat|shapes? "):
        ask(name, **{first: [good[first]] * 2, second: [good[second]] * 3})
    if "radius" in good:
        with pytest.raises(BadValue, match="shape"):
            ask(name, **{first: [good[first]] * 2, "radius": [1.0, 2.0, 3.0]})


def test_an_interval_that_runs_backwards_is_refused() -> None:
    with pytest.raises(BadValue, match=r"^low: '20.0' is not allowed; allowed: metres, at most high \(10.0\)"):
        geodesy.classify([1.0, 20.0], 10.0, 5.0)


metres = st.one_of(st.floats(0, 1e6), st.just(math.nan))


@given(metres, metres, metres)
@example(5.0, 10.0, 5.0)
@example(1.0, 5.0, 5.0)
def test_within_by_its_definition(low: float, high: float, radius: float) -> None:
    if low > high:
        return
    if math.isnan(low) or math.isnan(high):
        expected = "unknown"
    elif math.isnan(radius) or low > radius:
        expected = "no"
    else:
        expected = "certainly" if high <= radius else "possibly"
    assert geodesy.classify(low, high, radius) == expected


# Each is one place, however it is written.
ONE_PLACE = {
    "the same vertex": [[41.0, 35.0]] * 4,
    "the north pole": [[0.0, 90.0], [10.0, 90.0], [-170.0, 90.0]],
    "the south pole": [[0.0, -90.0], [90.0, -90.0]],
    "both signs of 180": [[180.0, 10.0], [-180.0, 10.0]],
}


@pytest.mark.parametrize("edges", ["lonlat", "geodesic"])
@pytest.mark.parametrize("name", ONE_PLACE)
def test_a_line_that_is_one_place_is_refused(name: str, edges: str) -> None:
    with pytest.raises(BadValue, match=r"^coordinates: "):
        geodesy.Line(ONE_PLACE[name], edges)
    for shape in (shapely.LineString(ONE_PLACE[name]), shapely.MultiLineString([LINE, ONE_PLACE[name]])):
        for question in (lambda it: geodesy.Target(it, edges), lambda it: geodesy.buffer(it, 1_000.0, 10.0, edges)):
            with pytest.raises(BadValue, match=r"^geometry: "):
                question(shape)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=5), st.floats(38, 45), st.floats(33, 38))
def test_vertices_that_repeat_change_no_answer(repeated: list[int], lon: float, lat: float) -> None:
    order = sorted({0, 1, 2}) + repeated
    doubled = [LINE[at] for at in sorted(order)]
    plain, same = (geodesy.Line(path).nearest(lon, lat) for path in (LINE, doubled))
    for name in ("distance", "lon", "lat", "chainage"):
        assert getattr(same, name) == pytest.approx(getattr(plain, name), abs=1e-6)
    assert (same.side, same.beyond_end) == (plain.side, plain.beyond_end)
    assert geodesy.Line(doubled).length == pytest.approx(geodesy.Line(LINE).length, abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(st.floats(-180, 180), st.floats(-180, 180), st.floats(-90, 90), st.sampled_from([90.0, -90.0]))
def test_a_pole_is_one_place_whatever_its_longitude(lon: float, other: float, lat: float, pole: float) -> None:
    truth = ellipsoid.GEOD.inv(0.0, lat, 0.0, pole)[2]
    assert float(geodesy.Target(shapely.Point(lon, pole)).nearest(other, lat).distance) == pytest.approx(
        truth, abs=1e-4
    )
    assert float(geodesy.Target(shapely.Point(lon, lat)).nearest(other, pole).distance) == pytest.approx(
        truth, abs=1e-4
    )
    assert geodesy.distance(shapely.Point(lon, pole), shapely.Point(other, pole)).distance == pytest.approx(0, abs=1e-6)
    assert geodesy.matrix(lon, lat, other, pole)[0, 0] == pytest.approx(truth, abs=1e-4)


@settings(deadline=None, max_examples=40)
@given(
    st.floats(-179, 179),
    st.floats(-89, 89),
    st.sampled_from([0.0, 1e-9, -1e-6, 1e-3, 0.1, -0.5]),
    st.sampled_from([0.0, 1e-9, 1e-4, -0.3]),
)
def test_antipodes_are_as_far_as_karney_says(lon: float, lat: float, east: float, north: float) -> None:
    away = float(ellipsoid.wrapped(lon + 180 + east)), max(-90.0, min(90.0, -lat + north))
    truth = ellipsoid.GEOD.inv(lon, lat, *away)[2]
    assert float(geodesy.Target(shapely.Point(lon, lat)).nearest(*away).distance) == pytest.approx(truth, abs=1e-4)
    assert geodesy.distance(shapely.Point(lon, lat), shapely.Point(away)).distance == pytest.approx(truth, abs=1e-4)
    assert geodesy.matrix(lon, lat, *away)[0, 0] == pytest.approx(truth, abs=1e-4)


class Worked(AssertionError):
    """Work was done that should have been refused."""


def untouched(monkeypatch: pytest.MonkeyPatch, *places: tuple[Any, str]) -> None:
    """Have functions that do heavy work fail the test."""

    def work(*_: object, **__: object) -> None:
        raise Worked

    for home, name in places:
        monkeypatch.setattr(home, name, work)


def test_limits_of_vertices_are_told_before_any_piece_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "MAX_VERTICES", 100)
    untouched(monkeypatch, (segments.Curve, "__init__"), (shapely, "is_valid"))
    many = np.column_stack([np.linspace(0, 10, 101), np.zeros(101)])
    ring = shapely.Polygon([*many, (5, 5)])
    for question in (
        lambda: geodesy.Line(many).length,
        lambda: geodesy.Target(shapely.LineString(many)).nearest(1.0, 1.0),
        lambda: geodesy.distance(shapely.LineString(many), POINT),
        lambda: geodesy.buffer(shapely.LineString(many), 1_000.0),
        lambda: geodesy.centroid(ring),
        lambda: geodesy.extent(ring, POINT),
        lambda: geodesy.Target(shapely.MultiPoint(many)).nearest(1.0, 1.0),
    ):
        with pytest.raises(MasafaError, match=r"10[123] vertices' is not allowed; allowed: at most 100 vertices"):
            question()


def test_limits_of_pieces_are_told_before_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "MAX_PIECES", 1_000)
    untouched(monkeypatch, (ellipsoid, "direct"), (ellipsoid, "ecef"))
    for edges in ("lonlat", "geodesic"):
        with pytest.raises(Refused, match=r"^pieces of 250 m: \d+ are too many for one question; at most 1000"):
            geodesy.Line([[0.0, 0.0], [10.0, 0.0]], edges).nearest(0.0, 1.0)


def test_limits_of_pairs_are_told_before_one_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    untouched(monkeypatch, (ellipsoid, "ecef"), (ellipsoid, "inverse"))
    many = np.zeros(7_072)
    with pytest.raises(Refused, match=r"^pairs: 50013184 are too many for one question; at most 50000000"):
        geodesy.matrix(many, many, many, many)


def nested(depth: int) -> shapely.Geometry:
    shape: shapely.Geometry = POINT
    for _ in range(depth):
        shape = shapely.GeometryCollection([shape])
    return shape


def test_nesting_is_refused_at_its_limit_and_not_walked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    assert geodesy.Target(nested(validation.MAX_DEPTH - 1)).nearest(41.0, 35.0).distance == 0
    untouched(monkeypatch, (shapely, "get_num_coordinates"), (shapely, "get_coordinates"))
    for question in (geodesy.Target, lambda it: geodesy.buffer(it, 1_000.0), lambda it: geodesy.distance(it, POINT)):
        with pytest.raises(BadValue, match=r"^geometry: .*nested at most 32 deep"):
            question(nested(validation.MAX_DEPTH + 1))


@pytest.mark.parametrize(
    ("shape", "most"),
    [(POINT, 5e6), (shapely.MultiPoint([(41, 35)]), 5e6), (shapely.LineString(LINE), 1e6), (AREA, 1e6)],
)
def test_radius_and_tolerance_are_judged_before_a_ring_is_drawn(
    shape: shapely.Geometry, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    untouched(monkeypatch, (ellipsoid, "direct"), (ellipsoid, "inverse"), (shapely, "union_all"))
    for radius in (np.nextafter(most, np.inf), -np.nextafter(most, np.inf), 0.999, -0.999, 1e300):
        with pytest.raises(BadValue, match=r"^radius: "):
            geodesy.buffer(shape, radius)
    if shape is not AREA:
        with pytest.raises(BadValue, match="negative for polygons only"):
            geodesy.buffer(shape, -1_000.0)
    for tolerance in (0.0999, 100.1, -1.0):
        with pytest.raises(BadValue, match=r"^tolerance: .*metres, from 0.1 to a tenth of the radius \(100\)"):
            geodesy.buffer(shape, 1_000.0, tolerance)
