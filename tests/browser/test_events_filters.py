"""Filters of the page of events: by mouse and by keyboard, in the address and back, with live counts and chips."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.made_events import LAYER, bring
from tests.browser.test_events import asked, expect_found, ready, said_count
from tests.browser.words import word

pytestmark = pytest.mark.browser
PAGE = f"/events?layer={LAYER}"


@pytest.fixture(autouse=True)
def _events(tmp_path: Path) -> None:
    bring(tmp_path)


def section(page: Page, lang: str, key: str) -> None:
    """Open a part of the filters by its name."""
    page.locator("#filters summary").filter(has_text=word(key, lang)).first.click()


def test_choices_have_live_counts_of_all_filters_but_their_own(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    boxes = page.locator('[data-list="category"] input')
    boxes.first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#chips button")).to_have_count(1)
    expect_found(page, 80)
    assert page.locator('[data-list="category"] .count').all_inner_texts() == ["80", "80", "80"]
    boxes.nth(1).check()
    expect_found(page, 160)
    value = boxes.first.input_value()
    section(page, lang, "events_f_source")
    source = asked(base, "summary.json?category=" + value.replace(" ", "%20").replace("/", "%2F"))["facets"]["source"]
    assert len(source) in (1, 2)
    page.go_back()
    expect_found(page, 80)
    page.go_back()
    expect_found(page, 240)
    expect(page.locator("#chips button")).to_have_count(0)
    page.go_forward()
    expect_found(page, 80)
    expect(boxes.first).to_be_checked()
    page.locator("#events-measure").click()
    expect(page.get_by_role("link", name=word("near_filtered", lang))).to_be_visible()
    expect(page.locator("#view")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["filters"] == [f"category={value}".replace(" ", "+").replace("/", "%2F")]
    page.get_by_role("link", name=word("near_filtered", lang)).click()
    ready(page)
    expect_found(page, 80)
    page.locator("#chips button").click()
    expect_found(page, 240)


def test_text_is_found_as_arabic_is_searched(visit: Visit, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    page.locator("#f-text").fill("قصف القاعده")
    expect(page.locator("#chips button")).to_have_count(1)
    expect_found(page, 120)
    page.locator("#f-text").fill("no such words here")
    expect(page.locator("#events-empty")).to_be_visible()
    expect(page.locator("#events-count")).to_have_text(said_count(lang, 0, 0))
    assert complaints(page) == []
    page.locator("#f-clear").click()
    expect_found(page, 240)
    expect(page.locator("#f-text")).to_have_value("")


def test_deaths_and_days(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    section(page, lang, "events_deaths_dates")
    page.locator("#f-deaths_min").fill("5")
    page.locator("#f-deaths_min").press("Enter")
    expect(page.locator("#chips button")).to_have_count(1)
    expect_found(page, 68)
    page.locator("#f-from").fill("2022-06-01")
    page.locator("#f-from").press("Tab")
    expect(page.locator("#chips button")).to_have_count(2)
    later = asked(base, "summary.json?deaths_min=5&from=2022-06-01")["count"]
    assert 0 < later < 68
    expect_found(page, later)


def test_near_a_line_certainly_or_possibly(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    section(page, lang, "events_near")
    page.locator("#f-km").fill("30")
    page.locator("#f-target").select_option("border-iq-sy")
    expect(page.locator("#chips button")).to_have_count(1)
    wide = asked(base, "summary.json?target=border-iq-sy&km=30")["count"]
    expect_found(page, wide)
    page.locator("#f-within").select_option("certainly")
    sure = asked(base, "summary.json?target=border-iq-sy&km=30&within=certainly")["count"]
    expect_found(page, sure)
    assert 0 < sure < wide < 240
    expect(page.locator("#chips")).to_contain_text("30", use_inner_text=True)


def test_a_polygon_is_drawn_with_the_mouse(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}&map=7/35.2/41.4", 1440, 900))
    section(page, lang, "events_inside")
    page.locator("#draw-polygon").click()
    box = page.locator("#map").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for across, down in ((-250, -40), (250, -40), (250, 260), (-250, 260)):
        page.mouse.click(middle[0] + across, middle[1] + down)
    assert page.locator("#f-polygon").input_value().count("\n") == 3
    page.locator("#draw-polygon").click()
    expect(page).to_have_url(re.compile("polygon="))
    stored = parse_qs(urlsplit(page.url).query)["polygon"][0]
    inside = asked(base, f"summary.json?polygon={stored}")["count"]
    assert 0 < inside < 240
    expect_found(page, inside)
    expect(page.locator("path.events-drawn")).to_have_count(1)


def test_a_polygon_is_typed(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    section(page, lang, "events_inside")
    page.locator("#f-polygon").fill("40,34\n41.5,34\n41.5,35\n40,35")
    page.locator("#f-polygon").press("Tab")
    expect(page.locator("#chips button")).to_have_count(1)
    expect_found(page, asked(base, "summary.json?polygon=40,34;41.5,34;41.5,35;40,35")["count"])


def test_a_place_is_chosen(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    section(page, lang, "events_inside")
    page.locator("#f-place").select_option("gov-iq-an")
    expect(page.locator("#chips button")).to_have_count(1)
    inside = asked(base, "summary.json?place=gov-iq-an")["count"]
    assert 0 < inside < 240
    expect_found(page, inside)


def test_what_is_not_allowed_is_said_by_name(visit: Visit, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}&deaths_min=many", 1440, 900, refused=True))
    alert = page.locator("#events-problem")
    expect(alert).to_contain_text(word("events_least", lang))
    expect(alert).to_contain_text("many")
    assert complaints(page) == []
    page.locator("#chips button").click()
    expect(alert).to_be_hidden()
    expect_found(page, 240)


def test_a_link_opens_the_same(visit: Visit, base: str, lang: str) -> None:
    asking = "category=Battles&deaths_min=2&from=2022-05-01&to=2022-12-31&colour=deaths&table=1&sort=name&page=1"
    page = ready(visit(f"{PAGE}&lang={lang}&{asking}", 1440, 900))
    stored = asked(base, "summary.json?category=Battles&deaths_min=2&from=2022-05-01&to=2022-12-31")["count"]
    expect_found(page, stored)
    expect(page.locator("#colour")).to_have_value("deaths")
    expect(page.locator("#table-rows tr")).to_have_count(stored)
    expect(page.locator("#f-deaths_min")).to_have_value("2")
    expect(page.locator("#chips button")).to_have_count(4)
    page.locator("#lang").click()
    ready(page)
    expect_found(page, stored)
    assert page.locator("html").get_attribute("lang") != lang
