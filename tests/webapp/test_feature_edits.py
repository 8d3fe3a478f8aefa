"""Features edited over HTTP: who may, against which state, and what two who edit one are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geodata.catalog import current, shipped
from tests.editing.test_editing import NEW, SITE
from tests.webapp.test_ledger import signed

AT = f"/edits/sites/{SITE}.json"


def seen(client: FlaskClient) -> dict[str, str]:
    """Return the header that says which state of the site was seen."""
    return {"If-Match": client.get(AT).headers["ETag"]}


def patch(client: FlaskClient, headers: dict[str, str], **properties: Any) -> TestResponse:
    return client.patch(AT, json={"properties": properties, "by": "رنا", "why": "سبب"}, headers=headers)


def test_a_site_is_added_changed_and_put_back(client: FlaskClient, workspace: Path) -> None:
    result = signed(client).post("/edits/sites.json", json={**NEW, "by": "رنا"})
    assert result.status_code == 201
    assert current().feature("new-post").name["ar"] == "مركز جديد"
    changed = patch(client, seen(client), priority=3)
    assert changed.status_code == 200
    assert changed.json
    assert changed.headers["ETag"] == client.get(AT).headers["ETag"]
    back = client.post(f"/edits/{changed.json['number']}/undo.json", json={})
    assert back.status_code == 200
    found = client.get("/edits/history.json?layer=sites").json
    assert found
    assert [one["operation"] for one in found["items"]] == ["change", "change", "add"]
    # Whoever named themselves once is remembered.
    assert {one["who"] for one in found["items"]} == {"رنا"}
    assert found["items"][1]["why"] == "سبب"
    gone = client.delete("/edits/sites/new-post.json", headers={"If-Match": result.headers["ETag"]})
    assert gone.status_code == 200
    assert client.get("/edits/sites/new-post.json").status_code == 404


def test_the_second_of_two_is_told_and_shown_both(client: FlaskClient, workspace: Path) -> None:
    both = seen(signed(client))
    assert patch(client, both, priority=3).status_code == 200
    late = patch(client, both, priority=4)
    assert late.status_code == 412
    assert late.json
    assert late.json["theirs"]["properties"]["priority"] == 3
    assert late.json["yours"]["properties"] == {"priority": 4}
    assert "غيّر" in late.json["said"]["ar"]
    again = patch(client, {"If-Match": f'"{late.json["theirs_tag"]}"'}, priority=4)
    assert again.status_code == 200


@pytest.mark.parametrize("headers", [{}, {"If-Match": "*"}, {"If-Match": '"a", "b"'}])
def test_without_the_state_that_was_seen_nothing_is_written(
    client: FlaskClient, workspace: Path, headers: dict[str, str]
) -> None:
    assert patch(signed(client), headers, priority=3).status_code == 400
    assert client.delete(AT, json={"by": "R"}, headers=headers).status_code == 400
    assert current() is shipped()


@pytest.mark.parametrize(
    "body", [b"[]", b"{", b'{"properties": 5, "by": "R"}', b"\xff", b'{"by": 1e999}', b"[" * 90_000]
)
def test_a_body_that_is_none_is_refused(client: FlaskClient, workspace: Path, body: bytes) -> None:
    answer = signed(client).patch(AT, data=body, headers=seen(client))
    assert answer.status_code in (400, 422)
    assert current() is shipped()


def test_what_may_not_be_is_named(client: FlaskClient, workspace: Path) -> None:
    answer = patch(signed(client), seen(client), coordinateUncertaintyInMeters=-1)
    assert answer.status_code == 400
    assert answer.json
    assert answer.json["parameter"] == "coordinateUncertaintyInMeters"
    nameless = client.application.test_client()
    signed(nameless)
    assert nameless.patch(AT, json={"properties": {"priority": 2}}, headers=seen(nameless)).status_code == 400
    assert client.get("/edits/borders/border-iq-sy.json").status_code == 400
    assert client.post("/edits/99/undo.json", json={"by": "R"}).status_code == 404


def test_a_stranger_and_another_site_write_nothing(client: FlaskClient, workspace: Path) -> None:
    stranger = client.application.test_client()
    both = seen(signed(client))
    for method, address in (("GET", AT), ("PATCH", AT), ("DELETE", AT), ("POST", "/edits/sites.json")):
        assert stranger.open(address, method=method, json={"by": "R"}, headers=both).status_code == 403
    assert stranger.get("/edits/history.json").status_code == 403
    cross = {**both, "Sec-Fetch-Site": "cross-site"}
    assert patch(client, cross, priority=3).status_code == 403
    assert current() is shipped()


@pytest.mark.parametrize(
    ("wanted", "back"),
    [
        ("/?lang=ar&at=al-qaim", "/?lang=ar&at=al-qaim"),
        ("//elsewhere.example/", "/claims/new"),
        ("/\\elsewhere.example/", "/claims/new"),
        ("https://elsewhere.example/", "/claims/new"),
        ("/a\r\nSet-Cookie: x=y", "/claims/new"),
        ("", "/claims/new"),
    ],
)
def test_whoever_signs_in_comes_back_to_this_site_alone(client: FlaskClient, wanted: str, back: str) -> None:
    fresh = client.application.test_client()
    fresh.set_cookie("masafa-next", quote(wanted, safe=""), path="/sign-in")
    token = client.application.extensions["masafa_token"]
    answer = fresh.get("/sign-in", query_string={"token": token})
    assert answer.headers["Location"] == back
