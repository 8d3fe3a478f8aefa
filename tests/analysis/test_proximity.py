"""Nearest points, sides, countries and classes, where the answers can be worked out by hand."""

from __future__ import annotations

import pytest
from pyproj import Geod

from geodata import registry
from geodata.catalog import Catalog
from geodata.errors import BadValue

GEOD = Geod(ellps="WGS84")


def answer(catalog: Catalog, name: str = "proximity", **parameters: str) -> dict:
    """Return an analysis's answer as JSON values."""
    return registry.run(name, parameters, catalog).to_dict()


def test_a_point_east_of_a_meridian(small: Catalog) -> None:
    found = answer(small, layer="near", target="border-we")
    # The nearest point of a meridian lies a little poleward of the parallel: the foot, not the parallel, is shortest.
    along_parallel = GEOD.inv(40.1, 32, 40, 32)[2]
    assert found["distance_m"] <= along_parallel
    assert found["distance_m"] == pytest.approx(along_parallel, abs=0.05)
    assert found["interval_m"] == pytest.approx([found["distance_m"] - 1500, found["distance_m"] + 1500], abs=1e-3)
    assert found["side"] == "right"
    assert found["azimuth_deg"] == pytest.approx(270, abs=0.1)
    assert found["chainage_m"] == pytest.approx(GEOD.inv(40, 30, 40, 32)[2], abs=10)
    assert found["country"] == {"id": "country-east", "certain": True}
    assert found["beyond_end"] is False
    # The place names its own source; lines and countries here have those of their layers alone.
    assert found["sources"] == ["s1", "source-borders", "source-countries"]
    assert found["licence"] == ["licence-borders", "licence-countries", "licence-sites"]


def test_near_the_line_the_side_is_unclear_and_the_country_not_certain(small: Catalog) -> None:
    found = answer(small, layer="at", target="border-we")
    assert found["interval_m"][0] == 0
    assert found["side"] == "unclear"
    assert found["country"] == {"id": "country-east", "certain": False}


def test_beyond_the_end_is_said(small: Catalog) -> None:
    found = answer(small, layer="south", target="border-we")
    assert found["beyond_end"] is True
    assert found["side"] == "unclear"
    assert found["chainage_m"] == 0
    assert found["country"] is None


def test_an_area_has_an_interval_and_no_distance(small: Catalog) -> None:
    found = answer(small, layer="somewhere", target="border-we")
    assert found["distance_m"] is None
    assert found["interval_m"][0] == 0
    farthest = max(GEOD.inv(42, lat, 40, lat)[2] for lat in (30, 34))
    assert farthest <= found["interval_m"][1] <= farthest * 1.02 + 500
    assert found["display"]["number"].startswith("0–")
    assert found["country"] == {"id": "country-east", "certain": True}


def test_a_layer_keeps_what_has_no_position(small: Catalog) -> None:
    items = {item["id"]: item for item in answer(small, layer="sites", target="borders")["items"]}
    assert len(items) == 7
    assert items["nowhere"]["distance_m"] is None
    assert items["nowhere"]["display"] is None
    assert items["near"]["target"] == "border-we"


def test_the_nearest_of_a_layer_is_never_the_place_itself(small: Catalog) -> None:
    items = {item["id"]: item for item in answer(small, layer="sites", target="sites")["items"]}
    assert items["near"]["target"] in ("vague", "at", "somewhere")
    assert all(item["target"] != item["id"] for item in items.values())


def test_within_has_three_answers_and_a_placeholder_is_never_certain(small: Catalog) -> None:
    found = answer(small, "within", layer="sites", target="border-we", km="25")
    words = {item["id"]: item["within"] for item in found["items"]}
    assert words == {
        "near": "certainly",
        "at": "certainly",
        "far": "no",
        "south": "no",
        "vague": "possibly",
        "somewhere": "possibly",
        "nowhere": "unknown",
    }
    assert found["counts"] == {"certainly": 2, "possibly": 2, "no": 2}
    edge = answer(small, "within", layer="near", target="border-we", km="10")
    assert edge["within"] == "possibly"


def test_typed_coordinates_are_exact_and_said_to_be(small: Catalog) -> None:
    found = answer(small, layer="40.1,32", target="border-we")
    assert found["id"] == "40.1,32"
    assert found["uncertainty_m"] == 0
    assert any("exact" in text["en"] for text in found["assumptions"])
    arabic = answer(small, layer="٤٠٫١، ٣٢", target="border-we")
    assert arabic["distance_m"] == found["distance_m"]


def test_the_same_question_has_the_same_id(small: Catalog) -> None:
    first = answer(small, layer="near", target="border-we")
    assert answer(small, layer="near", target="border-we")["result_id"] == first["result_id"]
    assert answer(small, layer="at", target="border-we")["result_id"] != first["result_id"]


@pytest.mark.parametrize(
    ("layer", "target", "named"),
    [("nowhere", "border-we", "layer"), ("near", "nowhere", "target"), ("near", "missing", "target")],
)
def test_what_cannot_be_measured_is_named(small: Catalog, layer: str, target: str, named: str) -> None:
    with pytest.raises(BadValue) as caught:
        answer(small, layer=layer, target=target)
    assert caught.value.parameter == named


def test_distance_between_two_places(small: Catalog) -> None:
    found = answer(small, "distance", layer="near", target="far")
    assert found["distance_m"] == pytest.approx(GEOD.inv(40.1, 32, 36.5, 32)[2], abs=1e-3)
    assert found["interval_m"] == pytest.approx([found["distance_m"] - 2000, found["distance_m"] + 2000], abs=1e-3)
    result = registry.run("distance", {"layer": "near", "target": "far"}, small)
    roles = [feature["properties"]["role"] for feature in result.to_geojson()["features"]]
    assert roles == ["from", "to", "distance", "foot"]


def test_positions_as_people_write_them_and_swapped_ones_suspected() -> None:
    plain = registry.run("distance", {"layer": "40.7625,36.4775", "target": "erbil"}).to_dict()
    for written in ("36°28'39\"N 40°45'45\"E", "40.7625E 36.4775N", "٣٦٫٤٧٧٥ شمالًا ٤٠٫٧٦٢٥ شرقًا"):
        found = registry.run("distance", {"layer": written, "target": "erbil"}).to_dict()
        assert found["distance_m"] == pytest.approx(plain["distance_m"], abs=1)
    square = registry.run("distance", {"layer": "37S FA 5784 4000", "target": "erbil"}).to_dict()
    assert square["uncertainty_m"] == pytest.approx(7.07, abs=0.01)
    assert any("square" in text["en"] for text in square["assumptions"])
    turned = registry.run("distance", {"layer": "36.4775,40.7625", "target": "erbil"}).to_dict()
    assert any("swapped" in text["en"] for text in turned["assumptions"])
    assert not any("swapped" in text["en"] for text in plain["assumptions"])
    for nothing in ("36.4775 40.7625", "nowhere 12", "99N 12E"):
        with pytest.raises(BadValue):
            registry.run("distance", {"layer": nothing, "target": "erbil"})
