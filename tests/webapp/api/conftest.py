"""The API served over a socket by the server that people get, for the clients of others."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from waitress.server import create_server

from webapp import create_app
from webapp.config import Config


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The address of the API."""
    server = create_server(create_app(Config()), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}/api"
    server.close()
    thread.join(timeout=5)
