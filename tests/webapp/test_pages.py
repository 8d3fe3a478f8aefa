"""Every page in both languages, and its data twin."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from geodata.catalog import shipped
from geodata.model import SCHEMA
from tests.browser.words import word

PAGES = (
    "/",
    "/claims",
    "/sources",
    "/actors",
    "/about",
    "/accessibility",
    *(f"/layers/{id_}" for id_ in shipped().ids()),
)
TWINS = {
    "/claims.json": "items",
    "/sources.json": "sources",
    "/actors.json": "actors",
    "/about.json": "layers",
    "/layers/sites.json": "items",
}
EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Structure(HTMLParser):
    """What stands open, and the ids seen: a page whose elements do not close is not well made."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes something else"


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_are_whole_in_both_languages(path: str, lang: str, client: FlaskClient) -> None:
    answer = client.get(path, query_string={"lang": lang})
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    direction = "rtl" if lang == "ar" else "ltr"
    assert f'<html lang="{lang}" dir="{direction}">' in answer.text
    structure = Structure()
    structure.feed(answer.text)
    assert structure.open == []
    assert len(structure.ids) == len(set(structure.ids))


@pytest.mark.parametrize("path", PAGES)
def test_pages_say_what_they_must(path: str, client: FlaskClient) -> None:
    assert (
        "Not for navigation, targeting or boundary delimitation." in client.get(path, query_string={"lang": "en"}).text
    )
    assert "لا تصلح للملاحة ولا لتحديد الأهداف" in client.get(path, query_string={"lang": "ar"}).text


@pytest.mark.parametrize(("path", "member"), TWINS.items())
def test_twins_are_data(path: str, member: str, client: FlaskClient) -> None:
    value = client.get(path).get_json()
    assert value["schema"] == SCHEMA
    assert len(value[member]) > 0


def test_the_first_screen_is_the_pitch(client: FlaskClient) -> None:
    page = client.get("/?lang=en").text
    assert '<bdi dir="ltr">49 ± 3</bdi>' in page
    assert re.search(r'class="reported".*?<bdi dir="ltr">10</bdi>', page, re.DOTALL)


def test_an_unknown_claim_shows_the_first(client: FlaskClient) -> None:
    for asked in ("nope", "", "<script>", "none"):
        page = client.get("/", query_string={"lang": "en", "claim": asked}).text
        assert "/claims?lang=en#prison-10km" in page
    assert "/claims?lang=en#erbil-west" in client.get("/?claim=erbil-west&lang=en").text


def test_claims_name_the_other_sources_that_speak_of_them(client: FlaskClient) -> None:
    page = client.get("/claims?lang=en").text
    row = page.split('id="prison-10km"')[1].split('role="row"')[0]
    assert "Further sources" in row
    assert "/sources/prison-wiki-2022?" in row
    assert row.count("/sources/hussein-2024?") == 1


def test_claims_are_filtered_by_verdict(client: FlaskClient) -> None:
    counts = client.get("/claims.json").get_json()["counts"]
    assert sum(counts.values()) == len(shipped().claims())
    for verdict, count in counts.items():
        page = client.get("/claims", query_string={"verdict": verdict}).text
        assert page.count('<div class="row" role="row"') == count
    every = client.get("/claims?verdict=perhaps").text.count('<div class="row" role="row"')
    assert every == sum(counts.values())


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_every_place_event_actor_and_relation_is_shown(lang: str, client: FlaskClient) -> None:
    catalog = shipped()
    for id_ in ("sites", "events", "wall", "borders", "countries", "governorates", "rivers"):
        page = client.get(f"/layers/{id_}?lang={lang}").text
        for feature in catalog.layer(id_).features:
            assert f'<tr id="{feature.id}">' in page
            assert feature.name[lang].replace("'", "&#39;") in page
    events, actors = (client.get(f"{path}?lang={lang}").text for path in ("/layers/events", "/actors"))
    for actor in catalog.actors().values():
        assert f'<tr id="{actor["id"]}">' in actors
        assert actor[f"name_{lang}"].replace("'", "&#39;") in actors
    words = catalog.vocabulary()["relation"]
    for event in catalog.layer("events").features:
        for page in (events, actors):
            for tie in event.properties["relations"]:
                assert re.search(rf'{words[tie["type"]][lang]}\s*<a href="[^"]*#{tie["to"]}">', page)
        for message in event.properties["statements"]:
            assert f'/sources/{message["source"]}?lang={lang}">' in events


def test_counts_read_as_they_were_stated(client: FlaskClient) -> None:
    page = " ".join(re.sub(r"<[^>]+>", " ", client.get("/layers/events?lang=en").text).split())
    assert "killed: 16 · wounded: 36" in page
    assert "wounded: 41 or more (more than 40)" in page
    assert "wounded: 25–34" in page


def test_dated_figures_and_places_of_events_are_shown(client: FlaskClient) -> None:
    def words(path: str) -> str:
        return " ".join(re.sub(r"<[^>]+>|[\u2066\u2069]", " ", client.get(path).text).split())

    assert "people held: 3000–5000 · As of 2022-01-20" in words("/layers/sites?lang=en")
    assert "محتجزون: 3000–5000 · كما في 20 كانون الثاني/يناير 2022" in words("/layers/sites?lang=ar")
    events = words("/layers/events?lang=en")
    for where in ("al-Qaim (Husaybah) · Akashat", shipped().feature("border-wall").name["en"], "Iraq"):
        assert where in events
    for layer in shipped().layers():
        if layer.entry.get("as_of"):
            assert f"As of {layer.entry['as_of']}" in words(f"/layers/{layer.id}?lang=en")


def test_layers_come_whole_or_as_drawn(client: FlaskClient) -> None:
    whole = client.get("/layers/borders.geojson")
    assert whole.content_type == "application/geo+json"
    assert whole.headers["Content-Disposition"] == 'attachment; filename="masafa-borders.geojson"'
    assert whole.data == shipped().layer_path("borders").read_bytes()
    drawn = client.get("/layers/borders.geojson?display=1")
    assert len(drawn.data) < len(whole.data) / 10
    ids = [[item["id"] for item in json.loads(answer.data)["features"]] for answer in (whole, drawn)]
    assert ids[0] == ids[1]


def test_the_single_file_comes_in_the_language_asked(client: FlaskClient) -> None:
    for lang in ("ar", "en"):
        answer = client.get(f"/export/map.html?lang={lang}")
        assert f'<html lang="{lang}"' in answer.text
        assert "attachment" in answer.headers["Content-Disposition"]


def test_scripts_take_what_follows_the_boot_data_as_data(client: FlaskClient) -> None:
    page = client.get("/?lang=en").text
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    boot = json.loads(found[1])
    assert "<" not in found[1]
    assert boot["lang"] == "en"
    assert {layer["id"] for layer in boot["layers"]} == set(shipped().ids())


def test_health_names_every_layer(client: FlaskClient) -> None:
    value = client.get("/healthz").get_json()
    assert value["status"] == "ok"
    assert value["layers"] == {layer.id: layer.version for layer in shipped().layers()}
    assert "Disallow: /api/" in client.get("/robots.txt").text


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_statements_stand_in_the_ledger_with_quantity_and_source(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/claims?lang={lang}").get_data(as_text=True)
    for claim in client.get("/claims.json").get_json()["items"]:
        row = (
            page.partition(f'id="{claim["id"]}"')[2]
            .partition('class="behind"')[0]
            .partition('role="cell" class="behind"')[0]
        )
        cells = row.split('<div role="cell"')
        beside = cells[3]
        if claim["basis"] == "measurement":
            assert beside.startswith(' class="measured"'), claim["id"]
            continue
        assert beside.startswith(' class="reported others"'), claim["id"]
        assert "stated-dot" in row or 'class="dot"' not in row
        for one in claim["statements"]:
            if one.get("source"):
                assert f"/sources/{one['source']}?lang={lang}" in beside, claim["id"]
            if one.get("quantity"):
                assert word(f"quantity_{one['quantity']}", lang) in beside, claim["id"]


@pytest.mark.parametrize("path", ["/", "/about", "/claims", "/ruler", "/events?layer=events"])
def test_the_accessibility_statement_is_linked(client: FlaskClient, path: str) -> None:
    assert 'href="/accessibility?lang=ar"' in client.get(f"{path}{'&' if '?' in path else '?'}lang=ar").text
