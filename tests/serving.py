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
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=5)
