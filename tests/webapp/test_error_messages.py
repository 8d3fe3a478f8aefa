"""What went wrong, as a page says it: a sentence that names the field as the page does."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from geodata import registry
from geodata.errors import BadData, BadValue, NotFound, Refused
from geodata.messages import one_of
from webapp.error_messages import FIELDS, label, localized_message
from webapp.i18n import LANGUAGES, catalogue

ADDRESSES = [
    "/ruler?line=nope",
    "/ruler?km=lots",
    "/proximity?layer=sites&target=nope",
    "/proximity?layer=sites&page=0",
    "/matrix?layer=nope",
    "/layers/nope",
    "/layers/sites/export?format=doc",
    "/layers/sites/export?format=csv&bbox=1",
    "/r/zzz",
    "/r?analysis=nope",
    "/report/proximity?layer=sites",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_arabic_page_says_it_in_arabic(client: FlaskClient, address: str) -> None:
    joint = "&" if "?" in address else "?"
    answer = client.get(f"{address}{joint}lang=ar")
    assert answer.status_code in (400, 404)
    message = re.search(r'<p class="(?:problem|detail)"[^>]*>(.*?)</p>', answer.get_data(as_text=True), re.DOTALL)
    assert message is not None
    own = re.sub(r'<bdi lang="en".*?</bdi>', "", message[1])
    assert re.search(r"[ء-ي]{3}", own), message[1]
    assert not re.search(r"\bis not allowed|\bno \w+ is called", own)


def test_a_problem_document_has_it_in_both_for_the_page(client: FlaskClient) -> None:
    problem = client.get("/api/processes/distance/execution?layer=erbil").get_json(force=True)
    assert problem["parameter"] == "target"
    assert problem["said"]["en"] == "Fill in “Target”."
    assert re.search("[ء-ي]", problem["said"]["ar"])
    assert "<" not in problem["said"]["ar"]


def test_what_was_typed_is_text_in_either_language(client: FlaskClient) -> None:
    for lang in ("ar", "en"):
        page = client.get(f"/ruler?line=<img%20src=x%20onerror=a()>&lang={lang}").get_data(as_text=True)
        assert "<img src=x" not in page
        assert "&lt;img" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_has_a_label(lang: str) -> None:
    assert {name for name, key in FIELDS.items() if key not in catalogue(lang)} == set()
    names = {parameter.name for analysis in registry.analyses().values() for parameter in analysis.parameters}
    for name in names | FIELDS.keys():
        assert "\u2068" not in label(name, lang)
        assert "(" not in label(name, lang)
    assert label("not_a_field", lang) == "\u2068not_a_field\u2069"


@pytest.mark.parametrize(
    ("error", "english", "arabic"),
    [
        (
            BadValue("zero", "x", "number"),
            "“Kilometre of the line to use as km 0”: “\u2068x\u2069” is not accepted. Accepted: a number.",
            "القيمة «\u2068x\u2069» غير مقبولة في «كيلومتر الخط الذي يُعدّ الكيلومتر 0». المقبول: عدد.",
        ),
        (BadValue("order", "", one_of(["a"])), "“Order of two plain numbers” is empty. Accepted: a.", None),
        (BadValue("km", "", "required_by", analysis="ruler"), "Fill in “Within”.", "املأ الحقل «ضمن مسافة»."),
        (BadData("", "empty_file"), "An empty file.", "ملف فارغ."),
        (
            BadData("/features/0", "ring_open"),
            "/features/0: the ring is open: its first and last positions differ.",
            None,
        ),
        (NotFound("layer", "x"), "No layer is called 'x'.", None),
        (Refused("bins", parameter="bin", count=9, most=3), "Bin, km: 9 bins are too many; at most 3.", None),
    ],
)
def test_a_sentence_names_the_field_and_says_what_to_do(error: Exception, english: str, arabic: str | None) -> None:
    assert localized_message(error, "en").unescape() == english  # type: ignore[arg-type]
    spoken = localized_message(error, "ar").unescape()  # type: ignore[arg-type]
    assert arabic is None or spoken == arabic
    assert re.search("[ء-ي]", spoken)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_shows_the_name_of_a_parameter(client: FlaskClient, address: str, lang: str) -> None:
    joint = "&" if "?" in address else "?"
    page = client.get(f"{address}{joint}lang={lang}").get_data(as_text=True)
    shown = re.search(r'<p class="(?:problem|detail)"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert shown is not None
    text = re.sub("<[^>]*>", "", shown[1])
    assert not re.search(r"\b(?:km|bbox|page|target|line|layer|format|analysis): ", text), text
    assert "is not allowed" not in text
