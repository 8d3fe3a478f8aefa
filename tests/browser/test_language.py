"""The language is switched in place: the same view in the other one, complete in both."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.words import word

pytestmark = pytest.mark.browser
PAGES = ["/", "/claims", "/sources", "/layers/events", "/layers/sites", "/about", "/no-such-page"]
ARABIC = re.compile(r"[\u0600-\u06ff]")


def other(lang: str) -> str:
    """Return the other language."""
    return "en" if lang == "ar" else "ar"


def test_the_view_stays(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&at=al-hol&m=rings*al-qaim*25&off=rivers")
    page.locator("#lang").click()
    page.wait_for_selector(f'html[lang="{other(lang)}"][data-ready]')
    for part in ("at=al-hol", "m=rings*al-qaim*25", "off=rivers"):
        assert part in page.url.replace("%2A", "*")
    expect(page.locator("#results .result")).to_have_count(1)
    expect(page.locator("path.river")).to_have_count(0)
    expect(page.locator(".leaflet-popup")).to_have_count(1)


@pytest.mark.parametrize("path", PAGES)
def test_no_word_of_the_other_language_is_left(visit: Visit, path: str) -> None:
    page = visit(f"{path}?lang=en", refused=path == "/no-such-page")
    # What is marked as Arabic, names of sources and quoted words, stays in Arabic; an English sentence may speak of it.
    left = page.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const found = [];
          while (walker.nextNode()) {
            const parent = walker.currentNode.parentElement;
            const own = parent.closest("script, [lang=ar], bdi, datalist, q");
            if (!own) found.push(walker.currentNode.textContent.trim());
          }
          return found.filter(Boolean);
        }"""
    )
    assert len(left) > 5
    assert [text for text in left if ARABIC.match(text)] == []


@pytest.mark.parametrize("path", PAGES)
def test_the_arabic_page_speaks_arabic(visit: Visit, path: str) -> None:
    page = visit(f"{path}?lang=ar", refused=path == "/no-such-page")
    for selector in ("h1", "h2", "nav a", "button:visible", "label", "summary", "thead th"):
        for text in page.locator(selector).all_text_contents():
            if re.search(r"[A-Za-z]{3}", text) and not ARABIC.search(text):
                assert text.strip() in ("English", "GeoJSON", "JSON"), (selector, text)


def test_nobody_who_says_nothing_gets_arabic(visit: Visit) -> None:
    page = visit("/claims")
    assert page.locator("html").get_attribute("lang") in ("ar", "en")
    assert word("claims_title", page.locator("html").get_attribute("lang") or "") in page.content()


def test_numbers_read_left_to_right_in_arabic(visit: Visit) -> None:
    page = visit("/?lang=ar")
    figure = page.locator("#card .measured bdi")
    assert figure.get_attribute("dir") == "ltr"
    number, unit = page.evaluate(
        """() => {
          const figure = document.querySelector("#card .measured bdi").getBoundingClientRect();
          const range = document.createRange();
          const text = document.querySelector("#card .measured .qty").lastChild;
          range.selectNode(text);
          return [figure.left, range.getBoundingClientRect().left];
        }"""
    )
    assert unit < number
