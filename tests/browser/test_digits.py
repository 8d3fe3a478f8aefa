"""The digits that a reader of Arabic chose, in what the server and what the scripts write; fields take both."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_access import complaints
from tests.browser.words import word
from tests.digit_cases import CASES

pytestmark = pytest.mark.browser

# Texts on the page that have 0-9 alone, without a Latin letter, a date or coordinates.
LEFT = """() => {
  const left = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (/^[^A-Za-z]*[0-9][^A-Za-z]*$/.test(node.data)
      && !/[0-9]{4}-[0-9]{2}|[0-9][.٫][0-9]+°?\\s*[,،;؛]/.test(node.data)
      && !node.parentElement.closest("script, style, textarea, code, pre, kbd, q")) left.push(node.data);
  }
  return left;
}"""


def chosen(page: Page, to: str) -> None:
    with page.expect_navigation():
        page.locator(f"[data-digits-to={to}]:visible").click()
    page.wait_for_load_state("networkidle")


def test_both_twins_write_alike(visit: Visit) -> None:
    page = visit("/claims?lang=ar")
    write = "async (texts) => texts.map((await import('/static/js/ui/digits.js')).arabicDigits)"
    assert page.evaluate(write, [text for text, _ in CASES]) == [expected for _, expected in CASES]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_map_is_written_in_them_and_back(visit: Visit, width: int) -> None:
    page = visit("/?lang=ar&at=hasakah-prison", width=width)
    chosen(page, "arab")
    page.wait_for_selector("html[data-ready]")
    assert "at=hasakah-prison" in page.url
    expect(page.locator("#list [data-row=hasakah-prison]")).to_contain_text(re.compile("٤٩ ± ٣"))
    expect(page.locator(".leaflet-control-scale-line").first).to_have_text(re.compile("[٠-٩]"))
    assert page.evaluate(LEFT) == []
    assert complaints(page) == []
    chosen(page, "latn")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#list [data-row=hasakah-prison]")).to_contain_text(re.compile("49 ± 3"))


@pytest.mark.parametrize("path", ["/claims", "/events?layer=events&table=1", "/ruler", "/layers/sites", "/help"])
def test_every_page_is_written_in_them(visit: Visit, path: str) -> None:
    page = visit(f"{path}{'&' if '?' in path else '?'}lang=ar")
    chosen(page, "arab")
    expect(page.locator("html")).to_have_attribute("data-digits", "arab")
    assert page.evaluate(LEFT) == []
    assert re.search("[٠-٩]", page.locator("body").inner_text())


def test_fields_of_numbers_take_both(visit: Visit) -> None:
    page = visit("/events?layer=events&lang=ar")
    page.wait_for_load_state("networkidle")
    page.get_by_text(word("events_deaths_dates", "ar")).click()
    page.locator("#f-deaths_min").fill("٢")
    page.locator("#f-deaths_min").press("Enter")
    page.wait_for_url("**deaths_min=2**")


# Where the digits of a text stand, from left to right.
PLACES = """(node) => {
  const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    for (let at = 0; at < text.length; at += 1) {
      const range = new Range();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const [box] = range.getClientRects();
      if (box?.width && /[٠-٩±]/.test(text.data[at])) found.push([box.left, text.data[at]]);
    }
  }
  return found.toSorted((a, b) => a[0] - b[0]).map(([, sign]) => sign).join("");
}"""


@pytest.mark.parametrize("selector", ["#list [data-row=hasakah-prison] .figure", ".figures .measured dd"])
def test_the_digits_of_a_number_stand_together_whoever_wrote_them(visit: Visit, selector: str) -> None:
    page = visit("/?lang=ar")
    chosen(page, "arab")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(selector).first).to_contain_text(re.compile("٤٩ ± ٣"))
    assert page.evaluate(f"(selector) => ({PLACES})(document.querySelector(selector))", selector) == "٣±٤٩"
