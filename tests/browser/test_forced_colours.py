"""Where the system chooses the colours (Windows high contrast), what is chosen still looks chosen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
# Of what is chosen: its background, and that of one beside it which is not.
CHOSEN = """([chosen, other]) => {
  const look = (selector) => getComputedStyle(document.querySelector(selector));
  return [look(chosen), look(other)].map((style) => style.backgroundColor);
}"""
STATES = [
    ("/claims?verdict=agrees", ".chips a[aria-current]", ".chips a:not([aria-current])"),
    ("/claims", ".tabs a[aria-current]", ".tabs a:not([aria-current])"),
    ("/layers/sites", ".chips a[aria-current]", ".chips a:not([aria-current])"),
    ("/?at=al-hol", '#list button[aria-pressed="true"]', '#list button[aria-pressed="false"]'),
    ("/?m=rings*al-qaim*25", '.modes button[aria-pressed="true"]', '.modes button[aria-pressed="false"]'),
    ("/report/claims/prison-10km", ".bar a[aria-current]", ".bar a:not([aria-current])"),
]


def forced(page: Page) -> Page:
    """Show a page as where the system chooses the colours."""
    page.emulate_media(forced_colors="active", color_scheme="light", reduced_motion="reduce")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    return page


@pytest.mark.parametrize(("path", "chosen", "other"), STATES)
def test_what_is_chosen_is_told(visit: Visit, path: str, chosen: str, other: str) -> None:
    page = forced(visit(f"{path}{'&' if '?' in path else '?'}lang=en"))
    page.locator(chosen).first.wait_for()
    one, another = page.evaluate(CHOSEN, [chosen, other])
    page.emulate_media(forced_colors="none")
    assert one != another


def test_a_verdict_keeps_its_edge(visit: Visit) -> None:
    page = forced(visit("/claims?lang=en"))
    edge = page.locator(".verdict").first.evaluate("node => getComputedStyle(node).borderTopWidth")
    page.emulate_media(forced_colors="none")
    assert edge == "1px"
