"""Every claim shows the words it quotes, with its figure marked: ledger, claim card, report, result and data."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from geodata.catalog import shipped
from geodata.claims import quotes
from tests.webapp.marked import unmarked

CLAIMS = shipped().claims()


def quoted(page: str) -> list[tuple[str, list[str]]]:
    """Return the quotations of a page in order: the text of each part, and what is marked in it."""
    parts = re.findall(r"<q [^>]*>(.*?)</q>", page, re.DOTALL)
    return [(unescape(re.sub("<[^>]*>", "", part)), re.findall("<mark>(.*?)</mark>", unescape(part))) for part in parts]


def expected(id_: str) -> list[tuple[str, list[str]]]:
    """Return what the record says of the same."""
    return [(part["text"], list(part["figures"])) for part in quotes.of(CLAIMS[id_])]


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_ledger_quotes_every_claim(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/claims?lang={lang}").text
    for id_ in CLAIMS:
        row = page.split(f'role="row" id="{id_}"')[1].split('role="row"')[0]
        assert quoted(row.split("<details>")[0]) == expected(id_), id_
        for part in CLAIMS[id_]["quotes"]:
            assert f'<bdi dir="ltr">{part["start"]}–{part["end"]}</bdi>' in row


@pytest.mark.parametrize("address", ["/?claim={}", "/report/claims/{}?", "/r?analysis=claims&of={}"])
def test_card_report_and_result_quote_the_claim(client: FlaskClient, address: str) -> None:
    for id_ in CLAIMS:
        answer = client.get(address.format(id_) + "&lang=ar", follow_redirects=True)
        assert quoted(answer.text)[: len(expected(id_))] == expected(id_), id_


def test_the_data_has_the_parts(client: FlaskClient) -> None:
    for item in client.get("/claims.json").get_json()["items"]:
        assert item["quotes"] == quotes.of(CLAIMS[item["id"]])


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_how_number_words_are_read_stands_beside_the_verdict(client: FlaskClient, lang: str) -> None:
    items = [item for item in client.get("/claims.json").get_json()["items"] if item["readings"]]
    assert len(items) >= 3
    page = client.get(f"/claims?lang={lang}").text
    for item in items:
        row = page.split(f'role="row" id="{item["id"]}"')[1].split('role="row"')[0]
        cell = row.split('<span class="verdict')[1].split("</div>")[0]
        report = client.get(f"/report/claims/{item['id']}?lang={lang}").text
        card = client.get(f"/?claim={item['id']}&lang={lang}").text
        for reading in item["readings"]:
            assert reading["text"][lang] in unmarked(cell)
            assert reading["text"][lang] in unmarked(report)
            assert reading["text"][lang] in unmarked(card)
