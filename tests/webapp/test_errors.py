"""Meaning to status: each class of the library's errors, as a page and as problem details."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import ServiceUnavailable

from geodata import errors as meaning
from webapp import create_app
from webapp.config import Config

RAISED = {
    "bad-value": (meaning.BadValue("km", "x", "number"), 400),
    "not-found": (meaning.NotFound("layer", "x", ("sites",)), 404),
    "bad-data": (meaning.BadData("/a", "ring_open"), 422),
    "refused": (meaning.Refused("bins", parameter="bin", count=9, most=8), 422),
    "unwritable": (meaning.Unwritable("folder", path="/x"), 503),
    "conflict": (meaning.Conflict("al-qaim", None), 412),
    "unknown": (RuntimeError("secret /srv/path"), 500),
}


def raising(error: Exception) -> object:
    """Return a view that fails."""

    def view() -> str:
        raise error

    return view


@pytest.fixture(scope="module")
def failing() -> FlaskClient:
    """A client of an app some of whose addresses fail, each in its own way."""
    app: Flask = create_app(Config())
    for name, (error, _) in RAISED.items():
        for path in (f"/{name}", f"/api/{name}"):
            app.add_url_rule(path, path, raising(error))  # type: ignore[arg-type]
    return app.test_client()


@pytest.mark.parametrize(("name", "status"), [(name, status) for name, (_, status) in RAISED.items()])
def test_meaning_has_one_status(name: str, status: int, failing: FlaskClient) -> None:
    page, problem = failing.get(f"/{name}?lang=ar"), failing.get(f"/api/{name}")
    assert page.status_code == problem.status_code == status
    assert page.content_type == "text/html; charset=utf-8"
    assert 'dir="rtl"' in page.text
    assert problem.content_type == "application/problem+json"
    assert problem.get_json()["type"] == "about:blank"
    assert "secret" not in page.text + problem.text


def test_every_class_of_the_library_is_mapped() -> None:
    classes = {type(error) for error, status in RAISED.values() if status != 500}
    assert classes == set(meaning.MasafaError.__subclasses__())


def test_the_detail_on_a_page_is_in_its_language(failing: FlaskClient) -> None:
    assert "9 bins are too many; at most 8" in failing.get("/refused?lang=en").text
    arabic = failing.get("/refused?lang=ar").text
    assert "عدد الفئات 9 أكثر من اللازم" in arabic
    assert "too many" not in arabic


def test_too_many_are_told_when_to_come_back() -> None:
    app = create_app(Config())
    app.add_url_rule("/api/full", "full", raising(ServiceUnavailable("ask again", retry_after=5)))  # type: ignore[arg-type]
    answer = app.test_client().get("/api/full")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json()["detail"] == "ask again"


def test_what_nobody_foresaw_is_logged_and_not_told(failing: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    failing.get("/unknown")
    assert "RuntimeError" in caplog.text
    assert any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/nope", "application/problem+json"),
        ("/nope.json", "application/problem+json"),
        ("/nope.geojson", "application/problem+json"),
        ("/apiary", "text/html; charset=utf-8"),
        ("/nope", "text/html; charset=utf-8"),
    ],
)
def test_programs_get_problems_and_people_pages(path: str, kind: str, failing: FlaskClient) -> None:
    answer = failing.get(path)
    assert (answer.status_code, answer.content_type) == (404, kind)
