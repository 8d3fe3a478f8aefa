"""The report's pages: what they say in each language, what they refuse, and what stays inert."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from geodata import registry
from webapp.i18n import catalogue
from webapp.report import pdf

NOTICE = {
    "en": "Not for navigation, targeting or boundary delimitation.",
    "ar": "هذه الخريطة لا تصلح للملاحة ولا لتحديد الأهداف ولا لترسيم الحدود.",
}
ADDRESSES = (
    "claims/prison-10km?",
    "claims/wall-160km?",
    "proximity?layer=hasakah-prison&target=border-iq-sy",
    "distance?layer=hasakah-prison&target=al-qaim",
    "buffer?layer=al-qaim&km=25,50",
    "ruler?layer=border-iq-sy&km=60",
    "gaps?layer=border-iq-sy&km=25",
)


def test_printed_pages_and_the_api_carry_the_same_notice(client: FlaskClient) -> None:
    css = client.get("/static/css/report.css").text
    assert NOTICE["en"].rstrip(".") in css
    assert NOTICE["ar"].removeprefix("هذه الخريطة ").rstrip(".") in css
    assert NOTICE["en"] in client.get("/api/openapi.json").get_json()["info"]["description"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_report_says_all_in_both_languages(client: FlaskClient, address: str) -> None:
    answer = client.get(f"/report/{address}&lang=both")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert text.index(NOTICE["ar"]) < text.index(NOTICE["en"])
    assert text.count('class="document ar"') == text.count('class="document en"') == 1
    assert text.count('class="sheet-map"') == 2
    assert "Borders are not legal boundaries." in text
    assert re.search(r"/r/[0-9a-f]{16}|Result <bdi[^>]*>[0-9a-f]{16}", text)
    assert "<script" not in text
    assert " style=" not in text


def test_one_language_holds_one_document(client: FlaskClient) -> None:
    text = client.get("/report/claims/erbil-west?lang=en").get_data(as_text=True)
    assert text.count("<article") == 1
    assert NOTICE["ar"] not in text


def test_every_claim_has_a_report(client: FlaskClient) -> None:
    for claim in client.get("/claims.json").get_json()["items"]:
        answer = client.get(f"/report/claims/{claim['id']}?lang=ar")
        assert answer.status_code == 200, claim["id"]
        assert claim["question"]["ar"] in answer.get_data(as_text=True)


def test_the_prison_is_reported_beside_measured_by_each_line(client: FlaskClient) -> None:
    text = client.get("/report/claims/prison-10km?lang=en").get_data(as_text=True)
    assert "49 ± 3" in text
    assert "48 ± 5" in text
    assert "Natural Earth 1:10m" in text
    assert "49.27" not in text


@pytest.mark.parametrize(
    ("address", "status", "named"),
    [
        ("claims/no-such", 404, "no-such"),
        ("coverage?layer=wall", 404, "coverage"),
        ("proximity?layer=hasakah-prison", 400, catalogue("ar")["field_target"]),
        ("buffer?layer=al-qaim&km=0", 400, "km"),
        ("claims/prison-10km?lang=xx", 400, "lang"),
        ("claims/prison-10km?handling=" + "x" * 121, 400, "handling"),
        ("claims/prison-10km?author=a%0Ab", 400, "author"),
    ],
)
@pytest.mark.parametrize("form", ["", ".pdf"])
def test_what_is_refused_is_named(client: FlaskClient, address: str, status: int, named: str, form: str) -> None:
    path, mark, query = address.partition("?")
    answer = client.get(f"/report/{path}{form}{mark}{query}")
    assert answer.status_code == status
    assert named in answer.get_data(as_text=True)


def test_hostile_text_is_only_text(client: FlaskClient) -> None:
    text = client.get(
        "/report/claims/prison-10km",
        query_string={
            "lang": "both",
            "author": '<img src=x onerror="a()">',
            "handling": "</style><script>a()</script>\u202e",
        },
    ).get_data(as_text=True)
    assert "<img" not in text
    assert "<script" not in text
    assert "\u202e" not in text
    assert "&lt;script&gt;" in text


def test_without_a_chromium_the_page_says_how_to_print(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "chromium", lambda: None)
    page = client.get("/report/claims/prison-10km?lang=en").get_data(as_text=True)
    assert "print dialogue" in page
    assert ".pdf?" not in page
    answer = client.get("/report/claims/prison-10km.pdf?lang=en")
    assert answer.status_code == 503
    assert "no Chromium" in answer.get_data(as_text=True)


def test_the_line_at_the_head_of_every_page_is_escaped_whole() -> None:
    style = pdf.running('"; } </style>')
    stored = style.split('content: "')[1].split('";')[0]
    assert re.fullmatch(r"(?:\\[0-9a-f]{6})+", stored)
    assert pdf.running("") == ""


def test_the_wall_stands_beside_every_length_its_border_is_given(client: FlaskClient) -> None:
    text = client.get("/report/claims/wall-160km?lang=en").get_data(as_text=True)
    table = text.split('class="grid-table shares"')[1].split("</table>")[0]
    shares = registry.run("coverage", {"layer": "border-iq-sy", "of": "border-wall"}).to_dict()["claims"]
    for one in shares:
        assert one["text"]["en"] in table
        for part in one["shares"]:
            assert f"{part['display']['number']} %" in table
            assert part["denominator"]["text"]["en"] in table
    assert 'class="grid-table shares"' not in client.get("/report/claims/prison-10km").get_data(as_text=True)


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("claims/prison-10km", "Iraq–Syria border"),
        ("proximity?layer=sites&target=border-iq-sy", "Iraq–Syria border"),
        ("ruler?layer=border-wall&km=60", "Border wall (announced)"),
        ("distance?layer=erbil&target=al-qaim", None),
    ],
)
def test_what_is_asked_of_a_line_has_its_strip(client: FlaskClient, address: str, line: str | None) -> None:
    joint = "&" if "?" in address else "?"
    text = client.get(f"/report/{address}{joint}lang=en").get_data(as_text=True)
    assert ('class="strip"' in text) == bool(line)
    assert line is None or f"{line}, straightened" in text


def test_no_id_stands_twice_in_a_document(client: FlaskClient) -> None:
    for address in ("claims/prison-10km", "claims/wall-160km", "gaps?layer=border-iq-sy&km=25"):
        text = client.get(f"/report/{address}{'&' if '?' in address else '?'}lang=both").get_data(as_text=True)
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert ids
        assert sorted(ids) == sorted(set(ids))
