"""The API served over a socket by the server that people get, for the clients of others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serving import served as running
from webapp import create_app
from webapp.config import Config


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The address of the API."""
    with running(create_app(Config())) as address:
        yield f"{address}/api"
