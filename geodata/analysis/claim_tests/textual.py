"""Tests that compare statements, figures and dates: nothing here is measured on the map."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from geodata.analysis import verdict
from geodata.analysis.claim_tests.outcome import Outcome
from geodata.analysis.display import count, stated, upright
from geodata.catalog import Catalog
from geodata.errors import BadData
from geodata.model import Interval, Text

Record = Mapping[str, Any]

AGREE: Text = {"en": "Every statement we hold agrees.", "ar": "كل الأقوال المحفوظة لدينا تتفق."}
DIFFER: Text = {
    "en": "The statements we hold differ; each is kept with its date and source.",
    "ar": "الأقوال المحفوظة لدينا مختلفة، وكلٌّ منها محفوظ بتاريخه ومصدره.",
}
AGAINST: Text = {"en": "Every statement we hold says otherwise.", "ar": "كل الأقوال المحفوظة لدينا تقول غير ذلك."}
REASONS: Mapping[str, Text] = {"agrees": AGREE, "disagrees": AGAINST, "cannot_tell": DIFFER}


def span(record: Record) -> Interval:
    """Return what a statement's figures span: `value`, or `low` and `high`, or a number `word`."""
    if record.get("word"):
        return verdict.WORDS[record["word"]]
    low = record.get("low", record.get("value"))
    high = record.get("high", record.get("value"))
    if low is None and high is None:
        raise BadData("/statements", f"a statement needs value, low or high: {dict(record)}")
    return Interval(float(low if low is not None else high), float(high if high is not None else low))


def reported_span(record: Record) -> Interval:
    """Return what a reported figure or number word stands for."""
    if record.get("word"):
        return verdict.WORDS[record["word"]]
    return verdict.reported_interval(float(record["value"]))


def statements(claim: Record, catalog: Catalog) -> Outcome:
    """Compare the claim's figures with what others stated of the same quantity."""
    test = claim["test"]
    verdicts: list[verdict.Verdict] = []
    shown = []
    for part in test["parts"]:
        reported = reported_span(part["reported"])
        said = part["statements"]
        verdicts.append(verdict.statements(reported, [span(one) for one in said]))
        shown += [{**one, "quantity": part["quantity"]} for one in said]
    word: verdict.Verdict = "cannot_tell" if test.get("open") else verdict.every(verdicts)
    reason = test["open"] if test.get("open") else REASONS[word]
    values = sorted({_written(one) for one in shown}, key=lambda text: (len(text), text))
    return Outcome(
        word,
        reason,
        measured=", ".join(values),
        unit=claim["reported"].get("unit"),
        reported=_reported(claim),
        statements=shown,
    )


def _written(statement: Record) -> str:
    found = span(statement)
    return stated(found.low, found.high)


def _reported(claim: Record) -> Mapping[str, Any]:
    record = claim["reported"]
    if record.get("word") or isinstance(record.get("value"), int | float):
        found = reported_span(record)
        return {"interval": [found.low, found.high]}
    return {}


def total(claim: Record, catalog: Catalog) -> Outcome:
    """Hold the figures of one text against a word of the same text."""
    test = claim["test"]
    amount = float(sum(test["parts"]))
    spoken = verdict.WORDS[test["against"]]
    word = verdict.statements(spoken, [Interval(amount, amount)])
    sum_, lowest, highest = count(amount), count(spoken.low), count(spoken.high)
    reason = {
        "en": f"The text's own figures add up to {sum_}; its word spans {lowest} to {highest}.",
        "ar": f"أرقام النص نفسه مجموعها {upright(sum_)}، وكلمته تعني من {upright(lowest)} إلى {upright(highest)}.",
    }
    return Outcome(
        word,
        reason,
        measured=amount,
        interval=[amount, amount],
        unit=claim["reported"].get("unit"),
        reported={"interval": [spoken.low, spoken.high]},
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
        "agrees": {"en": "The recorded dates stand in this order.", "ar": "التواريخ المسجَّلة على هذا الترتيب."},
        "disagrees": {"en": "The recorded dates stand otherwise.", "ar": "التواريخ المسجَّلة على غير هذا الترتيب."},
        "cannot_tell": {"en": "The recorded dates overlap.", "ar": "التواريخ المسجَّلة متداخلة."},
    }
    measured = " < ".join(start for start, _ in spans)
    return Outcome(word, reasons[word], measured=measured, statements=shown, layers=("events",))


def dates(claim: Record, catalog: Catalog) -> Outcome:
    """Check that a dated fact came after (or before) another, by their sources."""
    test = claim["test"]
    fact, other = _dates(test["event"]), _dates(test["than"])
    word = _precedes(other, fact) if test["relation"] == "after" else _precedes(fact, other)
    reason = {
        "en": f"The record dates it {fact[0]}; the other is dated {other[0]}.",
        "ar": f"تاريخه في السجل {upright(fact[0])}، وتاريخ الآخر {upright(other[0])}.",
    }
    return Outcome(word, reason, measured=fact[0], statements=[test["event"], test["than"]])


def untestable(claim: Record, catalog: Catalog) -> Outcome:
    """Say why nothing we hold can measure the claim, and which sources speak against it."""
    test = claim["test"]
    said = [{"source": id_} for id_ in test.get("contradicted_by", ())]
    return Outcome("cannot_tell", test["reason"], statements=said)


def _dates(record: Record) -> tuple[str, str]:
    """Return the first and last civil date of a record; ISO dates compare as text."""
    start = str(record.get("date_start") or record.get("start") or record.get("date"))
    end = str(record.get("date_end") or record.get("end") or start)
    return start, end


def _precedes(before: tuple[str, str], after: tuple[str, str]) -> verdict.Verdict:
    if before[1] < after[0]:
        return "agrees"
    return "disagrees" if after[1] < before[0] else "cannot_tell"
