"""Azimuths from a country's centroid: what an area spans, what a radius leaves possible, and what is not known."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geodata import registry
from geodata.analysis.direction import WORDS, Bearing, bearing
from geodata.analysis.number_format import degrees
from geodata.analysis.places import Place
from geodata.cli import main

GEOD = Geod(ellps="WGS84")
COUNTRY = Place("country", {"en": "", "ar": ""}, "", shapely.box(38, 30, 48, 38), 500.0)


def area(geometry: shapely.Geometry) -> Place:
    return Place("area", {"en": "", "ar": ""}, "", geometry, 0.0)


@given(
    lon=st.floats(-6, 6),
    lat=st.floats(-6, 6),
    corners=st.lists(st.tuples(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5)), min_size=3, max_size=8, unique=True),
)
def test_the_span_of_an_area_holds_every_place_in_it(
    lon: float, lat: float, corners: list[tuple[float, float]]
) -> None:
    hull = shapely.convex_hull(shapely.MultiPoint([(43 + lon + x, 34 + lat + y) for x, y in corners]))
    if hull.geom_type != "Polygon" or hull.area < 1e-3:
        return
    seen = bearing(area(hull), COUNTRY)
    if hull.intersects(shapely.Point(seen.centroid)):
        assert seen.span is None
        return
    assert seen.span is not None
    rng = np.random.default_rng(0)
    low, high = np.array(hull.bounds).reshape(2, 2)
    inside = [place for place in rng.uniform(low, high, (200, 2)) if hull.contains(shapely.Point(place))]
    inside.append(hull.centroid.coords[0])
    for x, y in inside:
        azimuth = GEOD.inv(*seen.centroid, x, y)[0]
        off = (azimuth - seen.azimuth + 180) % 360 - 180
        # Edges are straight in longitude and latitude: between its corners an edge is seen a little beyond them.
        assert seen.span[0] - 0.2 <= seen.azimuth + off <= seen.span[1] + 0.2
    assert seen.span[0] <= seen.azimuth <= seen.span[1]


@given(azimuth=st.floats(0, 359.9), radius=st.floats(1, 90_000))
def test_a_radius_leaves_the_directions_possible_that_its_disc_reaches(azimuth: float, radius: float) -> None:
    centre = bearing(area(shapely.Point(43.5, 34.5)), COUNTRY).centroid
    lon, lat, _ = GEOD.fwd(*centre, azimuth, 100_000)
    seen = bearing(Place("p", {"en": "", "ar": ""}, "", shapely.Point(lon, lat), radius), COUNTRY)
    round_about = GEOD.fwd(np.full(72, lon), np.full(72, lat), np.arange(0, 360, 5.0), np.full(72, radius * 0.999))
    for word, middle in WORDS.items():
        edge = GEOD.inv(np.full(72, centre[0]), np.full(72, centre[1]), *round_about[:2])[0]
        fits = np.abs((np.append(edge, azimuth) - middle + 180) % 360 - 180) <= 45
        answer = seen.agrees(word)
        if fits.all():
            assert answer in ("certainly", "possibly")
        elif fits.any():
            assert answer == "possibly"
        if answer == "certainly":
            assert fits.all()
        if answer == "no":
            assert not fits.any()


@pytest.mark.parametrize(("word", "expected"), [("north", "possibly"), ("south", "unknown"), ("east", "possibly")])
def test_without_a_stated_radius_nothing_is_certain(word: str, expected: str) -> None:
    seen = Bearing(45.0, None, 100_000.0, (43.0, 34.0))
    assert seen.agrees(word) == expected
    assert seen.interval is None
    shown = degrees(seen.azimuth, seen.margin)
    assert shown == {"number": "≈ 45", "unit": "°"}


def test_the_middle_of_a_country_lies_in_no_direction_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    centroid = bearing(area(COUNTRY.shape), COUNTRY)
    assert (centroid.interval, centroid.distance) == (None, 0.0)
    assert {centroid.agrees(word) for word in WORDS} == {"unknown"}
    answer = registry.run("direction", {"layer": "events"}).to_dict()
    undetermined = [item for item in answer["items"] if item["azimuth_deg"] is None]
    assert undetermined
    assert {(item["display"], item["interval_deg"]) for item in undetermined} == {(None, None)}
    assert main(["direction", "events"]) == 0
    assert capsys.readouterr().out.count("undetermined") == len(undetermined)
