"""An app served over a socket by the server that people get."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from waitress import wasyncore

from webapp.server import serving

PATIENCE = 60
"""Seconds in which what is being answered has to end."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Give the address of an app while it is served; what is being answered then ends before the sockets close.

    The server's own close leaves its threads at work: they would write to what are others' files by then.
    """
    server = serving(app, 0)
    ended = threading.Event()

    def run() -> None:
        while not ended.is_set():
            wasyncore.loop(timeout=1, map=server._map, count=1)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown(timeout=PATIENCE)
        ended.set()
        server.pull_trigger()
        thread.join()
        wasyncore.close_all(server._map)
