"""The first screen is the pitch: the claim of 10 km beside the measured 49, the wall as an illustration."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.words import plain, word

pytestmark = pytest.mark.browser
SIZES = [(1440, 900), (1280, 800), (1024, 768), (390, 844)]


def test_reported_stands_beside_measured(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    km = word("unit_km", lang)
    assert plain(page.locator("#card .reported dd").text_content()) == f"10 {km}"
    assert plain(page.locator("#card .measured dd").text_content()) == f"49 ± 3 {km}"
    expect(page.locator("#card .verdict")).to_contain_text(word("verdict_disagrees", lang), use_inner_text=True)
    labels = [plain(text) for text in page.locator(".place-label:not(.hidden)").all_text_contents()]
    assert any(f"49 ± 3 {km}" in text for text in labels)
    assert any(word("illustration", lang) in text for text in labels)
    expect(page.locator("path.measure-line")).to_have_count(1)
    expect(page.locator("path.reported-ring")).to_have_count(1)


def test_the_language_is_the_pages(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    html = page.locator("html")
    assert html.get_attribute("lang") == lang
    assert html.get_attribute("dir") == ("rtl" if lang == "ar" else "ltr")
    panel, card = page.locator("#panel").bounding_box(), page.locator("#card").bounding_box()
    assert panel is not None
    assert card is not None
    assert (panel["x"] > card["x"]) == (lang == "ar")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_sticks_out(visit: Visit, lang: str, width: int, height: int) -> None:
    page = visit(f"/?lang={lang}", width, height)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for selector in ("#panel", "#card", "#search-text"):
        box = page.locator(selector).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width + 0.5


def test_labels_cover_neither_each_other_nor_the_panel(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    page.wait_for_timeout(300)
    overlaps = page.evaluate(
        """() => {
          const names = ".place-label:not(.hidden), .area-label:not(.hidden) > span, #panel, #card";
          const boxes = [...document.querySelectorAll(names)]
            .map((node) => [node.textContent.slice(0, 30), node.getBoundingClientRect()])
            .filter(([, box]) => box.width);
          const found = [];
          boxes.forEach(([name, a], index) => boxes.slice(index + 1).forEach(([other, b]) => {
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (across > 3 && down > 3) found.push([name, other]);
          }));
          return found;
        }"""
    )
    assert overlaps == []


def test_the_wall_is_dashed_and_its_candidates_hatched(visit: Visit) -> None:
    page = visit("/?lang=en")
    assert page.locator("path.wall").evaluate("node => getComputedStyle(node).strokeDasharray") != "none"
    spread = page.locator("path.spread.placeholder").first
    assert "#hatch" in spread.evaluate("node => getComputedStyle(node).fill")


def test_closing_the_card_takes_its_drawing_along(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    page.get_by_role("button", name=word("close", lang), exact=True).click()
    assert page.locator("#card").is_hidden()
    expect(page.locator("path.measure-line")).to_have_count(0)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.locator("#card").is_hidden()


def test_another_claim_can_be_looked_at(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&claim=wall-al-qaim-area")
    assert plain(page.locator("#card .measured dd").text_content()).startswith("87")
    expect(page.locator("path.measure-line")).to_have_count(1)
