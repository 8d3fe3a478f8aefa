"""The server's door: how much of a body is read before the app sees it, and whose."""

from __future__ import annotations

import copy
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server

from webapp.auth import COOKIE
from webapp.security import FILES, LARGE

HOST = "127.0.0.1"
THREADS = 12
MAX_BODY = max(most for address, most in LARGE.items() if address != FILES) + 1024 * 1024
"""What is read of a body before the app says 413 in its own words; beyond it the server does."""


def serving(app: Flask, port: int, host: str = HOST) -> Any:
    """Return a server for the app on this machine; raises OSError where the port cannot be used.

    A file of events is read by who has signed in: a stranger's never fills the disk.
    """
    server = create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        channel_timeout=30,
        connection_limit=400,
        max_request_body_size=MAX_BODY,
    )
    wide = copy.copy(server.adj)
    wide.max_request_body_size = LARGE[FILES] + 1024 * 1024
    cookie = f"{COOKIE}={app.extensions['masafa_key']}"

    class Parser(HTTPRequestParser):  # type: ignore[misc]
        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if self.path == FILES and cookie in self.headers.get("COOKIE", ""):
                self.adj = wide

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Parser

    server.channel_class = Channel
    return server
