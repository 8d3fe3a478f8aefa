"""The command line `geodata`: each command reads its arguments, asks the library, and prints.

Answers go to standard output, messages to standard error. Exit 0: done, or yes; 1: ran, and the answer is no; 2: bad
input or failure. Every command takes --json.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from geodata.commands import analyses, cite, data, edit, export, import_, records
from geodata.errors import MasafaError
from geodata.model import SCHEMA
from geodata.version import __version__

_NEGATIVE = re.compile(r"-\d")


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line on standard error, exit 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"geodata: {message} (see {self.prog} --help)\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    root = _Parser(prog="geodata", description="A conflict map that measures: layers, distances, buffers, claims.")
    root.add_argument("--version", action="version", version=f"masafa {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for module in (data, import_, edit, records, export, analyses, cite):
        module.add(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # A leading blank tells argparse that -5,34 is a coordinate and not an option; readers of values strip it.
    words = [f" {word}" if _NEGATIVE.match(word) else word for word in words]
    try:
        options = parser().parse_args(words)
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except MasafaError as error:
        return _failed(str(error), words)
    except BrokenPipeError:
        # The reader has gone, as `head` does: nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _failed(f"{error.filename or 'geodata'}: {error.strerror or error}", words)
    except KeyboardInterrupt:
        return 130


def _failed(message: str, words: Sequence[str]) -> int:
    if "--json" in words:
        problem: dict[str, Any] = {"schema": SCHEMA, "error": message}
        print(json.dumps(problem, ensure_ascii=False))
    print(f"geodata: {message}", file=sys.stderr)
    return 2
