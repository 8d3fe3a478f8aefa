"""Every control that shows an icon alone has a name and a tooltip that says it, on every page and in every state."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

BARE = r"""() => {
  const kinds = "button, a[href], summary, [role=button], [role=slider], input[type=button], input[type=submit]";
  const bare = [];
  for (const control of document.querySelectorAll(kinds)) {
    if (!control.checkVisibility() || control.closest("svg.strip")) continue;
    const unread = (node) => node.matches?.(".unseen, svg, [aria-hidden=true]");
    const text = [...control.childNodes].map((node) => (unread(node) ? "" : node.textContent)).join("");
    if (/[\p{L}\p{N}]/u.test(text) || control.querySelector(":scope > svg text, :scope > img[alt]")) continue;
    const title = control.getAttribute("title") || control.querySelector("title")?.textContent;
    const name = control.getAttribute("aria-label") || control.textContent.trim() || title;
    const tip = title || control.matches("[aria-describedby^=leaflet-tooltip]");
    if (!/[\p{L}\p{N}]/u.test(name) || !tip) bare.push(control.outerHTML.slice(0, 200));
  }
  return bare;
}"""
PATHS = [
    *("/?at=hasakah-prison", "/claims", "/sources", "/actors", "/ruler", "/proximity", "/matrix", "/lines", "/import"),
    *(
        "/events",
        "/events?layer=events&table=1",
        "/layers/sites",
        "/about",
        "/help",
        "/report/claims/prison-10km",
        "/nope",
    ),
    *("/layers/sites/export", "/analyses/buffer", "/api?f=html", "/sources/hussein-2024"),
]
STEPS = {
    "measure": "#open-measure",
    "help": "[data-help]:visible",
    "sign in": "#open-edit",
}


def bare(page: Page) -> list[str]:
    """Return the controls of a page that show an icon without a name or a tooltip."""
    return list(page.evaluate(BARE))


@pytest.mark.parametrize("path", PATHS)
def test_every_icon_has_a_tooltip(visit: Visit, lang: str, path: str) -> None:
    page = visit(f"{path}{'&' if '?' in path else '?'}lang={lang}", refused=path == "/nope")
    page.wait_for_load_state("networkidle")
    assert bare(page) == []


@pytest.mark.parametrize("state", STEPS)
def test_what_opens_has_tooltips_too(visit: Visit, lang: str, state: str) -> None:
    page = visit(f"/?lang={lang}")
    page.locator(STEPS[state]).click()
    expect(page.locator("#tool form, dialog[open]").first).to_be_visible()
    assert bare(page) == []


def test_the_editor_has_tooltips_too(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    made, address = app
    page = visit(f"/sign-in?token={made.extensions['masafa_token']}", address=address)
    page.goto(f"{address}/?lang={lang}&at=al-qaim")
    page.wait_for_selector("html[data-ready]")
    page.locator(".popup-tools button").last.click()
    expect(page.locator("#edit-form")).to_be_visible()
    assert bare(page) == []
