"""Columns that a hasty reader takes for what they are not: each is read as it is meant, or left and asked about."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.catalog import shipped
from geodata.importing import orientation
from geodata.importing.areas import Areas
from geodata.importing.geolocate import read_positions
from geodata.importing.import_report import Report
from geodata.importing.interpretation import Stated, interpreted
from geodata.importing.meaning import Cells, Meaning
from geodata.importing.profiles import PLAIN
from geodata.importing.source_file import SourceFile
from geodata.model import Layer
from tests.importing.conftest import Bring

ROWS = 6
AREAS = Areas(shipped())


def table(header: str, row: str) -> str:
    """Return a CSV of some rows; in `row` {n} is the number of the row."""
    return header + "\n" + "\n".join(row.format(n=number) for number in range(1, ROWS + 1)) + "\n"


def points(layer: Layer) -> list[tuple[float, float] | None]:
    """Return the positions of a layer, rounded."""
    return [
        None if one.geometry is None else (round(one.geometry.x, 3), round(one.geometry.y, 3)) for one in layer.features
    ]


def notices(report: Report) -> str:
    """Return what a report says of the file."""
    return " ".join(map(str, report.notices))


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Koordinaten (Länge/Breite)", "44.1{n}, 33.2{n}"),
        ("Координати (довгота, широта)", "44.1{n}, 33.2{n}"),
        ("lonlat", "44.1{n} 33.2{n}"),
        ("Coordonnées (latitude, longitude)", "33.2{n}, 44.1{n}"),
        ("lat_lon", "33.2{n}, 44.1{n}"),
    ],
)
def test_a_heading_says_which_comes_first(bring: Bring, heading: str, cell: str) -> None:
    _, layer = bring(table(f'ref,"{heading}"', f'a{{n}},"{cell}"'), unplaced=False)
    assert points(layer) == [(round(44.1 + n / 100, 3), round(33.2 + n / 100, 3)) for n in range(1, ROWS + 1)]


@pytest.mark.parametrize(
    ("header", "row", "place"),
    [
        ("ref,Latitude (S),Longitude (W)", "a{n},12.{n},75.{n}", (-75.1, -12.1)),
        ("ref,Latitud,Longitud Oeste", "a{n},4.{n},75.{n}", (-75.1, 4.1)),
        ("ref,lat,N/S,lon,E/W", "a{n},12.{n},S,75.{n},W", (-75.1, -12.1)),
        ("ref,lat,lon", "a{n},12.{n}S,-75.{n}W", (-75.1, -12.1)),
        ("ref,Coord. Y,Coord. X", "a{n},33.123{n},44.123{n}", (44.123, 33.123)),
    ],
)
def test_the_hemisphere_is_taken_from_where_it_stands(
    bring: Bring, header: str, row: str, place: tuple[float, float]
) -> None:
    _, layer = bring(table(header, row), unplaced=False)
    first = points(layer)[0]
    assert first is not None
    assert first == (pytest.approx(place[0], abs=0.01), pytest.approx(place[1], abs=0.01))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("ref,x,y", "a{n},1{n},2{n}"),
        ("ref,Lat deg,Lat min,Lat sec,Lon deg,Lon min,Lon sec", "a{n},26,1{n},5.12{n},98,2{n},1.12{n}"),
        ("ref,what,geo", 'a{n},raid,"[44.1{n}, 33.2{n}]"'),
    ],
)
def test_what_is_not_sure_is_not_placed(bring: Bring, header: str, row: str) -> None:
    _, layer = bring(table(header, row))
    assert points(layer) == [None] * ROWS


def test_a_list_called_coordinates_is_that_of_geojson_and_said(bring: Bring) -> None:
    report, layer = bring(table("ref,coordinates", 'a{n},"[44.1{n}, 33.2{n}]"'), unplaced=False)
    assert points(layer)[0] == (44.11, 33.21)
    assert "GeoJSON" in notices(report)


@pytest.mark.parametrize(
    ("header", "row", "day"),
    [
        ("Year,Month,Day,lat,lon", "2024,5,{n},33.1,44.1", "2024-05-01"),
        ("iyear,imonth,iday,latitude,longitude", "2019,12,0,33.1,44.1", "2019-12-01"),
        ("السنة,الشهر,اليوم,خط العرض,خط الطول", "2020,3,1{n},33.1,44.1", "2020-03-11"),
        ("Date,Date of attack,lat,lon", "2024-09-01,2024-05-0{n},33.1,44.1", "2024-05-01"),
        ("SubmissionDate,event_dt,lat,lon", "2024-09-01,2024-05-0{n},33.1,44.1", "2024-05-01"),
        ("date_created,incident date,lat,lon", "2024-09-01,2024-05-0{n},33.1,44.1", "2024-05-01"),
    ],
)
def test_the_date_is_that_of_the_event(bring: Bring, header: str, row: str, day: str) -> None:
    _, layer = bring(table(header, row), unplaced=False)
    assert layer.features[0].properties["date_start"] == day


def test_the_end_of_the_dates_is_read_where_it_is_called_no_more_than_to(bring: Bring) -> None:
    _, layer = bring(table("From,To,lat,lon", "2024-05-0{n},2024-05-1{n},33.1,44.1"), unplaced=False)
    one = layer.features[0].properties
    assert (one["date_start"], one["date_end"]) == ("2024-05-01", "2024-05-11")


def test_notes_and_numbers_of_columns_are_no_rows(bring: Bring) -> None:
    text = (
        "ref,date,lat,lon,what\n1,2,3,4,5\n"
        + table("", "a{n},2024-05-0{n},33.1,44.1,raid")[1:]
        + "Source: field teams,,,,\n"
    )
    report, layer = bring(text, unplaced=False)
    assert len(layer.features) == ROWS
    assert "single cell" in notices(report)
    assert [entry["cells"] for entry in report.set_apart] == [["Source: field teams"]]


def test_of_several_sheets_that_of_the_events_is_read(bring: Bring, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Codebook"
    for row in (["Variable", "Meaning"], ["lat", "latitude"], ["lon", "longitude"], ["date", "day"]):
        book.active.append(row)
    sheet = book.create_sheet("Data")
    sheet.append(["ref", "date", "lat", "lon"])
    for number in range(1, ROWS + 1):
        sheet.append([f"a{number}", f"2024-05-0{number}", 33.1, 44.1])
    path = tmp_path / "book.xlsx"
    book.save(path)
    report, layer = bring(path, unplaced=False)
    assert len(layer.features) == ROWS
    assert "not read: Codebook" in notices(report)


@pytest.mark.parametrize("wish", [{}, {"order": "lat,lon"}])
@pytest.mark.parametrize("heading", ["Coordinates", "lat_lon", "Coordinates (latitude, longitude)"])
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_a_stray_row_is_told_however_the_order_was_decided(
    heading: str, wish: dict[str, str], data: st.DataObject
) -> None:
    rows = [(48 + data.draw(st.integers(0, 999)) / 999, 36 + data.draw(st.integers(0, 999)) / 999) for _ in range(12)]
    at = data.draw(st.integers(0, 11))
    cells = [f"{x:.5f}, {y:.5f}" if number == at else f"{y:.5f}, {x:.5f}" for number, (y, x) in enumerate(rows)]
    batch = pa.RecordBatch.from_pydict({f"c:{heading}": cells})
    source = SourceFile("text", {"header": [heading]}, iter(()), None)  # type: ignore[arg-type]
    meaning = Meaning("t", PLAIN, {}, (heading,))
    stated = Stated(order=wish.get("order"))  # type: ignore[arg-type]
    meaning = interpreted(meaning, source, batch, stated, AREAS)
    positions, _ = read_positions(Cells(batch, meaning))
    assert meaning.extent is not None
    assert np.flatnonzero(orientation.strays(positions.lon, positions.lat, meaning.extent)).tolist() == [at]


def test_dates_in_three_columns_stay_where_another_column_is_mapped_otherwise(bring: Bring) -> None:
    text = table("Year,Month,Day,lat,lon,what", "2024,5,{n},33.1,44.1,raid")
    _, layer = bring(text, unplaced=False, roles={"lat": ("lat",), "lon": ("lon",), "name": ("what",)})
    assert layer.features[0].properties["date_start"] == "2024-05-01"
