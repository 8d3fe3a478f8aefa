"""A claim of one's own, written in the page and seen tested in the ledger."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from geodata.catalog import shipped
from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import plain, word
from tests.claims.test_add import NEAR

pytestmark = pytest.mark.browser


def pick(page: Page, field: str, typed: str, name: str) -> None:
    """Choose something by its name in a picker, by keyboard."""
    page.locator(field).focus()
    page.keyboard.type(typed)
    option = page.get_by_role("option").filter(has_text=name).first
    expect(option).to_be_visible()
    for _ in range(page.get_by_role("option").count()):
        page.keyboard.press("ArrowDown")
        if option.get_attribute("aria-selected") == "true":
            break
    expect(page.locator(field)).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    page.keyboard.press("Enter")


def test_a_claim_is_added_and_tested(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    result, address = app
    page = visit(f"/claims/new?lang={lang}", address=address, refused=True)
    expect(page.locator("main")).to_contain_text(word("sign_in_first", lang))
    page.goto(f"{address}/sign-in?token={result.extensions['masafa_token']}")
    page.goto(f"{address}/claims/new?lang={lang}")
    assert complaints(page) == []
    for name in ("title_ar", "title_en", "said_ar", "said_en", "km"):
        page.locator(f"#in-{name}").fill(NEAR[name])
    for name, typed, chosen in (("candidates", "hol", "al-hol"), ("lines", "iraq syria", "border-iq-sy")):
        pick(page, f"#in-{name}", typed, shipped().feature(chosen).name[lang])
    pick(page, "#in-source", "A report", word("picker_new_source", lang))
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("#new-source-heading")).to_have_text(word("record_new_source", lang))
    expect(dialog.locator("[name=title]")).to_have_value("A report")
    assert complaints(page) == []
    for name, value in (("outlet", "An outlet"), ("says_ar", NEAR["said_ar"]), ("says_en", "x"), ("by", "7")):
        dialog.locator(f"[name={name}]").fill(value)
    dialog.locator("[name=by]").press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text(word("record_by", lang).split(" (")[0])
    dialog.locator("[name=by]").fill("Reader")
    dialog.locator("[name=by]").press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("#in-source")).to_have_value("An outlet: A report")
    assert complaints(page) == []
    page.get_by_role("button", name=word("claim_add", lang)).click()
    row = page.locator("#al-hol-lies-14-km-from-the-border")
    expect(row).to_contain_text(word("verdict_agrees", lang), use_inner_text=True)
    assert "12.9 ± 1.6" in plain(row.inner_text())
