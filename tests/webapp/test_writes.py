"""Every route of the app with every method: other sites write nothing, strangers write what is declared, no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.browser.words import word
from tests.webapp.test_ledger import signed
from webapp import create_app, pages
from webapp.auth import is_public_write, public_write, sign_in_required
from webapp.config import Config

SAFE = {"GET", "HEAD", "OPTIONS"}
PUBLIC = {
    "api.dismiss",
    "api.execution",
    "lines.add",
    "proximity.proximity",
    "results.citation",
    "signin.paste",
}
"""What may be sent without signing in: none of it changes what others recorded."""
TO_READ = {
    "edits.history",
    "edits.read",
    "imports.job",
    "imports.looked",
    "imports.progress",
    "ledger.new",
    "records.change",
    "records.new",
}
"""What is read by who has signed in alone."""
SIGNING_IN = "signin.paste"
"""What is sent to sign in: refused, to everybody, without the link."""
OTHERS = [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://other.example"}]
APP = create_app(Config())


def address(rule: Rule) -> str:
    """Return an address of a route."""
    text = re.sub(r"<int:\w+>", "1", rule.rule)
    return re.sub(r"<(?:\w+:)?\w+>", "x", text)


def routes(methods: set[str] | None = None) -> Iterator[tuple[str, str, str]]:
    """Yield the endpoint, an address and a method of all that is routed, by default of what is unsafe."""
    for rule in APP.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - SAFE if methods is None else (rule.methods or set()) & methods):
            yield rule.endpoint, address(rule), method


WRITES = list(routes())


@pytest.fixture
def stranger() -> FlaskClient:
    return APP.test_client()


@pytest.fixture
def writer() -> FlaskClient:
    return signed(APP.test_client())


def test_there_are_routes_to_look_at() -> None:
    assert len(WRITES) > 15
    assert {method for _, _, method in WRITES} == {"POST", "PATCH", "DELETE"}
    assert {endpoint for endpoint, _, _ in WRITES} >= PUBLIC | {"edits.change", "imports.send", "ledger.add"}


@pytest.mark.parametrize("headers", OTHERS, ids=lambda headers: "-".join(*headers.items()))
@pytest.mark.parametrize(("endpoint", "path", "method"), WRITES)
def test_another_site_sends_nothing(
    writer: FlaskClient, endpoint: str, path: str, method: str, headers: dict[str, str]
) -> None:
    answer = writer.open(path, method=method, headers=headers)
    assert answer.status_code == 403
    assert "Origin: only pages of this site may write here" in answer.text


@pytest.mark.parametrize(("endpoint", "path", "method"), WRITES)
def test_a_stranger_sends_what_is_declared_public(stranger: FlaskClient, endpoint: str, path: str, method: str) -> None:
    answer = stranger.open(path, method=method, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code == 403) == (endpoint not in PUBLIC or endpoint == SIGNING_IN), answer.text
    assert is_public_write(APP.view_functions[endpoint]) == (endpoint in PUBLIC)


@pytest.mark.parametrize(("endpoint", "path", "method"), WRITES)
def test_who_has_signed_in_is_let_in(writer: FlaskClient, endpoint: str, path: str, method: str) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}):
        refused = writer.open(path, method=method, headers=headers).status_code == 403
        assert refused == (endpoint == SIGNING_IN)


def test_a_stranger_reads_all_but_what_is_listed(stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_single_file", lambda lang: b"")
    refused = {
        endpoint
        for endpoint, path, method in routes({"GET"})
        if stranger.open(path, method=method).status_code in (401, 403)
    }
    assert refused == TO_READ


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("path", ["/claims/new", "/actors/new", "/import/x", "/import/x/job", "/sources/x/grade"])
def test_a_page_says_how_to_sign_in(stranger: FlaskClient, path: str, lang: str) -> None:
    answer = stranger.get(f"{path}?lang={lang}")
    assert answer.status_code == 403
    assert word("sign_in_first", lang) in answer.text
    # One form, for the link; it comes back to this page.
    forms = answer.text.split("<form")[1:]
    assert len(forms) == 1
    assert f'action="/sign-in?lang={lang}"' in forms[0]
    assert f'name="next" value="{path}?lang={lang}"' in forms[0]


def test_a_program_is_told_how_to_sign_in(stranger: FlaskClient) -> None:
    problem = stranger.get("/edits/history.json").get_json()
    assert (problem["status"], problem["detail"]) == (
        403,
        "sign in by the link that the server printed when it started",
    )


METHODS = ["POST", "PUT", "PATCH", "DELETE", "BREW"]


@pytest.fixture(scope="module")
def extended() -> Flask:
    """Return an app with routes more: one with no declaration, one public, one to be read by few."""
    app = create_app(Config())

    def view() -> Any:
        return "done"

    @public_write
    def declared() -> Any:
        return "done"

    app.add_url_rule("/new", "undeclared", view, methods=["GET", *METHODS])
    app.add_url_rule("/open", "open", declared, methods=METHODS)
    app.add_url_rule("/read", "read", sign_in_required(view), methods=["GET", *METHODS])
    return app


@pytest.mark.parametrize("method", METHODS)
def test_a_new_route_is_closed_until_it_is_declared(extended: Flask, method: str) -> None:
    stranger, writer = extended.test_client(), signed(extended.test_client())
    for path, status in (("/new", 403), ("/read", 403), ("/open", 200)):
        assert stranger.open(path, method=method).status_code == status
        assert writer.open(path, method=method).status_code == 200
        for headers in OTHERS:
            assert writer.open(path, method=method, headers=headers).status_code == 403
    assert stranger.get("/new").status_code == 200
    assert (stranger.get("/read").status_code, writer.get("/read").text) == (403, "done")


def test_what_is_not_there_is_said_before_who_may_write(stranger: FlaskClient) -> None:
    for headers in ({}, *OTHERS):
        assert stranger.post("/nothing", headers=headers).status_code == 404
        assert stranger.post("/about", headers=headers).status_code == 405
