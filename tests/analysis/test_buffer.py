"""Rings: what is certainly and possibly inside, and what is refused."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geodata import registry
from geodata.analysis import buffer
from geodata.analysis.places import Place
from geodata.catalog import Catalog
from geodata.errors import BadValue, Refused
from geodata.formats import geojson

GEOD = Geod(ellps="WGS84")


def run(catalog: Catalog, **parameters: str):  # type: ignore[no-untyped-def]
    """Return the result of the analysis."""
    return registry.run("buffer", {"of": "sites", **parameters}, catalog)


def test_the_area_of_a_ring_with_its_interval(small: Catalog) -> None:
    body = run(small, layer="near", km="25,50", tolerance="10").to_dict()
    for ring in body["rings"]:
        (area,) = ring["areas"]
        circle = [GEOD.fwd(40.1, 32, step / 10, ring["radius_m"])[:2] for step in range(3600)]
        truth, perimeter = GEOD.geometry_area_perimeter(shapely.orient_polygons(shapely.Polygon(circle)))
        low, high = area["interval_m2"]
        assert low <= abs(truth) <= high
        assert high - low == pytest.approx(2 * perimeter * 10, rel=1e-3)
        assert (area["around"], area["display"]["unit"]) == ("near", "km2")
    merged = run(small, layer="near;at;far", km="30", dissolve="true").to_dict()["rings"][0]["areas"]
    apart = run(small, layer="near;at;far", km="30").to_dict()["rings"][0]["areas"]
    assert (len(merged), len(apart)) == (1, 3)
    assert max(one["area_m2"] for one in apart) < merged[0]["area_m2"] < sum(one["area_m2"] for one in apart)


@settings(max_examples=200, deadline=None)
@given(
    st.floats(-1000, 1000).filter(lambda km: abs(km) >= 0.001),
    st.one_of(st.none(), st.floats(0, 600_000)),
)
def test_the_spread_of_a_ring_keeps_its_order(km: float, uncertainty: float | None) -> None:
    radius = km * 1000
    low, high = buffer.spread(Place("a", {"en": "a", "ar": "a"}, "", shapely.Point(40, 30), uncertainty), radius)
    if uncertainty is None or low is None or high is None:
        assert (low, high, uncertainty) == (None, None, None)
        return
    assert low <= radius <= high
    assert low <= high
    # No ring turns from outward to inward.
    assert (low >= 0) if radius > 0 else (high <= 0)
    assert {low, high} & {radius - uncertainty, radius + uncertainty}


def test_a_ring_drawn_inward_has_its_order_and_counts_nothing(small: Catalog) -> None:
    result = run(small, layer="country-west", km="-200,-20")
    rings = [one["properties"] for one in result.geometries if one["properties"]["role"] == "ring"]
    assert [(one["low_m"], one["high_m"]) for one in rings] == [(-200_500, -199_500), (-20_500, -19_500)]
    body = result.to_dict()["rings"]
    assert [ring["totals"] for ring in body] == [None, None]
    assert all(ring["certainty_note"]["ar"] for ring in body)
    # 200 km deep nothing of it is left.
    assert body[0]["areas"][0]["display"] is None
    assert body[1]["areas"][0]["area_m2"] > 1e9


@pytest.mark.parametrize(
    "km", ["25/50/100", "25, 50 100", "25,50,100", "٢٥، ٥٠ ١٠٠", "100 ; 50؛25", " 25  50\t100 ", "25 / 50,100"]
)
def test_radii_as_people_type_them(small: Catalog, km: str) -> None:
    assert [ring["km"] for ring in run(small, layer="near", km=km).to_dict()["rings"]] == [25, 50, 100]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 5000), min_size=1, max_size=12, unique=True),
    st.lists(st.sampled_from([",", "/", " ", ", ", " / ", ";", "، ", "؛", "  "]), min_size=12, max_size=12),
)
def test_radii_however_they_are_parted(radii: list[int], between: list[str]) -> None:
    text = "".join(f"{radius}{mark}" for radius, mark in zip(radii, between, strict=False)).rstrip(",/;، ؛")
    assert buffer.KM.read(text) == tuple(sorted(radii))


def test_the_band_of_a_ring_is_its_centres_uncertainty(small: Catalog) -> None:
    features = run(small, layer="near", km="25").to_geojson()["features"]
    band = next(feature for feature in features if feature["properties"]["role"] == "band")
    shape = geojson.geometry(band["geometry"])
    for part, radius in ((shape.exterior, 26_000), (shape.interiors[0], 24_000)):
        lon, lat = shapely.get_coordinates(part).T
        for x, y in zip(lon, lat, strict=True):
            assert GEOD.inv(40.1, 32, x, y)[2] == pytest.approx(radius, abs=1.02)


def test_the_rings_lie_at_their_radius(small: Catalog) -> None:
    features = run(small, layer="near", km="25").to_geojson()["features"]
    ring = next(feature for feature in features if feature["properties"]["role"] == "ring")
    assert (ring["properties"]["low_m"], ring["properties"]["high_m"]) == (24_000, 26_000)
    lon, lat = shapely.get_coordinates(geojson.geometry(ring["geometry"])).T
    for x, y in zip(lon, lat, strict=True):
        assert GEOD.inv(40.1, 32, x, y)[2] == pytest.approx(25_000, abs=1.02)


def test_dissolve_makes_one_ring(small: Catalog) -> None:
    features = run(small, layer="near;at;far", km="30", dissolve="true").to_geojson()["features"]
    rings = [feature for feature in features if feature["properties"]["role"] == "ring"]
    assert len(rings) == 1
    assert rings[0]["geometry"]["type"] == "MultiPolygon"
    assert len(rings[0]["geometry"]["coordinates"]) == 2


def test_a_line_has_a_buffer(small: Catalog) -> None:
    features = run(small, layer="border-we", km="10").to_geojson()["features"]
    ring = geojson.geometry(features[0]["geometry"])
    assert ring is not None
    assert ring.is_valid
    assert shapely.contains_xy(ring, 40.1, 32)
    assert not shapely.contains_xy(ring, 40.12, 32)


def test_too_much_is_refused(small: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffer, "MAX_RINGS", 3)
    with pytest.raises(Refused, match="at most 3 rings"):
        run(small, layer="sites", km="1,2")


@pytest.mark.parametrize("km", ["0", "nan", "inf", "-inf", "5001", "-1001", "", "1,2,x", ",".join("1" * 13)])
def test_radii_out_of_bounds(small: Catalog, km: str) -> None:
    with pytest.raises(BadValue) as caught:
        run(small, layer="near", km=km)
    assert caught.value.parameter in ("km", "radius")


def test_a_point_has_no_negative_buffer(small: Catalog) -> None:
    with pytest.raises(BadValue):
        run(small, layer="near", km="-5")
