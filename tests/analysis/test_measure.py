"""One measurement: of a feature to itself, of several places that are all true, and the one rule of "within"."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import geodesy, registry
from geodata.analysis import measure
from geodata.analysis.places import Place, resolve
from geodata.analysis.predicates import Predicates
from geodata.analysis.proximity_table import table
from geodata.catalog import shipped
from geodata.errors import BadValue
from geodata.query import tables
from webapp.proximity.rows import of_places

STRIKE = "event-strikes-2024-02-03"
UNNAMED = {"en": "", "ar": ""}


def point(lon: float, lat: float, radius: float | None) -> Place:
    return Place(f"{lon},{lat}", UNNAMED, "", shapely.Point(lon, lat), radius)


@pytest.mark.parametrize("layer", ["sites", "events", "borders", "governorates"])
def test_a_feature_is_0_from_itself_however_little_is_known_of_it(layer: str) -> None:
    for place in resolve("layer", layer, shipped())[0]:
        result = measure.to_target([place], place)[0]
        assert (result is None) == (not place.has_extent)
        if result is not None:
            assert (result.distance, result.low, result.high, result.within(0.001) != "no") == (0.0, 0.0, 0.0, True)
    answer = registry.run("distance", {"layer": "erbil", "target": "erbil"}, shipped()).to_dict()
    assert (answer["distance_m"], answer["interval_m"], answer["display"]["number"]) == (0, [0, 0], "0")


def test_the_diagonal_of_a_matrix_is_0() -> None:
    answer = registry.run("matrix", {"layer": "sites", "target": "sites"}, shipped()).to_dict()
    items = [i for i, row in enumerate(answer["distance_m"]) if row[i] is not None]
    assert {(answer["distance_m"][i][i], *answer["interval_m"][i][i]) for i in items} == {(0, 0, 0)}
    assert len(items) > 20


def test_of_the_places_of_one_event_the_nearest_counts() -> None:
    answer = registry.run("proximity", {"layer": STRIKE, "target": "border-iq-sy"}, shipped()).to_dict()
    qaim = registry.run("proximity", {"layer": "al-qaim", "target": "border-iq-sy"}, shipped()).to_dict()
    assert answer["distance_m"] == qaim["distance_m"]
    assert answer["interval_m"][0] == 0
    assert answer["interval_m"][1] < 15_000
    assert answer["display"]["number"] == "0–9.8"
    within = registry.run("within", {"layer": STRIKE, "target": "border-iq-sy", "km": "10"}, shipped()).to_dict()
    assert within["within"] == "certainly"


positions = st.tuples(st.floats(38, 48), st.floats(30, 37), st.floats(0, 90_000))


@settings(deadline=None, max_examples=40)
@given(st.lists(positions, min_size=2, max_size=5, unique_by=lambda one: one[:2]), st.floats(1, 900_000))
def test_several_places_against_each_of_them(places: list[tuple[float, float, float]], radius: float) -> None:
    line = resolve("target", "border-iq-sy", shipped())[0][0]
    spread = max(one[2] for one in places)
    event = Place("event", UNNAMED, "", shapely.MultiPoint([one[:2] for one in places]), spread)
    result = measure.to_target([event], line)[0]
    each = [one for one in measure.to_target([point(*one[:2], spread) for one in places], line) if one is not None]
    assert result is not None
    assert result.distance == min(one.distance for one in each if one.distance is not None)
    assert result.low == min(one.low for one in each if one.low is not None)
    assert result.high == min(one.high for one in each if one.high is not None)
    assert (result.within(radius) == "certainly") == any(one.within(radius) == "certainly" for one in each)
    back = measure.to_target([line], event)[0]
    assert back is not None
    parts = [measure.to_target([line], point(*one[:2], spread))[0] for one in places]
    assert back.low == min(one.low for one in parts if one is not None and one.low is not None)
    assert back.high == min(one.high for one in parts if one is not None and one.high is not None)


@pytest.mark.parametrize("target", ["border-iq-sy", "wall", "euphrates"])
def test_one_rule_for_table_events_and_single_questions(target: str) -> None:
    catalog = shipped()
    features = list(catalog.layer("events").features)
    rows, others = of_places(features, catalog, "en")
    body = table(rows, {"target": target, "bands": "5,10,100,500,1000"}, catalog, others).body
    layer = catalog.layer("events")
    ends = Predicates(layer, tables.table(layer), catalog).distances(target)
    line = {item["line"]: item for item in body["items"]}
    for km in (5, 10, 100, 500, 1000):
        words = ends.within(km * 1000).tolist()
        within = registry.run("within", {"layer": "events", "target": target, "km": str(km)}, catalog).body["items"]
        for at, (word, single) in enumerate(zip(words, within, strict=True), start=1):
            if at in line:
                assert word == line[at]["bands"][str(km)] == single["within"], (features[at - 1].id, km)


def test_where_nobody_stated_a_radius_the_rule_is_the_same() -> None:
    random = np.random.default_rng(5)
    line = resolve("target", "border-iq-sy", shipped())[0][0]
    places = [point(x, y, None) for x, y in zip(random.uniform(38, 46, 200), random.uniform(31, 37, 200), strict=True)]
    found = [one for one in measure.to_target(places, line) if one is not None]
    distance = np.array([one.distance for one in found], dtype=float)
    nothing = np.full(len(found), np.nan)
    for radius in (10_000.0, 100_000.0, 400_000.0):
        words = geodesy.classify(nothing, nothing, radius, False, distance).tolist()
        assert [one.within(radius) for one in found] == words
        assert words.count("possibly") == (distance <= radius).sum()
        assert set(words) <= {"possibly", "unknown"}


def test_an_assumed_radius_is_carried() -> None:
    def ask(layer: str) -> Any:
        return registry.run("proximity", {"layer": layer, "target": "border-iq-sy"}, shipped()).to_dict()

    (typed,) = (one for one in ask("41,36")["assumed"] if one["of"] == "41,36")
    assert typed == {"of": "41,36", "radius_m": 0, "by": "typed"}
    click = ask("41,36@9")
    (assumed,) = (one for one in click["assumed"] if one["by"] == "click")
    pixel = 2 * math.pi * 6_378_137 / 256 * math.cos(math.radians(36)) / 2**9
    assert assumed["radius_m"] == pytest.approx(1.5 * pixel, rel=1e-6)
    assert assumed["zoom"] == 9
    assert click["uncertainty_m"] == pytest.approx(assumed["radius_m"], abs=1e-4)
    assert click["interval_m"][1] > click["distance_m"]
    stated = ask("hasakah-prison")["assumed"]
    assert [one for one in stated if one["of"] == "hasakah-prison"] == []
    with pytest.raises(BadValue, match="zoom"):
        ask("41,36@99")


def test_the_layer_s_own_radius_is_assumed_where_a_feature_has_none() -> None:
    catalog = shipped()
    for layer in catalog.layers():
        default = layer.entry.get("default_uncertainty_m")
        for place in resolve("layer", layer.id, catalog)[0] if len(layer.features) < 100 else ():
            own = place.feature.properties.get("coordinateUncertaintyInMeters") if place.feature else None
            by_layer = own is None and default is not None and place.area is None
            assert place.assumed == (
                {"radius_m": float(default), "by": "layer", "layer": layer.id} if by_layer else None
            )
