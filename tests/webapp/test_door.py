"""What is turned away at the door, at each limit and one beyond it, and what every answer carries: by the rule."""

from __future__ import annotations

import logging
import re
import string

import pytest
from flask import Flask, Response, request
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, RequestEntityTooLarge, RequestURITooLarge

from webapp import auth, create_app, security
from webapp.config import Config

MIB = 1024 * 1024
LIMITS = {
    "/": MIB,
    "/edits/sites.json": MIB,
    "/api/processes/proximity/execution": MIB,
    "/proximity": 32 * MIB,
    "/lines": 32 * MIB,
    "/sources/new": 65 * MIB,
    "/import/files": 1024 * MIB + MIB,
}
HEADED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}
many = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def app() -> Flask:
    """Return an app with the door alone, and views that answer in different ways."""
    app = Flask(__name__, static_folder=None)
    app.extensions["masafa"] = Config(base_url="https://Map.Example.org:8443/masafa/")
    security.wire(app)
    auth.wire(app)

    @app.route("/", methods=["GET", "HEAD", "POST"])
    @auth.public_write
    def plain() -> str:
        return "text"

    @app.route("/closed", methods=["GET", "HEAD", "POST"])
    def closed() -> str:
        return "text"

    @app.get("/streamed")
    def streamed() -> Response:
        return Response(iter(["a", "b"]))

    @app.get("/own")
    def own() -> Response:
        return Response("text", headers={"Cache-Control": "no-store", "X-Frame-Options": "SAMEORIGIN"})

    @app.get("/public")
    def public() -> Response:
        return Response("text", headers={"Cache-Control": "public, max-age=60"})

    @app.get("/dated")
    def dated() -> Response:
        return Response("text", headers={"Last-Modified": "Sun, 28 Jan 2024 00:00:00 GMT"})

    @app.get("/created")
    def created() -> tuple[str, int]:
        return "text", 201

    return app


def door(app: Flask, path: str = "/", **environment: object) -> HTTPException | None:
    """Return what a request is turned away with; None where it may come in."""
    method = str(environment.pop("method", "GET"))
    with app.test_request_context(path, method=method, environ_overrides=environment):
        try:
            app.preprocess_request()
        except HTTPException as refused:
            return refused
        return None


@pytest.mark.parametrize(("path", "most"), LIMITS.items())
def test_a_body_is_read_up_to_the_limit_of_its_address(app: Flask, path: str, most: int) -> None:
    for length in (0, 1, most - 1, most):
        assert door(app, path, method="POST", CONTENT_LENGTH=str(length)) is None
    for length in (most + 1, 2 * most, 10**15):
        refused = door(app, path, method="POST", CONTENT_LENGTH=str(length))
        assert isinstance(refused, RequestEntityTooLarge)
        assert refused.description == f"body: at most {most} bytes"
    with app.test_request_context(path, method="POST"):
        app.preprocess_request()
        assert (request.max_content_length, request.max_form_memory_size) == (most, most)


def test_a_body_without_a_length_is_held_to_the_limit_as_well(app: Flask) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] == MIB


def test_a_query_is_read_up_to_its_limit(app: Flask) -> None:
    assert door(app, "/?" + "a" * 8192) is None
    refused = door(app, "/?" + "a" * 8193)
    assert isinstance(refused, RequestURITooLarge)
    assert refused.description == "query: at most 8192 bytes"


def test_a_nul_in_the_path_is_refused(app: Flask) -> None:
    assert isinstance(door(app, "/a%00b"), BadRequest)
    assert door(app, "/a%01b") is None


SERVED = ["localhost", "127.0.0.1", "[::1]", "map.example.org"]
ports = st.one_of(st.just(""), st.integers(0, 99999).map(lambda port: f":{port}"))


@many
@given(st.sampled_from(SERVED), ports, st.booleans())
def test_every_name_of_this_machine_is_served_on_any_port(app: Flask, name: str, port: str, upper: bool) -> None:
    assert door(app, HTTP_HOST=(name.upper() if upper else name) + port) is None


@many
@given(st.text(string.printable, max_size=30), st.sampled_from(["", *SERVED]), st.booleans())
@example("", "", True)
@example("x", "localhost", True)
@example(":123456", "localhost", False)
@example("\n", "localhost", False)
@example(".evil.example", "localhost", False)
@example("evil-", "map.example.org", True)
def test_no_other_name_is(app: Flask, added: str, name: str, before: bool) -> None:
    host = added + name if before else name + added
    plain = re.sub(r":\d{1,5}\Z", "", host).lower()
    refused = door(app, HTTP_HOST=host)
    assert (refused is None) == (plain in SERVED), host
    if refused is not None:
        assert isinstance(refused, BadRequest)
        assert refused.description == "Host: this name is not served here"


def test_a_request_without_a_host_is_of_this_machine(app: Flask) -> None:
    with app.test_request_context("/") as context:
        context.request.environ.pop("HTTP_HOST")
        app.preprocess_request()


ORIGINS = [
    None,
    "null",
    "",
    "http://localhost",
    "http://localhost:80",
    "http://localhost:8000",
    "https://localhost:8000",
    "http://localhost.evil.example",
    "http://evil.example",
    "http://evil.example/localhost:8000",
    "http://user@localhost:8000",
]


@pytest.mark.parametrize("fetched", [None, "same-origin", "none", "same-site", "cross-site", "", "SAME-ORIGIN", "x"])
@pytest.mark.parametrize("origin", ORIGINS)
def test_only_pages_of_this_site_write(app: Flask, fetched: str | None, origin: str | None) -> None:
    sent = {"Host": "localhost:8000", "Sec-Fetch-Site": fetched, "Origin": origin}
    headers = {name: value for name, value in sent.items() if value is not None}
    mine = origin in (None, "http://localhost:8000", "https://localhost:8000")
    allowed = mine if fetched is None else fetched in ("same-origin", "none")
    for path, public in (("/", True), ("/closed", False)):
        with app.test_request_context(path, method="POST", headers=headers):
            if allowed and public:
                app.preprocess_request()
                continue
            expected = auth.SignInRequired if allowed else Forbidden
            message = "sign in by the link" if allowed else "Origin: only pages of this site may write here"
            with pytest.raises(expected, match=message):
                app.preprocess_request()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_whoever_reads_is_asked_for_neither(app: Flask, method: str) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    with app.test_request_context("/closed", method=method, headers=headers):
        app.preprocess_request()


@pytest.mark.parametrize("path", ["/", "/streamed", "/own", "/public", "/created", "/nope", "/?" + "a" * 9000])
def test_every_answer_is_headed(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    for name, value in HEADED.items():
        expected = ["SAMEORIGIN"] if path == "/own" and name == "X-Frame-Options" else [value]
        assert answer.headers.getlist(name) == expected
    assert set(HEADED) == set(security.HEADERS)


def test_what_may_be_kept_and_is_asked_for_again(app: Flask) -> None:
    client = app.test_client()
    first = client.get("/")
    assert first.headers["Cache-Control"] == "no-cache"
    tag = first.headers["ETag"]
    for headers in ({"If-None-Match": tag}, {"If-None-Match": tag, "If-Modified-Since": "x"}):
        assert client.get("/", headers=headers).status_code == 304
    assert client.get("/", headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get("/public").headers["Cache-Control"] == "public, max-age=60"
    assert "ETag" in client.get("/public").headers
    for path in ("/streamed", "/own", "/created", "/nope"):
        assert "ETag" not in client.get(path).headers
    for since, status in (("Sun, 28 Jan 2024 00:00:00 GMT", 304), ("Sat, 27 Jan 2024 00:00:00 GMT", 200)):
        assert client.get("/dated", headers={"If-Modified-Since": since}).status_code == status
    # Only where one asks for it: an answer that was not asked conditionally says nothing of ranges.
    assert "Accept-Ranges" not in first.headers


def test_each_request_is_one_line_of_the_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="masafa"):
        app.test_client().get("/?secret=1")
        app.test_client().get("/nope")
    lines = [record.getMessage() for record in caplog.records if record.name == "masafa"]
    assert [re.sub(r"\d+ ms", "N ms", line) for line in lines] == ["GET / 200 N ms", "GET /nope 404 N ms"]
    assert all(int(line.split()[-2]) < 60_000 for line in lines)


def test_the_time_of_a_request_is_measured_in_milliseconds(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter([5.0, 30.0, 30.0])
    monkeypatch.setattr(security.time, "perf_counter", lambda: next(ticks, 30.0))
    with caplog.at_level(logging.INFO, logger="masafa"):
        app.test_client().get("/")
    # The clock is read at the door and again at the end.
    assert caplog.records[-1].getMessage() == "GET / 200 25000 ms"


def test_the_app_has_the_door() -> None:
    client = create_app(Config()).test_client()
    assert client.get("/robots.txt", headers={"Host": "evil.example"}).status_code == 400
    assert client.post("/claims/new", data=b"x" * (MIB + 1)).status_code == 413
