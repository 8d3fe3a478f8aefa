"""Rings: what is certainly and possibly inside, and what is refused."""

from __future__ import annotations

import pytest
import shapely
from pyproj import Geod

from geodata import analysis
from geodata.analysis import buffer
from geodata.catalog import Catalog
from geodata.errors import BadValue, Refused
from geodata.formats import geojson

GEOD = Geod(ellps="WGS84")


def run(catalog: Catalog, **parameters: str):  # type: ignore[no-untyped-def]
    """Return the result of the analysis."""
    return analysis.run("buffer", {"of": "sites", **parameters}, catalog)


def test_what_is_inside(small: Catalog) -> None:
    body = run(small, layer="near", km="25,5").to_dict()
    assert [ring["km"] for ring in body["rings"]] == [5, 25]
    small_ring, large = body["rings"]
    assert {item["id"] for item in large["certainly"]} == {"at"}
    assert {item["id"] for item in large["possibly"]} == {"vague", "somewhere"}
    assert small_ring["certainly"] == []
    assert body["around"] == [{"id": "near", "name": {"en": "near", "ar": "near"}, "uncertainty_m": 1000}]


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
