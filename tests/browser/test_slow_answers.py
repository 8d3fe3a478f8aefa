"""What is done on a page while an answer is still on its way is neither done twice nor undone by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from geodata.catalog import current
from tests.browser.conftest import Visit
from tests.browser.made_events import LAYER, bring
from tests.browser.test_editing import drop_sources, fill, open_tool, signed
from tests.browser.words import word
from webapp.error_messages import label

pytestmark = pytest.mark.browser


class Held:
    """What a page asks for from now on is held back until the test lets it through."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.page, self.routes, self.open = page, list[Route](), False
        page.route(pattern, self._keep)

    def _keep(self, route: Route) -> None:
        if self.open:
            route.continue_()
        else:
            self.routes.append(route)

    def wait(self, count: int = 1) -> None:
        """Wait until so many questions are held back."""
        for _ in range(400):
            if len(self.routes) >= count:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{len(self.routes)} of {count} questions were asked")

    def let_go(self) -> None:
        """Let what is held back through, and what follows."""
        self.open = True
        for route in self.routes:
            route.continue_()


def test_an_edit_sent_twice_is_done_once(app: tuple[Flask, str], visit: Visit) -> None:
    page = signed(visit, app, "en")
    fill(page)
    stored = Held(page, "**/edits/sites.json")
    page.locator("#edit-form .primary").click()
    page.locator("#edit-form .primary").click()
    stored.wait()
    page.wait_for_timeout(200)
    stored.let_go()
    expect(page.locator("#edit-said")).to_contain_text("new-b-post-b")
    assert len([one for one in current().layer("sites").features if one.id.startswith("new-b-post")]) == 1


def test_an_edit_that_is_refused_after_its_panel_was_closed_comes_back(
    app: tuple[Flask, str], visit: Visit, lang: str
) -> None:
    page = signed(visit, app, lang, refused=True)
    fill(page)
    drop_sources(page)
    stored = Held(page, "**/edits/sites.json")
    page.locator("#edit-form .primary").click()
    stored.wait()
    page.locator("#tool .close").click()
    expect(page.locator("#tool")).to_be_hidden()
    stored.let_go()
    expect(page.locator("#edit-said .problem")).to_be_visible()
    expect(page.locator("#edit-said .problem")).to_contain_text(label("sources", lang))
    expect(page.locator("#edit-name_en")).to_have_value("New <b>post</b>")


def test_of_two_features_opened_the_second_is_edited(app: tuple[Flask, str], visit: Visit) -> None:
    page = signed(visit, app, "en")
    page.goto(f"{app[1]}/?lang=en&at=al-qaim&claim=none")
    page.wait_for_selector("html[data-ready]")
    stored = Held(page, "**/edits/sites/al-qaim.json")
    page.locator(".popup-tools button", has_text=word("edit", "en")).click()
    stored.wait()
    expect(page.locator("#tool")).to_contain_text(word("loading", "en"))
    page.locator("#tool .close").click()
    open_tool(page)
    page.locator("#edit-name_en").fill("Another")
    stored.let_go()
    page.wait_for_timeout(300)
    expect(page.locator("#edit-name_en")).to_have_value("Another")


def test_a_claim_closed_before_it_is_drawn_is_not_drawn(visit: Visit, lang: str) -> None:
    page = visit(f"/about?lang={lang}")
    stored = Held(page, "**/processes/claims/**")
    page.goto(page.url.replace("/about", "/"))
    stored.wait()
    page.locator("#card-close").click()
    stored.let_go()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".measure-line, .reported-ring")).to_have_count(0)


def test_an_event_of_the_table_is_opened_before_the_layer_is_counted(visit: Visit, lang: str, tmp_path: Path) -> None:
    bring(tmp_path)
    page = visit(f"/about?lang={lang}")
    stored = Held(page, "**/summary.json?*")
    page.goto(page.url.replace("/about?", f"/events?layer={LAYER}&"))
    stored.wait()
    page.locator("#table-open").click()
    page.locator("#table-rows .event-name").first.click()
    expect(page.locator("#event-card .facts")).to_be_visible()
    stored.let_go()
    page.wait_for_selector("html[data-ready]")


def test_areas_drawn_and_areas_listed_do_not_end_each_other(visit: Visit, lang: str, tmp_path: Path) -> None:
    bring(tmp_path)
    page = visit(f"/events?layer={LAYER}&lang={lang}&show=governorate")
    page.wait_for_selector("html[data-ready]")
    counts = page.locator('[data-list="governorate"]')
    expect(counts.locator(".count").first).to_be_attached()
    before = counts.text_content() or ""
    stored = Held(page, "**/regions.json?*")
    page.locator('[data-list="category"] input').first.evaluate("box => box.click()")
    stored.wait(1)
    stored.routes.pop().continue_()
    stored.wait(1)
    page.locator(".leaflet-control-zoom-in").click()
    stored.wait(2)
    stored.let_go()
    expect(counts).not_to_have_text(before)
