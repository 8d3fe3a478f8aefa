"""The ruler's page: any line, its own zero and pillars, and what cannot be ruled."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("line", ["border-iq-sy", "border-wall", "euphrates", "border-iq-ir", "tigris"])
def test_every_line_is_a_ruler(client: FlaskClient, lang: str, line: str) -> None:
    answer = client.get("/ruler", query_string={"lang": lang, "line": line})
    assert answer.status_code == 200
    assert f'<option value="{line}" selected>'.encode() in answer.data
    assert b'id="strip-svg"' in answer.data


def test_the_wall_says_that_it_is_an_illustration(client: FlaskClient) -> None:
    text = client.get("/ruler?lang=en&line=border-wall").get_data(as_text=True)
    assert "illustrates a claim" in text


def test_the_share_under_each_dated_claim_names_both_numbers(client: FlaskClient) -> None:
    text = client.get("/ruler?lang=en").get_data(as_text=True)
    for words in ("more than 618 km, by the Border Forces", "599 km, in the press", "as measured on this line"):
        assert words in text


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("line=nowhere", "nowhere"),
        ("line=hasakah-prison", "hasakah-prison"),
        ("line=borders", "borders"),
        ("km=nan", "nan"),
        ("km=0", "km"),
        ("gap=-3", "-3"),
        ("of=nothing", "nothing"),
        ("zero=far", "far"),
        ("pillars=1,2", "pillars"),
        ("reverse=perhaps", "perhaps"),
    ],
)
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_what_cannot_be_ruled_is_said(client: FlaskClient, query: str, named: str, lang: str) -> None:
    answer = client.get(f"/ruler?lang={lang}&{query}")
    assert answer.status_code == 400
    assert named in answer.get_data(as_text=True)
    assert b'id="strip-svg"' not in answer.data


def test_reversed_the_kilometres_run_the_other_way(client: FlaskClient) -> None:
    text = client.get("/ruler?lang=en&reverse=true").get_data(as_text=True)
    assert "km 138" in text
