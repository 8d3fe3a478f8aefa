"""The search over the web: what is found, in both languages, where it leads, and what is refused."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from geodata.messages import LANGUAGES
from tests.search.cases import CASES

ONE_EACH = [(spellings[0], id_) for id_, spellings in CASES.items()]


def items(client: FlaskClient, text: str, lang: str = "en") -> list[dict[str, object]]:
    answer = client.get("/search.json", query_string={"q": text, "lang": lang})
    assert answer.status_code == 200
    found: list[dict[str, object]] = answer.get_json()["items"]
    return found


@pytest.mark.parametrize(("text", "id_"), ONE_EACH)
def test_what_is_found_leads_to_a_page_in_the_readers_language(client: FlaskClient, text: str, id_: str) -> None:
    for lang in LANGUAGES:
        hit = next(one for one in items(client, text, lang) if one["id"] == id_)
        assert f"lang={lang}" in str(hit["href"])
        assert client.get(str(hit["href"]).partition("#")[0]).status_code == 200


@pytest.mark.parametrize(
    ("text", "path"), [("ruler", "/ruler"), ("المسطرة", "/ruler"), ("claims", "/claims"), ("مصادر", "/sources")]
)
def test_pages_are_found_by_their_titles(client: FlaskClient, text: str, path: str) -> None:
    assert any(one["kind"] == "page" and str(one["href"]).startswith(path) for one in items(client, text))


def test_a_position_has_its_coordinates(client: FlaskClient) -> None:
    found = [one for one in items(client, "36°30'N 41°15'E") if one["kind"] == "position"]
    assert [(one["lon"], one["lat"]) for one in found] == [(41.25, 36.5)]


def test_nothing_is_found_for_nothing(client: FlaskClient) -> None:
    assert items(client, "") == items(client, "zzzzzz") == []


@pytest.mark.parametrize(
    ("name", "value"), [("q", "x" * 201), ("q", "a\x00b"), ("limit", "0"), ("limit", "x"), ("limit", "21")]
)
def test_what_cannot_be_asked_is_named(client: FlaskClient, name: str, value: str) -> None:
    answer = client.get("/search.json", query_string={"q": "erbil", name: value})
    assert answer.status_code == 400
    assert name in answer.get_json()["detail"]
