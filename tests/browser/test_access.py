"""axe finds nothing: every page, both languages, wide and light, and as narrow as 400 % makes it and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page

from tests.browser.addresses import DATA, NO_PAGES, PAGES, address, pages_signed_in
from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import word
from webapp import create_app
from webapp.config import Config

pytestmark = pytest.mark.browser
SHOWN = sorted({path for paths in PAGES.values() for path in paths})
STATES = [
    *("at=hasakah-prison", "at=event-strikes-2024-02-03", "m=rings*al-qaim*25,50", "q=hol", "q=zzzz"),
    *("claim=erbil-west", "claim=none", "on=borders-alternatives&off=sites"),
]
# A window of 1280 × 1024 at 400 %: WCAG 2.2, 1.4.10.
ZOOMED = (320, 256)
# Of thousands of parts alike some are checked.
MANY = 200
FEWER = """most => [...document.querySelectorAll("main li, main tr, main dd > dl")].slice(most)
  .forEach((one) => one.remove())"""


def wrong(page: Page) -> list[str]:
    """Return what axe finds on a page as it is, and again dark and as narrow as 400 % makes it."""
    page.evaluate(FEWER, MANY)
    found = complaints(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    found += [f"narrow and dark: {one}" for one in complaints(page)]
    if page.evaluate("document.documentElement.scrollWidth") > ZOOMED[0]:
        found.append("scrolls to the side")
    return found


def test_every_rule_is_listed() -> None:
    rules = {rule.rule for rule in create_app(Config()).url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert {rule for rule in rules if not rule.endswith(DATA)} - NO_PAGES == set(PAGES) - {"/api/openapi.json"}
    assert rules >= NO_PAGES


def test_the_statement_names_the_version_of_axe(lang: str) -> None:
    version = Axe().axe_script.split("axe v")[1].split(".")[:2]
    assert f"axe-core {'.'.join(version)}" in word("access_axe", lang)


@pytest.mark.parametrize("path", [*SHOWN, "/no-such-page"])
def test_every_page(visit: Visit, lang: str, path: str) -> None:
    page = visit(address(path, lang), refused=True)
    assert wrong(page) == []


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_the_map(visit: Visit, lang: str, state: str) -> None:
    page = visit(f"/?lang={lang}&{state}")
    assert wrong(page) == []


def test_every_form_of_who_signed_in(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    assert [(path, one) for path, page in pages_signed_in(app, visit, lang) for one in wrong(page)] == []
