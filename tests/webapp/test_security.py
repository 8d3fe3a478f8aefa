"""What hostile requests get: a 4xx that names what is wrong, never a 5xx, a traceback or a path."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.tree import ROOT
from webapp import create_app
from webapp.config import Config
from webapp.security import HEADERS, MAX_BODY, POLICY

RUN = "/api/processes/{}/execution"
GOOD = {"layer": "hasakah-prison", "target": "border-iq-sy"}

# Analysis, what is changed in a good question (None: left out), status, and the parameter that is named.
QUESTIONS = [
    ("proximity", {"layer": "nope"}, 400, "layer"),
    ("proximity", {"layer": ""}, 400, "layer"),
    ("proximity", {"layer": None}, 400, "layer"),
    ("proximity", {"target": None}, 400, "target"),
    ("proximity", {"layer": "NaN,36"}, 400, "layer"),
    ("proximity", {"layer": "inf,36"}, 400, "layer"),
    ("proximity", {"layer": "1e400,36"}, 400, "layer"),
    ("proximity", {"layer": "41,91"}, 400, "layer"),
    ("proximity", {"layer": "181,36"}, 400, "layer"),
    ("proximity", {"layer": "41,36,7"}, 400, "layer"),
    ("proximity", {"layer": "../../etc/passwd"}, 400, "layer"),
    ("proximity", {"layer": "sites/../events"}, 400, "layer"),
    ("proximity", {"layer": "/vsicurl/http://x"}, 400, "layer"),
    ("proximity", {"layer": "a\x00b"}, 400, "layer"),
    ("proximity", {"layer": ";"}, 400, "layer"),
    ("proximity", {"layer": "; DROP TABLE sites"}, 400, "layer"),
    ("proximity", {"layer": "' OR '1'='1"}, 400, "layer"),
    ("proximity", {"layer": "x" * 3000}, 400, "layer"),
    ("proximity", {"layer": "<img src=x onerror=alert(1)>"}, 400, "layer"),
    ("proximity", {"layer": "{{7*7}}"}, 400, "layer"),
    ("proximity", {"layer": "\u202egnp.exe"}, 400, "layer"),
    ("proximity", {"target": "wall/nope"}, 400, "target"),
    ("proximity", {"target": "nope/border-wall"}, 400, "target"),
    ("proximity", {"km": "5"}, 400, "km"),
    ("proximity", {"LAYER": "x"}, 400, "LAYER"),
    ("proximity", {"f": "xml"}, 400, "f"),
    ("proximity", {"f": ""}, 400, "f"),
    ("proximity", {"lang": "de"}, 400, "lang"),
    ("proximity", {"layer": "places", "target": "places"}, 422, None),
    ("proximity", {"layer": "countries", "target": "governorates"}, 422, None),
    ("within", {"km": "0"}, 400, "km"),
    ("within", {"km": "-1"}, 400, "km"),
    ("within", {"km": "nan"}, 400, "km"),
    ("within", {"km": "Infinity"}, 400, "km"),
    ("within", {"km": "1e999"}, 400, "km"),
    ("within", {"km": "5001"}, 400, "km"),
    ("within", {"km": "0x10"}, 400, "km"),
    ("within", {"km": "5 km"}, 400, "km"),
    ("within", {"km": "5,6"}, 400, "km"),
    ("within", {"km": "9" * 1999}, 400, "km"),
    ("within", {"km": None}, 400, "km"),
    ("buffer", {"target": None, "km": "50,x"}, 400, "km"),
    ("buffer", {"target": None, "km": ",".join(["1"] * 13)}, 400, "km"),
    ("buffer", {"target": None, "km": "-5"}, 400, None),
    ("buffer", {"target": None, "km": "5", "tolerance": "0"}, 400, "tolerance"),
    ("buffer", {"target": None, "km": "5", "tolerance": "1e-9"}, 400, "tolerance"),
    ("buffer", {"target": None, "km": "5", "dissolve": "maybe"}, 400, "dissolve"),
    ("buffer", {"target": None, "km": "5", "of": "sites,nope"}, 400, "of"),
    ("buffer", {"target": None, "km": "5", "layer": "event-parliament-2020;nope"}, 400, "layer"),
    ("buffer", {"target": None, "km": "1000", "layer": "countries"}, 422, None),
    ("buffer", {"target": None, "km": "1,2,3,4,5,6,7,8,9,10", "layer": "borders"}, 422, None),
    ("distance", {"layer": "sites"}, 400, "layer"),
    ("direction", {"target": "border-iq-sy"}, 400, "target"),
    ("claims", {"layer": None, "target": None, "of": "nope"}, 400, "of"),
    ("nope", {}, 404, None),
    ("%2e%2e", {}, 404, None),
]


def named(text: str) -> None:
    """Fail on what no answer may show: code, folders, or an error's own name."""
    assert str(ROOT) not in text
    assert not re.search(r"Traceback|site-packages|line \d+, in|Error\b(?!s)", text), text[:400]


@pytest.mark.parametrize(("analysis", "changes", "status", "parameter"), QUESTIONS)
def test_bad_questions(
    analysis: str, changes: dict[str, str | None], status: int, parameter: str | None, client: FlaskClient
) -> None:
    query = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    if analysis == "within" and "km" not in changes:
        query["km"] = "5"
    answer = client.get(RUN.format(analysis), query_string=query)
    assert answer.status_code == status, answer.text[:300]
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    if parameter is not None:
        assert problem["parameter"] == parameter
        assert parameter in problem["detail"]
    assert len(answer.data) < 4000
    named(answer.text)


# Method, address, status. No lang: the answer must not depend on it.
ADDRESSES = [
    ("GET", "/layers/nope", 404),
    ("GET", "/layers/nope.json", 404),
    ("GET", "/layers/nope.geojson", 404),
    ("GET", "/layers/..%2f..%2fetc%2fpasswd.geojson", 404),
    ("GET", "/layers/%2e%2e/sources.json", 404),
    ("GET", "/layers/sites%00.geojson", 400),
    ("GET", "/static/../config.py", 404),
    ("GET", "/static/%2e%2e/config.py", 404),
    ("GET", "/static/..%5cconfig.py", 404),
    ("GET", "/static//etc/passwd", 308),
    ("GET", "/static/%2fetc/passwd", 308),
    ("GET", "/static/js", 404),
    ("GET", "/leaflet/../__init__.py", 404),
    ("GET", "/.git/config", 404),
    ("GET", "/a\u202eb", 404),
    ("GET", "/%ff%fe", 404),
    ("GET", "/" + "a" * 8000, 404),
    ("GET", "/?" + "a=b&" * 3000, 414),
    ("GET", "/claims?verdict[]=x&verdict=%00", 200),
    ("GET", "/?lang=%00&claim=%ff", 200),
    ("POST", "/", 405),
    ("DELETE", "/layers/sites", 405),
    ("PUT", "/layers/sites.geojson", 405),
    ("PATCH", "/api/processes", 405),
    ("BREW", "/about", 405),
    ("TRACE", "/", 405),
]


@pytest.mark.parametrize(("method", "path", "status"), ADDRESSES)
def test_bad_addresses(method: str, path: str, status: int, client: FlaskClient) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == POLICY
    if status >= 400:
        named(answer.text)
    if status == 405:
        assert "GET" in answer.headers["Allow"]
    if status == 308:
        assert answer.headers["Location"].startswith(("http://localhost/", "/")), answer.headers["Location"]


BODIES = [
    (b"", "application/json", 400),
    (b"{", "application/json", 400),
    (b"[]", "application/json", 400),
    (b'{"inputs": 3}', "application/json", 400),
    (b'{"inputs": {}, "more": 1}', "application/json", 400),
    (b'{"inputs": {"layer": {"a": 1}, "target": "border-iq-sy"}}', "application/json", 400),
    (b'{"inputs": {"layer": null, "target": "border-iq-sy"}}', "application/json", 400),
    (b'{"inputs": {"layer": "erbil", "nope": 1}}', "application/json", 400),
    (b'{"inputs": {"layer": [NaN, 36], "target": "border-iq-sy"}}', "application/json", 400),
    (b'{"inputs": {"layer": "erbil", "layer": "roj", "target": "border-iq-sy"}}', "application/json", 400),
    (b'{"inputs": {"layer": ' + b"9" * 5000 + b', "target": "x"}}', "application/json", 400),
    (b'{"inputs": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", "application/json", 400),
    (b"\xff\xfe", "application/json", 400),
    (b"layer=erbil", "application/x-www-form-urlencoded", 415),
    (b"<x/>", "application/xml", 415),
    (b"{}", "", 415),
    (b" " * (MAX_BODY + 1), "application/json", 413),
    (b" " * (10 * 1024 * 1024), "application/json", 413),
]


@pytest.mark.parametrize(("body", "kind", "status"), BODIES)
def test_bad_bodies(body: bytes, kind: str, status: int, client: FlaskClient) -> None:
    answer = client.post(RUN.format("proximity"), data=body, content_type=kind)
    assert answer.status_code == status, answer.text[:300]
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["detail"]
    named(answer.text)


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]", "", "a b", "localhost:x", "@"]
)
def test_other_names_are_not_served(host: str, client: FlaskClient) -> None:
    for path in ("/", "/api/processes"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:9", "[::1]:8000"])
def test_this_machine_is_served(host: str, client: FlaskClient) -> None:
    assert client.get("/robots.txt", headers={"Host": host}).status_code == 200


def test_the_operator_adds_a_name() -> None:
    client = create_app(Config(base_url="https://map.example.org/")).test_client()
    assert client.get("/robots.txt", headers={"Host": "map.example.org"}).status_code == 200
    assert client.get("/robots.txt", headers={"Host": "example.org"}).status_code == 400


def test_forwarded_headers_change_nothing(client: FlaskClient) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    answer = client.get("/static//js", headers=headers)
    assert "evil" not in str(answer.headers) + answer.text


@pytest.mark.parametrize(
    "path", ["/", "/claims.json", "/layers/sites.geojson", "/static/favicon.svg", "/leaflet/leaflet.css", "/nope"]
)
def test_every_answer_is_headed(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "'unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'")
    assert "Set-Cookie" not in answer.headers
    # Shipped layers are public; nothing else may be read by pages of other sites.
    assert ("Access-Control-Allow-Origin" in answer.headers) == (path == "/layers/sites.geojson")


@pytest.mark.parametrize(
    "path", ["/about", "/claims.json", "/layers/sites.geojson", "/api/processes", "/static/favicon.svg", "/healthz"]
)
def test_who_has_it_already_gets_304(path: str, client: FlaskClient) -> None:
    first = client.get(path)
    tag = first.headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Content-Security-Policy"] == POLICY
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    head = client.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)


def test_answers_to_questions_are_not_kept_by_caches(client: FlaskClient) -> None:
    answer = client.get(RUN.format("proximity"), query_string=GOOD)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_text_of_the_address_is_text_in_the_page(client: FlaskClient) -> None:
    planted = "<img src=x onerror=alert(1)>"
    for path in (f"/layers/{planted}", f"/{planted}", f"/claims?verdict={planted}&x={planted}", f"/?claim={planted}"):
        page = client.get(path).text
        assert "<img" not in page


def test_the_log_has_one_line_a_request_and_no_query(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="masafa"):
        client.get("/robots.txt?secret=1")
        client.get("/a%0aFORGED 200")
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert lines[0].startswith("GET /robots.txt 200 ")
    assert all("\n" not in line and "secret" not in line for line in lines)
