"""Every error of the catalogue, on the page that shows it, in both languages: whole, in its language, read rightly."""

from __future__ import annotations

import random
import re

import pytest
from flask import Flask
from playwright.sync_api import Page

from geodata import errors
from geodata.messages import Message, catalogue
from tests.browser.bidi import turned
from tests.browser.conftest import Visit
from tests.messages.test_catalogue import LATIN, nodes, parse

pytestmark = pytest.mark.browser
SEED = 15
TEXTS = ("sites/al-hol", "40.9893, 34.4337", "2024-02-03", "الهول", "a,b.csv", "-12.5", "0–4.3")
"""Values of parameters that are texts: ids, positions, dates, names of files, in either script."""
SHOW = """async (codes) => {
  const list = document.createElement("ol");
  for (const code of codes) {
    const answer = await fetch(`/shown/${code}${location.search}`, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const item = document.createElement("li");
    item.append(...page.querySelectorAll("main .detail"));
    item.dataset.status = answer.status;
    list.append(item);
  }
  document.querySelector("main").replaceChildren(list);
  return [...list.children].map((item) => [item.dataset.status, item.innerText]);
}"""
CODES = sorted(catalogue("en"))


def error(code: str) -> errors.MasafaError:
    """Return an error that says a code, its parameters chosen by a machine: numbers where it counts, else texts."""
    chosen = random.Random(f"{SEED}{code}")
    values: dict[str, object] = {}
    for node in (node for texts in (catalogue("en"), catalogue("ar")) for node in nodes(parse(texts[code]))):
        name = str(node["name"])
        values[name] = chosen.randint(0, 120) if "options" in node else values.get(name, chosen.choice(TEXTS))
    if "parameter" in values:
        values["parameter"] = "layer"
    message = Message(code, **values)
    kind = next((one for one in errors.MasafaError.__subclasses__() if code.startswith(f"{one.prefix}.")), None)
    if kind is errors.BadValue:
        return errors.BadValue(chosen.choice(("layer", "km", "from")), chosen.choice(TEXTS), message)
    if kind is errors.NotFound:
        return errors.NotFound(message, chosen.choice(TEXTS), ("sites", "events"))
    if kind is errors.BadData:
        return errors.BadData("/features/3/geometry", message)
    return errors.MasafaError(message) if kind in (None, errors.Conflict) else kind(message)


def raising(made: Flask) -> None:
    """Give an app an address for each code that raises it."""

    @made.get("/shown/<code>")
    def shown(code: str) -> str:
        raise error(code)


@pytest.fixture
def errors_page(app: tuple[Flask, str], visit: Visit, lang: str) -> tuple[Page, dict[str, str]]:
    made, address = app
    raising(made)
    page = visit(f"/about?lang={lang}", address=address, refused=True)
    found = page.evaluate(SHOW, CODES)
    assert {status for status, _ in found} <= {"400", "404", "412", "422", "503", "500"}
    return page, dict(zip(CODES, (text for _, text in found), strict=True))


def test_every_code_is_shown_in_the_language_of_the_page(errors_page: tuple[Page, dict[str, str]], lang: str) -> None:
    page, shown = errors_page
    assert len(shown) > 650
    for code, text in shown.items():
        assert text.strip(), code
        assert code not in text
        assert not re.search(r"\{\w+\}|\bNone\b|\bplural,", text), (code, text)
        if lang == "ar":
            # A text of parameters alone only joins what others say.
            assert re.search("[\u0621-\u064a]", text) or not re.search("[\u0621-\u064a]", catalogue("ar")[code]), code
            plain = text
            for value in (*TEXTS, "/features/3/geometry"):
                plain = plain.replace(value, " ")
            words = {word.rstrip(".:/") for word in re.findall(r"[A-Za-z][\w./:-]+", plain)}
            assert words <= LATIN | {"sites", "events"}, (code, text)
        else:
            assert re.match(r"[\u2066-\u2069]*[A-Z0-9\u0600-\u06ff«“'(/±-]", text.strip()), (code, text)
    if lang == "ar":
        assert turned(page) == []
