"""Where rows lie, in every notation; and what is doubtful about it."""

from __future__ import annotations

import pytest

from tests.importing.conftest import Bring

QAIM = (41.03, 34.37)


@pytest.mark.parametrize(
    "text",
    [
        "34.37,41.03",
        "34.37 N, 41.03 E",
        "34°22'12\"N 41°01'48\"E",
        "34 22 12 N 41 01 48 E",
        "٣٤٫٣٧، ٤١٫٠٣",
        "٣٤°٢٢′١٢″ شمال ٤١°٠١′٤٨″ شرق",
        "34,37; 41,03",
    ],
)
def test_one_column_in_any_notation(text: str, bring: Bring) -> None:
    _, layer = bring(f'position\tname\n"{text.replace(chr(34), chr(34) * 2)}"\tx\n', "a.tsv")
    point = layer.features[0].geometry
    assert point is not None
    assert (point.x, point.y) == pytest.approx(QAIM, abs=1e-6)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("34.37", "41.03"), ("34,37", "41,03"), ("٣٤٫٣٧", "٤١٫٠٣"), ("34°22'12\"", "41°01'48\""), (" 34.37 ", "41.03E")],
)
def test_two_columns_in_any_notation(lat: str, lon: str, bring: Bring) -> None:
    _, layer = bring(f"lat\tlon\n{lat}\t{lon}\n", "a.tsv")
    point = layer.features[0].geometry
    assert point is not None
    assert (point.x, point.y) == pytest.approx(QAIM, abs=1e-6)


@pytest.mark.parametrize("text", ["38S KC 35000 05000", "38S 234000 3805000", "38S KC 350 050"])
def test_grids_leave_a_radius_where_they_are_coarse(text: str, bring: Bring) -> None:
    _, layer = bring(f"mgrs,name\n{text},x\n")
    one = layer.features[0]
    assert one.geometry is not None
    assert one.geometry.x == pytest.approx(42.1, abs=0.6)
    radius = one.properties["coordinateUncertaintyInMeters"]
    assert (radius or 0) >= (70 if len(text.split()[-1]) == 3 else 0)


def test_rows_that_cannot_be_placed_are_kept_and_counted(bring: Bring) -> None:
    text = "id,lat,lon\na,34.37,41.03\nb,,\nc,nowhere,41\nd,0,0\ne,34.37,\nf,91,41\ng,NaN,41\n"
    report, layer = bring(text)
    assert (report.rows, report.counts["rows"], report.counts["points"]) == (7, 7, 1)
    assert report.to_dict()["unplaced"] == 6
    flags = {one.properties["original"]["id"]: one.properties["flags"] for one in layer.features}
    assert flags == {
        "a": [],
        "b": ["no_position"],
        "c": ["unreadable_position"],
        "d": ["zero_position"],
        "e": ["no_position"],
        "f": ["unreadable_position"],
        "g": ["unreadable_position"],
    }
    assert {one["row"] for one in report.problems} == {2, 3, 4, 5, 6, 7}
    assert all(one["reason"]["en"] and one["reason"]["ar"] for one in report.problems)


def test_swapped_positions_are_flagged_and_never_mended(bring: Bring) -> None:
    _, layer = bring("id,lat,lon,country\na,41.03,34.37,Iraq\nb,34.37,41.03,Iraq\nc,33.3,44.4,Iraq\n")
    assert [one.properties["flags"] for one in layer.features] == [["swapped"], [], []]
    assert layer.features[0].geometry is not None
    assert (layer.features[0].geometry.x, layer.features[0].geometry.y) == (34.37, 41.03)


def test_the_middle_of_a_country_is_flagged(bring: Bring) -> None:
    _, layer = bring("id,lat,lon\na,35,38\nb,35.0001,38.2\nc,33,44\n")
    flags = [one.properties["flags"] for one in layer.features]
    assert flags[0] == ["country_centroid"]
    assert flags[1] == []


def test_a_row_without_a_position_stands_for_the_governorate_it_names(bring: Bring) -> None:
    _, layer = bring("id,lat,lon,country,governorate\na,,,Iraq,Anbar\nb,,,العراق,الأنبار\nc,,,Iraq,\nd,,,Atlantis,\n")
    assert [one.area for one in layer.features] == [
        "governorates/gov-iq-an",
        "governorates/gov-iq-an",
        "countries/country-iq",
        None,
    ]
    assert all(one.geometry is None for one in layer.features)


def test_shapes_that_cannot_be_held_are_flagged(bring: Bring) -> None:
    text = (
        'id;wkt\na;"POLYGON ((40 34, 41 34, 41 35, 40 34))"\nb;"POLYGON ((40 34, 41 35, 41 34, 40 35, 40 34))"\n'
        "c;POINT (41 34)\nd;POLYGON ((40 34\ne;\nf;POINT (200 34)\n"
    )
    report, layer = bring(text)
    flags = {one.properties["original"]["id"]: one.properties["flags"] for one in layer.features}
    assert flags["a"] == flags["c"] == []
    assert flags["b"] == ["invalid_shape"]
    assert flags["d"] == ["unreadable_position"]
    assert flags["e"] == ["no_position"]
    assert flags["f"] == ["unreadable_position"]
    assert report.rows == 6


def test_a_giant_polygon_is_flagged_and_its_row_kept(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geodata.importing.positions.MAX_VERTICES", 50)
    ring = ", ".join(f"{40 + at / 100} {34 + (at % 7) / 10}" for at in range(99))
    report, layer = bring(f"id;wkt\na;POLYGON (({ring}, 40 34))\n")
    assert layer.features[0].geometry is None
    assert layer.features[0].properties["flags"] == ["large_shape"]
    assert layer.features[0].properties["original"]["wkt"].startswith("POLYGON")
    assert report.to_dict()["unplaced"] == 1
