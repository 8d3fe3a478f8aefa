"""Values are checked at birth, and a result's id depends on what it was computed from and on nothing else."""

from __future__ import annotations

import copy
import dataclasses
import functools
import pickle

import pytest
import shapely

from geodata.errors import BadValue
from geodata.model import Feature, Layer, Result, rounded_json


def result(**changes: object) -> Result:
    outcome = Result(
        analysis="distance",
        parameters={"layer": "erbil", "target": "mosul"},
        layers={"sites": "ab" * 32},
        body={"distance_m": 1.23456789},
        method={"en": "m", "ar": "م"},
        sources=(),
        licence=(),
        attribution=(),
    )
    return dataclasses.replace(outcome, **changes)


def test_the_id_is_16_hex_digits_and_stable() -> None:
    assert result().id == result(body={"distance_m": 9.0}).id == result(sources=("a",)).id
    assert len(result().id) == 16
    assert int(result().id, 16) >= 0


@pytest.mark.parametrize(
    "changes",
    [{"analysis": "proximity"}, {"parameters": {"layer": "erbil"}}, {"layers": {"sites": "cd" * 32}}],
)
def test_the_id_changes_with_the_question(changes: dict[str, object]) -> None:
    assert result(**changes).id != result().id


def test_numbers_are_rounded_as_stated() -> None:
    plain = rounded_json({"distance_m": 49270.123456, "interval_m": [1.00006, float("nan")], "azimuth_deg": 1 / 3})
    assert plain == {"distance_m": 49270.1235, "interval_m": [1.0, None], "azimuth_deg": 0.333333333}


@pytest.mark.parametrize("id_", ["", "Erbil", "al_hol", "a--b", "-a", "a b", "x\n", "مخيم"])
def test_an_id_is_a_slug(id_: str) -> None:
    with pytest.raises(BadValue):
        Feature(id_, "sites", None, {})


def test_uncertainty_is_the_features_then_the_layers_then_unknown() -> None:
    layer = Layer("sites", "0", {"edges": "lonlat", "default_uncertainty_m": 7}, ())
    own = Feature("a", "sites", None, {"coordinateUncertaintyInMeters": 5})
    assert layer.uncertainty(own) == 5
    assert layer.uncertainty(Feature("b", "sites", None, {})) == 7
    assert layer.uncertainty(Feature("c", "sites", None, {"area": "governorates/gov-iq-an"})) is None
    bare = Layer("sites", "0", {"edges": "lonlat", "default_uncertainty_m": None}, ())
    assert bare.uncertainty(Feature("d", "sites", None, {})) is None


def test_a_deferred_geometry_is_read_once_and_is_part_of_what_a_feature_is() -> None:
    calls: list[int] = []

    def read() -> shapely.Point:
        calls.append(1)
        return shapely.Point(1, 2)

    feature = Feature.deferred("a", "sites", read, {"kind": "town"})
    assert (feature.id, feature.kind, calls) == ("a", "town", [])
    assert feature.geometry == shapely.Point(1, 2)
    assert feature.geometry is feature.geometry
    assert calls == [1]
    assert feature == Feature("a", "sites", shapely.Point(1, 2), {"kind": "town"})
    assert dataclasses.replace(feature, id="b").geometry == shapely.Point(1, 2)
    with pytest.raises(AttributeError, match="'Feature' object has no attribute 'colour'"):
        feature.colour  # noqa: B018
    with pytest.raises(dataclasses.FrozenInstanceError):
        feature.geometry = None  # type: ignore[misc]


def test_a_deferred_feature_travels_to_another_process() -> None:
    feature = Feature.deferred("a", "sites", functools.partial(shapely.Point, 1, 2), {})
    assert (
        pickle.loads(pickle.dumps(feature)) == copy.deepcopy(feature) == Feature("a", "sites", shapely.Point(1, 2), {})
    )


@pytest.mark.parametrize("id_", ["Erbil", ""])
def test_the_id_of_a_deferred_feature_is_checked(id_: str) -> None:
    with pytest.raises(BadValue):
        Feature.deferred(id_, "sites", lambda: None, {})
