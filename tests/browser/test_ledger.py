"""A claim of one's own, written in the page and seen tested in the ledger."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import plain, word
from tests.claims.test_add import NEAR

pytestmark = pytest.mark.browser


def test_a_claim_is_added_and_tested(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    result, address = app
    page = visit(f"/claims/new?lang={lang}", address=address, refused=True)
    expect(page.locator("main")).to_contain_text(word("sign_in_first", lang))
    page.goto(f"{address}/sign-in?token={result.extensions['masafa_token']}")
    page.goto(f"{address}/claims/new?lang={lang}")
    assert complaints(page) == []
    for name, value in NEAR.items():
        if name != "test":
            page.locator(f"#in-{name}").fill(value)
    page.get_by_role("button", name=word("claim_add", lang)).click()
    row = page.locator("#hol-14km")
    expect(row).to_contain_text(word("verdict_agrees", lang), use_inner_text=True)
    assert "12.9 ± 1.6" in plain(row.inner_text())
