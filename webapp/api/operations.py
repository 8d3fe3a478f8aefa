"""What the API declares: operations and their parameters, read here and written into the OpenAPI document from here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import Blueprint, request

from geodata.errors import BadValue
from geodata.messages import one_of
from webapp.i18n import LANGUAGES


@dataclass(frozen=True)
class Param:
    """A parameter of an address: its JSON schema, and how its text becomes a value (raises BadValue)."""

    name: str
    description: str
    schema: Mapping[str, Any] | Callable[[], Mapping[str, Any]] = field(default_factory=lambda: {"type": "string"})
    """As it is, or a function for one that changes while the app runs."""
    read: Callable[[str], Any] = str
    where: str = "query"
    listed: bool = False
    """Whether commas separate several values."""
    form: bool = False
    """Whether its style is declared though it has one value: Features Part 1 asks it of some."""

    def describe(self) -> dict[str, Any]:
        """Return the parameter as an OpenAPI document has it."""
        description: dict[str, Any] = {"name": self.name, "in": self.where, "description": self.description}
        if self.where == "path":
            description["required"] = True
        style = {"style": "form", "explode": False} if self.listed or self.form else {}
        return {**description, "schema": dict(self.schema() if callable(self.schema) else self.schema), **style}


@dataclass(frozen=True)
class Operation:
    """One address with one method: `path` below /api as OpenAPI writes it, its formats and what they are."""

    path: str
    name: str
    summary: str
    forms: Mapping[str, str]
    params: tuple[Param, ...] = ()
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "object"})
    method: str = "get"
    statuses: tuple[int, ...] = ()
    """Beside 200 and those that any address may answer."""
    body: Mapping[str, Any] | None = None
    done: tuple[int, ...] = (200,)
    cached: bool = True
    """Whether its answers carry an ETag, and 304 stands for one that is unchanged."""

    @cached_property
    def query(self) -> Mapping[str, Param]:
        """The query parameters by name, those common to all operations last."""
        params = (*(param for param in self.params if param.where == "query"), *everywhere(self.forms))
        return {param.name: param for param in params}


def everywhere(forms: Mapping[str, str]) -> tuple[Param, Param]:
    """Return the two parameters that every address has."""
    return (
        Param(
            "f", "The format; without it Accept decides.", {"type": "string", "enum": list(forms)}, _among("f", forms)
        ),
        Param(
            "lang", "The language of titles.", {"type": "string", "enum": list(LANGUAGES)}, _among("lang", LANGUAGES)
        ),
    )


def limit(default: int, most: int) -> Param:
    """Return the parameter for how many things an answer has at most; beyond `most` it is read as `most`."""

    def read_limit(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < 1:
            raise BadValue("limit", text, "page_size", most=most)
        return min(int(text), most)

    return Param(
        "limit",
        f"How many at most; more than {most} are answered with {most}.",
        {"type": "integer", "minimum": 1, "maximum": most, "default": default},
        read_limit,
        form=True,
    )


def read(operation: Operation) -> dict[str, Any]:
    """Return the values of the request's parameters; raises BadValue for one undeclared, repeated or invalid."""
    declared = operation.query
    for name, values in request.args.lists():
        if name not in declared:
            raise BadValue(name, values[0], "unknown_parameter", names=list(declared))
        if len(values) > 1:
            raise BadValue(name, " & ".join(values), "one_value")
        if "\x00" in values[0]:
            raise BadValue(name, values[0], "text_without_nul")
    return {name: declared[name].read(values[0]) for name, values in request.args.lists()}


def add(blueprint: Blueprint, operation: Operation, view: Callable[..., Any]) -> None:
    """Add an operation's route."""
    rule = operation.path.replace("{", "<").replace("}", ">")
    blueprint.add_url_rule(rule, operation.name, view, methods=[operation.method.upper()])


def _among(name: str, allowed: Any) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in allowed:
            raise BadValue(name, text, one_of(allowed))
        return text

    return check
