"""The rows of a request: one kind at a time, a layer's places, a CSV narrowed with its lines kept."""

from __future__ import annotations

import pytest

from geodata.analysis.proximity_table import table
from geodata.catalog import shipped
from geodata.errors import BadValue, NotFound
from geodata.formats import point_table
from webapp.proximity.rows import filtered, narrowed, of_places, row_source, selected


def test_nothing_is_nothing() -> None:
    assert row_source({}, None) is None
    assert row_source({"text": " \n", "layer": ""}, b"") is None


def test_one_kind_at_a_time() -> None:
    with pytest.raises(BadValue, match="one of: text, file, layer"):
        row_source({"text": "33,42", "layer": "sites"}, None)
    with pytest.raises(BadValue, match="UTF-8"):
        row_source({}, b"lat,lon\n\xff,1\n")
    with pytest.raises(BadValue, match="order"):
        row_source({"text": "33,42", "order": "north"}, None)


def test_filters_are_those_of_a_layers_desk() -> None:
    with pytest.raises(BadValue, match="given with a layer"):
        row_source({"text": "33,42", "filters": "text=base"}, None)
    asks = row_source({"layer": "events", "filters": "category=air_strike|talks&from=2024-01-01"}, None)
    assert asks is not None
    result, others = asks.rows((38.0, 29.0, 49.0, 38.0), shipped(), "en")
    events = {one.name["en"]: one for one in shipped().layer("events").features}
    found = [events[name] for name in [*result.name, *(name for _, name, _ in others)]]
    ids = {one.id for one in found}
    assert {"event-strike-2024-01-04", "event-hmc-resumes-2024-02-11"} <= ids
    assert {one.properties["event_type"] for one in found} == {"air_strike", "talks"}
    for wrong in ("", "colour=red&text=x", "from=2024-02-30"):
        with pytest.raises(BadValue):
            filtered("events", wrong or "&", shipped())
    with pytest.raises(NotFound, match="layer of events"):
        filtered("sites", "text=x", shipped())


def test_every_place_of_a_layer_is_a_row_or_is_listed() -> None:
    layer = shipped().layer("sites")
    result, others = of_places(selected("sites", shipped()), shipped(), "ar")
    assert len(result) + len(others) + len(result.problems) == len(layer.features)
    assert "سجن" in result.name[0]
    assert all(place.placeholder or place.area is not None for _, _, place in others)
    assert "عكاشات" in [name for _, name, _ in others]


def test_a_narrowed_csv_reads_the_same_on_the_same_lines() -> None:
    text = 'note,name,lat,lon\nx,A,33,42\n\n#c,,,\n"two\nlines",=B,34,41\nx,C,,\n'
    found = point_table.read_csv(text.encode())
    again = point_table.read_csv(narrowed(text, found.columns).encode())
    assert "note" not in narrowed(text, found.columns)
    assert (again.number, again.name, again.lon, again.problems) == (
        found.number,
        found.name,
        found.lon,
        found.problems,
    )
    assert found.number == [2, 6]


def test_a_selection_is_its_features_in_the_order_given() -> None:
    found = selected("erbil; hasakah-prison;erbil", shipped())
    assert [feature.id for feature in found] == ["erbil", "hasakah-prison"]
    with pytest.raises(NotFound, match="nowhere"):
        selected("erbil;nowhere", shipped())


def test_what_is_known_to_an_area_is_of_the_same_kinds_and_of_its_governorate() -> None:
    asks = row_source({"layer": "events"}, None)
    assert asks is not None
    result, others = asks.rows((38.0, 29.0, 49.0, 38.0), shipped(), "en")
    items = table(result, {"target": "border-iq-sy"}, shipped(), others).body["items"]
    by_id = {item["feature"]: item for item in items}
    assert by_id["events/event-strikes-2024-02-03"]["governorate"] == "gov-iq-an"
    assert by_id["events/event-talks-2023"]["governorate"] is None
    assert {item["kind"] for item in items} <= set(shipped().vocabulary()["event_type"])
