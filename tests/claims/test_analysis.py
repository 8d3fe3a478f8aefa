"""Every claim of the source gets the verdict that its test computes, and no claim is tested on its own drawing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geodata import registry, settings
from geodata.catalog import Catalog, shipped
from geodata.formats import geojson
from geodata.store.geojson_store import FileStore
from tests.claims.expected import EXPECTED


@pytest.fixture(scope="module")
def items() -> dict[str, dict]:
    return {item["id"]: item for item in registry.run("claims", {}).to_dict()["items"]}


def test_every_claim_is_there(items: dict[str, dict]) -> None:
    assert set(items) == set(EXPECTED)


@pytest.mark.parametrize("claim", sorted(EXPECTED))
def test_verdict(claim: str, items: dict[str, dict]) -> None:
    assert items[claim]["verdict"] == EXPECTED[claim], items[claim]["reason"]["en"]
    assert items[claim]["reason"]["en"]
    assert items[claim]["reason"]["ar"]


def test_no_verdict_is_stored() -> None:
    text = (settings.SOURCES / "claims.json").read_text("utf-8")
    for word in ("disagrees", '"agrees', "cannot_tell", "verdict"):
        assert word not in text


def test_the_prison(items: dict[str, dict]) -> None:
    prison = items["prison-10km"]
    assert prison["measured"] == pytest.approx(49.27, abs=0.3)
    assert prison["reported"]["interval"] == [5, 15]
    assert len({row["candidate"] for row in prison["table"]}) >= 4
    assert len({row["line"] for row in prison["table"]}) >= 2
    assert {row["verdict"] for row in prison["table"]} == {"disagrees"}


def test_the_frontages(items: dict[str, dict]) -> None:
    assert items["wall-al-qaim-area"]["measured"] == pytest.approx(87.3, abs=2)
    assert items["wall-on-border"]["measured"] == pytest.approx(367.0, abs=2)


def test_the_directions(items: dict[str, dict]) -> None:
    assert items["ain-al-asad-west"]["measured"] == pytest.approx(305, abs=1.5)
    assert items["erbil-west"]["measured"] == pytest.approx(3, abs=1.5)
    assert items["us-forces-ne-jordan"]["measured"] == pytest.approx(38, abs=1.5)


def test_editing_the_wall_cannot_change_a_verdict(tmp_path: Path, items: dict[str, dict]) -> None:
    shutil.copytree(settings.LAYERS, tmp_path / "layers")
    path = tmp_path / "layers" / "wall.geojson"
    wall = json.loads(path.read_bytes())
    wall["features"][0]["geometry"]["coordinates"] = [[44.0, 33.0], [44.5, 33.0]]
    wall["features"][0]["properties"].update({"derived": None, "illustration": False, "placeholder": False})
    path.write_text(json.dumps(wall))
    edited = registry.run("claims", {}, Catalog(FileStore(tmp_path / "layers"))).to_dict()
    for item in edited["items"]:
        assert item == items[item["id"]], item["id"]


def test_one_claim_can_be_asked_for() -> None:
    answer = registry.run("claims", {"of": "prison-10km"}).to_dict()
    assert [item["id"] for item in answer["items"]] == ["prison-10km"]
    assert "borders" in answer["inputs"]["layers"]
    assert "wall" not in answer["inputs"]["layers"]


def test_every_claim_is_told_in_both_languages(items: dict[str, dict]) -> None:
    for item in items.values():
        for member in ("title", "question", "reason"):
            assert item[member]["en"], (item["id"], member)
            assert item[member]["ar"], (item["id"], member)
        assert item["source"] in shipped().sources()
        assert item["quotes"]
        assert item["quote_ar"] == " … ".join(part["text"] for part in item["quotes"])


def test_the_reported_distance_is_drawn_as_a_ring() -> None:
    features = registry.run("claims", {"of": "prison-10km"}).to_geojson()["features"]
    ring = next(feature for feature in features if feature["properties"]["role"] == "reported")
    lon, lat = shapely.get_coordinates(geojson.geometry(ring["geometry"])).T
    far = Geod(ellps="WGS84").inv(np.full(len(lon), 40.7625), np.full(len(lat), 36.4775), lon, lat)[2]
    assert far == pytest.approx(10_000, abs=1)
