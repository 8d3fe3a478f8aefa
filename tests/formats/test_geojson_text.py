"""Rows as GeoJSON text: streamed, rounded and wound as RFC 7946 has it, whatever is in them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import shapely

from geodata.formats import geojson
from geodata.formats.dataset import BATCH, Dataset, Metadata, Options, Row
from geodata.formats.geojson_text import Box, array_of, pour
from geodata.formats.registry import FORMATS, write


def test_a_layer_larger_than_memory_is_written_as_it_comes() -> None:
    class Watched(io.BytesIO):
        most = 0

        def write(self, data: object) -> int:
            # How far the rows are ahead of the features that are written.
            self.most = max(self.most, made - self.features)
            self.features += data not in (b"\n", b"")
            return 0

        features = 0

    made = 0

    def rows() -> Iterator[Row]:
        nonlocal made
        for number in range(5 * BATCH):
            made += 1
            yield Row(number, shapely.Point(number % 180, 35), {"a": number})

    stream = Watched()
    assert pour(Dataset(Metadata("x"), rows()), Options(), stream, b"\n") == 5 * BATCH == stream.features
    assert 0 < stream.most <= 2 * BATCH


def test_every_kind_of_geometry_reads_back_with_seven_decimals_and_right_hands() -> None:
    texts = (
        "POINT (40.123456789 35)",
        "POINT Z (40 35 7.25)",
        "POINT EMPTY",
        "MULTIPOINT ((40 35), (41 36))",
        "POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))",
        "POLYGON Z ((0 0 1, 0 1 1, 1 1 1, 1 0 1, 0 0 1))",
        "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))",
    )
    rows = [Row(f"r{at}", shapely.from_wkt(text), {}) for at, text in enumerate(texts)] + [Row(None, None, {})]
    stream = io.BytesIO()
    write(FORMATS["geojson"], [Dataset(Metadata("x"), rows)], stream)
    report = geojson.check(stream.getvalue())
    assert (report.errors, report.warnings) == ([], [])
    body = json.loads(stream.getvalue())
    shapes = [feature["geometry"] for feature in body["features"]]
    assert shapes[0]["coordinates"] == [40.1234568, 35]
    assert shapes[1]["coordinates"] == [40, 35, 7.25]
    assert shapes[2] is shapes[-1] is None
    assert [len(position) for position in shapes[5]["coordinates"][0]] == [3] * 5
    assert body["bbox"] == [0, 0, 41, 36]
    assert "id" not in body["features"][-1]
    assert body["features"][-1]["properties"] == {}


def test_an_empty_layer_is_a_good_collection() -> None:
    stream = io.BytesIO()
    write(FORMATS["geojson"], [Dataset(Metadata("x"), [])], stream)
    assert geojson.read(stream.getvalue()) == []
    assert "bbox" not in json.loads(stream.getvalue())
    assert write(FORMATS["geojsonseq"], [Dataset(Metadata("x"), [])], io.BytesIO()) != []


def test_a_box_grows_with_what_has_a_place() -> None:
    box = Box()
    assert box.to_list() is None
    box.take(array_of([None, shapely.Point(), shapely.Point(1, 2)]))
    box.take(array_of([shapely.Point(-1, 5)]))
    box.take(array_of([]))
    assert box.to_list() == [-1, 2, 1, 5]


def test_numbers_and_texts_beyond_64_bits_and_utf8_are_written() -> None:
    rows = [Row(2**70, shapely.Point(1, 2), {"half": "\ud800", "n": -(2**80)}), Row("b", None, {"a": 1})]
    stream = io.BytesIO()
    write(FORMATS["geojson"], [Dataset(Metadata("x"), rows)], stream)
    first, second = json.loads(stream.getvalue())["features"]
    assert (first["id"], first["properties"]["half"], first["properties"]["n"]) == (2**70, "\ud800", -(2**80))
    assert second["properties"] == {"id": "b", "a": 1}
