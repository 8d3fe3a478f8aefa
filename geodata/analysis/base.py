"""What an analysis is: a name, titles, parameters with bounds, and what an engine asks of it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from geodata.analysis import figures, text_lines
from geodata.analysis.batches import Batch, Question
from geodata.analysis.figures import Figure
from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.messages import Message, one_of
from geodata.model import Result, Text
from geodata.text.plain_digits import plain_digits

Kind = Literal["place", "kilometres", "number", "flag", "choice", "layers", "kinds", "claim", "pillars", "filter"]

PLACE = "a feature id, layer/id, a layer id, LON,LAT, or LINESTRING (LON LAT, …)"
"""How a place is written, for the command line's help."""
MAX_RINGS = 12
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
_BETWEEN = re.compile(r"\s*[,;؛/]\s*|\s+")
"""What stands between the radii of a list, as people type it: 25,50 · 25, 50 · 25/50 · 25 50."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of an analysis: what it means, and what is allowed."""

    name: str
    title: Text
    kind: Kind
    required: bool = False
    default: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] = ()
    zero: bool = False
    """Whether a number may be 0."""
    length: int = 6000
    """The most characters that are read."""
    help: str = ""
    """What the command line says of it, in English; without one the title."""
    metavar: str = ""
    """What stands for the value in the command line's help."""
    flags: tuple[str, ...] = ()
    """The options that give it on the command line; else --name."""
    positional: bool = False
    """Whether the command line takes it by its place, without an option."""

    def describe(self) -> dict[str, Any]:
        """Return the parameter as JSON values."""
        return {
            "name": self.name,
            "title": dict(self.title),
            "type": self.kind,
            "required": self.required,
            "default": self.default,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "allowed": list(self.allowed),
        }

    def read(self, raw: Any) -> Any:
        """Return the checked value of a text, number, boolean or list; raises BadValue."""
        if isinstance(raw, list | tuple):
            raw = ",".join(str(item) for item in raw)
        text = str(raw).strip()
        if "\x00" in text or len(text) > self.length:
            raise BadValue(self.name, text, "text_at_most", most=self.length)
        if self.kind == "kilometres":
            return self._radii(text)
        if self.kind == "number":
            return self._number(text)
        if self.kind == "flag":
            if text.lower() not in _TRUE | _FALSE:
                raise BadValue(self.name, text, "boolean")
            return text.lower() in _TRUE
        if self.kind == "choice" and text not in self.allowed:
            raise BadValue(self.name, text, one_of(self.allowed))
        if self.kind in ("layers", "kinds"):
            return tuple(sorted({part.strip() for part in text.split(",") if part.strip()}))
        if not text:
            raise BadValue(self.name, text, "not_empty")
        return text

    def _number(self, text: str) -> float:
        low, high = self.minimum, self.maximum
        allowed = self._allowed(zero=True)
        try:
            value = float(plain_digits(text))
        except ValueError:
            raise BadValue(self.name, text, allowed) from None
        if not math.isfinite(value) or (value == 0 and not self.zero):
            raise BadValue(self.name, text, self._allowed(self.zero))
        if (low is not None and value < low) or (high is not None and value > high):
            raise BadValue(self.name, text, allowed)
        return value

    def _allowed(self, zero: bool) -> Message:
        if self.minimum is None or self.maximum is None:
            return Message("allowed.finite" if zero else "allowed.finite_not_zero")
        return Message(
            "allowed.number_range" if zero else "allowed.number_range_not_zero",
            least=f"{self.minimum:g}",
            most=f"{self.maximum:g}",
        )

    def _radii(self, text: str) -> tuple[float, ...]:
        parts = _BETWEEN.split(plain_digits(text).strip())
        if len(parts) > MAX_RINGS:
            raise BadValue(self.name, text, "radii_at_most", most=MAX_RINGS)
        return tuple(sorted({self._number(part) for part in parts}))


class Analysis:
    """A question about layers: titles and parameters, and what an engine asks of it.

    An analysis that works through rows gives `prepare`, which says through which, `columns`, `map`, `merge` and
    `finalize`. They are pure: the answer is the same to the byte however the rows are divided, and in whichever order
    the parts are worked through. An analysis of a single question gives `answer` alone: it has one batch without
    rows, whose `map` is the answer.
    """

    name: ClassVar[str]
    title: ClassVar[Text]
    description: ClassVar[Text]
    parameters: ClassVar[tuple[Parameter, ...]]
    columns: ClassVar[tuple[str, ...]] = ()
    """The columns of a large layer that `map` reads, by the names of `store/event_schema.py`; no others are there."""
    options: ClassVar[tuple[str, ...]] = ()
    """The parameters in the order of the command line's help, where it is another than theirs."""

    in_reports: ClassVar[bool] = False
    """Whether an answer can be printed as a report."""
    report_rows: ClassVar[bool] = False
    """Whether such a report has a table of the items."""
    report_defaults: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """What a report sets parameters to that the question leaves out."""

    def read(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return every parameter's checked value, defaults filled in."""
        parameters = {parameter.name: parameter for parameter in self.parameters}
        for name in arguments:
            if name not in parameters:
                raise BadValue(
                    name, arguments[name], "unknown_parameter_of", analysis=self.name, parameters=list(parameters)
                )
        values: dict[str, Any] = {}
        for name, parameter in parameters.items():
            value = arguments.get(name)
            if value is None:
                # None, explicit or left out, is the default.
                value = parameter.default
            if value is None:
                if parameter.required:
                    raise BadValue(name, "", "required_by", analysis=self.name)
                continue
            values[name] = parameter.read(value)
        return values

    def lines(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield an answer, as `Result.to_dict` gives it, as lines of English text for the command line."""
        return text_lines.items(body)

    def figures(self, body: Mapping[str, Any]) -> Iterator[Figure]:
        """Yield the figures of an answer, as `Result.to_dict` gives it, for a table that compares two answers."""
        return figures.items(body)

    def prepare(self, values: Mapping[str, Any], catalog: Catalog) -> Question:
        """Return the question that the checked values put, with the rows to work through; what is refused is so here.

        Raises BadValue, NotFound, Refused.
        """
        return Question(values, catalog)

    def map(self, batch: Batch, question: Question) -> Any:
        """Return what a batch of rows adds to the answer."""
        return self.answer(question.values, question.catalog)

    def merge(self, partials: Iterable[Any]) -> Any:
        """Return what several batches add together, in whichever order they come; of none what no row adds."""
        (partial,) = partials
        return partial

    def finalize(self, partial: Any, question: Question) -> Result:
        """Return the answer, from what all batches add together."""
        result: Result = partial
        return result

    def answer(self, values: Mapping[str, Any], catalog: Catalog) -> Result:
        """Answer a single question, about no rows; of an analysis that works through rows never called."""
        raise NotImplementedError(f"{type(self).__name__} gives neither answer nor map, merge and finalize")

    def describe(self) -> dict[str, Any]:
        """Return name, titles and parameters as JSON values."""
        return {
            "name": self.name,
            "title": dict(self.title),
            "description": dict(self.description),
            "parameters": [parameter.describe() for parameter in self.parameters],
        }
