"""A screen reader changes its voice where the language changes: what is not in the language of the page says so."""

from __future__ import annotations

import random

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.addresses import PAGES, address, pages_signed_in
from tests.browser.conftest import Visit
from webapp.language_parts import attribute, marked

pytestmark = pytest.mark.browser
# Text, and what is read of attributes, in the order of the page; code, ids and addresses belong to no language.
STRAY = r"""() => {
  const arabic = /[\u0621-\u064A\u0671-\u06D3]/u;
  const latin = /\p{Script=Latin}{2,}(?:[,.'’()-]*\s[\s'’(-]*\p{Script=Latin}{2,}){2,}/u;
  const found = new Set();
  const letters = (text, script) => text.match(new RegExp(`\\p{Script=${script}}`, "gu"))?.length ?? 0;
  // What can be in one language only is in that of most of its letters.
  const whole = (text, node) => {
    const isArabic = letters(text, "Arabic") > letters(text, "Latin");
    if (isArabic !== (node.closest("[lang]").lang === "ar")) check(text, node);
  };
  const check = (text, node) => {
    const lang = node.closest("[lang]").lang.slice(0, 2);
    if (lang === "ar" ? latin.test(text) : lang === "en" && arabic.test(text)) {
      found.add(`${lang} ${node.localName}.${node.getAttribute("class") ?? ""}: ${text.trim().slice(0, 90)}`);
    }
  };
  // A sentence of the page in an attribute cannot mark the name that it holds.
  const sole = (text, node) => { if (!letters(text, "Arabic") || !letters(text, "Latin")) check(text, node); };
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node instanceof Text) {
      const { parentElement: parent } = node;
      if (parent.matches("option, textarea")) whole(node.data, parent);
      else if (!parent.closest("script, style, noscript, code, .address")) check(node.data, parent);
    } else {
      for (const name of ["aria-label", "title", "placeholder", "alt", "aria-description"]) {
        sole(node.getAttribute(name) ?? "", node);
      }
      if (node.matches("input[type=text]:not([dir=ltr]), textarea:not([dir=ltr])")) whole(node.value, node);
    }
  }
  return [...found];
}"""
STATES = ["at=hasakah-prison", "at=event-strikes-2024-02-03", "m=rings*al-qaim*25,50", "q=hol", "claim=erbil-west"]


def stray(page: Page) -> list[str]:
    """Return the texts of a page whose language nothing tells, each once."""
    found: list[str] = page.evaluate(STRAY)
    return found


@pytest.mark.parametrize("path", [path for paths in PAGES.values() for path in paths])
def test_every_page(visit: Visit, lang: str, path: str) -> None:
    assert stray(visit(address(path, lang), refused=True)) == []


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_the_map(visit: Visit, lang: str, state: str) -> None:
    page = visit(f"/?lang={lang}&{state}")
    assert stray(page) == []


def test_every_form_of_who_signed_in(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    assert [(path, one) for path, page in pages_signed_in(app, visit, lang) for one in stray(page)] == []


TWIN = """async ([texts, lang]) => {
  const { languageParts, foreignLanguage } = await import("/static/js/core/language-parts.js");
  return texts.map((text) => {
    const box = document.createElement("p");
    box.append(...languageParts(text, lang));
    return [box.innerHTML, foreignLanguage(text, lang)];
  });
}"""
PIECES = [
    "الهول",
    "عن",
    "Rudaw",
    "OCHA",
    "km",
    "border-iq-sy",
    "https://a.example/b",
    "4.0",
    "(",
    ")",
    "«",
    "»",
    "،",
    "\u2066",
    "\u2069",
    "كَمْ",
]


def test_the_page_and_the_server_mark_the_same_parts(visit: Visit, lang: str) -> None:
    draw = random.Random(15)
    texts = [
        "".join(draw.choice(PIECES) + draw.choice(["", " "]) for _ in range(draw.randrange(9))) for _ in range(400)
    ]
    answers = visit(f"/about?lang={lang}").evaluate(TWIN, [texts, lang])
    for text, (html, other) in zip(texts, answers, strict=True):
        assert html == str(marked(text, lang)), text
        assert (f' lang="{other}"' if other else "") == str(attribute(text, lang)), text
