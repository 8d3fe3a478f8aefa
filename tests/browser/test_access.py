"""axe finds nothing, on any page, in either language, light or dark, wide or narrow."""

from __future__ import annotations

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
PAGES = [
    "/",
    "/claims",
    "/sources",
    "/layers/sites",
    "/layers/events",
    "/layers/borders",
    "/about",
    "/matrix",
    "/lines",
    "/layers/events/export?format=shapefile",
    "/no-such-page",
    *("/api?f=html", "/api/collections?f=html", "/api/collections/sites?f=html", "/api/collections/sites/items?f=html"),
]
STATES = ["at=hasakah-prison", "at=event-strikes-2024-02-03", "m=rings*al-qaim*25,50", "q=hol", "claim=erbil-west"]


def complaints(page: Page) -> list[str]:
    """Return what axe finds, a line each."""
    # Of what it passed it brings one each: thousands of nodes took longer to bring than to check.
    found = Axe().run(page, options={"resultTypes": ["violations"]})["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("path", PAGES)
def test_every_page(visit: Visit, lang: str, path: str) -> None:
    page = visit(f"{path}{'&' if '?' in path else '?'}lang={lang}", refused=path == "/no-such-page")
    assert complaints(page) == []


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_the_map(visit: Visit, lang: str, state: str) -> None:
    page = visit(f"/?lang={lang}&{state}")
    assert complaints(page) == []


@pytest.mark.parametrize("path", ["/", "/claims", "/layers/events", "/matrix", "/lines"])
def test_dark(visit: Visit, path: str) -> None:
    page = visit(f"{path}?lang=ar")
    page.emulate_media(color_scheme="dark")
    assert complaints(page) == []


@pytest.mark.parametrize("path", ["/", "/claims", "/layers/sites"])
def test_narrow(visit: Visit, lang: str, path: str) -> None:
    page = visit(f"{path}?lang={lang}", 390, 844)
    assert complaints(page) == []
