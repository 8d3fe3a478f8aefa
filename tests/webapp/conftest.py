"""A client of the app, as a browser on this machine is one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from webapp import auth, create_app, digits
from webapp.config import Config


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    """A client of one app for all tests: what it measured once it keeps."""
    return create_app(Config()).test_client()


@pytest.fixture(scope="module", autouse=True)
def _forgetful(client: FlaskClient) -> Iterator[None]:
    """Take back, after each file of tests, that the client of all tests has signed in or chosen digits."""
    yield
    for name in (auth.COOKIE, digits.COOKIE):
        client.delete_cookie(name)
