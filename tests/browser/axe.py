"""What axe-core finds on a page by its rules for WCAG 2.2, A and AA, and by its good practice.

A sign on the map stands where its place is, beside another if their places are near each other: the position is
essential (WCAG 2.2, 2.5.8), and the lists beside the map have the same. Their own size is tested in test_targets.py.
"""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of what it passed it would bring thousands of nodes: they took longer to bring than to check.
RUN = """async (standards) => {
  const run = { runOnly: { type: "tag", values: standards }, resultTypes: ["violations"] };
  const found = await axe.run(document, run);
  const isLarge = ({ width, height }) => Math.min(width, height) >= 24;
  // What is large enough is only scrolled half out of sight, under a bar that stays.
  const essential = (id, target) => id === "target-size" && [document.querySelector(target)]
    .some((node) => node.matches(".leaflet-marker-icon") || isLarge(node.getBoundingClientRect()));
  const reasons = ({ any, all, none }) =>
    [...any, ...all, ...none].map(({ message }) => message).join(" ").slice(0, 240);
  return found.violations.flatMap(({ id, nodes }) => nodes.filter(({ target }) => !essential(id, target.at(-1)))
    .map((node) => `${id}: ${node.html.slice(0, 160)} ${reasons(node)}`));
}"""


def complaints(page: Page) -> list[str]:
    """Return what axe finds, a line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(RUN, STANDARDS)
    return found
