"""An app served over a socket by the server that people get."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from webapp.server import serving


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Give the address of an app while it is served."""
    server = serving(app, 0)
    closing = threading.Event()

    def run() -> None:
        try:
            server.run()
        except OSError:
            # Closed under its feet, the loop may wake to a socket that is no more.
            if not closing.is_set():
                raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        closing.set()
        server.close()
        thread.join(timeout=5)
