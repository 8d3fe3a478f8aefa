"""Every layer file is what RFC 7946, our schemas and our own references ask for."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter

import pytest
import shapely

from geodata import settings
from geodata.formats import geojson

LAYERS = [
    "backdrop",
    "countries",
    "governorates",
    "rivers",
    "borders",
    "borders-alternatives",
    "wall",
    "places",
    "sites",
    "events",
]
FILES = [path.relative_to(settings.LAYERS) for path in sorted(settings.LAYERS.rglob("*.geojson"))]
ARABIC = re.compile(r"[\u0621-\u064A]")
FOREIGN = re.compile(r"[\u067E\u0686\u0698\u06A9\u06AF\u06CC\u06C1\u06D5\u0695\u06B5\u06C6\u06CE\u200E\u200F]")


def texts(value, path=""):
    """Give every Arabic text of a record: name_ar, and `ar` beside an `en`."""
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str) and (key == "ar" or key.endswith("_ar")):
                yield f"{path}/{key}", item
            else:
                yield from texts(item, f"{path}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, f"{path}/{index}")


def test_the_layers_stand_in_drawing_order(entries):
    assert [entry["id"] for entry in entries] == LAYERS


@pytest.mark.parametrize("path", FILES, ids=str)
def test_files_are_geojson_without_a_warning(path):
    data = (settings.LAYERS / path).read_bytes()
    report = geojson.check(data)
    assert report.errors == []
    assert report.warnings == []


@pytest.mark.parametrize("path", FILES, ids=str)
def test_bbox_is_that_of_the_features(path):
    collection = json.loads((settings.LAYERS / path).read_text("utf-8"))
    drawn = [shapely.from_geojson(json.dumps(item["geometry"])) for item in collection["features"] if item["geometry"]]
    assert collection["bbox"] == list(shapely.total_bounds(drawn))


def test_ids_are_unique_over_all_layers(layers):
    counts = Counter(item["id"] for items in layers.values() for item in items)
    assert [id_ for id_, count in counts.items() if count > 1] == []


def test_geometries_are_valid(shapes):
    assert {id_: shapely.is_valid_reason(shape) for id_, shape in shapes.items() if not shape.is_valid} == {}


def test_display_copies_hold_the_same_features(layers, entries):
    for entry in entries:
        path = settings.LAYERS / "display" / f"{entry['id']}.geojson"
        assert path.is_file() == (entry["display_tolerance_m"] is not None)
        if path.is_file():
            copy = json.loads(path.read_text("utf-8"))["features"]
            assert [(item["id"], item["properties"]) for item in copy] == [
                (item["id"], item["properties"]) for item in layers[entry["id"]]
            ]


def test_schemas_describe_every_record(validator, layers, sources, actors, claims):
    validator("catalog").validate(json.loads((settings.LAYERS / "catalog.json").read_text("utf-8")))
    for items in layers.values():
        for item in items:
            validator("event" if item["properties"]["kind"] == "event" else "feature").validate(item)
    for name, records in (("source", sources), ("actor", actors), ("claim", claims)):
        for record in records.values():
            validator(name).validate(record)


def test_references_resolve(layers, features, sources, actors):
    ids = {f"{layer}/{item['id']}" for layer, items in layers.items() for item in items}
    for id_, item in features.items():
        known = item["properties"]
        assert set(known["sources"]) <= sources.keys(), id_
        assert known["area"] is None or known["area"] in ids, id_
        assert {known.get(key) for key in ("country", "left", "right")} - {None} <= features.keys(), id_
        assert {figure["source"] for figure in known.get("figures", [])} <= sources.keys(), id_
        assert {one["source"] for one in known.get("statements", [])} <= sources.keys(), id_


def test_catalogue_names_the_sources_of_its_features(entries, layers, sources):
    for entry in entries:
        used = {source for item in layers[entry["id"]] for source in item["properties"]["sources"]}
        assert set(entry["sources"]) == used


def test_arabic_is_in_arabic_script(entries, layers, sources, actors, claims):
    for record in (entries, layers, list(sources.values()), list(actors.values()), list(claims.values())):
        for path, text in texts(record):
            assert ARABIC.search(text), f"{path}: {text}"
            assert not FOREIGN.search(text), f"{path}: {text}"


def test_english_is_not_in_arabic_script(layers):
    for items in layers.values():
        for item in items:
            assert not ARABIC.search(item["properties"]["name_en"]), item["id"]


def test_a_place_without_a_point_has_an_area_or_says_why(features):
    for id_, item in features.items():
        if item["geometry"] is None:
            assert item["properties"]["area"] or item["properties"]["note"], id_
            assert item["properties"]["area"] or item["properties"]["placeholder"], id_


def test_everything_drawn_has_a_radius(features):
    for id_, item in features.items():
        if item["geometry"] is not None:
            assert item["properties"]["coordinateUncertaintyInMeters"], id_


def test_the_first_screen_stays_within_its_budget():
    drawn = [settings.LAYERS / "display" / f"{name}.geojson" for name in LAYERS if name != "borders-alternatives"]
    files = [path if path.is_file() else settings.LAYERS / path.name for path in drawn]
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) < 175_000
