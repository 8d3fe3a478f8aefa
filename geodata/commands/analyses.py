"""The commands that measure, made of the parameters of each analysis, and `run` for any of them by name."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from geodata import registry
from geodata.analysis.base import Parameter
from geodata.commands.options import ask, outputs


def analysis(parser: argparse.ArgumentParser, optional: Sequence[str] = ()) -> None:
    """Add the arguments of the analysis that the command is called by; those named in `optional` may be left out."""
    name = parser.prog.split()[-1]
    entry = registry.analyses()[name]
    parameters = {parameter.name: parameter for parameter in entry.parameters}
    outputs(parser)
    for key in entry.options or parameters:
        _add(parser, parameters[key], required=parameters[key].required and key not in optional)
    parser.set_defaults(run=lambda arguments: ask(name, arguments))


def _add(parser: argparse.ArgumentParser, parameter: Parameter, required: bool) -> None:
    """Add one parameter, as its class says."""
    shown: dict[str, Any] = {"help": parameter.help or parameter.title["en"]}
    if parameter.positional:
        parser.add_argument(parameter.name, metavar=parameter.metavar or None, nargs=None if required else "?", **shown)
        return
    if parameter.kind == "flag":
        shown |= {"action": "store_const", "const": "true"}
    elif parameter.allowed and not parameter.metavar:
        shown["choices"] = parameter.allowed
    else:
        shown["metavar"] = parameter.metavar or None
    flags = parameter.flags or (f"--{parameter.name}",)
    parser.add_argument(*flags, dest=parameter.name, required=required, **shown)


def run(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `run`: every parameter of every analysis."""
    parser.add_argument("analysis", metavar="ANALYSIS", help=", ".join(registry.analyses()))
    names = registry.parameter_names()
    for name in names:
        parser.add_argument(f"--{name}", metavar=name.upper())
    outputs(parser)
    parser.set_defaults(run=lambda arguments: ask(arguments.analysis, arguments, names))
