"""Positions a rounding past the edge of the world, in every reader that has positions of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadData
from geodata.formats import coordinates, extent
from geodata.formats.extent import ROUNDING
from geodata.formats.row_errors import Unread
from tests.importing.conftest import Bring

EAST = "180.0000001"
"""What 180 becomes where seven decimals are rounded up."""
TEXTS = {
    "a.csv": "id,lon,lat\n1,{},33\n",
    "b.csv": 'id,position\n1,"33, {}"\n',
    "c.csv": "id,wkt\n1,POINT ({} 33)\n",
    "a.jsonl": '{{"lon": {}, "lat": 33}}\n',
    "a.json": '{{"features": [{{"attributes": {{}}, "geometry": {{"x": {}, "y": 33}}}}]}}',
    "a.geojson": '{{"type": "Point", "coordinates": [{}, 33]}}',
    "a.kml": "<kml><Placemark><Point><coordinates>{},33</coordinates></Point></Placemark></kml>",
    "a.gpx": '<gpx><wpt lat="33" lon="{}"/></gpx>',
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_rounding_past_180_is_180_in_every_reader(name: str, sign: str, bring: Bring, tmp_path: Path) -> None:
    _, layer = bring(TEXTS[name].format(sign + EAST), name, layer="edge")
    [feature] = layer.features
    assert feature.geometry == shapely.Point(float(f"{sign}180"), 33)


@pytest.mark.parametrize("name", TEXTS)
def test_more_than_a_rounding_is_not_on_the_earth(name: str, bring: Bring) -> None:
    try:
        report, _ = bring(TEXTS[name].format("180.0000003"), name, layer="beyond")
    except BadData:
        return
    assert report.to_dict()["placed"] == 0


@given(st.floats(-181, 181), st.floats(-91, 91))
def test_a_position_is_put_on_the_edge_or_refused(lon: float, lat: float) -> None:
    if abs(lon) > 180 + ROUNDING or abs(lat) > 90 + ROUNDING:
        with pytest.raises(ValueError, match="longitude within ±180"):
            extent.checked((lon, lat))
        with pytest.raises(Unread):
            coordinates.read(json.dumps([lat, lon])[1:-1])
        return
    place = (max(-180.0, min(180.0, lon)), max(-90.0, min(90.0, lat)))
    assert extent.rounded(lon, lat) == place
    assert extent.checked((lon, lat, 7.0)) == (*place, 7.0)


@pytest.mark.parametrize("place", [(), (1.0,), (float("nan"), 1.0), (1.0, float("inf"))])
def test_what_is_no_position_is_refused(place: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="longitude"):
        extent.checked(place)
