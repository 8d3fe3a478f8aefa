"""What features become on their way out: filtered, their uncertainty drawn, geodesic edges followed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from geodata.catalog import shipped
from geodata.errors import BadValue
from geodata.formats.dataset import Dataset, Metadata, Row
from geodata.formats.transform import Wanted, circle, drawn_out, first_day, last_day, shaped, span
from geodata.geodesy import Line, direct, inverse
from tests.formats.parts import part


def taken(layer: str, **wanted: object) -> tuple[dict[object, Row], list[str], Dataset]:
    """Return the rows that are wanted by id, what was said, and the part."""
    items: list[str] = []
    result = shaped(part(layer), Wanted(**wanted), items)  # type: ignore[arg-type]
    return {row.id: row for row in result.rows}, items, result


def test_a_box_keeps_what_meets_it_and_says_what_has_no_place() -> None:
    rows, message, result = taken("sites", bbox=(40.0, 36.0, 42.0, 37.0))
    assert {"hasakah-prison", "al-hol"} <= rows.keys()
    assert "erbil" not in rows
    bare = sum(row.geometry is None for row in part("sites").rows)
    assert message == [f"sites: {bare} features without a geometry are in no box and left out"]
    assert result.metadata.changes == ("features that meet 40.0,36.0,42.0,37.0",)


@pytest.mark.parametrize(
    ("time", "there", "not_there"),
    [
        (("2024-01-01", "2024-01-31"), "event-wall-2024-01-28", "event-strikes-2024-02-03"),
        (("2024-02", ""), "event-strikes-2024-02-03", "event-mosul-2017"),
        (("", "2017"), "event-mosul-2017", "event-wall-2024-01-28"),
    ],
)
def test_a_time_keeps_what_was_then(time: tuple[str, str], there: str, not_there: str) -> None:
    rows, message, _ = taken("events", time=time)
    assert there in rows
    assert not_there not in rows
    undated = sum(row.properties["date_start"] is None for row in part("events").rows)
    assert message == [f"events: {undated} features without a date are left out"]


def test_what_has_no_dates_of_its_own_was_always_there() -> None:
    assert len(taken("sites", time=("1990", "1991"))[0]) == 22
    ended = [Row("a", None, {"valid_from": "1995", "valid_to": "2003-04-09"})]
    for time, count in ((("2003-04-09", ""), 1), (("2003-04-10", ""), 0), (("", "1994"), 0)):
        assert len(list(shaped(Dataset(Metadata("x"), ended), Wanted(time=time), []).rows)) == count


def test_spans_are_read_and_bad_ones_named() -> None:
    assert span("2024-01-01/2024-02-01") == ("2024-01-01", "2024-02-01")
    assert span("../2024") == ("", "2024")
    assert span("2024-05/..") == ("2024-05", "")
    assert span("2024") == ("2024", "2024")
    assert (first_day("2024"), last_day("2024-02")) == ("2024-01-01", "2024-02-31")
    for bad in ("", "..", "../..", "2024-02/2024-01", "yesterday", "2024-1-1", "1/2/3", "2024-01-01T00:00/.."):
        with pytest.raises(BadValue, match="START/END"):
            span(bad)


def test_a_circle_is_as_wide_as_the_uncertainty_is_said_to_be() -> None:
    rows, message, result = taken("sites", geometry="circle")
    prison = rows["hasakah-prison"].geometry
    centre = next(row.geometry for row in part("sites").rows if row.id == "hasakah-prison")
    rim = shapely.get_coordinates(prison)
    distances = inverse(centre.x, centre.y, rim[:, 0], rim[:, 1])[2]
    assert np.abs(distances - 1500).max() < 15
    assert rows["akashat"].geometry is None
    assert message == ["sites: 2 features without a position have no circle"]
    assert "circle of uncertainty" in result.metadata.changes[0]


def test_an_unknown_radius_has_no_circle_and_lines_stay() -> None:
    rows = [Row("a", shapely.Point(40, 35), {}), Row("b", shapely.LineString([(40, 35), (41, 35)]), {})]
    items: list[str] = []
    values = list(shaped(Dataset(Metadata("x"), rows), Wanted(geometry="circle"), items).rows)
    assert [row.geometry for row in values] == [None, rows[1].geometry]
    assert len(items) == 2
    assert circle(rows[0].geometry, 0) == rows[0].geometry


def test_a_place_known_to_an_area_is_that_area() -> None:
    rows, _, _ = taken("sites", geometry="area", area_of=lambda ref: shipped().feature(ref).geometry)
    assert rows["akashat"].geometry == shipped().feature("governorates/gov-iq-an").geometry
    assert rows["hasakah-prison"].geometry.geom_type == "Polygon"


def test_geodesic_edges_are_followed_within_a_metre() -> None:
    start, end = (38.0, 34.0), (46.0, 34.5)
    given = Dataset(Metadata("x", edges="geodesic"), [Row("a", shapely.LineString([start, end]), {})])
    result = shaped(given, Wanted(), [])
    assert (result.metadata.edges, "drawn out to 1 m" in result.metadata.changes[0]) == ("lonlat", True)
    [row] = result.rows
    azimuth, _, length = inverse(*start, *end)
    lon, lat = direct(*start, azimuth, np.linspace(0, length, 1001))
    away = Line(shapely.get_coordinates(row.geometry)).nearest(lon, lat).distance
    assert away.max() < 1.0
    # The check can fail: the edge as it stood is kilometres off.
    assert Line([start, end]).nearest(lon, lat).distance.max() > 1_000
    assert len(row.geometry.coords) < 200


@pytest.mark.parametrize(
    "text",
    [
        "POINT (40 35)",
        "POLYGON ((40 35, 44 35, 44 37, 40 37, 40 35), (41 35.5, 42 35.5, 42 36, 41 35.5))",
        "MULTILINESTRING ((40 35, 44 35), (30 10, 30 11))",
        "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (40 35, 44 35))",
        "POLYGON EMPTY",
    ],
)
def test_drawing_out_keeps_the_kind_and_every_vertex(text: str) -> None:
    shape = shapely.from_wkt(text)
    result = drawn_out(shape)
    assert result is not None
    assert result.geom_type == shape.geom_type
    assert set(map(tuple, shapely.get_coordinates(shape))) <= set(map(tuple, shapely.get_coordinates(result)))
    assert result.is_valid


def test_lonlat_edges_stay_as_they_are() -> None:
    given = replace(part("borders"), rows=list(part("borders").rows)[:1])
    assert list(shaped(given, Wanted(), []).rows) == given.rows
