"""How events bear on each other: an arrow with its word on the map, and a way to the other in the popup."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from geodata.catalog import shipped
from tests.browser.axe import complaints
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

FROM, TO = "event-strikes-2024-02-03", "event-tower-22-attack"


def test_relations_of_the_selected_event_are_drawn_and_lead_to_the_other(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&claim=none&at={FROM}")
    words = {shipped().vocabulary()["relation"][word][lang] for word in ("in_reaction_to", "follows", "precedes")}
    expect(page.locator(".relation-name").first).to_be_attached()
    assert {one.inner_text() for one in page.locator(".relation-name").all()} <= words
    arrows = page.locator("path.relation.head").count()
    assert arrows == page.locator(".relation-name").count() >= 2
    assert complaints(page) == []
    page.locator(".popup details", has=page.locator("button.link")).locator("summary").press("Enter")
    page.locator(".popup button.link", has_text=shipped().feature(TO).name[lang]).press("Enter")
    expect(page.locator(".popup h2")).to_have_text(shipped().feature(TO).name[lang])
    page.keyboard.press("Escape")
    expect(page.locator("path.relation")).to_have_count(0)


def test_what_is_known_to_an_area_alone_has_no_point(visit: Visit) -> None:
    page = visit("/?lang=en&claim=none&at=event-protest-note-2024")
    expect(page.locator("path.relation.head").first).to_be_attached()
    page = visit("/?lang=en&claim=none&at=event-coalition-formed-2014")
    # Both stand for the whole country: there is nothing to draw between them.
    expect(page.locator(".popup h2")).to_be_visible()
    expect(page.locator("path.relation")).to_have_count(0)
