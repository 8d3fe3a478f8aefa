"""Tests that compare statements, figures and dates: nothing here is measured on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from geodata.analysis.number_format import count, isolated, stated
from geodata.catalog import Catalog
from geodata.claims import number_words, verdict
from geodata.claims.checks.outcome import Outcome
from geodata.claims.number_words import Reading
from geodata.errors import BadData
from geodata.messages import texts
from geodata.model import Interval, Text

Record = Mapping[str, Any]

AGREE: Text = texts("check.agree")
DIFFER: Text = texts("check.differ")
AGAINST: Text = texts("check.against")
TOGETHER: Text = texts("check.together")
REASONS: Mapping[str, Text] = {"agrees": AGREE, "disagrees": AGAINST, "cannot_tell": DIFFER}


def span(record: Record) -> Interval:
    """Return what a statement's figures span: `value`, or `low` and `high`, or a number `word`."""
    if record.get("word"):
        return number_words.read(record["word"]).interval
    low = record.get("low", record.get("value"))
    high = record.get("high", record.get("value"))
    if low is None and high is None:
        raise BadData("/statements", "statement_without_value", record=dict(record))
    return Interval(float(low if low is not None else high), float(high if high is not None else low))


def statements(claim: Record, catalog: Catalog) -> Outcome:
    """Compare the claim's figures with what others stated of the same quantity."""
    test = claim["test"]
    verdicts: list[verdict.Verdict] = []
    shown: list[dict[str, Any]] = []
    compared: list[Interval] = []
    readings: list[Reading] = []
    for part in test["parts"]:
        listed = [dict(one) for one in part["statements"]]
        judged = listed
        if part.get("together"):
            judged = [_together(listed)]
            listed = [*listed, *judged]
        spans = [span(one) for one in judged]
        by_part, reading = _judge(part["reported"], spans)
        verdicts.append(by_part)
        readings += [reading] if reading else []
        compared += spans
        shown += [{**one, "quantity": part["quantity"]} for one in listed]
    word: verdict.Verdict = "cannot_tell" if test.get("open") else verdict.every(verdicts)
    reason = test["open"] if test.get("open") else REASONS[word]
    values = sorted({stated(one.low, one.high) for one in compared}, key=lambda text: (len(text), text))
    return Outcome(
        word,
        reason,
        measured=", ".join(values),
        unit=claim["reported"].get("unit"),
        reported=_reported(claim, readings),
        readings=[reading.to_dict() for reading in readings],
        statements=shown,
    )


def _judge(reported: Record, spans: Sequence[Interval]) -> tuple[verdict.Verdict, Reading | None]:
    """Return the verdict on a reported figure, or on a number word with how it was read."""
    if reported.get("word"):
        return number_words.read(reported["word"]).judge(spans)
    return verdict.statements(verdict.reported_interval(float(reported["value"])), spans), None


def _together(listed: Sequence[Record]) -> dict[str, Any]:
    """Return what was stated of several places as of all of them: an end is known where each statement has it."""
    ends = {end: [one.get(end, one.get("value")) for one in listed] for end in ("low", "high")}
    added = {end: sum(figures) for end, figures in ends.items() if None not in figures}
    return {"together": True, "place": TOGETHER, **added}


def _reported(claim: Record, readings: Sequence[Reading]) -> Mapping[str, Any]:
    """Return the interval that the claim's own figure or number word stands for."""
    record = claim["reported"]
    if record.get("word"):
        used = next((one for one in readings if one.words == record["word"]), None) or number_words.read(record["word"])
        return {"interval": used.ends}
    if isinstance(record.get("value"), int | float):
        interval = verdict.reported_interval(float(record["value"]))
        return {"interval": [interval.low, interval.high]}
    return {}


def total(claim: Record, catalog: Catalog) -> Outcome:
    """Hold the figures of one text against a number word of the same text."""
    test = claim["test"]
    amount = float(sum(test["parts"]))
    word, reading = number_words.read(test["against"]).judge([Interval(amount, amount)])
    reason = texts("check.parts_sum", sum=isolated(count(amount)))
    return Outcome(
        word,
        reason,
        measured=amount,
        interval=[amount, amount],
        unit=claim["reported"].get("unit"),
        reported={"interval": reading.ends},
        readings=[reading.to_dict()],
    )


def order(claim: Record, catalog: Catalog) -> Outcome:
    """Check that dated events follow each other as the claim says; dates are civil dates at the place."""
    events = [catalog.feature(id_) for id_ in claim["test"]["events"]]
    spans = [_dates(event.properties.get("record_date") or event.properties) for event in events]
    verdicts = [_precedes(before, after) for before, after in pairwise(spans)]
    word = verdict.every(verdicts)
    shown = [
        {"event": event.id, "name": dict(event.name), "start": start, "end": end}
        for event, (start, end) in zip(events, spans, strict=True)
    ]
    reasons: Mapping[str, Text] = {
        "agrees": texts("check.order_agrees"),
        "disagrees": texts("check.order_disagrees"),
        "cannot_tell": texts("check.order_cannot_tell"),
    }
    measured = " < ".join(start for start, _ in spans)
    return Outcome(word, reasons[word], measured=measured, statements=shown, layers=("events",))


def dates(claim: Record, catalog: Catalog) -> Outcome:
    """Check that a dated fact came after (or before) another, by their sources."""
    test = claim["test"]
    fact, other = _dates(test["event"]), _dates(test["than"])
    word = _precedes(other, fact) if test["relation"] == "after" else _precedes(fact, other)
    reason = texts("check.record_dates", day=isolated(fact[0]), other=isolated(other[0]))
    return Outcome(word, reason, measured=fact[0], statements=[test["event"], test["than"]])


def untestable(claim: Record, catalog: Catalog) -> Outcome:
    """Say why nothing we hold can measure the claim, and which sources speak against it."""
    test = claim["test"]
    against = [{"source": id_} for id_ in test.get("contradicted_by", ())]
    word = claim["reported"].get("word")
    readings = [number_words.read(word)] if word else []
    return Outcome(
        "cannot_tell",
        test["reason"],
        reported=_reported(claim, readings) if word else {},
        readings=[reading.to_dict() for reading in readings],
        statements=against,
    )


def _dates(record: Record) -> tuple[str, str]:
    """Return the first and last civil date of a record; ISO dates compare as text."""
    start = str(record.get("date_start") or record.get("start") or record.get("date"))
    end = str(record.get("date_end") or record.get("end") or start)
    return start, end


def _precedes(before: tuple[str, str], after: tuple[str, str]) -> verdict.Verdict:
    if before[1] < after[0]:
        return "agrees"
    return "disagrees" if after[1] < before[0] else "cannot_tell"
