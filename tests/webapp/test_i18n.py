"""Which language a page speaks, and how figures stand in it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from webapp import create_app
from webapp.config import Config
from webapp.i18n import date_shown, date_text, other_language, quantity, upright, word


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken"),
    [
        ("en", "ar", "en"),
        ("ar", "en", "ar"),
        (None, "en-GB,en;q=0.9", "en"),
        (None, "fr,en;q=0.5,ar;q=0.6", "ar"),
        (None, "fr", "ar"),
        (None, "", "ar"),
        ("de", "en", "en"),
        ("", "", "ar"),
        ("\x00", "", "ar"),
    ],
)
def test_the_language_of_a_page(asked: str | None, accepted: str, spoken: str, client: FlaskClient) -> None:
    query = {} if asked is None else {"lang": asked}
    answer = client.get("/about", query_string=query, headers={"Accept-Language": accepted})
    assert f'<html lang="{spoken}"' in answer.text
    assert ("Accept-Language" in answer.headers.get("Vary", "")) == (asked not in ("ar", "en"))


def test_a_word_with_values() -> None:
    assert word("of_text", "en", number=30) == "paragraph 30 of the text"
    assert word("of_text", "ar", number=30) == "الفقرة 30 من النص"


def test_number_and_unit_are_isolated() -> None:
    assert str(quantity({"number": "49 ± 3", "unit": "km"}, "ar")) == (
        '<span class="qty"><bdi dir="ltr">49 ± 3</bdi>&nbsp;كم</span>'
    )
    assert str(quantity({"number": "305", "unit": "°"}, "en")) == '<span class="qty"><bdi dir="ltr">305°</bdi></span>'
    assert "&lt;b&gt;" in str(quantity({"number": "<b>", "unit": "<i>"}, "en"))
    assert "no coordinates" in str(quantity(None, "en"))


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/claims?verdict=agrees&lang=ar", "/claims?verdict=agrees&lang=en"),
        ("/?claim=a%26b", "/?claim=a%26b&lang=en"),
        ("//other.example/x", "/other.example/x?lang=en"),
        ("/%5Cother.example", "/%5Cother.example?lang=en"),
    ],
)
def test_the_other_language_is_this_address_on_this_host(path: str, link: str) -> None:
    app = create_app(Config())
    with app.test_request_context("/"):
        from flask import request

        request.path, _, query = path.replace("%5C", "\\").partition("?")
        request.query_string = query.encode()
        assert other_language("ar") == link


def test_marks_that_turn_a_text_round_are_not_shown() -> None:
    assert upright("a\u202eb\u200b\ufeffc") == "abc"
    assert upright(None) is None
    assert upright(3) == 3


def test_a_date_reads_in_its_own_direction() -> None:
    assert "\u20662026-09-10\u2069" in word("data_as_of", "en", date="2026-09-10")
    assert "10 أيلول/سبتمبر 2026" in word("data_as_of", "ar", date="2026-09-10")
    assert "\u2066" not in word("search_results", "ar", count="12")


@pytest.mark.parametrize(
    ("iso", "shown"),
    [
        ("2024-02-11", "11 شباط/فبراير 2024"),
        ("2024-01", "كانون الثاني/يناير 2024"),
        ("2023-12-01", "1 كانون الأول/ديسمبر 2023"),
        ("2024-13-01", "\u20662024-13-01\u2069"),
        ("2024", "\u20662024\u2069"),
    ],
)
def test_a_date_has_the_names_of_its_month_in_arabic(iso: str, shown: str) -> None:
    assert date_text(iso, "ar") == shown
    assert date_text(iso, "en") == f"\u2066{iso}\u2069"


def test_a_date_in_a_text_and_by_itself() -> None:
    assert word("as_of", "ar", date="2024-02-11") == "كما في 11 شباط/فبراير 2024"
    assert word("as_of", "ar", date="\u20662024-02-11\u2069") == "كما في 11 شباط/فبراير 2024"
    assert word("as_of", "en", date="2024-02-11") == "As of \u20662024-02-11\u2069"
    assert date_shown("2024-02-11", "ar") == '<bdi dir="rtl">11 شباط/فبراير 2024</bdi>'
    assert date_shown("2024-02-11", "en") == '<bdi dir="ltr">2024-02-11</bdi>'
    assert date_shown("<b>", "ar") == '<bdi dir="ltr">&lt;b&gt;</bdi>'
    assert date_shown(None, "ar") == ""
