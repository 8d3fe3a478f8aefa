"""Columns of metres: the system that is stated, that each row names, or that alone fits; against pyproj."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from geodata.catalog import shipped
from geodata.errors import BadValue
from geodata.importing import projected
from geodata.importing.areas import Areas
from tests.importing.conftest import Bring

TOWNS = [("Iraq", 43.13, 36.34), ("Iraq", 44.37, 33.31), ("Syria", 39.01, 35.95), ("Syria", 36.29, 33.51)]


def metres(crs: str, lon: float, lat: float) -> tuple[float, float]:
    """Return easting and northing."""
    east, north = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
    return float(east), float(north)


@given(zone=st.integers(1, 60), lat=st.floats(0.1, 80), offset=st.floats(-2.9, 2.9), north=st.booleans())
def test_a_row_s_zone_places_it(zone: int, lat: float, offset: float, north: bool) -> None:
    lon, y = zone * 6 - 183 + offset, lat if north else -lat
    east, northing = metres(f"EPSG:{(32600 if north else 32700) + zone}", lon, y)
    column = pa.array([f"{zone}{'N' if north else 'K'}"])
    got = projected.degrees(np.array([east]), np.array([northing]), column, "")
    assert (got[0][0], got[1][0]) == (pytest.approx(lon, abs=1e-6), pytest.approx(y, abs=1e-6))


@pytest.mark.parametrize(
    ("heading", "crs"),
    [
        ("X (EPSG:3857)", "EPSG:3857"),
        ("easting_32638", "EPSG:32638"),
        ("UTM 38N Easting", "EPSG:32638"),
        ("Easting zone 37", "EPSG:32637"),
        ("E_36S", "EPSG:32736"),
        ("Easting", ""),
        ("x2024", ""),
        ("Point 61", ""),
        ("X (EPSG:4326)", ""),
        ("X (EPSG:2263)", ""),
    ],
)
def test_headings_name_a_system(heading: str, crs: str) -> None:
    assert projected.stated(np.array([1_000_000.0]), heading) == crs


@pytest.mark.parametrize(("northing", "crs"), [(3_700_000.0, "EPSG:32638"), (8_200_000.0, "EPSG:32738")])
def test_the_letter_s_is_the_band_where_the_northings_are_its_own(northing: float, crs: str) -> None:
    assert projected.stated(np.array([northing]), "UTM 38S Easting") == crs
    east, north = np.array([440_000.0]), np.array([northing])
    by_row = projected.degrees(east, north, pa.array(["38S"]), "")
    assert np.allclose(by_row, projected.degrees(east, north, None, crs))


@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_the_one_system_that_fits_is_named(data: st.DataObject) -> None:
    crs = data.draw(st.sampled_from(["EPSG:3857", "EPSG:32637", "EPSG:32638"]))
    towns = data.draw(st.lists(st.sampled_from(TOWNS), min_size=4, max_size=12))
    if crs != "EPSG:3857":
        towns = [town for town in TOWNS if (town[0] == "Syria") == (crs == "EPSG:32637")] * 3
    east, north = np.array([metres(crs, lon, lat) for _, lon, lat in towns]).T
    country = pa.array([name for name, _, _ in towns])
    fitting = projected.fitting(east, north, country, Areas(shipped()))
    assert crs in fitting
    assert len(fitting) == 1 or all(one.startswith("EPSG:326") for one in fitting)


def test_metres_of_one_system_come_in_and_the_system_is_said(bring: Bring) -> None:
    lines = ["name,X,Y,country"]
    lines += ["{},{:.2f},{:.2f},{}".format(name, *metres("EPSG:3857", lon, lat), name) for name, lon, lat in TOWNS]
    report, layer = bring("\n".join(lines), "mercator.csv", unplaced=False)
    assert any("EPSG:3857" in str(notice) for notice in report.notices)
    for feature, (_, lon, lat) in zip(layer.features, TOWNS, strict=True):
        assert feature.geometry is not None
        assert (feature.geometry.x, feature.geometry.y) == (pytest.approx(lon, abs=1e-6), pytest.approx(lat, abs=1e-6))


def test_metres_of_no_known_system_are_asked_about(bring: Bring) -> None:
    text = "name,x,y\n" + "".join(f"a{n},{7_400_000 + n},{-5_000_000 - n}\n" for n in range(4))
    report, layer = bring(text, "metres.csv")
    assert "crs" in [question.topic for question in report.questions]
    assert all(feature.geometry is None for feature in layer.features)
    _, placed = bring(text, "metres.csv", layer="stated", crs="EPSG:3857")
    assert all(feature.geometry is not None for feature in placed.features)


@pytest.mark.parametrize("crs", ["EPSG:4326", "nothing", "EPSG:2263", "EPSG:0"])
def test_a_system_that_is_none_is_refused(crs: str) -> None:
    with pytest.raises(BadValue, match="EPSG:32638"):
        projected.checked(crs)
