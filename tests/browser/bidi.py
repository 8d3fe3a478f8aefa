"""Whether coordinates, intervals, dates and ids read left to right where they stand: by the glyphs' own boxes."""

from __future__ import annotations

from playwright.sync_api import Page

# Of every text node, attribute and field of a page: what in it must run left to right and does not.
TURNED = r"""
() => {
  const number = "[-−+]?(?:\\d[\\d,]*\\d|\\d)(?:\\.\\d+)?";
  const angle = `${number}°(?:${number}[′'](?:${number}[″"])?)?\\s*[NSEW]`;
  const patterns = [
    `${number}°?[NSEW]?\\s*[,،;؛ ]\\s*${number}\\.\\d+|${number}\\.\\d+°?[NSEW]?\\s*[,،;؛ ]\\s*${number}`,
    `${angle}[,،; ]*${angle}`,
    `${number}\\s*[–±]\\s*${number}`,
    `[-−]\\d+(?:\\.\\d+)?`,
    `[≤≥≈]\\s?\\d`,
    "\\d{4}-\\d{2}(?:-\\d{2}(?:T[\\d:.]+Z?)?)?",
    "\\b[a-z0-9]+(?:-[a-z0-9]+)+\\b",
    `${number}\\s?(?:[KMG]i?B|km|m)\\b`,
  ].map((pattern) => new RegExp(pattern, "gu"));
  const turned = [];

  function inspect(node, where) {
    for (const pattern of patterns) {
      for (const match of node.data.matchAll(pattern)) {
        const range = document.createRange();
        let last = null;
        for (let at = match.index; at < match.index + match[0].length; at += 1) {
          if (!node.data[at].trim() || /[\u2066-\u2069\u200e\u200f]/u.test(node.data[at])) continue;
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const [box] = range.getClientRects();
          if (!box || !box.width) continue;
          // A new line begins at the left again.
          if (last && Math.abs(box.top - last.top) < box.height / 2 && box.left + 0.5 < last.left) {
            turned.push(`${where}: ${node.data.slice(Math.max(0, match.index - 20), match.index + 40)}`);
            return;
          }
          last = box;
        }
      }
    }
  }

  function visible(element) {
    return element && element.getClientRects().length && getComputedStyle(element).visibility !== "hidden";
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes) if (visible(node.parentElement)) inspect(node, node.parentElement.tagName.toLowerCase());

  // The text of a field or an attribute has no range of its own: it is laid out beside, in the same direction.
  function beside(element, text, where, own) {
    const style = getComputedStyle(element);
    const copy = document.createElement("div");
    copy.style.cssText = `position: absolute; white-space: pre; font: ${style.font};`;
    copy.style.direction = own ? style.direction : getComputedStyle(document.documentElement).direction;
    copy.style.unicodeBidi = own && style.unicodeBidi === "plaintext" ? "plaintext" : "normal";
    copy.append(text);
    document.body.append(copy);
    inspect(copy.firstChild, where);
    copy.remove();
  }
  for (const field of document.querySelectorAll("input, textarea")) {
    if (!visible(field) || ["checkbox", "radio", "hidden", "file"].includes(field.type)) continue;
    const text = field.value || field.placeholder;
    for (const line of text.split("\n")) if (line) beside(field, line, `field ${field.id}`, true);
  }
  for (const name of ["title", "aria-label"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      if (visible(element)) beside(element, element.getAttribute(name) || " ", name, false);
    }
  }
  return [...new Set(turned)];
}
"""


def turned(page: Page) -> list[str]:
    """Return what should run left to right on a page, and does not; where it stands, with what is round it."""
    return list(page.evaluate(TURNED))
