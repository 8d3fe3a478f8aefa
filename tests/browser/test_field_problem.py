"""The message of a refused value stands at its field, which has the focus; without a field it heads the form."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
REFUSED = [
    ("/proximity?layer=sites&target=border-iq-sy&bands=x", "bands"),
    ("/matrix?layer=x&target=sites", "layer"),
    ("/layers/events/export?format=csv&where=kind+like", "where"),
    ("/analyses/proximity?layer=1,95&target=border-iq-sy&action=measure", "layer"),
    ("/ruler?layer=border-iq-sy&km=x", "km"),
]


@pytest.mark.parametrize(("address", "name"), REFUSED)
def test_the_message_stands_behind_its_field(visit: Visit, lang: str, address: str, name: str) -> None:
    page = visit(f"{address}&lang={lang}", refused=True)
    field = page.locator('main [aria-invalid="true"]')
    expect(field).to_have_count(1)
    expect(field).to_be_focused()
    assert name in (field.get_attribute("id") or "")
    boxes = [one.bounding_box() or pytest.fail("not shown") for one in (field, page.locator("#problem"))]
    assert 0 <= boxes[1]["y"] - boxes[0]["y"] - boxes[0]["height"] < 24


def test_a_name_that_nothing_has_heads_the_form(visit: Visit, lang: str) -> None:
    page = visit(f"/proximity?layer=nowhere&target=border-iq-sy&lang={lang}", refused=True)
    expect(page.locator("#problem")).to_be_visible()
    assert page.locator('main [aria-invalid="true"]').count() == 0
