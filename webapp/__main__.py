"""`python -m webapp` serves the app on this machine, with waitress: slow clients cannot stop it."""

from __future__ import annotations

import argparse
import sys

from geodata.errors import MasafaError
from geodata.version import __version__
from webapp.command import run
from webapp.config import Config
from webapp.server import HOST


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; exit 2 with one line where that cannot be."""
    parser = argparse.ArgumentParser(prog="webapp", description="Serve Masafa on this machine.")
    parser.add_argument("--version", action="version", version=f"masafa {__version__}")
    parser.parse_args(arguments)
    try:
        config = Config.from_environment()
    except MasafaError as error:
        print(f"masafa: {error}", file=sys.stderr)
        return 2

    def announce(token: str) -> None:
        """Print where the app is, and the link that signs in."""
        base = f"http://{HOST}:{config.port}"
        print(f"Masafa · مسافة: {base}/ (stop with Ctrl-C)", file=sys.stderr, flush=True)
        print(f"To write: {base}/sign-in?token={token}", file=sys.stderr, flush=True)

    return run(config, HOST, announce, "PORT=8001 make run")


if __name__ == "__main__":
    sys.exit(main())
