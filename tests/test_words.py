"""No text reads as it did before it was corrected; Arabic keeps the rules of its spelling and punctuation."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest

from geodata import messages
from geodata.catalog import current
from tests.tree import ROOT
from webapp import i18n

REPLACED: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "tests/words/replaced.toml").read_text("utf-8"))


def vocabulary(language: str) -> dict[str, str]:
    """Return the labels of the vocabularies by a name of each."""
    terms = json.loads((ROOT / "geodata/schemas/vocabulary.json").read_text("utf-8"))
    return {
        f"{group}.{term}": label[language]
        for group, labels in terms.items()
        if isinstance(labels, dict)
        for term, label in labels.items()
        if isinstance(label, dict) and language in label
    }


TEXTS = {
    language: {**i18n.catalogue(language), **messages.catalogue(language), **vocabulary(language)}
    for language in ("en", "ar")
}


@pytest.mark.parametrize("code", REPLACED["messages"])
def test_no_message_reads_as_it_did(code: str) -> None:
    for language, text in REPLACED["messages"][code].items():
        assert TEXTS[language].get(code) != text


@pytest.mark.parametrize(
    ("language", "phrase"),
    [(language, phrase) for language in ("en", "ar") for phrase in REPLACED["phrases"][language]],
)
def test_no_text_has_a_phrase_that_was_replaced(language: str, phrase: str) -> None:
    # Whole words: "or a layer" is no part of "for a layer".
    pattern = (
        re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE)
        if language == "en"
        else re.compile(re.escape(phrase))
    )
    assert [code for code, text in TEXTS[language].items() if pattern.search(text)] == []


LEFT_OUT = (
    "الى اول اكثر اقل اضافة اخرى اخر ايضا الان اسئلة اجابة اطراف انشاء ادخال اعلى ادنى ابعد اقرب انهار ارقام "
    "اعمدة اماكن احداث اشهر ايام اسابيع اسبوع"
)
"""Words without the hamza that they have; a letter such as و may stand before them."""
ALONE = "او ان انها انه اذا اي احد احدى لان اما الا"
"""As those, but short: with a letter before them they are other words."""
SUPERFLUOUS = "إسم أسم إستيراد إستعمال إختيار إثنان إتفاق إختلاف إبن"
"""Words with a hamza that they do not have."""


def words_of(text: str) -> str:
    """Return a pattern of any of some words."""
    return f"(?:{'|'.join(text.split())})"


RULES = [
    ("a Latin comma in a sentence", r"[ء-ي],|[ء-ي][\u064b-\u0652]* ?, ?[ء-ي]", "مكان, موقع"),
    ("a Latin semicolon or question mark", r"[ء-ي\u064b-\u0652]\s*[;?]|;\s*[ء-ي]", "لماذا?"),
    ("quotation marks that are not «»", r"[ء-ي]\"|“|”", '"كلمة"'),
    ("tanwin after its alef", "ا\u064b", "احتمالا\u064b"),
    ("a stretched letter within a word", r"ـ[ء-ي]", "والـشمال"),
    ("a space before a mark", r"\s[،؛؟]", "مكان ، موقع"),
    (
        "a hamza left out",
        rf"(?<![ء-ي\u064b-\u0652])[وفبكل]?{words_of(LEFT_OUT)}(?![ء-ي\u064b-\u0652])",
        "واكثر من مكان",
    ),
    (
        "a hamza left out of a short word",
        rf"(?<![ء-ي\u064b-\u0652]){words_of(ALONE)}(?![ء-ي\u064b-\u0652])",
        "مكان او موقع",
    ),
    ("a hamza that does not belong", rf"(?<![ء-ي\u064b-\u0652])(?:ال)?{words_of(SUPERFLUOUS)}(?![ء-ي])", "إسم المكان"),
    (
        "a yeh for an alef",
        r"(?<![ء-ي\u064b-\u0652])(?:فى|التى|الذى|علي|إلي|هى|حتي|متي)(?![ء-ي\u064b-\u0652])",
        "فى المكان",
    ),
    ("two spaces or commas", r"  |،\s*،", "مكان  آخر"),
]
TYPED = {"allowed.actor_separators", "allowed.body", "allowed.output_object", "events_text_hint"}
"""Texts that show signs as they are typed."""


@pytest.mark.parametrize(("rule", "pattern", "wrong"), RULES, ids=[rule for rule, _, _ in RULES])
def test_arabic_is_spelled_and_punctuated_by_its_rules(rule: str, pattern: str, wrong: str) -> None:
    assert re.search(pattern, wrong), rule
    assert [code for code, text in TEXTS["ar"].items() if code not in TYPED and re.search(pattern, text)] == []


def test_the_wall_has_one_name() -> None:
    wall = current().layer("wall")
    (feature,) = wall.features
    for language in ("en", "ar"):
        name = feature.name[language]
        assert wall.title[language] == name
        for key in ("wall_label", "legend_wall", "wall_stretch"):
            assert i18n.catalogue(language)[key].startswith(name)
