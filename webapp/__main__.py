"""`python -m webapp` serves the app on this machine, with waitress: slow clients cannot stop it."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from threading import Thread
from types import FrameType

from geodata.catalog import current
from geodata.errors import MasafaError
from geodata.version import __version__
from webapp import create_app
from webapp.config import Config
from webapp.page_context import MAIN_BORDER
from webapp.result_cache import ask
from webapp.ruler.views import DEFAULTS
from webapp.server import HOST, serving


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; exit 2 with one line where that cannot be."""
    parser = argparse.ArgumentParser(prog="webapp", description="Serve Masafa on this machine.")
    parser.add_argument("--version", action="version", version=f"masafa {__version__}")
    parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        code = _serve()
    except (KeyboardInterrupt, SystemExit):
        code = 0
    if not code:
        print("masafa: stopped", file=sys.stderr)
    return code


def _serve() -> int:
    try:
        config = Config.from_environment()
        app = create_app(config)
        server = serving(app, config.port)
    except MasafaError as error:
        print(f"masafa: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        reason = error.strerror or str(error)
        print(f"masafa: port {config.port} cannot be used: {reason}. Another: PORT=8001 make run", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _stop)
    # Measured while the browser opens: the first page waits for less.
    Thread(target=_warm, daemon=True).start()
    print(f"Masafa · مسافة: http://{HOST}:{config.port}/ (stop with Ctrl-C)", file=sys.stderr, flush=True)
    token = app.extensions["masafa_token"]
    print(f"To write: http://{HOST}:{config.port}/sign-in?token={token}", file=sys.stderr, flush=True)
    # Its sockets are left for the end of the process to close: what is still being answered wakes the server by the
    # number of a pipe, which closed could by then be the number of a file that is being written.
    server.run()
    return 0


def _warm() -> None:
    """Ask what the first pages ask: what is made at a first question, outlines and indexes, is made by then."""
    ask("claims", {})
    line = {"layer": current().reference(MAIN_BORDER)}
    ask("ruler", {**line, "km": DEFAULTS["km"], "of": DEFAULTS["of"]})
    ask("gaps", {**line, "km": DEFAULTS["gap"]})
    ask("profile", {**line, "km": DEFAULTS["km"], "of": DEFAULTS["of"]})


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
