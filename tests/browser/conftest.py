"""A server of the app, a headless Chromium, and pages that are watched: no other host, no violation, no error."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response, request
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from playwright.sync_api import Request as PageRequest

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


def kept_files() -> Flask:
    """Return an app whose scripts and styles a browser keeps: no test changes them.

    Asking again for each of them is a fifth of the work of a page. Headers of static files have tests of their own.
    """
    made = create_app(Config())

    @made.after_request
    def keep(response: Response) -> Response:
        if request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    return made


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    """The address of the app, served by the server that people get."""
    with running(kept_files()) as address:
        yield address


@pytest.fixture
def app() -> Iterator[tuple[Flask, str]]:
    """An app of its own, and its address: for what is written. Ask for it before `visit`, whose pages it outlives."""
    made = kept_files()
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


@dataclass
class Tab:
    """A page in a context of its own, used by one test after another, and what goes wrong in it.

    A new page costs a process, fonts and compiled scripts: more than most of what is shown in it.
    """

    page: Page
    address: str = ""
    refused: bool = False
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, chromium: Browser) -> Tab:
        """Open a page in a context of its own and watch it."""
        context = chromium.new_context(accept_downloads=True)
        context.set_default_timeout(90_000)
        context.add_init_script(WATCH)
        tab = cls(context.new_page())
        tab.page.on("request", tab._requested)
        tab.page.on("pageerror", lambda error: tab.wrong.append(str(error)))
        tab.page.on("console", tab._said)
        return tab

    def _requested(self, asked: PageRequest) -> None:
        if _foreign(asked.url, self.address):
            self.wrong.append(asked.url)

    def _said(self, message: ConsoleMessage) -> None:
        # Where a test asks what the server refuses, Chromium says so; that is no error of the page.
        if message.type == "error" and not (self.refused and message.text.startswith("Failed to load resource")):
            self.wrong.append(message.text)

    def show(self, address: str, path: str, width: int, height: int, refused: bool, still: bool) -> Page:
        """Show a page of the app at an address."""
        self.address, self.refused = address, refused
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce" if still else "no-preference")
        self.page.goto(address + path)
        if self.page.locator("body.map-page").count():
            self.page.wait_for_selector("html[data-ready]")
        return self.page

    def left(self, quiet: str) -> list[str]:
        """Return what went wrong since the page was shown, and leave nothing of it for the next test.

        What it goes to is of the same site, so that the process is kept.
        """
        wrong = [*self.page.evaluate("window.violations"), *self.wrong]
        self.page.unroute_all(behavior="ignoreErrors")
        self.address = quiet
        self.page.goto(quiet + "/favicon.svg")
        self.page.context.clear_cookies()
        for other in self.page.context.pages:
            if other != self.page:
                other.close()
        self.wrong.clear()
        return wrong


@pytest.fixture(scope="session")
def tabs() -> list[Tab]:
    """Tabs that no test uses at the moment."""
    return []


@pytest.fixture
def visit(chromium: Browser, base: str, tabs: list[Tab]) -> Iterator[Visit]:
    """Open pages; afterwards none of them has asked another host, broken the policy, or failed."""
    used: list[Tab] = []

    def opened(
        path: str = "/",
        width: int = 1280,
        height: int = 800,
        address: str = base,
        refused: bool = False,
        still: bool = True,
    ) -> Page:
        used.append(tabs.pop() if tabs else Tab.opened(chromium))
        return used[-1].show(address, path, width, height, refused, still)

    yield opened
    wrong = []
    for tab in used:
        wrong += tab.left(base)
        tabs.append(tab)
    assert not wrong


def _foreign(url: str, base: str) -> bool:
    return urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != urlsplit(base).netloc
