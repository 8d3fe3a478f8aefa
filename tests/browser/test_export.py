"""Taking a layer away in the page: chosen by keyboard, what is lost is read before the file is taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from geodata import sandbox
from geodata.formats import registry
from tests.browser.conftest import Visit
from tests.browser.words import word

pytestmark = pytest.mark.browser


def test_a_filtered_file_is_made_and_taken(visit: Visit, lang: str, tmp_path: Path) -> None:
    page = visit(f"/layers/sites?lang={lang}")
    page.get_by_role("link", name=word("export_more", lang)).press("Enter")
    page.get_by_label(word("export_format", lang), exact=True).select_option("shapefile")
    page.get_by_label(word("export_where", lang), exact=True).fill("kind = 'prison'")
    page.get_by_role("button", name=word("export_make", lang)).press("Enter")
    result = page.locator(".made")
    expect(result).to_contain_text(word("export_lost", lang), use_inner_text=True)
    assert result.locator("li").count() > 0
    with page.expect_download() as kept:
        page.get_by_role("link", name=word("export_get", lang), exact=True).press("Enter")
    path = tmp_path / kept.value.suggested_filename
    kept.value.save_as(path)
    (part,) = sandbox.read(registry.FORMATS["shapefile"], path)
    assert len(list(part.rows)) == 3


def test_what_is_wrong_is_said_and_what_was_typed_stays(visit: Visit, lang: str) -> None:
    page = visit(f"/layers/sites/export?lang={lang}&format=csv&where=kind+is+what", refused=True)
    assert word("export_where", lang).split(" (")[0] in page.get_by_role("alert").inner_text()
    expect(page.get_by_label(word("export_where", lang), exact=True)).to_have_value("kind is what")
