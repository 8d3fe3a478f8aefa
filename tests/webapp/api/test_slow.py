"""Sixty clients that never finish their request do not stop the server, nor does a query of 10 MB."""

from __future__ import annotations

import contextlib
import socket
import urllib.request
from urllib.parse import urlsplit

PATIENCE = 60.0
"""Seconds after which a server that has stopped is given up."""


def test_sixty_slow_connections_do_not_stop_the_server(served: str) -> None:
    where = urlsplit(served)
    open_ = []
    try:
        for at in range(60):
            connection = socket.create_connection((where.hostname or "", where.port or 0), timeout=5)
            whole = b"GET /api HTTP/1.1\r\nHost: localhost\r\nX-Slow: 1\r\n"
            connection.sendall(whole[: 10 + at % 30] if at % 2 else whole)
            open_.append(connection)
        for path in ("/collections/sites/items?limit=5", "/collections/places/items?bbox=40,33,41,34", ""):
            with urllib.request.urlopen(served + path, timeout=PATIENCE) as answer:
                assert answer.status == 200
    finally:
        for connection in open_:
            connection.close()


def test_a_query_of_ten_megabytes_is_turned_away_unread(served: str) -> None:
    where = urlsplit(served)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=PATIENCE) as connection:
        message = b""
        # The server may have answered and hung up before it was all sent.
        with contextlib.suppress(ConnectionError):
            connection.sendall(b"GET /api/collections/sites/items?filter=" + b"x" * 10_000_000)
        with contextlib.suppress(ConnectionError):
            message = connection.recv(64)
    assert b" 431 " in message or not message
    with urllib.request.urlopen(served, timeout=PATIENCE) as answer:
        assert answer.status == 200
