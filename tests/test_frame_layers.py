"""`geodata.run` and `show` on frames and geometries: one row out for each row in, and the same answers as for ids."""

from __future__ import annotations

import math
from typing import Any

import geopandas
import numpy as np
import pandas
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geodata
from geodata.catalog import shipped
from geodata.errors import BadValue, NotFound

LON, LAT = st.floats(38, 48).map(lambda x: round(x, 6)), st.floats(30, 37).map(lambda y: round(y, 6))
POINTS = st.builds(shapely.Point, LON, LAT)
SHAPES = (
    st.none()
    | st.sampled_from([shapely.Point(), shapely.Polygon(), shapely.LineString()])
    | POINTS
    | st.builds(shapely.Point, LON, LAT, st.floats(0, 100))
    | st.lists(st.tuples(LON, LAT), min_size=2, max_size=4, unique=True).map(shapely.LineString)
    | POINTS.map(lambda point: point.buffer(0.1, quad_segs=2))
)
LABELS = st.integers(-5, 5) | st.sampled_from(["a", "b", "ب"])
MARK = "border-iq-sy"


@given(st.lists(st.tuples(SHAPES, LABELS), min_size=1, max_size=6), st.sampled_from([4326, 3857]), st.booleans())
def test_one_row_in_one_row_out(rows: list[tuple[Any, Any]], crs: int, series: bool) -> None:
    shapes, labels = zip(*rows, strict=True)
    positions = geopandas.GeoSeries(list(shapes), index=list(labels), crs=4326).to_crs(crs)
    frame = (
        positions
        if series
        else geopandas.GeoDataFrame(
            {"x": [0] * len(rows)}, geometry=list(positions), index=positions.index, crs=positions.crs
        )
    )
    table = geodata.run("proximity", layer=frame, target=MARK)
    assert isinstance(table, geopandas.GeoDataFrame)
    assert list(table.index) == list(labels)
    assert table.crs == frame.crs
    assert list(table.geometry.isna()) == list(frame.geometry.isna())
    missing = [shape is None or shape.is_empty for shape in shapes]
    distance = table["distance_m"] if "distance_m" in table else pandas.Series([math.nan] * len(rows))
    assert [bool(pandas.isna(value)) for value in distance] == missing
    for shape, value in zip(shapes, distance, strict=True):
        if shape is not None and shape.geom_type == "Point" and not shape.is_empty:
            alone = geodata.run("distance", layer=f"{shape.x!r},{shape.y!r}", target=MARK)
            assert value == pytest.approx(alone.body["distance_m"], abs=0.01)


def test_a_layer_as_a_frame_has_the_answers_of_the_layer() -> None:
    sites = geodata.layer("sites").sample(frac=1, random_state=1)
    table = geodata.run("within", layer=sites, target="borders", km=25)
    expected = {
        item["id"]: item for item in geodata.run("within", layer="sites", target="borders", km=25).body["items"]
    }
    assert list(table.index) == list(sites.index)
    placed = [id_ for id_ in sites.index if sites.geometry.loc[id_] is not None]
    for id_ in placed:
        assert table.loc[id_, "distance_m"] == pytest.approx(expected[id_]["distance_m"], abs=1e-3)
        if expected[id_]["interval_m"]:
            assert table.loc[id_, "within"] == expected[id_]["within"]
            ends = [table.loc[id_, "interval_low_m"], table.loc[id_, "interval_high_m"]]
            assert ends == pytest.approx(expected[id_]["interval_m"], abs=1e-3)
    assert table.attrs["masafa"]["result_id"]
    assert len(table.attrs["masafa"]["inputs"]["layers"]) >= 2


def test_a_geometry_is_a_place_or_a_target() -> None:
    prison = shipped().feature("hasakah-prison").geometry
    answer = geodata.run("proximity", layer=prison, target=MARK)
    assert answer.body["distance_m"] == pytest.approx(49_273.2, abs=0.1)
    assert answer.body["interval_m"] is None
    back = geodata.run("distance", layer="hasakah-prison", target=shipped().feature(MARK).geometry)
    assert back.body["distance_m"] == pytest.approx(49_273.2, abs=0.1)
    ring = geodata.run("buffer", layer=prison.buffer(0.1), km=5, of="sites")
    assert ring.body["rings"][0]["certainly"] is not None
    targets = geopandas.GeoSeries([prison, None], crs=4326)
    assert geodata.run("distance", layer=prison, target=prison).body["distance_m"] == 0
    nearest = geodata.run("proximity", layer="al-hol;erbil", target=targets)
    assert [item["target"] for item in nearest.body["items"]] == ["row-0", "row-0"]


def test_the_answer_is_no_table_where_it_is_not_about_each_row() -> None:
    frame = geopandas.GeoSeries([shapely.Point(41, 36), shapely.Point(42, 35)], crs=4326)
    rings = geodata.run("buffer", layer=frame, km=5, of="sites")
    assert [area["around"] for area in rings.body["rings"][0]["areas"]] == ["row-0", "row-1"]


def test_directions_keep_the_rows_without_a_place() -> None:
    frame = geopandas.GeoSeries([None, shapely.Point(41, 36)], index=["x", "x"], crs=4326)
    table = geodata.run("direction", layer=frame)
    assert list(table.index) == ["x", "x"]
    assert math.isnan(table["azimuth_deg"].iloc[0])
    assert 0 <= table["azimuth_deg"].iloc[1] < 360


@pytest.mark.parametrize(
    ("frame", "named"),
    [
        (geopandas.GeoSeries([shapely.Point(41, 36)]), "without a CRS"),
        (geopandas.GeoSeries([shapely.Point(41, 136)], crs=4326), "row 0"),
        (geopandas.GeoSeries([shapely.Point(1e12, 0)], crs=32638), "row 0"),
        (geopandas.GeoDataFrame({"unc_m": [-1]}, geometry=[shapely.Point(41, 36)], crs=4326), "unc_m"),
        (geopandas.GeoDataFrame({"unc_m": ["far"]}, geometry=[shapely.Point(41, 36)], crs=4326), "unc_m"),
        (geopandas.GeoDataFrame({"unc_m": [np.inf]}, geometry=[shapely.Point(41, 36)], crs=4326), "unc_m"),
        (shapely.Point(181, 0), "on the globe"),
    ],
)
def test_what_cannot_be_placed_is_named(frame: Any, named: str) -> None:
    with pytest.raises(BadValue, match=named) as refused:
        geodata.run("proximity", layer=frame, target=MARK)
    assert refused.value.parameter == "layer"
    with pytest.raises(BadValue, match=named):
        geodata.show(frame)


def test_frames_and_geometries_are_shown() -> None:
    frame = geopandas.GeoDataFrame({"unc_m": [500.0]}, geometry=[shapely.Point(41, 36)], index=["well"], crs=4326)
    page = geodata.show("sites", frame, shapely.Point(44, 33)).page.decode()
    assert '"well"' in page
    assert '"id":"sites"' in page
    assert '"id":"borders"' not in page
    assert geodata.show(frame).layers == ("frame-0",)
    with pytest.raises(NotFound):
        geodata.show("nowhere", frame)
