"""What a source reported beside what is measured: every claim tested, its verdict computed and never stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from geodata.analysis import result_builder, text_lines
from geodata.analysis.base import Analysis, Parameter
from geodata.catalog import LEDGER, Catalog
from geodata.claims import checks, quotes
from geodata.claims.checks import Outcome
from geodata.errors import BadValue, NotFound
from geodata.messages import one_of, texts
from geodata.model import Result, Text

METHOD: Text = texts("claims.method")
BY_STATEMENTS = frozenset({"statements", "sum", "order", "dates", "none"})
"""Kinds of tests that compare what was stated and recorded: nothing of theirs is measured on the map."""
_SHOWN = ("id", "title", "question", "source", "paragraph", "translation", "modality", "features")


class Claims(Analysis):
    """The ledger: reported against measured."""

    name = "claims"
    title: ClassVar[Text] = texts("claims.title")
    description: ClassVar[Text] = texts("claims.description")
    parameters = (
        Parameter(
            "of",
            texts("parameter.claim"),
            "claim",
            help="one claim's id",
            metavar="CLAIM",
            positional=True,
        ),
    )

    def lines(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield of each claim its verdict with the reason, its readings and its quotations."""
        rows: list[tuple[str, ...]] = []
        for item in body["items"]:
            rows.append((item["verdict"], item["id"], item["reason"]["en"]))
            rows += [("", "", reading["text"]["en"]) for reading in item["readings"]]
            rows += [("", f"¶ {part['paragraph'] or '?'}", quotes.line(part)) for part in item["quotes"]]
        return text_lines.aligned(rows)

    def answer(self, values: Mapping[str, Any], catalog: Catalog) -> Result:
        """Test one claim, or all."""
        records = catalog.claims()
        if "of" in values and values["of"] not in records:
            raise BadValue("of", values["of"], one_of(records))
        selected = [records[values["of"]]] if "of" in values else list(records.values())
        outcomes = [checks.test(record, catalog) for record in selected]
        items = [_item(record, outcome, catalog) for record, outcome in zip(selected, outcomes, strict=True)]
        layers = sorted({layer for outcome in outcomes for layer in outcome.layers} | {LEDGER})
        geometries = [feature for outcome in outcomes for feature in outcome.geometries]
        counts = {word: sum(item["verdict"] == word for item in items) for word in checks.VERDICTS}
        return result_builder.result(
            self.name, values, catalog, [], {"items": items, "counts": counts}, geometries, METHOD, layers
        )


def _item(record: Mapping[str, Any], outcome: Outcome, catalog: Catalog) -> dict[str, Any]:
    parts = quotes.of(record)
    return {
        **{key: record.get(key) for key in _SHOWN},
        "quotes": parts,
        "quote_ar": quotes.BETWEEN.join(part["text"] for part in parts) or None,
        "reported": {**record["reported"], **outcome.reported},
        "measured": outcome.measured,
        "measured_name": _name(outcome.measured, catalog),
        "interval": outcome.interval,
        "unit": outcome.unit,
        "verdict": outcome.verdict,
        "reason": dict(outcome.reason),
        "assumption": record.get("assumption"),
        "test": record["test"]["kind"],
        "basis": "statements" if record["test"]["kind"] in BY_STATEMENTS else "measurement",
        "readings": list(outcome.readings),
        "table": list(outcome.table),
        "statements": list(outcome.statements),
        "dial": outcome.dial,
    }


def _name(measured: Any, catalog: Catalog) -> Text | None:
    """Return the name of the feature that was found, where a feature is what a test finds."""
    try:
        return dict(catalog.feature(measured).name) if isinstance(measured, str) else None
    except NotFound:
        return None
