"""A server of the app, a headless Chromium, and pages that are watched: no other host, no violation, no error."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.serving import served as running
from webapp import create_app
from webapp.config import Config

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  violations.push(event.violatedDirective + " " + event.blockedURI);
});
"""

Visit = Callable[..., Page]
# A machine that does three things at once is given time; a page that is stuck is found all the same.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    """The address of the app, served by the server that people get."""
    with running(create_app(Config())) as address:
        yield address


@pytest.fixture
def app() -> Iterator[tuple[Flask, str]]:
    """An app of its own, and its address: for what is written. Ask for it before `visit`, whose pages it outlives."""
    made = create_app(Config())
    with running(made) as address:
        yield made, address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; `make test` finds or installs one and names it in MASAFA_CHROMIUM."""
    path = os.environ.get("MASAFA_CHROMIUM")
    if not path:
        if os.environ.get("CI"):
            pytest.fail("MASAFA_CHROMIUM is not set: run the tests with `make test`")
        pytest.skip("MASAFA_CHROMIUM is not set: run the tests with `make test`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(params=["ar", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    """Each of the two languages."""
    return str(request.param)


@pytest.fixture
def visit(chromium: Browser, base: str) -> Iterator[Visit]:
    """Open pages; afterwards none of them has asked another host, broken the policy, or failed."""
    contexts, wrong, pages = [], [], []

    def opened(
        path: str = "/",
        width: int = 1280,
        height: int = 800,
        address: str = base,
        refused: bool = False,
        still: bool = True,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            reduced_motion="reduce" if still else "no-preference",
            accept_downloads=True,
        )
        contexts.append(context)
        context.set_default_timeout(90_000)
        context.add_init_script(WATCH)
        page = context.new_page()
        pages.append(page)
        page.on("request", lambda request: wrong.append(request.url) if _foreign(request.url, address) else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        # Where a test asks what the server refuses, Chromium says so; that is no error of the page.
        page.on("console", lambda message: wrong.append(message.text) if _error(message, refused) else None)
        page.goto(address + path)
        if page.locator("body.map-page").count():
            page.wait_for_selector("html[data-ready]")
        return page

    yield opened
    for page in pages:
        wrong += page.evaluate("window.violations")
    for context in contexts:
        context.close()
    assert not wrong


def _error(message: ConsoleMessage, refused: bool) -> bool:
    return message.type == "error" and not (refused and message.text.startswith("Failed to load resource"))


def _foreign(url: str, base: str) -> bool:
    return urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != urlsplit(base).netloc
