"""The command line `geodata`: each command reads its arguments, asks the library, and prints.

Answers go to standard output, messages to standard error. Exit 0: done, or yes; 1: ran, and the answer is no; 2: bad
input or failure. Every command takes --json. The module of a command is imported when the command is used.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any, NoReturn

from geodata import registry
from geodata.errors import MasafaError
from geodata.version import __version__

_NEGATIVE = re.compile(r"-\d")

_DATA: Mapping[str, tuple[str, str]] = {
    "layers": ("data:layers", "List the layers"),
    "show": ("data:show", "Show a layer's features, or one feature"),
    "validate": ("data:validate", "Check GeoJSON files; without a file, everything that is shipped"),
    "import": ("import_:import_", "Make a file a layer of the workspace, or a newer version of one"),
    "diff": ("diff:diff", "What a new release of a layer changed"),
    "links": ("links:links", "Propose which rows of several layers may be the same event"),
    "edit": ("edit:edit", "Add, change or delete a feature, or undo an edit"),
    "history": ("edit:history", "Who changed what, when and why"),
    "sources": ("records:sources", "List the sources, show one, record, attach and grade them"),
    "actors": ("records:actors", "List the actors, show one, record, merge and set them apart"),
    "export": ("export:export", "Write layers in any format, or as one HTML map that works offline"),
    "convert": ("export:convert", "Write a file's features in another format"),
}
"""Name → `module:function` that adds the arguments, and the line in the help; modules of `geodata.commands`, unless
named with a dot: `serve` is the web app's own."""
_RESULTS: Mapping[str, tuple[str, str]] = {
    "run": ("analyses:run", "Run any analysis of the registry by name"),
    "cite": ("cite:cite", "Cite a result by its id, or run a recorded one again"),
    "serve": ("webapp.command:serve", "Serve the map and the API on this machine"),
}
_GRAMMARS: Mapping[str, str] = {"proximity": "tables:proximity", "claims": "claims:claims"}
"""Analyses whose command takes more than their parameters."""


_EXTRAS: Mapping[str, str] = {
    **dict.fromkeys(("duckdb", "openpyxl", "pyarrow", "pyogrio"), "import"),
    **dict.fromkeys(("flask", "mapbox_vector_tile", "pikepdf", "waitress", "webapp"), "web"),
    "geopandas": "notebook",
}
"""Libraries that not every installation has, and the extra of pyproject.toml that brings each."""


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line on standard error, exit 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"geodata: {message} (see {self.prog} --help)\n")


class Command(_Parser):
    """The parser of one command; `fill` adds its arguments when they are needed."""

    def __init__(self, *, fill: Callable[[argparse.ArgumentParser], None], **options: Any) -> None:
        super().__init__(**options)
        self._fill: Callable[[argparse.ArgumentParser], None] | None = fill

    def complete(self) -> Command:
        """Add the arguments, unless they are there; return the parser."""
        if self._fill is not None:
            fill, self._fill = self._fill, None
            fill(self)
        return self

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Add the arguments, and parse."""
        return super(Command, self.complete()).parse_known_args(args, namespace)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    root = _Parser(prog="geodata", description="A conflict map that measures: layers, distances, buffers, claims.")
    root.add_argument("--version", action="version", version=f"masafa {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Command)
    for name, summary, fill in _commands():
        commands.add_parser(name, help=summary, description=summary if name in registry.analyses() else None, fill=fill)
    return root


def _commands() -> Iterator[tuple[str, str, Callable[[argparse.ArgumentParser], None]]]:
    """Yield the name, the help and what adds the arguments of each command, in the order of the help."""
    for name, (target, summary) in _DATA.items():
        yield name, summary, partial(_fill, target)
    for name in registry.analyses():
        yield name, registry.analyses().summary(name), partial(_fill, _GRAMMARS.get(name, "analyses:analysis"))
    for name, (target, summary) in _RESULTS.items():
        yield name, summary, partial(_fill, target)


def _fill(target: str, command: argparse.ArgumentParser) -> None:
    module, _, function = target.partition(":")
    getattr(import_module(module if "." in module else f"geodata.commands.{module}"), function)(command)


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
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        return _failed(f"{error.name} is not installed; pip install 'masafa[{extra}]'", words)
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
        from geodata.model import SCHEMA

        problem: dict[str, Any] = {"schema": SCHEMA, "error": message}
        print(json.dumps(problem, ensure_ascii=False))
    print(f"geodata: {message}", file=sys.stderr)
    return 2
