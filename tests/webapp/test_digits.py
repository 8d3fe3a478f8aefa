"""Arabic pages in the digits that the reader chose: what is read is written so, what a machine reads is left."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.browser.words import word
from tests.digit_cases import CASES
from tests.tree import ROOT
from webapp import create_app
from webapp.config import Config
from webapp.digits import arabic_digits, page_in_arabic_digits

BACK = str.maketrans("٠١٢٣٤٥٦٧٨٩٬٫", "0123456789,.")
PAGES = [
    "/",
    "/claims",
    "/sources",
    "/layers/sites",
    "/ruler",
    "/proximity?layer=sites&target=borders",
    "/report/claims/prison-10km",
    "/help",
]


@pytest.fixture
def reader() -> FlaskClient:
    """Return a client whose reader has chosen ٠–٩."""
    client = create_app(Config()).test_client()
    answer = client.get("/digits?to=arab&next=/claims%3Flang=ar")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/claims?lang=ar")
    return client


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_text_is_written_so(text: str, expected: str) -> None:
    assert arabic_digits(text) == expected
    assert arabic_digits(expected) == expected


@given(st.text("0123456789.,–±% −كمفيمن:؛()", max_size=40))
def test_nothing_but_digits_and_their_signs_changes(text: str) -> None:
    shown = arabic_digits(text)
    assert shown.translate(BACK) == text
    assert arabic_digits(shown) == shown


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                '<a href="/r/12?x=3">',
                "</a>",
                "<!-- 5 -->",
                "<script>let a = 12;</script>",
                "<code>34</code>",
                '<input value="56">',
                "&#39;",
                "عدد 78",
                "12 كم",
                "al-hol-2",
            ]
        ),
        max_size=12,
    )
)
def test_markup_is_left(parts: list[str]) -> None:
    page = "".join(parts)
    kept = re.findall(r"<!--.*?-->|<(?:script|code)>.*?</(?:script|code)>|<[^>]*>|&#39;", page)
    assert (
        re.findall(r"<!--.*?-->|<(?:script|code)>.*?</(?:script|code)>|<[^>]*>|&#39;", page_in_arabic_digits(page))
        == kept
    )


def _main(page: str) -> str:
    """Return what a page shows, without the way to change the digits."""
    body = page.partition("<main")[2].partition("<dialog")[0]
    return re.sub(r'<a class="digits.*?</a>', "", body, flags=re.DOTALL)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_differs_in_its_digits_alone(reader: FlaskClient, client: FlaskClient, path: str) -> None:
    address = f"{path}{'&' if '?' in path else '?'}lang=ar"
    shown, usual = reader.get(address), client.get(address)
    assert "Cookie" in shown.headers["Vary"]
    body, before = (_main(answer.text) for answer in (shown, usual))
    assert re.search("[٠-٩]", body)
    attributes = r'(?:href|id|value|name)="([^"]*)"'
    assert re.findall(attributes, body) == re.findall(attributes, before)
    # Numbers that stand alone in an element are all written so.
    assert re.findall(r"<bdi[^>]*>[0-9]+</bdi>|<td>[0-9]+</td>", body) == []


@pytest.mark.parametrize("path", ["/claims", "/report/claims/prison-10km"])
def test_a_quotation_keeps_the_digits_of_its_source(reader: FlaskClient, client: FlaskClient, path: str) -> None:
    quoted = [re.findall(r"<q\b.*?</q>", one.get(f"{path}?lang=ar").text, re.DOTALL) for one in (reader, client)]
    assert quoted[0] == quoted[1]
    assert any(re.search("[0-9]", text) for text in quoted[0])


def test_english_pages_and_data_and_downloads_keep_theirs(reader: FlaskClient) -> None:
    for path in (
        "/claims?lang=en",
        "/claims.json?lang=ar",
        "/layers/sites.geojson?lang=ar",
        "/proximity?layer=sites&target=borders&f=csv&lang=ar",
    ):
        assert not re.search(
            "[٠-٩]", reader.get(path).text.partition("<main")[2] or reader.get(path).text.replace("٠–٩", "")
        )


def test_the_choice_stands_beside_the_language_in_arabic_alone(client: FlaskClient, reader: FlaskClient) -> None:
    assert word("digits_arab", "ar") in client.get("/claims?lang=ar").text
    assert word("digits_latn", "ar") in reader.get("/claims?lang=ar").text
    assert "data-digits-to" not in reader.get("/claims?lang=en").text


def test_it_goes_back_to_this_site_alone(reader: FlaskClient) -> None:
    assert reader.get("/digits?to=arab&next=//other.example").headers["Location"] == "/"


def test_fields_take_both(reader: FlaskClient) -> None:
    plain = reader.get("/ruler?km=40&gap=20&lang=en")
    typed = reader.get("/ruler", query_string={"km": "٤٠", "gap": "٢٠", "lang": "en"})
    assert (plain.status_code, typed.status_code) == (200, 200)
    assert reader.get("/sources", query_string={"page": "٢", "lang": "en"}).status_code == 200
    assert json.loads((ROOT / "webapp/locales/ar.json").read_text("utf-8"))["digits_arab"]
