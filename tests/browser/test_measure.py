"""The measure panel: distance, nearest border, rings; undone, cleared, taken away, and come back to by address."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from geodata import registry
from geodata.analysis import ring_contents
from geodata.catalog import shipped
from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import plain, word

pytestmark = pytest.mark.browser


def name(id_: str, lang: str) -> str:
    """Return a feature's name."""
    return shipped().feature(id_).name[lang]


def test_how_far_the_prison_is_from_the_border(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&at=hasakah-prison")
    page.get_by_role("button", name=word("measure_border", lang)).click()
    page.locator("#results .big").wait_for()
    assert plain(page.locator("#results .big").inner_text()) == f"49 ± 3 {word('unit_km', lang)}"
    facts = plain(page.locator("#results .facts").inner_text())
    assert f"47.2–51.3 {word('unit_km', lang)}" in facts
    assert f"465.8 ± 0.6 {word('unit_km', lang)}" in facts
    assert name("country-sy", lang) in facts
    assert plain(shipped().feature("hasakah-prison").properties["identification"][lang]) in plain(
        page.locator("#results .result").inner_text()
    )
    page.get_by_text(word("report_sensitivity", lang)).click()
    lines = plain(page.locator("#results .result details ul").first.inner_text())
    assert "49 ± 3" in lines
    assert "48 ± 5" in lines


def test_a_distance_between_what_is_typed_and_what_is_picked(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    page.locator("#open-measure").click()
    page.locator("#in-layer").fill(name("hasakah-prison", lang))
    page.get_by_role("button", name=f"{word('pick', lang)}: {word('to', lang)}").click()
    expect(page.locator("#pick-hint")).to_contain_text(word("picking", lang), use_inner_text=True)
    page.locator('.sign[data-id="al-hol"]').click()
    expect(page.locator("#in-target")).to_have_value(name("al-hol", lang))
    page.get_by_role("button", name=word("do_measure", lang), exact=True).click()
    page.locator("#results .big").wait_for()
    assert plain(page.locator("#results .big").inner_text()) == f"37 ± 3 {word('unit_km', lang)}"


def test_a_point_is_picked_on_the_map(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&claim=none")
    page.locator("#open-measure").click()
    page.get_by_role("button", name=f"{word('pick', lang)}: {word('from', lang)}").click()
    page.mouse.click(640, 330)
    position, _, zoom = page.locator("#in-layer").input_value().partition("@")
    lon, lat = (float(part) for part in position.split(","))
    assert 0 < float(zoom) < 20
    assert 39 < lon < 44
    assert 34 < lat < 38
    page.get_by_role("button", name=f"{word('pick', lang)}: {word('to', lang)}").click()
    page.keyboard.press("Escape")
    expect(page.locator("#pick-hint")).to_contain_text(word("place_hint", lang), use_inner_text=True)


def test_rings_say_what_is_certainly_and_possibly_inside(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&at=al-qaim")
    page.get_by_role("button", name=word("measure_rings", lang)).click()
    page.locator("#results .group").first.wait_for()
    text = plain(page.locator("#results").inner_text())
    assert word("certainly_within", lang, km=25) in text
    assert word("possibly_within", lang, km=50) in text
    expect(page.locator("path.measure-ring")).to_have_count(2)
    expect(page.locator("path.measure-band")).to_have_count(2)
    rows = page.locator("#results [data-row]").evaluate_all("rows => rows.map((row) => row.dataset.row)")
    assert "al-qaim-crossing" in rows
    akashat = page.locator('#results [data-row="akashat"]')
    assert akashat.count() >= 1
    page.locator('#results [data-row="al-baghuz"]').first.click()
    expect(page.locator(".leaflet-popup")).to_contain_text(name("al-baghuz", lang), use_inner_text=True)


def test_rings_count_everything_inside_and_list_each_feature_once(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&m=rings*al-qaim*25,100&claim=none")
    totals = page.locator(".ring-totals tbody tr")
    expect(totals).to_have_count(2)
    answer = registry.run("buffer", {"layer": "al-qaim", "km": "25,100"}).to_dict()
    for row, ring in zip(totals.all(), answer["rings"], strict=True):
        for cell, sure in enumerate(("certainly", "possibly")):
            shown = row.locator("td").nth(cell).locator("> bdi").inner_text()
            assert int(shown) == ring["totals"][sure]["features"]
        assert plain(row.inner_text()).endswith(f"{ring['areas'][0]['display']['number']} {word('unit_km2', lang)}")
    rows = page.locator("#results .ring [data-row]").evaluate_all("rows => rows.map((row) => row.dataset.row)")
    assert sorted(rows) == sorted(
        item["id"] for ring in answer["rings"] for sure in ("certainly", "possibly") for item in ring[sure]
    )
    # Five a group; the rest by the keyboard, and hidden again.
    towns = page.locator("#results .ring").nth(1).locator("ul.rows").first
    expect(towns.locator("li:visible")).to_have_count(5)
    more = page.locator("#results .more").first
    more.focus()
    page.keyboard.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "true")
    assert towns.locator("li:visible").count() > 5
    expect(towns.locator("li").nth(5).locator("button")).to_be_focused()
    more.click()
    expect(towns.locator("li:visible")).to_have_count(5)
    wide = page.locator("#results .wide").first
    wide.locator("summary").click()
    expect(wide.locator("li")).to_have_count(sum(item["country_wide"] for item in answer["rings"][0]["possibly"]))


def test_rings_measured_again_take_the_place_of_the_others(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&m=rings*al-qaim*10&claim=none")
    expect(page.locator("path.measure-ring")).to_have_count(1)
    page.locator("#in-km").fill("25/50 100")
    page.get_by_role("button", name=word("do_measure", lang), exact=True).click()
    expect(page.locator("path.measure-ring")).to_have_count(3)
    expect(page.locator("#results .result")).to_have_count(1)
    assert "m=rings*al-qaim*25%2C50%2C100" in page.url
    page.reload()
    expect(page.locator(".ring-totals tbody tr")).to_have_count(3)


def test_a_ring_smaller_than_the_uncertainty_says_why_nothing_is_certain(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&m=rings*al-qaim*2&claim=none")
    expect(page.locator(".ring .mark")).to_contain_text(ring_contents.NARROW[lang], use_inner_text=True)
    assert page.locator(".ring-totals tbody td").first.inner_text() == "0"


def test_undo_clear_and_the_address(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&m=border*hasakah-prison*border-iq-sy~rings*al-qaim*10&claim=none")
    expect(page.locator("#results .result")).to_have_count(2)
    expect(page.locator("path.measure-ring")).to_have_count(1)
    page.get_by_role("button", name=word("undo", lang)).click()
    expect(page.locator("#results .result")).to_have_count(1)
    expect(page.locator("path.measure-ring")).to_have_count(0)
    expect(page.locator("path.measure-line")).to_have_count(1)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#results .result")).to_have_count(1)
    page.get_by_role("button", name=word("clear", lang)).click()
    expect(page.locator("path.measure-line")).to_have_count(0)
    assert page.get_by_role("button", name=word("undo", lang)).is_disabled()
    assert "m=" not in page.url.split("?")[1].split("&")
    expect(page.locator("#results")).to_contain_text(word("nothing_measured", lang), use_inner_text=True)


def test_a_result_is_taken_away_as_geojson(visit: Visit, lang: str, tmp_path: Path) -> None:
    page = visit(f"/?lang={lang}&m=rings*al-qaim*25")
    with page.expect_download() as waiting:
        page.locator("#results").get_by_role("link", name=word("download_label", lang)).click()
    assert waiting.value.suggested_filename.endswith(".geojson")
    waiting.value.save_as(tmp_path / "ring.geojson")
    body = json.loads((tmp_path / "ring.geojson").read_text("utf-8"))
    assert body["type"] == "FeatureCollection"
    assert {feature["properties"]["role"] for feature in body["features"]} >= {"ring", "band"}
    assert body["masafa"]["result_id"]
    assert body["masafa"]["licence"]


@pytest.mark.parametrize(
    ("place", "km"), [("nowhere at all", "25"), ("41,95", "25"), ("40.7,36.5", "nan"), ("40.7,36.5", "9000")]
)
def test_what_cannot_be_measured_is_said(visit: Visit, lang: str, place: str, km: str) -> None:
    page = visit(f"/?lang={lang}", refused=True)
    page.locator("#open-measure").click()
    page.get_by_role("button", name=word("tool_rings", lang)).click()
    page.locator("#in-layer").fill(place)
    page.locator("#in-km").fill(km)
    page.get_by_role("button", name=word("do_measure", lang), exact=True).click()
    problem = page.locator("#problem")
    problem.wait_for()
    expect(problem).to_contain_text(word("cannot_measure", lang), use_inner_text=True)
    expect(problem).to_contain_text((place if km == "25" else km), use_inner_text=True)
    expect(page.locator("#results .result")).to_have_count(0)
    if km != "25":
        expect(page.locator("#in-km")).to_have_attribute("aria-invalid", "true")
        expect(page.locator("#in-km")).to_have_attribute("aria-describedby", re.compile(r"(^| )problem$"))
        assert complaints(page) == []
        page.locator("#in-km").fill("25")
        page.locator("#in-layer").fill("40.7, 36.5")
        page.get_by_role("button", name=word("do_measure", lang), exact=True).click()
        expect(page.locator("#results .result").first).to_be_visible()
        expect(page.locator("[aria-invalid]")).to_have_count(0)
