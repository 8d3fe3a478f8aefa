"""The border ruler: map and strip light each other, the strip zooms the map, the keyboard does it too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from geodata.catalog import shipped
from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.waiting import until
from tests.browser.words import plain, word

pytestmark = pytest.mark.browser


def test_strip_map_and_list_light_each_other(visit: Visit, lang: str) -> None:
    page = visit(f"/ruler?lang={lang}", 1440, 900)
    page.wait_for_selector("html[data-ready]")
    page.locator('#strip-svg [data-row="al-hol"] .sign-at').hover(force=True)
    expect(page.locator('.sign[data-id="al-hol"].lit')).to_have_count(1)
    expect(page.locator('.rows button.lit[data-row="al-hol"]')).to_have_count(1)
    page.locator('.sign[data-id="roj"]').hover()
    expect(page.locator('#strip-svg .place.lit[data-row="roj"]')).to_have_count(1)
    expect(page.locator('.sign[data-id="al-hol"].lit')).to_have_count(0)


def test_a_place_on_the_strip_opens_by_keyboard(visit: Visit, lang: str) -> None:
    page = visit(f"/ruler?lang={lang}", 1440, 900)
    page.wait_for_selector("html[data-ready]")
    mark = page.locator('#strip-svg [data-row="hasakah-prison"]')
    mark.focus()
    expect(page.locator('.sign[data-id="hasakah-prison"].lit')).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_contain_text(
        shipped().feature("hasakah-prison").name[lang], use_inner_text=True
    )
    assert "49 ± 3" in plain(mark.get_attribute("aria-label"))


def test_brushing_the_strip_zooms_the_map(visit: Visit, lang: str) -> None:
    page = visit(f"/ruler?lang={lang}", 1440, 900)
    page.wait_for_selector("html[data-ready]")
    before = page.url
    box = page.locator("#strip-svg").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.66)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.66, steps=4)
    page.mouse.up()
    until(page, "before => location.href !== before", before)
    low, high = (float(page.locator(f"#zoom-{end}").input_value()) for end in ("from", "to"))
    assert 20 < high - low < 120


def test_a_gap_and_typed_kilometres_zoom_too(visit: Visit, lang: str) -> None:
    page = visit(f"/ruler?lang={lang}", 1440, 900)
    page.wait_for_selector("html[data-ready]")
    page.locator(".gaps button").first.click()
    assert float(page.locator("#zoom-from").input_value()) == pytest.approx(264, abs=2)
    page.locator("#zoom-from").fill("400")
    page.locator("#zoom-to").fill("420")
    page.get_by_role("button", name=word("zoom_map", lang)).click()
    until(page, "location.search.includes('map=1')")


def test_kilometre_marks_stand_on_the_map(visit: Visit) -> None:
    page = visit("/ruler?lang=en", 1440, 900)
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("path.km-mark")).to_have_count(13)


def test_another_line_is_chosen_in_the_form(visit: Visit, lang: str) -> None:
    page = visit(f"/ruler?lang={lang}", 1440, 900)
    page.locator("#in-line").select_option("border-iq-ir")
    page.locator("#in-km").fill("40")
    page.get_by_role("button", name=word("rule", lang), exact=True).click()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("h1")).to_contain_text(shipped().feature("border-iq-ir").name[lang], use_inner_text=True)
    assert "km=40" in page.url


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_axe_and_width(visit: Visit, lang: str, width: int, height: int) -> None:
    page = visit(f"/ruler?lang={lang}", width, height)
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for summary in page.locator("details.section > summary").all():
        summary.click()
    assert complaints(page) == []


def test_what_cannot_be_ruled_is_said(visit: Visit, lang: str) -> None:
    page = visit(f"/ruler?lang={lang}&km=nan", refused=True)
    assert word("cannot_measure", lang) in page.get_by_role("alert").inner_text()
    assert "nan" in page.get_by_role("alert").inner_text()
    assert complaints(page) == []
