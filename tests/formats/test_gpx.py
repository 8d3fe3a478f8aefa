"""GPX: waypoints, routes and tracks, their times, and what cannot be read in them."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import BadData
from geodata.formats import gpx
from geodata.formats.dataset import Dataset, Row
from geodata.formats.kml import UNREADABLE

SPACES = ('xmlns="http://www.topografix.com/GPX/1/1"', 'xmlns="http://www.topografix.com/GPX/1/0"', "")
XXE = '<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def part(inner: str, folder: Path, space: str = SPACES[0]) -> Dataset:
    path = folder / "patrol.gpx"
    path.write_text(f'<gpx version="1.1" creator="x" {space}>{inner}</gpx>')
    [dataset] = gpx.load(path)
    return dataset


def rows(inner: str, folder: Path, space: str = SPACES[0]) -> list[Row]:
    return list(part(inner, folder, space).rows)


@pytest.mark.parametrize("space", SPACES)
def test_a_waypoint_is_a_point_with_its_elements(space: str, tmp_path: Path) -> None:
    [row] = rows(
        "<metadata><name>all</name><time>2000-01-01T00:00:00Z</time></metadata>"
        '<wpt lat="33.25" lon="44.5"><ele>12.5</ele>'
        "<time>2024-05-01T10:00:00Z</time><name>نقطة</name><desc>a &amp; b</desc><cmt> </cmt><sym>Flag</sym>"
        '<link href="https://example.org/a"><text>a</text></link><link href="https://example.org/b"/>'
        '<extensions><x:band xmlns:x="urn:x"><x:rate>7</x:rate></x:band></extensions></wpt>',
        tmp_path,
        space,
    )
    assert row.geometry == shapely.Point(44.5, 33.25)
    assert row.properties == {
        "name": "نقطة",
        "feature": "waypoint",
        "date_start": "2024-05-01T10:00:00Z",
        "date_end": "2024-05-01T10:00:00Z",
        "description": "a & b",
        "elevation": 12.5,
        "symbol": "Flag",
        "link": "https://example.org/a; https://example.org/b",
        "rate": "7",
    }


def test_a_track_is_its_segments_from_its_first_to_its_last_time(tmp_path: Path) -> None:
    times = [f"2024-05-01T10:0{at}:00Z" for at in range(5)]
    points = [
        f'<trkpt lat="{at}" lon="{at + 10}"><ele>1</ele><time>{time}</time></trkpt>' for at, time in enumerate(times)
    ]
    [row] = rows(
        f"<trk><name>t</name><number>3</number><trkseg>{points[0]}{points[1]}</trkseg><trkseg/>"
        f"<trkseg>{points[2]}{points[3]}</trkseg><trkseg>{points[4]}</trkseg></trk>",
        tmp_path,
    )
    assert row.geometry == shapely.MultiLineString([[(10, 0), (11, 1)], [(12, 2), (13, 3)]])
    assert row.properties == {
        "name": "t",
        "feature": "track",
        "date_start": times[0],
        "date_end": times[-1],
        "number": "3",
    }


@pytest.mark.parametrize(
    ("inner", "wkt"),
    [
        ('<rtept lat="1" lon="2"/><rtept lat="3" lon="4"/>', "LINESTRING (2 1, 4 3)"),
        ('<rtept lat="1" lon="2"/>', "POINT (2 1)"),
        ("", None),
    ],
)
def test_a_route_is_a_line(inner: str, wkt: str | None, tmp_path: Path) -> None:
    [row] = rows(f"<rte><name>r</name>{inner}</rte>", tmp_path)
    assert row.geometry == (None if wkt is None else shapely.from_wkt(wkt))
    assert row.properties == {"name": "r", "feature": "route"}


def test_single_positions_of_segments_are_points(tmp_path: Path) -> None:
    segment = '<trkseg><trkpt lat="1" lon="2"/></trkseg>'
    [row] = rows(f"<trk>{segment}{segment.replace('1', '3')}</trk>", tmp_path)
    assert row.geometry == shapely.MultiPoint([(2, 1), (2, 3)])


def test_what_is_of_different_kinds_is_one_table(tmp_path: Path) -> None:
    dataset = part(
        '<wpt lat="1" lon="2"><ele>5</ele></wpt><rte><name>r</name></rte><trk><type>walk</type></trk>', tmp_path
    )
    assert [list(row.properties) for row in dataset.rows] == [["name", "feature", "elevation", "type"]] * 3
    assert [row.properties["feature"] for row in dataset.rows] == ["waypoint", "route", "track"]
    assert {name: kind.name for name, kind in dataset.types.items()} == {"elevation": "number"}


BAD = {
    "<wpt/>": "no lon and lat",
    '<wpt lat="1"/>': "no lon and lat",
    '<wpt lat="x" lon="2"/>': "x",
    '<wpt lat="nan" lon="2"/>': "nan",
    '<wpt lat="1" lon="444"/>': "longitude 444.0",
    '<trk><trkseg><trkpt lat="1" lon="2"/><trkpt lat="91" lon="2"/></trkseg></trk>': "91.0",
}


@pytest.mark.parametrize(("bad", "said"), BAD.items())
def test_a_bad_position_is_named_and_the_others_are_read(bad: str, said: str, tmp_path: Path) -> None:
    first, second = rows(f'<wpt lat="1" lon="2"/>{bad}', tmp_path)
    assert (first.geometry, first.properties[UNREADABLE]) == (shapely.Point(2, 1), None)
    assert second.geometry is None
    assert said in second.properties[UNREADABLE]
    assert second.properties[UNREADABLE].startswith("trk 1: " if "trk" in bad else "wpt 2: ")
    with pytest.raises(BadData, match=r"(wpt|trk) 1: "):
        rows(bad, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<kml/>", "'kml' where gpx is needed"),
        ("", "not GPX"),
        ("<gpx>", "not GPX"),
        (f"{XXE}<gpx><wpt lat='1' lon='2'><name>&x;</name></wpt></gpx>", "not GPX"),
        ('<!DOCTYPE gpx [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><gpx>&b;</gpx>', "not GPX"),
        ("<gpx>" + "<a>" * 50_000, "nested deeper"),
        ('<?xml version="1.0" encoding="UTF-77"?><gpx/>', "not GPX"),
    ],
)
def test_what_is_no_gpx_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.gpx"
    path.write_text(text)
    with pytest.raises(BadData, match=said) as refused:
        gpx.load(path)
    assert "root:" not in str(refused.value)


def test_a_line_of_too_many_positions_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpx, "MAX_VERTICES", 2)
    with pytest.raises(BadData, match="3 vertices"):
        rows('<rte><rtept lat="1" lon="2"/><rtept lat="1" lon="2"/><rtept lat="1" lon="2"/></rte>', tmp_path)


POSITIONS = st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(POSITIONS, min_size=1, max_size=3))
def test_every_position_of_a_track_is_kept(tmp_path: Path, segments: list[list[tuple[float, float]]]) -> None:
    inner = "".join(
        "<trkseg>" + "".join(f'<trkpt lat="{lat!r}" lon="{lon!r}"/>' for lon, lat in segment) + "</trkseg>"
        for segment in segments
    )
    [row] = rows(f"<trk>{inner}</trk>", tmp_path)
    assert shapely.get_coordinates(row.geometry).tolist() == [list(place) for segment in segments for place in segment]
