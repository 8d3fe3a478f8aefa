"""Pickers: each thing is found by its names, a name that is sent is stored as its id, and ids stay what they are."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from geodata.catalog import current, shipped
from tests.claims.test_add import NEAR
from tests.records.test_sources import REPORT
from tests.webapp.test_ledger import signed
from webapp import create_app, picker
from webapp.config import Config

APP = create_app(Config())
LANGUAGES = ("ar", "en")
CHOICES = {**picker.FIELDS, **{f"parameter {kind}": choice for kind, choice in picker.PARAMETERS.items()}}


def options(client: FlaskClient, of: str, text: str = "", lang: str = "en") -> list[dict[str, str]]:
    answer = client.get("/search.json", query_string={"of": of, "q": text, "lang": lang})
    assert answer.status_code == 200
    found: list[dict[str, str]] = answer.get_json()["items"]
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CHOICES)
def test_what_a_field_shows_is_read_as_what_it_holds(name: str, lang: str) -> None:
    choice, catalog = CHOICES[name], shipped()
    with APP.test_request_context(f"/?lang={lang}"):
        entries = picker.matching("", choice.kinds, catalog, 60)
        assert entries
        for entry in entries:
            id_ = picker.key_of(entry, catalog)
            shown = picker.field_of(id_, choice, catalog)
            assert shown["chosen"] == [{"id": id_, "name": picker.names_of(entry, catalog)[lang]}]
            assert picker.resolved(shown["text"], choice, catalog) == id_
            assert picker.resolved(id_, choice, catalog) == id_
        if choice.separator:
            ids = choice.separator.join(picker.key_of(entry, catalog) for entry in entries[:3])
            assert picker.resolved(picker.field_of(ids, choice, catalog)["text"], choice, catalog) == ids


@given(st.text(max_size=40), st.sampled_from(sorted(CHOICES)))
def test_what_names_nothing_stays_as_it_was_typed(text: str, name: str) -> None:
    typed = f"zq{text}zq"
    if re.search("[;\n,،]", typed):
        return
    with APP.test_request_context("/?lang=en"):
        assert picker.resolved(typed, CHOICES[name], shipped()) == typed


@pytest.mark.parametrize("typed", ["36.3, 41.1", "41.1,36.3", "LINESTRING (41 36, 42 37)"])
def test_a_position_in_a_field_of_an_analysis_stays_a_position(typed: str) -> None:
    with APP.test_request_context("/?lang=en"):
        assert picker.resolved(typed, picker.PLACES, shipped()) == typed


@pytest.mark.parametrize(
    ("of", "text", "id_"),
    [
        ("source", "shafaq", "wall-shafaq-2024-01-28"),
        ("actor", "الحشد", "pmf"),
        ("line", "الحدود بين العراق وسوريا", "border-iq-sy"),
        ("layer", "المواقع", "sites"),
        ("place,event", "سجن الحسكة", "hasakah-prison"),
        ("area", "الأنبار", "gov-iq-an"),
        ("claim", "Hasakah prison", "prison-10km"),
    ],
)
def test_a_picker_finds_by_name(client: FlaskClient, of: str, text: str, id_: str) -> None:
    for lang in LANGUAGES:
        found = options(client, of, text, lang)
        assert id_ in [hit["id"] for hit in found]
        assert {hit["kind"] for hit in found} <= {
            "place" if kind in ("line", "area") else kind for kind in of.split(",")
        }
        assert all(hit["what"] for hit in found)


def test_an_unknown_kind_is_named(client: FlaskClient) -> None:
    assert client.get("/search.json?of=source,dogs").get_json()["parameter"] == "of"


def test_a_claim_is_added_by_names_alone(client: FlaskClient) -> None:
    signed(client)
    form = {name: value for name, value in NEAR.items() if not name.startswith("source_") and name != "id"}
    form |= {
        "candidates": "مخيم الهول",
        "lines": "الحدود بين العراق وسوريا",
        "source": "Shafaq News: Interior Minister inaugurates concrete wall on Iraq-Syria border strip",
    }
    answer = client.post("/claims/new?lang=en", data=form)
    assert answer.status_code == 303
    claim = current().claims()[answer.headers["Location"].partition("#")[2]]
    assert claim["id"] == "al-hol-lies-14-km-from-the-border"
    assert claim["source"] == "wall-shafaq-2024-01-28"
    assert claim["test"] == {"kind": "proximity", "candidates": ["al-hol"], "lines": ["border-iq-sy"]}


@pytest.mark.parametrize(
    "path",
    [
        "/claims/new",
        "/lines",
        "/sources/new",
        "/actors/new",
        "/sources/hussein-2024/attach",
        "/matrix",
        "/analyses/proximity",
        "/import",
    ],
)
def test_no_form_asks_for_an_id(client: FlaskClient, path: str) -> None:
    signed(client)
    page = client.get(f"{path}?lang=en").text
    labels = re.findall(r"<label[^>]*>([^<]*)", page) + re.findall(r'placeholder="([^"]*)"', page)
    assert [label for label in labels if re.search(r"\bIDs?\b", label)] == []
    assert 'name="id"' not in page


def test_a_source_is_recorded_from_within_a_form(client: FlaskClient) -> None:
    data = {name: REPORT[name] for name in ("title", "outlet", "url", "published_on", "says_ar", "says_en", "by")}
    signed(client)
    answer = client.post("/sources.json?lang=en", data=data)
    assert answer.status_code == 201
    assert answer.get_json()["name"] == f"{REPORT['outlet']}: {REPORT['title']}"
    assert current().sources()[answer.get_json()["id"]]["title"] == REPORT["title"]
    problem = client.post("/sources.json?lang=en", data={**data, "says_ar": ""})
    assert (problem.status_code, problem.get_json()["parameter"]) == (400, "says_ar")
