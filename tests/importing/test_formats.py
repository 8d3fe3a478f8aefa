"""The same events in every format that is read; and spreadsheets as people keep them."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely

from geodata.cli import main
from geodata.formats import headings
from geodata.formats.dataset import Dataset, Metadata, Options, Row
from geodata.formats.registry import FORMATS, write
from geodata.importing import column_mapping
from tests.importing.conftest import Bring
from tests.importing.made import acled, acled_file

# Written for other programs, and not read.
WRITTEN = {name for name, one in FORMATS.items() if not hasattr(one.module, "load") and not one.strict}


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in WRITTEN])
def test_events_taken_away_in_a_format_are_brought_in_again(name: str, bring: Bring, tmp_path: Path) -> None:
    rows = [acled(f"I{at}", longitude=f"42.{at:02}", fatalities=str(at)) for at in range(12)]
    _, first = bring(acled_file(*rows), layer="first")
    path = tmp_path / f"taken{FORMATS[name].extensions[0]}"
    assert main(["export", "first", "--to", str(path), "--format", name]) == 0
    report, again = bring(path, layer="again")
    assert report.rows == 12
    assert report.counts["points"] == 12
    places, read = ([(one.geometry.x, one.geometry.y) for one in layer.features] for layer in (first, again))
    assert np.array(sorted(read)) == pytest.approx(np.array(sorted(places)), abs=1e-7)
    assert {one.properties["date_start"] for one in again.features} == {"2024-01-04"}


@pytest.mark.parametrize("name", ["gpkg", "geojson", "flatgeobuf", "shapefile", "kml", "geoparquet"])
def test_no_column_takes_the_place_of_the_shapes_of_a_file(name: str, bring: Bring, tmp_path: Path) -> None:
    names = list(
        dict.fromkeys([*(one for axis in column_mapping.POSITIONS for one in headings.names()[axis]), "label"])
    )
    triangle = shapely.Polygon([(40, 30), (41, 30), (41, 31)])
    rows = [Row("a", triangle, {"original": dict.fromkeys(names, "12.5")})]
    path = tmp_path / f"shapes{FORMATS[name].extensions[0]}"
    with path.open("wb") as stream:
        write(FORMATS[name], [Dataset(Metadata("shapes", original=tuple(names)), rows)], stream, Options(("original",)))
    _, layer = bring(path, layer="shapes")
    [feature] = layer.features
    assert shapely.equals_exact(shapely.normalize(feature.geometry), shapely.normalize(triangle))


def test_a_spreadsheet_as_people_keep_it(bring: Bring, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "قراءة"
    sheet = book.create_sheet("أحداث")
    sheet.append([None, None, None])
    sheet.append(["الاسم", "التاريخ", "خط العرض", "خط الطول", "القتلى", "مؤكد"])
    sheet.append(["القائم", datetime.date(2024, 2, 3), 34.37, 41.03, 3, True])
    sheet.append(["هجين", datetime.datetime(2024, 2, 4, 10, 30), "٣٤٫٦٩", "٤٠٫٨٣", "=1+1", None])
    path = tmp_path / "book.xlsx"
    book.save(path)
    report, layer = bring(path, layer="book")
    assert report.rows == 2
    first, second = layer.features
    assert (first.properties["name_ar"], first.properties["date_start"]) == ("القائم", "2024-02-03")
    assert first.properties["killed"]["best"] == 3
    assert first.properties["original"]["مؤكد"] is True
    assert second.properties["date_start"] == "2024-02-04"
    assert second.geometry == shapely.Point(40.83, 34.69)


def test_geojson_of_another_system_is_placed_and_its_system_said(bring: Bring) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    geometry = {"type": "Point", "coordinates": [4925887.4, 3960202.9]}
    feature = {"type": "Feature", "properties": {"n": 1}, "geometry": geometry}
    data = json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]})
    report, layer = bring(data, "mercator.geojson", unplaced=False)
    assert any("EPSG::3857" in str(notice) for notice in report.notices)
    point = layer.features[0].geometry
    assert point is not None
    assert (point.x, point.y) == (pytest.approx(44.25, abs=1e-5), pytest.approx(33.4876, abs=1e-3))
