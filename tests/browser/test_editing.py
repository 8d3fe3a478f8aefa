"""A place added, moved, changed, deleted and put back on the map; its history; and two who edit the same one."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from geodata.catalog import current
from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import plain, word
from webapp.bidi import isolated

pytestmark = pytest.mark.browser

SOURCE = "hussein-2024"


def signed(visit: Visit, app: tuple[Flask, str], lang: str, width: int = 1280, refused: bool = False) -> Page:
    """Open the map, be told to sign in, and come back to it signed in."""
    result, address = app
    page = visit(f"/?lang={lang}", address=address, width=width, refused=refused)
    if width < 720:
        page.locator("#handle").click()
    page.locator("#open-edit").click()
    expect(page.get_by_role("dialog")).to_contain_text(word("sign_in_first", lang))
    page.goto(f"{address}/sign-in?token={result.extensions['masafa_token']}")
    page.wait_for_selector("html[data-ready]")
    assert f"lang={lang}" in page.url
    open_tool(page, width)
    page.locator("#edit-by").fill("رنا")
    return page


def open_tool(page: Page, width: int = 1280) -> None:
    if width < 720:
        page.locator("#handle").click()
    page.locator("#open-edit").click()
    expect(page.locator("#tool h2")).to_be_focused()


def fill(page: Page, at: str = "34.6, 41.2") -> None:
    page.locator("#edit-name_ar").fill("مركز جديد")
    page.locator("#edit-name_en").fill("New <b>post</b>")
    page.locator("#edit-kind").select_option("outpost")
    page.locator("#edit-at").fill(at)
    page.locator("#edit-radius").fill("٤٠٠٠")
    page.locator("#edit-sources").fill(SOURCE)
    page.locator("#edit-sources").press("Tab")


def drop_sources(page: Page) -> None:
    """Take every source out of the form."""
    page.locator("#edit-sources").fill("")
    for button in page.locator(".picker-chips button").all():
        button.press("Enter")
    expect(page.locator(".picker-chips li")).to_have_count(0)


def said(page: Page) -> str:
    return plain(page.locator("#edit-said").inner_text())


def shown(id_: str, lang: str) -> str:
    """Return an id as a page of a language shows it: among Arabic words in an isolate."""
    return isolated(id_) if lang == "ar" else id_


@pytest.mark.parametrize("width", [1280, 390])
def test_a_place_is_added_moved_changed_deleted_and_put_back(
    app: tuple[Flask, str], visit: Visit, lang: str, width: int
) -> None:
    page = signed(visit, app, lang, width)
    fill(page)
    assert complaints(page) == []
    page.locator("#edit-form").get_by_role("button", name=word("edit_save", lang)).press("Enter")
    expect(page.locator("#edit-said")).to_contain_text("new-b-post-b")
    (result,) = [one for one in current().layer("sites").features if one.id.startswith("new-b-post")]
    assert result.properties["coordinateUncertaintyInMeters"] == 4000
    expect(page.locator(f'[data-id="{result.id}"]')).to_have_count(1)
    assert complaints(page) == []
    page.locator("#edit-at").fill("۳۴٫۷، 41.3")
    page.locator("#edit-why").fill("<i>survey</i>")
    page.locator("#edit-form .primary").click()
    expect(page.locator("#edit-said")).to_contain_text(word("edit_changed", lang, name=shown(result.id, lang)))
    assert current().feature(result.id).geometry.y == 34.7  # type: ignore[union-attr]
    page.locator("#tool details.older summary").press("Enter")
    expect(page.locator(".history li")).to_have_count(2)
    expect(page.locator(".history li").first).to_contain_text("<i>survey</i>")
    # Of what was added nothing is named as changed, and no number of nothing.
    assert re.search(r"\d\d:\d\d$", plain(page.locator(".history li").last.inner_text()))
    page.locator("#edit-undo").press("Enter")
    expect(page.locator("#edit-said")).to_contain_text(word("edit_undone", lang, name=shown(result.id, lang)))
    assert current().feature(result.id).geometry.y == 34.6  # type: ignore[union-attr]
    page.locator("#edit-delete").press("Enter")
    expect(page.locator("#edit-delete")).to_have_text(word("edit_sure", lang))
    page.locator("#edit-delete").press("Enter")
    expect(page.locator("#edit-said")).to_contain_text(word("edit_deleted", lang, name=shown(result.id, lang)))
    expect(page.locator(f'[data-id="{result.id}"]')).to_have_count(0)
    page.locator("#edit-undo").click()
    expect(page.locator("#edit-said")).to_contain_text(word("edit_undone", lang, name=shown(result.id, lang)))
    expect(page.locator(f'[data-id="{result.id}"]')).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_pin_is_dragged_and_a_click_gives_the_position(app: tuple[Flask, str], visit: Visit) -> None:
    page = signed(visit, app, "en")
    page.locator("#edit-at + button").click()
    page.locator("#map").click(position={"x": 700, "y": 650})
    first = page.locator("#edit-at").input_value()
    assert first.count(",") == 1
    page.locator("#edit-radius").fill("20000")
    expect(page.locator("path.edit-circle")).to_have_count(1)
    box = page.locator(".edit-pin").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 11, box["y"] + 11)
    page.mouse.down()
    page.mouse.move(box["x"] + 71, box["y"] + 31, steps=4)
    page.mouse.up()
    assert page.locator("#edit-at").input_value() != first


def test_what_is_wrong_is_said_in_the_language_of_the_page(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    page = signed(visit, app, lang, refused=True)
    fill(page)
    drop_sources(page)
    with page.expect_response(lambda answer: "/edits/" in answer.url) as answered:
        page.locator("#edit-form .primary").click()
    assert answered.value.status == 400
    expect(page.locator("#edit-said .problem")).to_contain_text(word("sources", lang))
    expect(page.locator("#edit-form [aria-invalid]")).to_have_attribute("id", "edit-sources")
    expect(page.locator("#edit-sources")).to_have_attribute("aria-describedby", re.compile(r"(^| )edit-problem$"))
    assert complaints(page) == []
    expect(page.locator("#edit-name_en")).to_have_value("New <b>post</b>")


def test_two_who_edit_one_are_shown_both_and_choose(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    _, address = app
    one, other = (signed(visit, app, lang, refused=True) for _ in range(2))
    for page in (one, other):
        page.goto(f"{address}/?lang={lang}&at=al-qaim&claim=none")
        page.wait_for_selector("html[data-ready]")
        page.locator(".popup-tools button", has_text=word("edit", lang)).click()
        page.locator("#edit-form").wait_for()
    one.locator("#edit-radius").fill("900")
    one.locator("#edit-by").fill("رنا")
    one.locator("#edit-form .primary").click()
    expect(one.locator("#edit-said .note")).to_be_visible()
    other.locator("#edit-radius").fill("700")
    other.locator("#edit-name_en").fill("Qaim")
    other.locator("#edit-by").fill("Omar")
    other.locator("#edit-form .primary").click()
    expect(other.locator("table.conflict tbody tr")).to_have_count(2)
    assert complaints(other) == []
    row = other.locator("table.conflict tr", has_text=word("edit_radius", lang))
    expect(row).to_contain_text("900")
    expect(row).to_contain_text("700")
    row.locator("input[value=theirs]").check()
    other.get_by_role("button", name=word("edit_chosen", lang)).click()
    expect(other.locator("#edit-said .note")).to_be_visible()
    stored = current().feature("al-qaim").properties
    assert (stored["coordinateUncertaintyInMeters"], stored["name_en"]) == (900, "Qaim")


def test_a_new_name_is_found_at_once(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    page = signed(visit, app, lang)
    page.goto(f"{app[1]}/?lang={lang}&at=al-qaim&claim=none")
    page.wait_for_selector("html[data-ready]")
    page.locator("#search-text").fill("Qaim")
    expect(page.locator('#hits [data-row="al-qaim"]')).to_have_count(1)
    page.locator("#search-text").fill("")
    page.locator(".popup-tools button", has_text=word("edit", lang)).click()
    page.locator("#edit-name_en").fill("Zebra Crossing")
    page.locator("#edit-by").fill("رنا")
    page.locator("#edit-form .primary").click()
    expect(page.locator("#edit-said .note")).to_be_visible()
    page.locator("#search-text").fill("zebra")
    expect(page.locator('#hits [data-row="al-qaim"]')).to_have_count(1)
