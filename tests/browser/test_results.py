"""A result cited, a site then moved in the workspace, and the citation opened again: old, new, and what changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from geodata.catalog import shipped
from geodata.store.workspace import Workspace
from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import plain, word
from tests.store.test_workspace import ENTRY, sites

pytestmark = pytest.mark.browser


def test_cite_move_and_open_again(visit: Visit, lang: str, workspace: Path) -> None:
    page = visit(f"/?lang={lang}&m=border*hasakah-prison*border-iq-sy")
    page.locator("#results").get_by_role("link", name=word("cite", lang), exact=True).click()
    expect(page.locator(".status")).to_contain_text(word("again_same", lang), use_inner_text=True)
    address = page.url
    page.get_by_role("button", name=word("cite", lang), exact=True).click()
    expect(page.locator(".citation")).to_have_count(4)
    for text in page.locator(".citation pre").all_text_contents()[:2]:
        assert address.split("?")[0] in text
        assert "49 ± 3" in text
    assert complaints(page) == []

    Workspace(workspace).put_layer(ENTRY, sites(hasakah_prison=(41.0, 36.5)))
    page.goto(address)
    expect(page.locator(".status")).to_contain_text(word("again_changed", lang), use_inner_text=True)
    row = plain(page.locator("tr.changed").inner_text())
    assert "49 ± 3" in row
    assert "30 ± 3" in row
    changed = plain(page.locator(".versions").inner_text())
    assert shipped().feature("hasakah-prison").name[lang] in changed
    assert word("change_moved", lang) in changed
    assert complaints(page) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_an_unknown_result_is_said(visit: Visit, lang: str, width: int, height: int) -> None:
    page = visit(f"/r/0123456789abcdef?lang={lang}", width, height, refused=True)
    expect(page.locator("h1")).to_contain_text(word("error_missing", lang), use_inner_text=True)
