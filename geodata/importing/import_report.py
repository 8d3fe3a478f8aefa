"""The report of an import: what came in, how its columns were read, what was decided, what is left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from geodata.errors import Refused
from geodata.formats.column_types import TEXT, ColumnType
from geodata.importing.meaning import Meaning
from geodata.importing.merge import Tally
from geodata.importing.normalize import Reader
from geodata.importing.questions import Question
from geodata.importing.source_file import SourceFile
from geodata.messages import Message
from geodata.model import SCHEMA

Types = Mapping[str, ColumnType]
MOST_TITLES = 5
"""Texts above the header that are repeated."""


@dataclass(frozen=True)
class Report:
    """The result of an import."""

    layer: str
    version: str
    rows: int
    """Rows of the file."""
    counts: Mapping[str, int]
    """Of the layer as it now is: rows, points, areas, shapes, flagged, undated."""
    tally: Tally
    columns: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    profile: str
    metadata: Mapping[str, Any]
    before: str | None = None
    """The version that the layer had before; None of a new one."""
    notices: list[Message] = field(default_factory=list)
    """What was decided about the file as a whole."""
    questions: list[Question] = field(default_factory=list)
    """What is left open."""
    set_apart: list[dict[str, Any]] = field(default_factory=list)
    """{row, cells} of the totals that were not imported."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        placed = sum(self.counts[name] for name in ("points", "areas", "shapes"))
        tally = {name: value for name, value in vars(self.tally).items() if name != "noted"}
        return {
            "schema": SCHEMA,
            "layer": self.layer,
            "version": self.version,
            "before": self.before,
            "rows": self.rows,
            "held": self.counts["rows"],
            "placed": placed,
            "areas": self.counts["areas"],
            "unplaced": self.counts["rows"] - placed,
            "flagged": self.counts["flagged"],
            "undated": self.counts["undated"],
            **tally,
            "profile": self.profile,
            "encoding": self.metadata.get("encoding"),
            "columns": self.columns,
            "notices": [str(notice) for notice in self.notices],
            "questions": [question.to_dict() for question in self.questions],
            "set_apart": self.set_apart,
            "problems": english_reasons(self.problems),
        }


class Unplaced(Refused):
    """No row of a file has a place; `report` says how its columns were read and what is left open."""

    def __init__(self, code: str, /, report: Report, **parameters: Any) -> None:
        super().__init__(code, **parameters)
        self.report = report


def notices_of(reader: Reader, source: SourceFile) -> list[Message]:
    """Return what is to be said of a file that was read."""
    metadata = source.metadata
    header = [Message("import.headerless")] if metadata.get("headerless") else []
    title = [text for text in metadata.get("title") or () if text]
    if title and metadata.get("header_row") is not None:
        header.append(Message("import.title", row=metadata["header_row"], texts=title[:MOST_TITLES]))
    if metadata.get("crs"):
        header.append(Message("import.crs", crs=metadata["crs"]))
    return [*header, *reader.notices(metadata.get("parts") or (), str(metadata.get("part") or ""))]


def described_columns(meaning: Meaning, types: Types) -> list[dict[str, Any]]:
    """Return the columns of the file in order, each with its role and its type."""
    of = {name: role for role, names in meaning.roles.items() for name in names}
    return [
        {
            "name": name,
            "as": of.get(name),
            **({"why": str(meaning.reasons[name])} if name in meaning.reasons else {}),
            **types.get(name, TEXT).to_dict(),
        }
        for name in meaning.header
    ]


def english_reasons(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**problem, "reason": problem["reason"]["en"]} for problem in problems]
