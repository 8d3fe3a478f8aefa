"""Events through time: the histogram, a span chosen by mouse and keyboard, playing, what is known to a month."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.made_events import LAYER, bring
from tests.browser.test_events import asked, count, expect_found, ready
from tests.browser.waiting import until
from tests.browser.words import word

pytestmark = pytest.mark.browser
PAGE = f"/events?layer={LAYER}"


@pytest.fixture(autouse=True)
def _events(tmp_path: Path) -> None:
    bring(tmp_path)


def value(page: Page, name: str) -> str | None:
    """Return a value of the address."""
    found: str | None = page.evaluate("name => new URLSearchParams(location.search).get(name)", name)
    return found


def drag(page: Page, begin: float, end: float, rest: bool = False) -> None:
    """Drag along the strip, from one share of its width to another; resting on the way, long enough to be asked."""
    box = page.locator("#time-strip").bounding_box()
    assert box is not None
    down = box["y"] + 40
    page.mouse.move(box["x"] + box["width"] * begin, down)
    page.mouse.down()
    if rest:
        page.mouse.move(box["x"] + box["width"] * (begin + end) / 2, down, steps=4)
        expect(page).to_have_url(re.compile("from="))
    page.mouse.move(box["x"] + box["width"] * end, down, steps=4)
    page.mouse.up()


def test_the_histogram_holds_what_is_in_view(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}&step=week", 1440, 900))
    page.locator("#time-table summary").click()
    expect(page.locator("#time-rows tr").first).to_be_visible()
    cells = page.locator("#time-rows tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    certain = sum(int(row[1]) for row in cells)
    spread = sum(float(row[2].replace("–", "0")) for row in cells)
    assert certain + spread == pytest.approx(count(page)[0], abs=0.05 * len(cells) + 0.1)
    assert spread > 0
    expect(page.locator("#time-loose")).to_be_visible()
    assert page.locator("#time-strip .bin.loose").count() > 0
    assert complaints(page) == []


def test_a_span_is_dragged_and_given_up(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    drag(page, 0.3, 0.5, rest=True)
    page.wait_for_timeout(500)
    first, last = value(page, "from"), value(page, "to")
    assert first is not None
    assert last is not None
    assert first < last
    inside = asked(base, f"summary.json?from={first}&to={last}")["count"]
    assert 0 < inside < 240
    expect_found(page, inside)
    # Time runs from the right in Arabic: the same stretch of the screen is later.
    assert (first > "2022-10-01") is (lang == "ar")
    assert page.locator("#time-strip .bin.out").count() > 0
    page.go_back()
    expect(page).not_to_have_url(re.compile("from="))
    page.go_forward()
    page.locator("#time-whole").click()
    expect(page).not_to_have_url(re.compile("from="))
    expect(page.locator("#time-whole")).to_be_hidden()
    expect_found(page, 240)


def test_a_press_chooses_a_bin(visit: Visit, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    drag(page, 0.4, 0.4)
    expect(page).to_have_url(re.compile("from="))
    assert (value(page, "from") or "") <= (value(page, "to") or "")


def test_both_ends_are_sliders(visit: Visit, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    first, last = (page.get_by_role("slider", name=word(f"events_{end}_day", lang)) for end in ("first", "last"))
    assert first.get_attribute("aria-valuetext")
    before = int(first.get_attribute("aria-valuenow") or 0)
    first.focus()
    page.keyboard.press("ArrowLeft" if lang == "ar" else "ArrowRight")
    expect(page).to_have_url(re.compile("from="))
    assert int(first.get_attribute("aria-valuenow") or 0) > before
    expect(first).to_be_focused()
    last.focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile("to="))
    assert value(page, "to") == value(page, "from")
    page.keyboard.press("End")
    expect(page).not_to_have_url(re.compile("to="))
    assert complaints(page) == []


@pytest.mark.parametrize(("unit", "length"), [("day", 1), ("week", 7)])
def test_steps_move_a_window(visit: Visit, lang: str, unit: str, length: int) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    page.locator("#play-step").select_option(unit)
    page.locator("#play-unit").select_option(unit)
    page.locator("#play-count").fill("3")
    on = page.get_by_role("button", name=word("events_step_on", lang))
    days = "() => (Date.parse(new URLSearchParams(location.search).get('to')) - Date.parse('2022-03-01')) / 864e5"
    on.click()
    until(page, f"{days} === {3 * length - 1}")
    on.click()
    until(page, f"{days} === {4 * length - 1}")
    assert value(page, "from") == f"2022-03-{1 + length:02d}"
    page.get_by_role("button", name=word("events_step_back", lang)).click()
    until(page, f"{days} === {3 * length - 1}")
    assert value(page, "step") == unit


def test_playing_moves_on_and_stops(visit: Visit, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    page.get_by_role("button", name=word("events_play", lang), exact=True).click()
    expect(page).to_have_url(re.compile("to=2022-03-31"))
    expect(page).to_have_url(re.compile("from=2022-04-01"), timeout=60_000)
    page.get_by_role("button", name=word("events_pause", lang)).click()
    expect(page.get_by_role("button", name=word("events_play", lang), exact=True)).to_be_visible()
    stored = page.url
    page.wait_for_timeout(2600)
    assert page.url == stored


def test_playing_ends_with_the_last_day(visit: Visit, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}&from=2023-05-01&to=2023-05-31", 1440, 900))
    page.get_by_role("button", name=word("events_play", lang), exact=True).click()
    expect(page).to_have_url(re.compile("from=2023-06-01"), timeout=60_000)
    expect(page.get_by_role("button", name=word("events_play", lang), exact=True)).to_be_visible(timeout=60_000)
    assert value(page, "from") == "2023-06-01"
