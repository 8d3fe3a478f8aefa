"""A line of one's own in the page: clicked or typed, ruled, kept; the map shows a layer it has no style for."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import plain, word
from tests.editing.test_user_lines import GIVEN

pytestmark = pytest.mark.browser


def test_a_clicked_line_is_ruled(visit: Visit, lang: str) -> None:
    page = visit(f"/lines?lang={lang}")
    page.wait_for_selector("html[data-ready]")
    assert complaints(page) == []
    for x, y in ((120, 120), (200, 190), (260, 300)):
        page.locator("#map").click(position={"x": x, "y": y})
    expect(page.locator("#draw-count")).to_contain_text("3")
    page.get_by_role("button", name=word("undo", lang)).click()
    assert len(page.locator("#in-path").input_value().splitlines()) == 2
    page.get_by_role("button", name=word("line_rule", lang)).click()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("h1")).to_contain_text({"en": "Drawn line", "ar": "خط مرسوم"}[lang], use_inner_text=True)
    expect(page.locator("path.own-line")).to_have_count(1)
    assert complaints(page) == []


def test_a_typed_line_is_kept_by_keyboard_and_shown_on_the_map(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    result, address = app
    page = visit(f"/lines?lang={lang}", address=address)
    page.goto(f"{address}/sign-in?token={result.extensions['masafa_token']}")
    page.goto(f"{address}/lines?lang={lang}")
    page.wait_for_selector("html[data-ready]")
    page.locator("#in-path").focus()
    page.keyboard.type("34.5, 41.1\n36.2, 41.3\n36.9, 42.1")
    page.locator("summary", has_text=word("line_keep_title", lang)).press("Enter")
    given = {name: value for name, value in GIVEN.items() if name not in ("id", "source_id", "source_title")}
    for name, value in {**given, "source": "hussein-2024"}.items():
        field = page.locator(f"#in-{name}")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("[name=reference]").press("Space")
    assert complaints(page) == []
    page.get_by_role("button", name=word("line_keep", lang)).press("Enter")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("h1")).to_contain_text(GIVEN[f"name_{lang}"], use_inner_text=True)
    page.goto(f"{address}/lines?lang={lang}")
    expect(page.locator("#official-line")).to_contain_text(word("reference_line", lang), use_inner_text=True)
    page.goto(f"{address}/?lang={lang}")
    page.wait_for_selector("html[data-ready]")
    page.locator("#open-measure").click()
    page.get_by_role("button", name=word("tool_border", lang)).click()
    expect(page.locator("#in-target")).to_have_value("official-line")
    page.locator("#in-layer").fill("hasakah-prison")
    page.get_by_role("button", name=word("do_measure", lang), exact=True).click()
    expect(page.locator("#results")).to_contain_text(GIVEN[f"name_{lang}"])
    assert "±" in plain(page.locator("#results").inner_text())
