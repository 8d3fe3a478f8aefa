"""A table as files: formulas defused, unread rows with the reason."""

from __future__ import annotations

import csv
import io
import json

import pytest

from geodata.analysis.proximity_table import table
from geodata.catalog import shipped
from geodata.formats.point_table import Rows, read_csv
from geodata.formats.spreadsheet_cells import defused
from webapp.proximity.downloads import csv_of, geojson_of


def rows() -> Rows:
    """Return two rows that can be read and one that cannot."""
    return read_csv("name,lat,lon\n=1+1,36.4775,40.7625\nقاعدة,33.79,42.44\nC,x,y\n".encode())


@pytest.mark.parametrize("text", ["=1", "+1+1", "-1-1", "-x", "+", "@x", "\tx", "\rx", "  =1"])
def test_what_begins_a_formula_is_defused(text: str) -> None:
    assert defused(text) == f"'{text}"


def test_csv() -> None:
    data = csv_of(table(rows(), {"target": "border-iq-sy"}, shipped()))
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["name"] for row in read] == ["'=1+1", "قاعدة", ""]
    assert float(read[0]["distance_m"]) == pytest.approx(49_300, abs=500)
    assert read[0]["within_50_km"] == "certainly"
    assert read[2]["line"] == "4"
    assert read[2]["problem"]


def test_geojson() -> None:
    value = json.loads(geojson_of(table(rows(), {"target": "border-iq-sy"}, shipped())))
    assert [one["geometry"]["type"] for one in value["features"]] == ["Point", "Point"]
    assert value["features"][0]["properties"]["target"] == "border-iq-sy"
    assert value["masafa"]["problems"][0]["line"] == 4
