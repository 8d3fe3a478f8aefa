"""Every code that the product raises has a text in both languages, with the parameters that it is given."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geodata import errors
from geodata.formats.row_errors import Unread
from geodata.messages import LANGUAGES, Message, catalogue, parse
from tests.tree import ROOT, tracked

COUNTS = (0, 1, 2, 3, 11, 100, 103, 3500)
RAISED = {
    "BadValue": ("allowed", 2),
    "NotFound": ("thing", 0),
    "BadData": ("data", 1),
    "Refused": ("refused", 0),
    "Unplaced": ("refused", 0),
    "Unwritable": ("unwritable", 0),
    "MasafaError": ("failed", 0),
    "Unread": ("row", 0),
    "reason": ("row", 0),
    "error": ("data", 1),
    "warn": ("data", 1),
}
"""Calls whose argument at a place is a code, and what the code begins with."""
BY_NAME = (
    "function.",
    "thing.source",
    "thing.actor",
    "thing.job",
    "thing.import",
    "axis.",
    "json.",
    "input.",
    "kind.",
    "cause.",
    "records.",
    "guess.",
    "cell.",
    "order.",
    "question.",
    "answer.",
    "import.",
    "conflict.",
    "bad_",
    "not_found",
)
"""Codes that are put together from a name, or that `errors` itself uses."""


def nodes(tree: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield every parameter and plural of a parsed text, those inside plurals too."""
    for node in tree:
        if isinstance(node, dict):
            yield node
            for option in node.get("options", {}).values():
                yield from nodes(option)


def parameters(language: str, code: str) -> set[str]:
    """Return the names of the parameters of a text."""
    return {str(node["name"]) for node in nodes(parse(catalogue(language)[code]))}


def literals(node: ast.expr) -> list[str]:
    """Return the codes that an argument may be: a text, or either of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return literals(node.body) + literals(node.orelse) if isinstance(node, ast.IfExp) else []


def uses() -> Iterator[tuple[Path, ast.Call, str, set[str] | None]]:
    """Yield every use of a code: the file, the call, the code and its parameters, None where they are not literal."""
    for path in tracked("geodata/*.py", "webapp/*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            owner = getattr(getattr(call.func, "value", None), "id", "")
            if name in ("error", "warn") and owner != "report":
                continue
            if name not in RAISED and not (name in ("Message", "texts") and isinstance(call.func, ast.Name)):
                continue
            prefix, at = RAISED.get(name, ("", 0))
            keywords = {word.arg for word in call.keywords if word.arg}
            for code in literals(call.args[at]) if len(call.args) > at else []:
                full = f"{prefix}.{code}" if prefix else code
                yield path, call, full, None if any(word.arg is None for word in call.keywords) else keywords


USES = list(uses())


def test_there_are_uses() -> None:
    assert len(USES) > 400


def test_both_languages_have_every_code() -> None:
    assert catalogue("en").keys() == catalogue("ar").keys()


def test_every_code_that_is_used_is_there() -> None:
    missing = {(str(path.relative_to(ROOT)), call.lineno, code) for path, call, code, _ in USES}
    assert {use for use in missing if use[2] not in catalogue("en")} == set()


def test_no_prose_is_raised() -> None:
    for path, call, code, _ in USES:
        assert re.fullmatch(r"[a-z0-9_.]+", code), f"{path.name}:{call.lineno}: {code}"
    for path in tracked("geodata/*.py", "webapp/*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(call, "func", None), "id", "")
            if name in RAISED and isinstance(call, ast.Call):
                at = RAISED[name][1]
                assert not (len(call.args) > at and isinstance(call.args[at], ast.JoinedStr) and name != "NotFound"), (
                    f"{path.name}:{call.lineno}: a message is put together where it is raised"
                )


def test_every_parameter_of_a_text_is_given() -> None:
    for path, call, code, given in USES:
        if given is not None and code in catalogue("en"):
            lacking = parameters("en", code) - given
            assert not lacking, f"{path.relative_to(ROOT)}:{call.lineno}: {code} needs {lacking}"


def test_no_text_is_left_over() -> None:
    used = {code for _, _, code, _ in USES}
    # A code may stand in a table, too.
    for path in tracked("geodata/*.py", "webapp/*.py"):
        used |= {node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)}
    assert [code for code in catalogue("en") if code not in used and not code.startswith(BY_NAME)] == []


@pytest.mark.parametrize("code", sorted(catalogue("en")))
def test_a_text_and_its_translation_agree(code: str) -> None:
    english, arabic = (catalogue(language)[code] for language in LANGUAGES)
    assert parameters("en", code) == parameters("ar", code)
    assert not re.search("[ء-ي]", english)
    words = re.sub(r"\{\w+\}", "", arabic)
    # A frame of values alone has no words of its own.
    assert re.search("[ء-ي]", words) or not re.search("[A-Za-z]{3}", re.sub(r"\{\w+\}", "", english)) or code in SAME


SAME = ("json.null", "allowed.transmission_value", "allowed.cql2_json", "allowed.cql2_json_at")
SAME += ("allowed.geojson_because", "data.csv_broken")
"""Words of a format that are the same in every language."""


@pytest.mark.parametrize("code", sorted(code for code, text in catalogue("ar").items() if "plural" in text))
def test_a_counted_noun_has_a_form_for_every_number(code: str) -> None:
    counted = {str(node["name"]) for node in nodes(parse(catalogue("ar")[code])) if node.get("type") == "plural"}
    others = dict.fromkeys(parameters("ar", code) - counted, "7")
    for node in nodes(parse(catalogue("ar")[code])):
        if node.get("type") == "plural":
            assert {"one", "two", "few", "many", "other"} <= set(node["options"])
    for language in LANGUAGES:
        rendered = {Message(code, **others, **dict.fromkeys(counted, count)).text(language) for count in COUNTS}
        assert len(rendered) == len(COUNTS)
        assert not any("{" in text or "#" in text for text in rendered)


@pytest.mark.parametrize("code", sorted(code for code, text in catalogue("ar").items() if "plural" in text))
def test_a_dual_after_a_preposition_is_genitive(code: str) -> None:
    after = re.findall(
        r"(?:من|إلى|على|بـ|لـ|قراءة|تطبيق) ?\{\w+, plural, one \{[^}]*\} two \{([^ }]+)", catalogue("ar")[code]
    )
    assert [noun for noun in after if noun.endswith(("ان", "ا"))] == []


def test_every_kind_of_error_has_its_prefix() -> None:
    kinds = {kind.__name__: kind.prefix for kind in (errors.BadValue, errors.NotFound, errors.BadData, Unread)}
    kinds |= {kind.__name__: kind.prefix for kind in (errors.Refused, errors.Unwritable, errors.MasafaError)}
    assert kinds == {name: RAISED[name][0] for name in kinds}


READERS = {
    "geodata/claims/number_words.py",
    "geodata/formats/coordinates.py",
    "geodata/importing/actors.py",
    "geodata/importing/areas.py",
    "geodata/importing/cell_kinds.py",
    "geodata/search/finding.py",
    "geodata/text/arabic.py",
    "geodata/text/skeleton.py",
}
"""Modules that read Arabic words in what others wrote."""


def test_no_arabic_text_stands_in_the_code() -> None:
    speaking = set()
    for path in tracked("geodata/*.py", "webapp/*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        constants = [
            node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in documentation
        ]
        # The product's own name is the same word on every page.
        if any(re.search("[ء-ي]{2}", str(node.value).replace("مسافة", "")) for node in constants):
            speaking.add(str(path.relative_to(ROOT)))
    assert speaking == READERS


SPOKEN = ("how", "kind", "reason", "unit", "what")
"""Parameters that stand for words of a sentence, not for a name, a number or what somebody typed."""


def test_words_are_given_as_messages() -> None:
    for path, call, code, _ in USES:
        where = f"{path.relative_to(ROOT)}:{call.lineno}: {code}"
        for word in call.keywords:
            literal = isinstance(word.value, ast.JoinedStr) or (
                isinstance(word.value, ast.Constant) and isinstance(word.value.value, str)
            )
            assert not (literal and word.arg in SPOKEN), f"{where}: {word.arg} is said in English only"


LATIN = frozenset(" ".join(tomllib.loads((ROOT / "tests/messages/latin.toml").read_text("utf-8")).values()).split())
"""The Latin words that an Arabic message may have."""


@pytest.mark.parametrize("code", sorted(catalogue("ar")))
def test_arabic_has_no_english_word(code: str) -> None:
    values = dict.fromkeys(parameters("ar", code), 7)
    words = re.findall(r"[A-Za-z][\w./:-]*", Message(code, **values).text("ar"))
    assert {word.rstrip(".:/") for word in words} <= LATIN
