"""Writing a claim: by the link of the console alone, from this site alone, and what is wrong is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geodata import catalog
from tests.claims.test_add import NEAR
from webapp.error_messages import label


def signed(client: FlaskClient) -> FlaskClient:
    """Return the client, signed in."""
    token = client.application.extensions["masafa_token"]
    answer = client.get("/sign-in", query_string={"token": token})
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    return client


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_claim_is_written_and_stands_in_the_ledger(client: FlaskClient, lang: str) -> None:
    answer = signed(client).post(f"/claims/new?lang={lang}", data=NEAR)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("#hol-14km")
    page = client.get(f"/claims?lang={lang}").get_data(as_text=True)
    assert 'id="hol-14km"' in page
    assert NEAR[f"title_{lang}"] in page
    assert "hol-14km" in catalog.current().claims()
    assert NEAR["source_title"] in client.get(f"/sources?lang={lang}&q={NEAR['source_id']}").get_data(as_text=True)


@pytest.mark.parametrize("token", ["", "wrong", "\u0645"])
def test_a_stranger_may_not_write(client: FlaskClient, token: str, workspace: Path) -> None:
    client = client.application.test_client()
    assert client.get("/sign-in", query_string={"token": token}).status_code == 403
    assert client.get("/claims/new").status_code == 403
    assert client.post("/claims/new", data=NEAR).status_code == 403
    client.set_cookie("masafa", "guess")
    assert client.post("/claims/new", data=NEAR).status_code == 403
    assert not (workspace / "sources").exists()


def test_another_site_may_not_write_for_who_is_signed_in(client: FlaskClient, workspace: Path) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.org"}):
        assert signed(client).post("/claims/new", data=NEAR, headers=headers).status_code == 403
    assert not (workspace / "sources").exists()


def test_what_is_wrong_is_said_beside_what_was_typed(client: FlaskClient) -> None:
    answer = signed(client).post("/claims/new?lang=en", data={**NEAR, "km": "many"})
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert f"{label('km', 'en')}”: “\u2068many\u2069” is not accepted" in page
    assert NEAR["title_ar"] in page
    assert re.findall(r'name="(\w+)"[^>]*aria-describedby="problem" aria-invalid="true"', page) == ["km"]
