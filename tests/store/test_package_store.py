"""The layers of the package are what a strict reader reads, and only what is needed of them is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata import settings
from geodata.errors import BadData, BadValue
from geodata.model import Layer
from geodata.store.geojson_store import FileStore, layer_of
from geodata.store.package_store import PackageStore
from scripts.layers.write import feature, layer_text

STORE = PackageStore(Path())
DEGREES = st.floats(-80, 80).map(lambda value: round(value, 7))
POINTS = st.builds(shapely.Point, DEGREES, DEGREES)
LINES = st.lists(st.tuples(DEGREES, DEGREES), min_size=2, max_size=6, unique=True).map(shapely.LineString)
BOXES = st.builds(lambda x, y, size: shapely.box(x, y, x + size, y + size), DEGREES, DEGREES, st.integers(1, 5))
HOLED = BOXES.map(lambda box: box.difference(box.centroid.buffer(0.2)))
MANY = st.lists(HOLED, min_size=2, max_size=3).map(shapely.union_all)
NAMES = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)


def read(text: str) -> Layer:
    """Return the layer that the store of the package reads from a text."""
    return STORE.read("sites", text.encode(), {})


def is_deferred(layer: Layer) -> bool:
    """Tell whether the geometries are still to be read."""
    return all("geometry" not in one.__dict__ for one in layer.features)


@pytest.mark.parametrize("name", sorted(FileStore(settings.LAYERS).entries))
def test_every_shipped_layer_is_what_a_strict_reader_reads(name: str) -> None:
    quick = PackageStore(settings.LAYERS).layer(name)
    assert is_deferred(quick)
    assert quick == FileStore(settings.LAYERS).layer(name)


@given(st.lists(st.tuples(st.none() | POINTS | LINES | BOXES | HOLED | MANY, NAMES), min_size=1, max_size=4))
def test_what_our_writer_writes_is_read_the_same(values: list[tuple[shapely.Geometry | None, str]]) -> None:
    items = [
        feature(f"f{number}", shape, name_en=name, name_ar=name, kind='a,"properties":{')
        for number, (shape, name) in enumerate([(shapely.Point(0, 0), ""), *values])
    ]
    text = layer_text(items)
    quick = read(text)
    assert is_deferred(quick)
    assert quick == layer_of("sites", text.encode(), {})


GOOD = '{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"kind":"town"}}'


@pytest.mark.parametrize(
    "text",
    [
        f'{{"type":"FeatureCollection","features":[\n{GOOD}]}}',
        f'{{"features":[{GOOD}],"type":"FeatureCollection"}}',
        json.dumps({"type": "FeatureCollection", "features": [json.loads(GOOD)]}, indent=1),
        GOOD,
    ],
)
def test_what_is_written_otherwise_is_read_strictly(text: str) -> None:
    layer = read(text)
    assert not is_deferred(layer)
    assert layer == layer_of("sites", text.encode(), {})


def shaped(feature_text: str) -> str:
    """Return a collection of one feature as our writer lays it out."""
    return f'{{"type":"FeatureCollection","features":[\n{feature_text}\n]}}\n'


@pytest.mark.parametrize(
    "bad",
    [
        GOOD.replace('"kind":"town"', '"kind":'),
        GOOD.replace('{"kind":"town"}', "7}"),
        GOOD.replace("Feature", "Thing"),
        GOOD[:-4],
        "[]",
    ],
)
def test_what_is_damaged_is_named(bad: str) -> None:
    assert read(shaped(GOOD)).features[0].kind == "town"
    with pytest.raises(BadData):
        read(shaped(bad))


def test_an_id_is_checked() -> None:
    with pytest.raises(BadValue, match="lower-case"):
        read(shaped(GOOD.replace('"id":"a"', '"id":"A b"')))


def test_an_empty_layer_has_no_features() -> None:
    nothing: dict[str, Any] = {"type": "FeatureCollection", "features": []}
    assert read(json.dumps(nothing)).features == ()
