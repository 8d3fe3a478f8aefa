"""The page of what a release changed, with rows of every kind: nothing is wider than the page, and axe is content."""

from __future__ import annotations

import pytest
from flask import Flask

from geodata.model import Layer
from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import word
from tests.events.test_release_diff import releases as releases

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("releases", [10_000], indirect=True)
def test_rows_of_a_release_are_listed(
    releases: Layer, app: tuple[Flask, str], visit: Visit, lang: str, width: int
) -> None:
    _, address = app
    before = releases.entry["imported"]["releases"][0]["before"]
    page = visit(f"/layers/attacks/diff?old={before[:12]}&lang={lang}", address=address, width=width)
    assert page.locator("tbody tr").count() == 4
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name=f"{word('diff_moved', lang)} 1", exact=True).click()
    page.wait_for_url("**kind=moved**")
    assert page.locator("tbody tr").count() == 1
    assert complaints(page) == []
