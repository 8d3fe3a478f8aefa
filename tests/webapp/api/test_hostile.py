"""Hostile requests to the API: each a 4xx problem that names what is wrong, within a second; its valid twin answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.growth import cpu_seconds
from tests.webapp.test_security import named
from webapp.security import MAX_QUERY

SITES = "/api/collections/sites/items"
DEEP = '{"op":"not","args":[' * 60 + "true" + "]}" * 60

# Parameter, hostile values, a valid twin (the other parameters it needs with it), and ids that the twin must find.
PRISON = ["hasakah-prison", "hasakah-panorama", "hasakah-central-prison"]
TABLE: list[tuple[str, list[str], dict[str, str], list[str] | None]] = [
    (
        "limit",
        ["0", "-1", "NaN", "inf", "1e3", "1.5", "", " ", "0x10", "١٠", "9" * 400, "1;2", "null", "%00", "\x00"],
        {"limit": "1"},
        ["hasakah-prison"],
    ),
    (
        "bbox",
        [
            *("", "1", "1,2,3", "1,2,3,4,5", "a,b,c,d", "NaN,0,1,1", "0,0,inf,1", "40,37,41,36", "0,0,0,1,1,-1"),
            *("-181,0,1,1", "0,-91,1,1", "0,0,181,1", "0,0,1,91", "1e400,0,1,1", "40,36,41,37;DROP TABLE sites"),
            *("40,36,41,37\x00", "[40,36,41,37]", ",,,", "0,0,1," + "1" * 300, "../../etc/passwd"),
        ],
        {"bbox": "40,36,41,37", "kind": "prison"},
        PRISON,
    ),
    ("bbox-crs", ["EPSG:4326", "", "http://evil.example/", "../x", "\x00"], {}, None),
    (
        "datetime",
        [
            *("", "x", "2020", "2020-13-01", "2020-02-30", "2020-01-01T25:00:00Z", "2020-01-01T00:00:00", "/", "../.."),
            *("2021-01-01/2020-01-01", "2020-01-01/2020-01-02/2020-01-03", "0000-01-01", "99999-01-01", "now"),
            *("2020-01-01T00:00:00Z/2019-01-01T00:00:00Z", "'; --", "\x00", "0001-01-01T00:00:00+23:59", "NaN"),
        ],
        {"datetime": "../2024-01-01"},
        None,
    ),
    (
        "filter",
        [
            *("", "kind", "kind =", "nope = 1", "kind = 1", "kind = 'a' OR", "' OR '1'='1", "1; DROP TABLE sites"),
            *("kind = 'a' UNION SELECT 1", "pg_sleep(9) = 1", "S_BUFFER(geometry, 1)", "kind = '\x00'", "(" * 2000),
            *("(" * 1900 + "true" + ")" * 1900, "NOT " * 900 + "true", "n=" + "-" * 3000 + "1", "x" * 4001, DEEP),
            *("S_INTERSECTS(geometry, POINT(NaN 1))", "S_INTERSECTS(geometry, POINT(1 999))", "kind = 1e999"),
            *("S_INTERSECTS(geometry, POLYGON((0 0,1 1,0 1,1 0,0 0)))", "T_AFTER(as_of, DATE('2020-99-99'))"),
            *("{{7*7}}", "__import__('os')", "<script>", "\u202e", "kind LIKE kind", "../../etc/passwd", "\ud800"),
        ],
        {"filter": "kind = 'prison'"},
        PRISON,
    ),
    ("filter-lang", ["sql", "", "CQL2-TEXT", "cql2-json\x00"], {}, None),
    ("filter-crs", ["EPSG:4326", "", "x" * 5000], {}, None),
    (
        "sortby",
        ["", "nope", "-", ",", "sources", "name_en,name_en,name_en,name_en,name_en,name_en", "1;2", "geometry", "\x00"],
        {"sortby": "-name_en", "kind": "prison"},
        None,
    ),
    (
        "properties",
        ["nope", "name_en,nope", "__class__", "../x", "\x00"],
        {"properties": "name_en", "limit": "1"},
        None,
    ),
    ("crs", ["", "EPSG:4326", "urn:x", "http://www.opengis.net/def/crs/EPSG/0/1", "' OR 1=1", "\x00"], {}, None),
    (
        "cursor",
        ["", "x", "AAAA", "../..", "MDEyMzQ1Njc4OWFiY2RlZi4tMQ", "é", "\x00", "0" * 4000],
        {"limit": "2"},
        None,
    ),
    ("placeholder", ["maybe", "", "1", "TRUE"], {"placeholder": "false", "kind": "prison"}, ["hasakah-prison"]),
    (
        "coordinateUncertaintyInMeters",
        ["x", "", "NaN", "inf", "0x5", "1_000", "1e", "--1"],
        {"coordinateUncertaintyInMeters": "1500"},
        None,
    ),
    ("f", ["xml", "", "JSON", "../x"], {"f": "json", "limit": "1"}, ["hasakah-prison"]),
    ("lang", ["de", "", "AR"], {"lang": "ar", "limit": "1"}, ["hasakah-prison"]),
    ("nope", ["1", "", "' OR 1=1"], {"kind": "prison"}, PRISON),
    ("Limit", ["1"], {"limit": "1"}, ["hasakah-prison"]),
    ("offset", ["1", "-1"], {"limit": "1"}, ["hasakah-prison"]),
    ("$filter", ["1 eq 1"], {"kind": "prison"}, PRISON),
]
CASES = [(name, value) for name, values, _, _ in TABLE for value in values]
NEEDS = {"bbox-crs": {"bbox": "40,36,41,37"}, "filter-lang": {"filter": "true"}, "filter-crs": {"filter": "true"}}


@pytest.mark.parametrize(("name", "value"), CASES, ids=lambda value: ascii(value)[:40])
def test_a_hostile_value_is_named(name: str, value: str, client: FlaskClient) -> None:
    query = {**NEEDS.get(name, {}), name: value.encode("utf-8", "surrogatepass")}
    answer = client.get(SITES, query_string=query)
    assert answer.status_code == 400, answer.text[:300]
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["parameter"] == name
    assert name in problem["detail"]
    assert len(answer.data) < 4000
    assert "Access-Control-Allow-Origin" not in answer.headers
    named(answer.text)


@pytest.mark.parametrize(("name", "good", "ids"), [(name, good, ids) for name, _, good, ids in TABLE if good])
def test_its_valid_twin_answers(name: str, good: dict[str, str], ids: list[str] | None, client: FlaskClient) -> None:
    answer = client.get(SITES, query_string=good)
    assert answer.status_code == 200, name
    found = [one["id"] for one in json.loads(answer.data)["features"]]
    assert found == ids if ids is not None else found


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("bbox=1,2,3,4&bbox=1,2,3,4", "bbox"),
        ("bbox-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84", "bbox-crs"),
        ("filter-lang=cql2-text", "filter-lang"),
        ("filter-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84", "filter-crs"),
        ("filter-lang=cql2-json&filter=%7B", "filter"),
        ("filter-lang=cql2-json&filter=[[[[1]]]]", "filter"),
        ("limit=1&limit=2", "limit"),
        ("%00=1", "\x00"),
    ],
)
def test_what_does_not_go_together(query: str, parameter: str, client: FlaskClient) -> None:
    answer = client.get(f"{SITES}?{query}")
    assert (answer.status_code, answer.get_json()["parameter"]) == (400, parameter)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/collections/nope", 404),
        ("GET", "/api/collections/../sites", 404),
        ("GET", "/api/collections/%2e%2e%2fsites", 404),
        ("GET", "/api/collections/sites%00", 400),
        ("GET", "/api/collections/sites/items/%ff", 404),
        ("GET", "/api/collections/sites/items/..%2f..%2fetc", 404),
        ("GET", "/api/collections/sites/items/nope", 404),
        ("GET", "/api/collections/sites/items/" + "a" * 8000, 404),
        ("GET", "/api/collections/sites/nope", 404),
        ("GET", "/api/collections/sites/tiles/nope/0/0/0", 404),
        ("GET", "/api/collections/sites/tiles/WebMercatorQuad/0/0/1", 404),
        ("GET", "/api/collections/sites/tiles/WebMercatorQuad/19/0/0", 400),
        ("GET", "/api/collections/sites/tiles/WebMercatorQuad/-1/0/0", 400),
        ("GET", "/api/collections/sites/tiles/WebMercatorQuad/0/x/0", 400),
        ("GET", "/api/collections/sites/tiles/WebMercatorQuad/0/0/" + "9" * 4000, 400),
        ("GET", "/api/collections/sites/tiles/WebMercatorQuad/NaN/0/0", 400),
        ("GET", "/api/jobs/nope", 404),
        ("GET", "/api/jobs/nope/results", 404),
        ("DELETE", "/api/jobs/nope", 404),
        ("POST", SITES, 405),
        ("PUT", f"{SITES}/erbil", 405),
        ("DELETE", f"{SITES}/erbil", 405),
        ("PATCH", "/api", 405),
        ("BREW", "/api/collections", 405),
        ("POST", "/api/jobs", 405),
        ("GET", f"{SITES}?filter=" + "x" * MAX_QUERY, 414),
        ("GET", f"{SITES}?" + "a=b&" * 250_000, 414),
    ],
    ids=lambda value: str(value)[:60],
)
def test_hostile_addresses(method: str, path: str, status: int, client: FlaskClient) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status, answer.text[:200]
    assert answer.content_type == "application/problem+json"
    named(answer.text)


@pytest.mark.parametrize(
    "accept", ["application/xml", "image/png", "text/turtle, application/rdf+xml", "audio/ogg;q=1"]
)
def test_formats_that_are_not_there(accept: str, client: FlaskClient) -> None:
    for path in ("/api", "/api/collections", SITES):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.status_code == 406
        assert answer.get_json()["detail"].startswith("Accept: ")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/geo+json"),
        ("*/*", "application/geo+json"),
        ("application/*", "application/geo+json"),
        ("text/html", "text/html; charset=utf-8"),
        ("text/html;q=0.1, application/json", "application/geo+json"),
        ("application/json;q=0.1, text/html", "text/html; charset=utf-8"),
    ],
)
def test_formats_that_are_there(accept: str, kind: str, client: FlaskClient) -> None:
    assert client.get(SITES, headers={"Accept": accept}).content_type == kind


@pytest.mark.parametrize("accept", ["garbage", ";;;", "q=1", "a/b;q=zzz", "x" * 5000, "text/html;q=nan"])
def test_no_odd_accept_is_an_error_of_ours(accept: str, client: FlaskClient) -> None:
    assert client.get(SITES, headers={"Accept": accept}).status_code in (200, 406)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1:x", "@"])
def test_links_never_name_another_host(host: str, client: FlaskClient) -> None:
    assert client.get("/api", headers={"Host": host}).status_code == 400
    answer = client.get("/api", headers={"X-Forwarded-Host": host, "Forwarded": f"host={host}"})
    assert host not in answer.text


def test_text_of_an_address_is_text_in_a_page(client: FlaskClient) -> None:
    planted = "<img src=x onerror=alert(1)>"
    for path in (
        f"{SITES}?f=html&limit=1&cursor=",
        f"{SITES}?f=html&name_en=",
        f"/api/collections/{planted}?f=html&x=",
    ):
        answer = client.get(path + planted)
        assert "<img" not in answer.text or answer.content_type == "application/problem+json"


def test_queries_are_small_work(client: FlaskClient) -> None:
    heavy: list[dict[str, Any]] = [
        {"filter": "S_CROSSES(geometry, LINESTRING(38 30, 48 37))"},
        {"filter": " OR ".join(["S_TOUCHES(geometry, POLYGON((38 30, 48 30, 48 37, 38 37, 38 30)))"] * 10)},
        {"sortby": "name_en,name_ar,kind,precision,id", "limit": "10000"},
    ]

    def ask(query: dict[str, Any]) -> None:
        answer = client.get("/api/collections/governorates/items", query_string={**query, "properties": "name_en"})
        assert answer.status_code in (200, 422)

    plain = cpu_seconds(lambda: ask({}))
    for query in heavy:
        assert cpu_seconds(lambda query=query: ask(query)) < 100 * plain
