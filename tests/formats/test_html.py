"""The single-file map: small, sealed, whole, and with no text of the data where a parser could take it for code."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import numpy as np
import pytest
import shapely

from geodata.catalog import shipped
from geodata.formats import html
from geodata.map_file import STRINGS, single_file
from geodata.model import Layer

MOST_BYTES = 700_000
HOSTILE = "</script><img src=x onerror=alert(1)>\u2028&quot;"


@pytest.fixture(scope="module")
def page() -> str:
    return single_file(shipped(), shipped().ids(), "ar").decode()


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="masafa-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    value: dict[str, object] = json.loads(found[1])
    return value


def test_it_is_small(page: str) -> None:
    assert 300_000 < len(page.encode()) <= MOST_BYTES


def test_it_loads_nothing(page: str) -> None:
    assert not re.search(
        r"""(?:src|href)\s*=\s*["']?(?!data:)[a-z/]""", re.sub(r"<script.*?</script>", "", page, flags=re.S)
    )
    assert not re.search(r"url\((?!data:|#)", page)
    assert "@import" not in page


def test_only_its_own_scripts_may_run(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) >= 3
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy[1]
    assert policy[1].count("sha256-") == len(scripts)
    assert "'unsafe-inline'" not in policy[1].split("script-src")[1]


def test_every_layer_and_feature_is_in_it(page: str) -> None:
    layers = data_of(page)["layers"]
    assert isinstance(layers, list)
    assert [layer["id"] for layer in layers] == list(shipped().ids())
    for layer in layers:
        whole = shipped().layer(layer["id"])
        assert layer["version"] == whole.version
        assert [item["properties"]["name_ar"] for item in layer["features"] if "name_ar" in item["properties"]] == [
            feature.properties["name_ar"] for feature in whole.features if feature.properties.get("name_ar")
        ]
        for item, feature in zip(layer["features"], whole.features, strict=True):
            assert tuple(item["properties"].get("sources") or layer["sources"]) == feature.sources


def test_points_are_not_moved(page: str) -> None:
    layers = {layer["id"]: layer for layer in data_of(page)["layers"]}  # type: ignore[attr-defined]
    for item, feature in zip(layers["sites"]["features"], shipped().layer("sites").features, strict=True):
        if feature.geometry is not None:
            assert tuple(item["geometry"]["coordinates"]) == feature.geometry.coords[0]


def test_hostile_text_stays_text() -> None:
    entry = {
        **shipped().layer("sites").entry,
        "title": {"en": HOSTILE, "ar": HOSTILE},
        "attribution": {"en": HOSTILE, "ar": HOSTILE},
        "licence": HOSTILE,
    }
    feature = {"type": "Feature", "id": "x", "geometry": None, "properties": {"name_en": HOSTILE, "name_ar": HOSTILE}}
    sheet = html.Sheet(Layer("sites", "0", entry, ()), [feature])
    page = html.write([sheet], shipped().vocabulary(), {}, STRINGS, "en").decode()
    assert "<img" not in page
    assert page.count("</script>") == len(re.findall(r"<script", page))
    layers = data_of(page)["layers"]
    assert isinstance(layers, list)
    assert layers[0]["features"][0]["properties"]["name_en"] == HOSTILE


@pytest.mark.parametrize(("lang", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_it_opens_in_the_language_asked(lang: str, direction: str) -> None:
    page = single_file(shipped(), ("sites",), lang).decode()
    assert f'<html lang="{lang}" dir="{direction}">' in page
    assert "user-scalable=no" not in page


def test_steps_lead_to_every_vertex_within_half_a_step(page: str) -> None:
    def walked(steps: list[object]) -> list[object]:
        if isinstance(steps[0], list):
            return [walked(one) for one in steps]  # type: ignore[arg-type]
        return np.cumsum(np.reshape(steps, (-1, 2)), axis=0).tolist()

    layers = {layer["id"]: layer for layer in data_of(page)["layers"]}  # type: ignore[attr-defined]
    display = json.loads(shipped().display_path("borders").read_bytes())["features"]
    for item, feature in zip(layers["borders"]["features"], display, strict=True):
        path = shapely.LineString(np.array(walked(item["geometry"]["steps"])) / html.FINENESS)
        given = shapely.LineString(feature["geometry"]["coordinates"])
        assert path.hausdorff_distance(given) < 0.75 / html.FINENESS
    kinds = {item["geometry"]["type"] for item in layers["countries"]["features"] if item["geometry"]}
    assert kinds == {"Polygon", "MultiPolygon"}
    rings = [item["geometry"]["steps"] for item in layers["governorates"]["features"]]
    assert all(sum(ring[2::2]) == sum(ring[3::2]) == 0 for polygon in rings for ring in polygon)
