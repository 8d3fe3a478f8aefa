"""The list does all that the map does: every place and event, selected from a row, a marker or the timeline."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from geodata.catalog import shipped
from geodata.records.sources import supporting
from tests.browser.conftest import Visit
from tests.browser.waiting import until
from tests.browser.words import plain, word

pytestmark = pytest.mark.browser


def names(layer: str, lang: str) -> list[str]:
    """Return the names of a layer's features."""
    return [feature.name[lang] for feature in shipped().layer(layer).features]


def test_every_site_and_event_has_a_row(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    for layer, list_ in (("sites", "#list"), ("events", "#events")):
        rows = page.locator(f"{list_} [data-row]").evaluate_all("rows => rows.map((row) => row.dataset.row)")
        assert sorted(rows) == sorted(feature.id for feature in shipped().layer(layer).features)
    prison = plain(page.locator('#list [data-row="hasakah-prison"]').text_content())
    assert "49 ± 3" in prison
    assert shipped().feature("country-sy").name[lang] in prison
    assert word("placeholder", lang) in plain(page.locator('#list [data-row="akashat"]').text_content())


def test_every_marker_has_a_name_of_its_own(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    labels = page.locator(".leaflet-marker-icon.sign").evaluate_all(
        "all => all.map((one) => one.getAttribute('aria-label'))"
    )
    assert len(labels) > 25
    assert all(labels)
    assert len(set(labels)) == len(labels)
    assert set(names("sites", lang)) & set(labels)


def test_a_row_opens_what_is_known(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    page.locator('#list [data-row="hasakah-prison"]').click()
    popup = page.locator(".leaflet-popup")
    text = plain(popup.inner_text())
    prison = shipped().feature("hasakah-prison")
    assert prison.name[lang] in text
    assert plain(prison.properties["identification"][lang]) in text
    assert f"1.5 {word('unit_km', lang)}" in text
    popup.get_by_text(f"{word('sources', lang)} ({len(prison.sources)})").click()
    figures = prison.properties["figures"]
    named = {*prison.sources, *(one["source"] for one in figures)}
    further = [id_ for id_ in supporting(shipped())["hasakah-prison"] if id_ not in named]
    assert further
    expect(popup.locator(".popup a")).to_have_count(len(prison.sources) + len(figures) + len(further))
    popup.get_by_text(word("further_sources", lang)).click()
    expect(popup.locator(f'a[href*="/sources/{further[-1]}?"]')).to_be_visible()
    until(page, "document.querySelector('.leaflet-popup').getBoundingClientRect().top > 0")
    expect(page.locator('#list [data-row="hasakah-prison"]')).to_have_attribute("aria-pressed", "true")
    assert "at=hasakah-prison" in page.url


def test_an_area_is_outlined_while_it_is_selected(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    expect(page.locator("path.area-held")).to_have_count(0)
    page.locator('#list [data-row="akashat"]').click()
    expect(page.locator("path.area-held")).to_have_count(1)
    expect(page.locator('.sign[data-id="akashat"]')).to_have_count(0)
    page.locator('#events [data-row="event-us-withdrawal-2011"]').click()
    page.locator(".leaflet-popup").get_by_role("heading").wait_for()
    expect(page.locator("path.area-held")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("path.area-held")).to_have_count(0)
    expect(page.locator(".leaflet-popup")).to_have_count(0)


def test_an_event_on_two_statements_shows_its_figures_as_a_span(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&at=event-strikes-2024-02-03")
    popup = page.locator(".leaflet-popup")
    text = plain(popup.inner_text())
    assert f"16–17 {word('killed', lang)}" in text
    assert f"23–36 {word('wounded', lang)}" in text
    popup.get_by_text(word("relations", lang)).click()
    expect(popup).to_contain_text(shipped().feature("event-tower-22-attack").name[lang], use_inner_text=True)


def test_the_timeline_holds_every_event(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    marks = page.locator("#timeline-strip [role=button]")
    expect(marks).to_have_count(len(shipped().layer("events").features))
    first, last = (
        page.locator(f'#timeline-strip [data-row="{id_}"]').bounding_box()
        for id_ in ("event-strike-2024-01-04", "event-hmc-resumes-2024-02-11")
    )
    assert first is not None
    assert last is not None
    assert (first["x"] > last["x"]) == (lang == "ar")
    page.locator('#timeline-strip [data-row="event-mosul-2017"]').click()
    expect(page.locator(".leaflet-popup")).to_contain_text(
        shipped().feature("event-mosul-2017").name[lang], use_inner_text=True
    )


def test_layers_switch_on_and_off_and_stay_so(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    assert page.locator("path.river").count() > 0
    page.locator("#layer-rivers").uncheck()
    expect(page.locator("path.river")).to_have_count(0)
    page.locator("#layer-borders-alternatives").check()
    assert page.locator("path.border.alternative").count() > 0
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("path.river")).to_have_count(0)
    assert page.locator("path.border.alternative").count() > 0
    assert not page.locator("#layer-rivers").is_checked()
