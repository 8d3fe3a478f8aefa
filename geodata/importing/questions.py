"""What a file leaves open: questions of one sentence, each with the answers and what each changes.

No answer is taken unasked, and none is needed: unanswered, a date is both its readings, a radius is unknown, and a
position between whose columns nothing decides is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.importing.actors import Proposal
from geodata.importing.date_orders import Example
from geodata.importing.date_parts import Span
from geodata.importing.meaning import Meaning
from geodata.messages import Message, same_in_all

RADII = (10.0, 1_000.0, 10_000.0)
"""Metres that are offered as the radius of all positions."""


@dataclass(frozen=True)
class Answer:
    """An answer: its text, and the options of the import that it sets."""

    text: Message
    options: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"answer": self.text.text(), "set": dict(self.options)}

    def to_form(self) -> dict[str, Any]:
        """Return it as JSON values from which `from_form` restores it in any language."""
        return {"text": self.text.to_dict(), "set": dict(self.options)}


@dataclass(frozen=True)
class Question:
    """A question: what it is about, its text and its answers."""

    topic: str
    text: Message
    answers: tuple[Answer, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"topic": self.topic, "question": self.text.text(), "answers": [one.to_dict() for one in self.answers]}

    def to_form(self) -> dict[str, Any]:
        """Return it as JSON values from which `from_form` restores it in any language."""
        answers = [answer.to_form() for answer in self.answers]
        return {"topic": self.topic, "text": self.text.to_dict(), "answers": answers}

    @classmethod
    def from_form(cls, value: Mapping[str, Any]) -> Question:
        """Return the question that `to_form` described; raises KeyError, TypeError or AttributeError."""
        answers = (Answer(Message.from_dict(one["text"]), dict(one["set"])) for one in value["answers"])
        return cls(str(value["topic"]), Message.from_dict(value["text"]), tuple(answers))


@dataclass
class Open:
    """What the rows of a file leave open, counted as they are read."""

    ambiguous: int = 0
    """Rows whose day and month may be the other way round."""
    example: Example | None = None
    """The first such date, with both its readings; None where a stated order decides nothing of it."""
    placed: int = 0
    """Rows with a position, a shape or an area."""
    dated: int = 0
    flagged: int = 0
    without_radius: int = 0
    """Points of which nothing says how exact they are."""

    def questions(self, meaning: Meaning, radius: float | None) -> list[Question]:
        """Return the questions, those that decide most first; `radius` is the one that is assumed already."""
        return [*_columns(meaning), *self._dates(), *self._radius(radius)]

    def _dates(self) -> Iterator[Question]:
        if self.ambiguous and self.example is not None:
            text = Message("question.date_order", count=self.ambiguous, example=same_in_all(self.example.text))
            days = {"dmy": self.example.day_first, "mdy": self.example.month_first}
            answers = (
                Answer(Message(f"answer.{order}", day=_day(span)), {"dates": order}) for order, span in days.items()
            )
            yield Question("dates", text, tuple(answers))

    def _radius(self, radius: float | None) -> Iterator[Question]:
        if self.without_radius and radius is None:
            answers = (Answer(_radius(one), {"radius": one}) for one in RADII)
            yield Question("radius", Message("question.radius", count=self.without_radius), tuple(answers))


def on_actors(proposals: Sequence[Proposal], separators: str) -> list[Question]:
    """Return the question whether cells are to be split at separators that are proposed; `separators` split already."""
    if not proposals:
        return []
    signs = " ".join(dict.fromkeys(one.separator for one in proposals))
    first = proposals[0]
    text = Message(
        "question.separators",
        count=sum(one.cells for one in proposals),
        example=first.example,
    )
    split = Answer(Message("answer.split", separators=signs), {"separators": f"{separators} {signs}".strip()})
    return [Question("separators", text, (split,))]


def _day(span: Span) -> str:
    """Return a day, or the first and the last where they differ."""
    return "/".join(dict.fromkeys((span.start.isoformat(), span.end.isoformat())))


def _columns(meaning: Meaning) -> Iterator[Question]:
    """Yield a question for each role between whose columns nothing decides."""
    for role, names in meaning.candidates.items():
        if role == "order":
            ways = (
                Answer(Message(f"order.{order[:3]}_first"), {"roles": {"position": names[0]}, "order": order})
                for order in ("lat,lon", "lon,lat")
            )
            yield Question("order", Message("question.order", column=names[0]), tuple(ways))
            continue
        if role == "crs":
            answers = (Answer(Message("answer.crs", crs=crs), {"crs": crs}) for crs in names)
            yield Question("crs", Message("question.crs"), tuple(answers))
            continue
        options = (Answer(Message("answer.column", column=name), {"roles": _roles(role, name)}) for name in names)
        yield Question(role, Message(f"question.{role}_column"), tuple(options))


def _roles(role: str, name: str) -> dict[str, str]:
    lat, plus, lon = name.partition(" + ")
    return {"lat": lat, "lon": lon} if role == "position" and plus else {role: name}


def _radius(metres: float) -> Message:
    if metres >= 1000:
        return Message("answer.kilometres", radius=same_in_all(f"{metres / 1000:g}"))
    return Message("answer.metres", radius=same_in_all(f"{metres:g}"))
