"""Signing in: the link of the console alone, a cookie that no other site and no script can use."""

from __future__ import annotations

from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.browser.words import word
from webapp import auth, create_app
from webapp.config import Config

SCHEME = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def app() -> Flask:
    """Return an app of one's own: whoever signs in here is signed in nowhere else."""
    return create_app(Config())


def token(app: Flask) -> str:
    return str(app.extensions["masafa_token"])


def cookies(answer: object) -> SimpleCookie:
    """Return the cookies that an answer sets."""
    found: SimpleCookie = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):  # type: ignore[attr-defined]
        found.load(line)
    return found


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_link_of_the_console_signs_in_for_thirty_days(app: Flask, scheme: str) -> None:
    client = app.test_client()
    answer = client.get("/sign-in", query_string={"token": token(app)}, base_url=f"{scheme}://localhost")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/claims/new"
    assert answer.headers["Cache-Control"] == "no-store"
    found = cookies(answer)
    assert list(found) == ["masafa"]
    cookie = found["masafa"]
    assert cookie.value == app.extensions["masafa_key"]
    assert (cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (str(30 * 24 * 60 * 60), "Strict", True)
    assert bool(cookie["secure"]) == (scheme == "https")
    assert cookie["path"] == "/"


@SCHEME
@given(st.text(max_size=60))
@example("")
@example("é")
def test_no_other_token_does(app: Flask, guess: str) -> None:
    for wrong in (guess, token(app)[:-1], token(app) + guess, token(app).lower() + guess):
        if wrong == token(app):
            continue
        answer = app.test_client().get("/sign-in", query_string={"token": wrong})
        assert answer.status_code == 403
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_link_that_does_not_sign_in_is_said_beside_its_field(app: Flask, lang: str) -> None:
    client = app.test_client()
    for page in (client.get(f"/sign-in?token=x&lang={lang}"), client.post(f"/sign-in?lang={lang}", data={"link": "x"})):
        assert page.status_code == 403
        assert word("sign_in_wrong", lang) in page.text
        assert 'aria-invalid="true"' in page.text


def test_without_a_token_there_is_a_field_for_the_link(app: Flask) -> None:
    page = app.test_client().get("/sign-in?next=/claims")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert 'name="next" value="/claims"' in page.text


@pytest.mark.parametrize("link", ["{token}", " http://here:8000/sign-in?token={token}\n", "/sign-in?a=1&token={token}"])
def test_a_link_that_is_pasted_signs_in_and_goes_back(app: Flask, link: str) -> None:
    client = app.test_client()
    pasted = {"link": link.format(token=token(app)), "next": "/sources?lang=ar&page=2"}
    answer = client.post("/sign-in", data=pasted)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sources?lang=ar&page=2")
    assert client.get("/edits/history.json").status_code == 200
    assert app.test_client().post("/sign-in", data=pasted, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@SCHEME
@given(st.text(max_size=80))
@example("http://[")
@example("?token=")
def test_no_other_text_signs_in(app: Flask, pasted: str) -> None:
    answer = app.test_client().post("/sign-in", data={"link": pasted, "next": pasted})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_the_token_is_new_at_every_start_and_the_key_in_every_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens, keys = [], []
    for name in ("a", "a", "b", "b"):
        monkeypatch.setenv("MASAFA_WORKSPACE", str(tmp_path / name))
        extensions = create_app(Config()).extensions
        tokens.append(extensions["masafa_token"])
        keys.append(extensions["masafa_key"])
    assert len(set(tokens)) == 4
    assert (keys[0], keys[2]) == (keys[1], keys[3])
    assert len(set(keys)) == 2
    # In base 64: 24 and 32 bytes that nobody can guess.
    assert ({*map(len, tokens)}, {*map(len, keys)}) == ({32}, {43})


def test_the_links_of_the_latest_starts_sign_in_at_every_server(workspace: Path) -> None:
    apps = [create_app(Config()) for _ in range(17)]
    for server in (apps[0], apps[-1]):
        statuses = [server.test_client().get(f"/sign-in?token={token(other)}").status_code for other in apps]
        # The first server takes its own link as long as it runs; to the others it is the one start too many.
        assert statuses == [303 if server is apps[0] else 403, *[303] * 16]
    elsewhere = create_app(Config())
    client = apps[1].test_client()
    client.get(f"/sign-in?token={token(apps[2])}")
    client_elsewhere = elsewhere.test_client()
    client_elsewhere.set_cookie("masafa", client.get_cookie("masafa").value)  # type: ignore[union-attr]
    assert client_elsewhere.get("/edits/history.json").status_code == 200


def test_another_workspace_knows_neither(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASAFA_WORKSPACE", str(tmp_path))
    client = create_app(Config()).test_client()
    assert client.get(f"/sign-in?token={token(app)}").status_code == 403
    client.set_cookie("masafa", app.extensions["masafa_key"])
    assert client.get("/edits/history.json").status_code == 403


def test_no_token_is_written_down(workspace: Path) -> None:
    result = create_app(Config())
    written = b"".join(path.read_bytes() for path in (workspace / "server").iterdir())
    assert token(result).encode() not in written
    assert (workspace / "server").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (workspace / "server").iterdir())


@SCHEME
@given(
    st.text(
        st.characters(max_codepoint=1000, exclude_categories=["Cs", "Cc"], exclude_characters=';,"\\ '), max_size=50
    )
)
@example("")
@example("é")
def test_only_the_key_is_who_may_write(app: Flask, guess: str) -> None:
    key = str(app.extensions["masafa_key"])
    for value in (guess, key, key[:-1], key + "x"):
        with app.test_request_context("/", headers={"Cookie": f"masafa={quote(value)}"}):
            read = auth.request.cookies.get("masafa", "")
            assert auth.signed_in() == (read == key)
    with app.test_request_context("/", headers={"Cookie": f"other={key}"}):
        assert auth.signed_in() is False


def back(app: Flask, wanted: str) -> tuple[str, SimpleCookie]:
    """Return where one comes back to who wanted a page, by link and by pasting alike, and the cookies that are set."""
    client: FlaskClient = app.test_client()
    pasted = client.post("/sign-in", data={"link": token(app), "next": wanted})
    client.delete_cookie("masafa")
    client.set_cookie("masafa-next", quote(wanted, safe=""), path="/sign-in")
    answer = client.get("/sign-in", query_string={"token": token(app)})
    assert pasted.headers["Location"] == answer.headers["Location"]
    return answer.headers["Location"], cookies(answer)


@SCHEME
@given(
    st.text(st.characters(max_codepoint=0x700, exclude_categories=["Cs"]), max_size=40),
    st.sampled_from(["", "/", "//", "/\\", "http:"]),
)
@example("a", "/")
@example("a\x00", "/")
@example("a\\b", "/")
@example("\u202e", "/")
def test_one_comes_back_to_a_page_of_this_site_alone(app: Flask, wanted: str, start: str) -> None:
    wanted = start + wanted
    here = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    location, _ = back(app, wanted)
    if not here:
        assert location == "/claims/new"
    else:
        assert location.startswith("/")
        assert not location.startswith("//")
        if wanted.isascii() and wanted.replace("/", "").isalnum():
            assert location == wanted


def test_a_page_whose_address_is_too_long_is_not_come_back_to(app: Flask) -> None:
    assert back(app, "/" + "a" * 3_998)[0] == "/" + "a" * 3_998
    assert back(app, "/" + "a" * 3_999)[0] == "/claims/new"


def test_the_wish_is_forgotten_once_it_is_fulfilled(app: Flask) -> None:
    _, found = back(app, "/claims")
    assert sorted(found) == ["masafa", "masafa-next"]
    assert (found["masafa-next"].value, found["masafa-next"]["max-age"]) == ("", "0")
    assert found["masafa-next"]["path"] == "/sign-in"
