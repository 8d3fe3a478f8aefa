"""What cannot be fetched is said on every page that misses it, and fetched again when it is asked for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import word

pytestmark = pytest.mark.browser


def opened(visit: Visit, path: str, missing: str, lang: str) -> Page:
    """Open a page that cannot have what a pattern matches; it is ready all the same, and says it."""
    page = visit("/about")
    page.route(missing, lambda route: route.fulfill(status=200, body="no json"))
    page.goto(page.url.replace("/about", f"{path}{'&' if '?' in path else '?'}lang={lang}"))
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#failed")).to_contain_text(word("failed", lang), use_inner_text=True)
    return page


@pytest.mark.parametrize(
    ("path", "missing", "there"),
    [
        ("/", "**/layers/rivers.geojson**", "path.river"),
        ("/", "**/processes/proximity/**", "#list .figure bdi"),
        ("/", "**/processes/claims/**", ".measure-line"),
        ("/ruler", "**/processes/ruler/**", ".km-mark"),
        ("/ruler", "**/layers/borders.geojson**", "path.border"),
        ("/lines", "**/layers/rivers.geojson**", "path.river"),
        ("/events?layer=events", "**/layers/rivers.geojson**", "path.river"),
    ],
)
def test_a_page_without_it_works_and_gets_it_in_the_end(
    visit: Visit, lang: str, path: str, missing: str, there: str
) -> None:
    page = opened(visit, path, missing, lang)
    assert complaints(page) == []
    expect(page.locator(there)).to_have_count(0)
    page.unroute(missing)
    if path == "/lines":
        page.locator("#in-path").fill("34.4, 41.0")
    page.get_by_role("button", name=word("retry", lang)).click()
    page.locator(there).first.wait_for(state="attached")
    if path == "/lines":
        expect(page.locator("#in-path")).to_have_value("34.4, 41.0")
    expect(page.locator("#failed")).to_have_count(0)
