"""The addresses of the desk: one set of filters for all, both languages, and no question that breaks them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geodata.catalog import current, workspace
from geodata.importing import ingest as loading
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from tests.events.conftest import COUNT, brought

DATA = ("summary.json", "items.json", "time.json", "view.json", "regions.json", "file")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that the made events were brought into."""
    return brought(tmp_path_factory.mktemp("events"), 10_000)


@pytest.fixture(autouse=True)
def made(held: Path, workspace: Path) -> None:
    """Begin with the made events."""
    shutil.copytree(held, workspace, dirs_exist_ok=True)


def test_every_address_counts_the_same_events(client: FlaskClient) -> None:
    asked = "category=Battles&deaths_min=3&lang=en"
    summary, items, time, view, regions = (client.get(f"/events/made/{name}?{asked}").json for name in DATA[:5])
    assert summary
    assert items
    assert time
    assert view
    assert regions
    count = summary["count"]
    assert 0 < count < COUNT
    assert items["count"] == count
    assert sum(one["count"] for one in regions["items"]) + regions["other"] == count
    assert view["count"] == count - summary["unplaced"]
    total = sum(one["count"] + one["spread"] for one in time["bins"]) + time["undated"]
    assert total == pytest.approx(count, abs=1)
    rows = list(csv.DictReader(io.StringIO(client.get(f"/events/made/file?format=csv&{asked}").get_data(True)[1:])))
    assert len(rows) == count
    assert {row["original.event_type"] for row in rows} == {"Battles"}
    whole = json.loads(client.get(f"/events/made/file?{asked}").data)
    assert {one["id"] for one in whole["features"]} == {row["id"] for row in rows}


def test_what_is_filtered_is_measured_and_no_more(client: FlaskClient) -> None:
    asked = "category=Battles&deaths_min=3"
    count = client.get(f"/events/made/summary.json?{asked}").json["count"]  # type: ignore[index]
    given = {"layer": "made", "filters": asked, "target": "border-iq-sy"}
    sent = client.post("/proximity?lang=en", data=given)
    assert sent.status_code == 303
    page = client.get(sent.headers["Location"]).get_data(True)
    assert "category=Battles · deaths_min=3" in page
    assert "/events?layer=made&amp;category=Battles&amp;deaths_min=3&amp;lang=en" in page
    answer = client.get("/proximity", query_string={**given, "f": "json"}).get_json()
    assert answer["rows"] == count
    assert client.get("/proximity", query_string={**given, "filters": "category=none"}).status_code == 200
    wrong = client.get("/proximity", query_string={**given, "filters": "deaths_min=many"})
    assert (wrong.status_code, "deaths_min" in wrong.get_data(True)) == (400, True)


@pytest.mark.parametrize(("lang", "label", "none"), [("en", "Syria", "no warnings"), ("ar", "سوريا", "بلا تنبيهات")])
def test_values_have_names_in_the_language_of_the_page(client: FlaskClient, lang: str, label: str, none: str) -> None:
    facets = client.get(f"/events/made/summary.json?lang={lang}").json["facets"]  # type: ignore[index]
    assert {one["label"] for one in facets["country"] if one["id"] == "country-sy"} == {label}
    assert {one["label"] for one in facets["flag"] if one["id"] == "none"} == {none}


def test_one_event_is_told_whole(client: FlaskClient) -> None:
    found = client.get("/events/made/made-m0.json").json
    assert found
    assert [one["id"] for one in found["flags"]] == ["no_position", "undated"]
    assert found["flags"][0]["label"]["ar"]
    assert len(found["original"]) == 31
    assert client.get("/events/made/made-none.json").status_code == 404


def test_an_answer_is_taken_from_the_cache_as_long_as_nothing_changed(client: FlaskClient) -> None:
    first = client.get("/events/made/summary.json")
    again = client.get("/events/made/summary.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert "Access-Control-Allow-Origin" not in first.headers


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize(
    "query",
    [
        "from=NaN", "to=2024-99-01", "deaths_min=1e9", "km=nan&target=border-iq-sy", "km=1", "polygon=NaN,1;2,3;4,5",
        "place=%27%22", "within=x", "text=%00", "actor=" + "|".join(map(str, range(101))), "polygon=" + "1,2;" * 600,
    ],
)  # fmt: skip
def test_no_filter_breaks_an_address(client: FlaskClient, name: str, query: str) -> None:
    answer = client.get(f"/events/made/{name}?{query}")
    assert answer.status_code == 400
    assert answer.content_type.startswith(("application/problem+json", "text/html"))


@pytest.mark.parametrize(
    "address",
    [
        "items.json?page=0", "items.json?page=x", "items.json?limit=1001", "items.json?sort=geometry",
        "items.json?page=-1",
        "time.json?by=hour", "time.json?view=1,2,3", "time.json?view=5,2,1,3", "view.json?bbox=a,b,c,d",
        "view.json?bbox=1,2,3,inf", "view.json?zoom=99", "view.json?zoom=NaN", "regions.json?by=village",
        "file?format=exe",
    ],
)  # fmt: skip
def test_no_parameter_breaks_an_address(client: FlaskClient, address: str) -> None:
    assert client.get(f"/events/made/{address}").status_code == 400


@pytest.mark.parametrize("layer", ["nothing", "sites", "..", "a" * 300])
def test_what_is_no_layer_of_events_is_not_found(client: FlaskClient, layer: str) -> None:
    assert client.get(f"/events/{layer}/summary.json").status_code == 404


def test_a_page_beyond_the_last_is_empty(client: FlaskClient) -> None:
    found = client.get("/events/made/items.json?page=999").json
    assert found
    assert (found["items"], found["count"], found["pages"]) == ([], COUNT, 4)


def test_the_document_s_events_are_a_layer_like_any_other(client: FlaskClient) -> None:
    found = client.get("/events/events/summary.json?lang=en").json
    assert found
    assert found["count"] == len(current().layer("events").features)
    assert found["deaths"]["best"] > 0
    assert any(one["label"] != one["id"] for one in found["facets"]["actor"])
    page = client.get("/events?lang=en")
    assert page.status_code == 200
    assert "made" in page.get_data(as_text=True)


def test_a_large_layer_of_places_is_looked_at_on_the_desk(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE", 1)
    path = tmp_path / "places.csv"
    path.write_text("name,lat,lon\nHajin,34.69,40.83\nQaim,34.37,41.03\n", encoding="utf-8")
    load(path, path.name, ImportOptions(layer="towns"), workspace(), current())
    assert current().layer("towns").kind == "place"
    answer = client.get("/layers/towns?lang=en")
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    found = client.get("/events/towns/summary.json").json
    assert found
    assert (found["count"], found["points"], found["span"]["from"]) == (2, 2, None)
    assert "towns" in client.get("/events?lang=en").get_data(as_text=True)
