"""The sheet of help: four ideas, each with a picture of what is measured now, the legend and the shortcuts."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from geodata import registry
from geodata.catalog import shipped
from tests.browser.words import plain, word
from webapp import help as sheet


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_every_idea_has_a_picture_of_live_data(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/help?lang={lang}").text
    ideas = re.findall(r"<h3>(.*?)</h3>(.*?)(?=<h3>|</section>)", page, re.DOTALL)
    assert [title for title, _ in ideas] == [
        word(key, lang) for key in ("interval", "help_within_title", "claim", "verdict")
    ]
    for _, content in ideas:
        assert re.search(r'<svg class="chart"[^>]*role="img" aria-label="[^"]+"', content)
    claims = registry.run("claims", {}, shipped()).to_dict()
    prison = next(item for item in claims["items"] if item["id"] == sheet.CLAIM)
    assert prison["title"][lang] in ideas[2][1]
    assert "49 ± 3" in plain(ideas[0][1])
    shown = re.findall(r'</span>\s*<bdi dir="ltr">(\d+)</bdi>', ideas[3][1])
    assert list(map(int, shown)) == [claims["counts"][name] for name in ("disagrees", "agrees", "cannot_tell")]


def test_three_places_show_the_three_answers(client: FlaskClient) -> None:
    from webapp import create_app
    from webapp.config import Config

    places = registry.run("proximity", {"layer": "sites", "target": "border-iq-sy"}, shipped()).to_dict()["items"]
    with create_app(Config()).test_request_context("/help"):
        shown = sheet._within([place for place in places if place["interval_m"] and place["distance_m"] is not None])
    assert [name for name, _ in shown["rows"]] == ["certainly", "possibly", "no"]
    metres = shown["km"] * 1000
    (_, certain), (_, possible), (_, outside) = shown["rows"]
    assert certain["interval_m"][1] <= metres
    assert possible["interval_m"][0] <= metres < possible["interval_m"][1]
    assert outside["interval_m"][0] > metres


def test_the_legend_names_every_kind_that_is_drawn(client: FlaskClient) -> None:
    page = client.get("/help?lang=en").text
    vocabulary = shipped().vocabulary()
    for kind in {feature.kind for feature in shipped().layer("sites").features}:
        assert f'data-symbol="{kind}">{vocabulary["kind"][kind]["en"]}<' in page


@pytest.mark.parametrize(
    "path", ["/", "/claims", "/sources", "/events", "/events?layer=events", "/ruler", "/import", "/nope"]
)
def test_every_page_has_the_button(client: FlaskClient, path: str) -> None:
    page = client.get(f"{path}{'&' if '?' in path else '?'}lang=en").text
    assert f'title="{word("help_open", "en")}"' in page.partition("</header>")[0]
