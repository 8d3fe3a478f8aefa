"""A client of the app, as a browser on this machine is one."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from webapp import create_app
from webapp.config import Config


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    """A client of one app for all tests: what it measured once it keeps."""
    return create_app(Config()).test_client()
