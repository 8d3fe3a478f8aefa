"""What is pressed is large enough, or far enough from its neighbours, and is called what it shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.addresses import address
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
PATHS = [
    *("/", "/?at=hasakah-prison", "/?m=rings*al-qaim*25,50", "/claims", "/sources", "/actors", "/layers/events"),
    *("/events?layer=events", "/ruler", "/lines", "/matrix", "/proximity?layer=sites&target=border-iq-sy", "/about"),
    *("/import", "/report/claims/prison-10km", "/analyses/proximity", "/sources/hussein-2024", "/api/processes"),
]
PRESSED = """a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=slider],
  .leaflet-marker-icon[tabindex]"""
# WCAG 2.2, 2.5.8: 24 pixels, but for a link within a sentence, what has 24 pixels of its own around its middle, and
# what the page has elsewhere (a place or an event in a list) or stands where its place is (essential).
SMALL = """pressed => {
  const LEAST = 24;
  const hidden = (node) => !node.checkVisibility({ visibilityProperty: true }) || node.closest(".unseen, .skip");
  const targets = [...document.querySelectorAll(pressed)].filter((node) => !hidden(node)).map((node) => {
    const held = node.matches("input[type=checkbox], input[type=radio]") ? node.closest("label") ?? node : node;
    const boxes = [...held.getClientRects()];
    return { node, box: held.getBoundingClientRect(), boxes };
  }).filter(({ box }) => box.width && box.height);
  const isSmall = ({ box }) => Math.min(box.width, box.height) < LEAST - 0.5;
  const inline = ({ node }) => node.matches("a, button.link, summary") && getComputedStyle(node).display === "inline"
    && [...node.parentElement.childNodes].some((other) => other instanceof Text && /[\\p{L}\\d]/u.test(other.data));
  const elsewhere = ({ node }) => {
    const id = node.dataset?.row ?? node.dataset?.id;
    return id && [...document.querySelectorAll(`button[data-row="${CSS.escape(id)}"]`)].some((other) => other !== node);
  };
  const middle = ({ box }) => [box.left + box.width / 2, box.top + box.height / 2];
  const crowded = (one) => {
    const [x, y] = middle(one);
    return targets.some((other) => {
      if (other === one || other.node.contains(one.node) || one.node.contains(other.node)) return false;
      const far = ({ left, right, top, bottom }) =>
        Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
      if (other.boxes.some((box) => far(box) < LEAST / 2 - 0.5)) return true;
      const [ox, oy] = middle(other);
      return isSmall(other) && Math.hypot(ox - x, oy - y) < LEAST - 0.5;
    });
  };
  return targets.filter((one) => isSmall(one) && !inline(one) && !elsewhere(one) && crowded(one))
    .map(({ node, box }) => `${node.outerHTML.slice(0, 120)} ${Math.round(box.width)} x ${Math.round(box.height)}`);
}"""
# WCAG 2.2, 2.5.3: who says what is seen presses it. What a label calls, and what an element shows as text.
MISNAMED = r"""pressed => {
  const marks = /[\u2066-\u2069\u200e\u200f]/g;
  const plain = (text) => ` ${text.replace(marks, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim().toLowerCase()} `;
  const found = [];
  for (const node of document.querySelectorAll(pressed)) {
    const name = node.getAttribute("aria-label");
    if (!name || node.matches("select") || !node.checkVisibility({ visibilityProperty: true })) continue;
    const parts = node instanceof SVGElement ? [...node.querySelectorAll("text")] : [node];
    for (const text of parts.map((part) => part.innerText ?? part.textContent)) {
      if (/[\p{L}\p{N}]/u.test(text) && !plain(name).includes(plain(text))) found.push(`${text} | ${name}`);
    }
  }
  return found;
}"""


def settled(visit: Visit, path: str, lang: str, width: int = 1280, height: int = 800) -> Page:
    """Show a page and wait until its script has drawn it."""
    page = visit(address(path, lang), width, height)
    if page.locator(".events-page, .ruler-page").count():
        page.wait_for_selector("html[data-ready]")
    return page


@pytest.mark.parametrize("path", PATHS)
def test_targets_are_large_enough(visit: Visit, lang: str, path: str) -> None:
    assert settled(visit, path, lang).evaluate(SMALL, PRESSED) == []


@pytest.mark.parametrize("path", ["/", "/claims", "/events?layer=events", "/ruler", "/sources"])
def test_targets_are_large_enough_on_a_narrow_screen(visit: Visit, path: str) -> None:
    assert settled(visit, path, "ar", 320, 640).evaluate(SMALL, PRESSED) == []


@pytest.mark.parametrize("path", ["/", "/ruler", "/lines"])
def test_a_sign_on_the_map_is_24_pixels(visit: Visit, path: str) -> None:
    sizes = settled(visit, path, "en").evaluate(
        """() => [...document.querySelectorAll("#map .sign")].map((node) => [node.offsetWidth, node.offsetHeight])"""
    )
    assert len(sizes) > 10
    assert {tuple(size) for size in sizes} == {(24, 24)}


@pytest.mark.parametrize("path", PATHS)
def test_the_name_holds_what_is_seen(visit: Visit, lang: str, path: str) -> None:
    assert settled(visit, path, lang).evaluate(MISNAMED, PRESSED) == []
