"""Serving the app with waitress: the command `geodata serve`, and what `python -m webapp` shares with it."""

from __future__ import annotations

import argparse
import ipaddress
import logging
import os
import signal
import sys
import webbrowser
from collections.abc import Callable
from threading import Thread
from types import FrameType

from geodata.catalog import current
from geodata.errors import BadValue, MasafaError
from webapp import create_app
from webapp.config import Config
from webapp.page_context import MAIN_BORDER
from webapp.result_cache import ask
from webapp.ruler.views import DEFAULTS
from webapp.server import HOST, serving


def serve(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `geodata serve`."""
    parser.add_argument("--port", metavar="PORT", help="the port (default PORT of the environment, else 8000)")
    parser.add_argument("--host", metavar="ADDRESS", default=HOST, help=f"the address to listen on (default {HOST})")
    parser.add_argument("--open", action="store_true", help="open it in the browser")
    parser.add_argument("--json", action="store_true", help="print the address as JSON")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    environment = {**os.environ, **({"PORT": arguments.port} if arguments.port is not None else {})}
    host = _host(arguments.host)
    config = Config.from_environment(environment)

    def announce(token: str) -> None:
        """Print one address, on this machine alone one that signs in and is redirected to a clean one."""
        base = config.base_url or f"http://{f'[{host}]' if ':' in host else host}:{config.port}"
        address = f"{base}/sign-in?token={token}" if ipaddress.ip_address(host).is_loopback else f"{base}/"
        print(f'{{"address": "{address}"}}' if arguments.json else address, flush=True)
        if not ipaddress.ip_address(host).is_loopback:
            print(f"To write: {base}/sign-in?token={token}", file=sys.stderr, flush=True)
        if arguments.open:
            webbrowser.open(address)

    return run(config, host, announce, "geodata serve --port 8001")


def _host(text: str) -> str:
    try:
        return str(ipaddress.ip_address("127.0.0.1" if text == "localhost" else text))
    except ValueError:
        raise BadValue("--host", text, "ip_address") from None


def run(config: Config, host: str, announce: Callable[[str], None], another: str) -> int:
    """Serve until stopped, and return the exit code: 2 with one line where that cannot be.

    `announce` is called with the token that signs in, once the port is open; `another` is how another port is taken.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        code = _serve(config, host, announce, another)
    except (KeyboardInterrupt, SystemExit):
        code = 0
    if not code:
        print("masafa: stopped", file=sys.stderr)
    return code


def _serve(config: Config, host: str, announce: Callable[[str], None], another: str) -> int:
    try:
        app = create_app(config)
        server = serving(app, config.port, host)
    except MasafaError as error:
        print(f"masafa: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        reason = error.strerror or str(error)
        print(f"masafa: port {config.port} cannot be used: {reason}. Another: {another}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _stop)
    # Measured while the browser opens: the first page waits for less.
    Thread(target=_warm, daemon=True).start()
    announce(app.extensions["masafa_token"])
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
