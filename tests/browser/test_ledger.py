"""A claim of one's own, written in the page and seen tested in the ledger."""

from __future__ import annotations

import pytest

from tests.analysis.test_ledger import NEAR
from tests.browser.conftest import Visit
from tests.browser.test_access import complaints
from tests.browser.words import plain, word
from tests.serving import served
from webapp import create_app
from webapp.config import Config

pytestmark = pytest.mark.browser


def test_a_claim_is_added_and_tested(visit: Visit, lang: str) -> None:
    app = create_app(Config())
    with served(app) as address:
        page = visit(f"/claims/new?lang={lang}", address=address, refused=True)
        assert word("sign_in_first", lang) in page.get_by_role("alert").inner_text()
        page.goto(f"{address}/sign-in?token={app.extensions['masafa_token']}")
        page.goto(f"{address}/claims/new?lang={lang}")
        assert complaints(page) == []
        for name, value in NEAR.items():
            if name != "test":
                page.locator(f"#in-{name}").fill(value)
        page.get_by_role("button", name=word("claim_add", lang)).click()
        row = page.locator("#hol-14km")
        assert word("verdict_agrees", lang) in row.inner_text()
        assert "12.9 ± 1.5" in plain(row.inner_text())
