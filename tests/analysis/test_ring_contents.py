"""What rings hold: each feature once, in the smallest ring that holds it; totals, and why nothing is certain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geodata import registry
from geodata.analysis import measure, ring_contents
from geodata.catalog import Catalog, current, shipped, workspace
from geodata.errors import BadValue, Refused
from geodata.formats import geojson
from geodata.store.geojson_store import FileStore
from tests.analysis.conftest import Make, entry, feature, point

GEOD = Geod(ellps="WGS84")
WORDS = ("certainly", "possibly")


def rings(catalog: Catalog, **parameters: str) -> list[dict[str, Any]]:
    """Return the rings of an answer."""
    found: list[dict[str, Any]] = registry.run("buffer", parameters, catalog).to_dict()["rings"]
    return found


def ids(ring: dict[str, Any], word: str) -> list[str]:
    """Return the features of a list, in its order."""
    return [item["id"] for item in ring[word]]


def test_what_is_inside(small: Catalog) -> None:
    inner, outer = rings(small, layer="near", km="25,5", of="sites")
    assert (ids(inner, "certainly"), ids(outer, "certainly")) == ([], ["at"])
    assert (ids(inner, "possibly"), ids(outer, "possibly")) == (["somewhere", "vague"], [])
    assert [outer["totals"][word]["features"] for word in WORDS] == [1, 2]
    assert outer["certainly"][0]["within"] == "certainly"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(39.5, 40.7), st.floats(31.5, 32.5), st.one_of(st.none(), st.integers(0, 60_000)), st.booleans()
        ),
        max_size=12,
    ),
    st.lists(st.integers(1, 120), min_size=1, max_size=5, unique=True),
    st.integers(0, 40_000),
    st.booleans(),
)
def test_each_feature_once_in_the_smallest_ring(
    tmp_path_factory: pytest.TempPathFactory,
    places: list[tuple[float, float, int | None, bool]],
    radii: list[int],
    spread: int,
    vague: bool,
) -> None:
    sites = [feature("centre", point(40, 32), coordinateUncertaintyInMeters=spread, placeholder=vague)]
    truth: dict[str, tuple[float, float | None, bool]] = {}
    for number, (lon, lat, radius, placeholder) in enumerate(places):
        id_ = f"place-{number}"
        sites.append(feature(id_, point(lon, lat), coordinateUncertaintyInMeters=radius, placeholder=placeholder))
        away = GEOD.inv(40, 32, lon, lat)[2]
        truth[id_] = (away, None if radius is None else radius + spread, not (placeholder or vague))
    catalog = _catalog(tmp_path_factory.mktemp("rings"), {"countries": [], "sites": sites})
    found = rings(catalog, layer="centre", km=",".join(map(str, radii)), of="sites")
    seen: dict[str, set[str]] = {word: set() for word in WORDS}
    for ring in found:
        metres = ring["radius_m"]
        certain = {id_ for id_, (away, u, sure) in truth.items() if u is not None and sure and away + u <= metres}
        possible = {id_ for id_, (away, u, _) in truth.items() if away - (u or 0) <= metres} - certain
        assert set(ids(ring, "certainly")) == certain - seen["certainly"]
        assert set(ids(ring, "possibly")) == possible - seen["possibly"]
        assert [ring["totals"][word]["features"] for word in WORDS] == [len(certain), len(possible)]
        for word, all_ in (("certainly", certain), ("possibly", possible)):
            distances = [truth[id_][0] for id_ in ids(ring, word)]
            assert distances == sorted(distances)
            seen[word] |= all_
        if certain:
            assert ring["certainty_note"] is None
        if vague or spread > metres:
            assert ring["certainty_note"]["en"]
            assert not certain or spread <= metres


def _catalog(folder: Path, layers: dict[str, list[dict[str, Any]]]) -> Catalog:
    (folder / "catalog.json").write_text(json.dumps({"layers": [entry(name, None) for name in layers]}))
    for name, features in layers.items():
        (folder / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return Catalog(FileStore(folder))


def test_towns_under_the_rings_are_counted() -> None:
    found = rings(shipped(), layer="al-qaim", km="100")[0]
    towns = {
        town.id
        for town in shipped().layer("places").features
        if GEOD.inv(41.0927, 34.3688, *town.geometry.coords[0])[2] < 80_000  # type: ignore[union-attr]
    }
    assert towns
    assert towns <= set(ids(found, "certainly")) | set(ids(found, "possibly"))
    assert {item["layer"] for item in found["certainly"]} == {"sites", "events", "places"}


def test_rows_known_to_a_whole_country_are_marked() -> None:
    found = rings(shipped(), layer="al-qaim", km="25")[0]
    wide = {item["id"] for item in found["possibly"] if item["country_wide"]}
    assert "event-us-withdrawal-2011" in wide
    assert all(shipped().feature(id_).area == "countries/country-iq" for id_ in wide)
    assert not any(item["country_wide"] for item in found["certainly"])


def test_events_and_deaths_are_totalled(make: Make) -> None:
    killed = [
        {"best": 16, "low": 16, "high": 17},
        {"best": 2, "low": None, "high": None},
        {"best": None, "low": 3, "high": None},
        None,
    ]
    events = [
        feature(f"event-{at}", point(40 + at / 100, 32), kind="event", killed=record, coordinateUncertaintyInMeters=10)
        for at, record in enumerate(killed)
    ]
    catalog = make(
        {
            "countries": [],
            "events": events,
            "sites": [feature("quiet", point(40.01, 32), kind="town", coordinateUncertaintyInMeters=5)],
        }
    )
    totals = [ring["totals"]["certainly"] for ring in rings(catalog, layer="40,32", km="0.5,1.5,10", of="events,sites")]
    assert totals == [
        {"features": 1, "events": 1, "killed": {"best": 16, "low": 16, "high": 17}},
        {"features": 3, "events": 2, "killed": {"best": 18, "low": 18, "high": 19}},
        {"features": 5, "events": 4, "killed": {"best": 21, "low": 21, "high": None}},
    ]
    assert rings(catalog, layer="40.01,32", km="0.1", of="sites")[0]["totals"]["certainly"]["killed"] is None


def test_layers_of_the_workspace_are_looked_in_and_named(small: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = geojson.write([feature("my-post", point(41.11, 34.37), coordinateUncertaintyInMeters=10)])
    workspace().put_layer({**entry("mine", None), "kind": "site"}, mine)
    answer = registry.run("buffer", {"layer": "al-qaim", "km": "25"}, current()).to_dict()
    assert "my-post" in ids(answer["rings"][0], "certainly")
    assert answer["inputs"]["parameters"]["of"] == answer["of"] == ["events", "mine", "places", "sites"]
    assert "mine" in answer["inputs"]["layers"]
    named = registry.run("buffer", {"layer": "al-qaim", "km": "25", "of": "sites,events,places"}, current()).to_dict()
    assert "my-post" not in ids(named["rings"][0], "certainly")
    assert named["result_id"] != answer["result_id"]
    monkeypatch.setattr(ring_contents, "MAX_FEATURES", 0)
    layers, left_out = ring_contents.layers_of("of", ("own",), current())
    assert (layers, [(one["layer"], one["features"]) for one in left_out]) == ((), [("mine", 1)])
    with pytest.raises(Refused, match="at most 0"):
        rings(current(), layer="al-qaim", km="25", of="mine")
    with pytest.raises(BadValue, match="own"):
        rings(current(), layer="al-qaim", km="25", of="nowhere")
    # A layer that came from nowhere else is the user's own in any catalogue.
    assert set(small.own_ids()) == set()


def test_long_lists_name_the_nearest_and_count_the_rest(small: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rings(small, layer="near", km="500", of="sites")[0]
    monkeypatch.setattr(ring_contents, "LISTED", 1)
    short = rings(small, layer="near", km="500", of="sites")[0]
    assert short["totals"] == whole["totals"]
    for word in WORDS:
        assert ids(short, word) == ids(whole, word)[:1]
        assert short["unlisted"][word] == len(whole[word]) - 1


def test_a_centre_known_to_an_area_is_measured_to_what_may_be_near(
    small: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []
    to_target = measure.to_target
    monkeypatch.setattr(
        measure,
        "to_target",
        lambda subjects, target: measured.extend(one.id for one in subjects) or to_target(subjects, target),
    )
    found = rings(small, layer="somewhere", km="50", of="sites")[0]
    # Of the points outside the area "far" is 330 km away, "south" 56.
    assert not {"far", "south"} & set(measured)
    assert {"near", "at", "vague"} <= set(ids(found, "possibly"))
    assert found["certainty_note"] == ring_contents.PLACEHOLDER
    wider = rings(small, layer="somewhere", km="50,400", of="sites")
    assert ids(wider[0], "possibly") == ids(found, "possibly")
    assert {"far", "south"} <= set(ids(wider[1], "possibly"))
    monkeypatch.setattr(ring_contents, "MAX_INTERVALS", 2)
    with pytest.raises(Refused, match="at most 2"):
        rings(small, layer="somewhere", km="50", of="sites")
