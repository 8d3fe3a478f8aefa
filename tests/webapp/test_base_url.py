"""Where the app is, as its links say it."""

from __future__ import annotations

import pytest

from webapp import create_app
from webapp.base_url import base
from webapp.config import Config


@pytest.mark.parametrize(
    ("configured", "host", "expected"),
    [
        (None, "localhost:8000", "https://localhost:8000"),
        (None, "127.0.0.1", "https://127.0.0.1"),
        ("https://map.example.org/masafa", "localhost", "https://map.example.org/masafa"),
    ],
)
def test_the_configured_address_else_that_of_the_request(configured: str | None, host: str, expected: str) -> None:
    app = create_app(Config(base_url=configured))
    with app.test_request_context("/", base_url=f"https://{host}"):
        assert base() == expected
        # Asked for by every link of an answer: found once.
        app.extensions["masafa"] = Config(base_url="https://other.example")
        assert base() == expected


def test_the_scheme_is_that_of_the_request() -> None:
    with create_app(Config()).test_request_context("/", base_url="http://localhost"):
        assert base() == "http://localhost"
