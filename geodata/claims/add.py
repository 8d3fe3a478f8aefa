"""A claim of one's own, and the source that made it, put into the ledger of the workspace.

Built from a few named fields, the same on the command line and in the page; checked by the schemas the shipped records
keep to, and tried once before anything is written.
"""

from __future__ import annotations

import re

from geodata.analysis.direction import NAMES, WORDS
from geodata.catalog import Catalog
from geodata.claims import checks
from geodata.errors import BadData, BadValue, MasafaError, NotFound
from geodata.messages import one_of
from geodata.records import fields
from geodata.records.fields import Form, Record
from geodata.store.workspace import Workspace
from geodata.text.plain_digits import plain_digits

TESTS = ("proximity", "containment", "direction", "none")
"""The tests a claim of one's own may name: how far from a line, in which area, in which direction, or none."""
MOST_WORDS = 12
"""Words of a quotation."""
_NUMBER = re.compile(r"\d+(?:[.٫]\d+)?")
MODALITIES = ("asserted", "announced", "alleged", "estimated", "implied")


def add(form: Form, workspace: Workspace, catalog: Catalog) -> Record:
    """Write a claim, and its source where that is new; return the claim's record.

    Fields: `id` (else made of the title), `title_en`, `title_ar`, `said_en`, `said_ar` (what the source reported, in
    our words), `quote_ar`,
    `paragraph`, `quote_start` (code points of the source's text before the quotation), `modality`,
    `test` with what it needs (see `TESTS`), and `source` (the id of a recorded source) or
    `source_id` with `source_title`, `source_outlet`, `source_url`, `source_date`. Raises BadValue naming the field,
    Unwritable where nothing can be written.
    """
    fields.bounded(form)
    source_id, source = fields.source(form, catalog, "said")
    claim = _claim(form, source_id, catalog)
    for kind, record in (("source", source), ("claim", claim)):
        if record:
            fields.valid(kind, record)
    try:
        checks.test(claim, catalog)
    except (BadData, NotFound) as error:
        raise BadValue("test", claim["test"]["kind"], error.message) from None
    workspace.put_records({**({"sources": source} if source else {}), "claims": claim})
    return claim


def _claim(form: Form, source: str, catalog: Catalog) -> Record:
    modality = fields.text(form, "modality") or "asserted"
    if modality not in MODALITIES:
        raise BadValue("modality", modality, one_of(MODALITIES))
    test, reported, features = _test(form, catalog)
    title = fields.both(form, "title")
    translation = fields.both(form, "said")
    paragraph = _integer(form, "paragraph", 1, 100_000)
    return {
        "id": fields.new_id(form, "id", catalog.claims(), title["en"]),
        "title": title,
        "question": title,
        "source": source,
        "paragraph": paragraph,
        "quotes": _quotes(form, paragraph, reported["value"]),
        "translation": translation,
        "modality": modality,
        "features": features,
        "reported": {**reported, "text": translation},
        "assumption": None,
        "test": test,
    }


def _quotes(form: Form, paragraph: int | None, value: object) -> list[Record]:
    """Return the quotation as a single part; the reported figure is marked where it occurs once, in digits."""
    text = " ".join(fields.text(form, "quote_ar").split())
    start = _integer(form, "quote_start", 0, 100_000_000)
    if not text:
        if start is not None:
            raise BadValue("quote_start", start, "not_without")
        return []
    if len(text.split()) > MOST_WORDS:
        raise BadValue("quote_ar", text, "words_at_most", most=MOST_WORDS)
    figures = [number for number in _NUMBER.findall(text) if float(plain_digits(number)) == value]
    figures = figures if len(figures) == 1 and text.count(figures[0]) == 1 else []
    end = None if start is None else start + len(text)
    return [{"paragraph": paragraph, "start": start, "end": end, "text": text, "figures": figures}]


def _integer(form: Form, name: str, least: int, most: int) -> int | None:
    text = plain_digits(fields.text(form, name))
    if not text:
        return None
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadValue(name, text, "integer_from", least=least)
    return int(text)


def _test(form: Form, catalog: Catalog) -> tuple[Record, Record, list[str]]:
    """Return the test, what is reported, and the features named; every id is looked up."""
    kind = fields.text(form, "test") or "none"
    if kind == "proximity":
        candidates, lines = _ids(form, "candidates", catalog), _ids(form, "lines", catalog)
        test = {"kind": kind, "candidates": candidates, "lines": lines}
        reported = {"type": "quantity", "value": _kilometres(form), "unit": "km", "approx": False}
        return test, reported, candidates + lines
    if kind == "containment":
        feature, area = _ids(form, "feature", catalog, 1)[0], _ids(form, "area", catalog, 1)[0]
        return (
            {"kind": kind, "feature": feature, "area": area},
            {"type": "relation", "value": "in", "approx": False},
            [feature, area],
        )
    if kind == "direction":
        feature, country = _ids(form, "feature", catalog, 1)[0], _ids(form, "country", catalog, 1)[0]
        word = fields.text(form, "direction")
        if word not in WORDS:
            raise BadValue("direction", word, one_of(NAMES))
        test = {"kind": kind, "feature": feature, "country": country, "direction": word}
        return test, {"type": "direction", "value": word, "approx": False}, [feature, country]
    if kind == "none":
        features = _ids(form, "features", catalog) if fields.text(form, "features") else []
        return (
            {"kind": kind, "contradicted_by": [], "reason": fields.both(form, "reason")},
            {"type": "text", "value": fields.text(form, "said_en"), "approx": False},
            features,
        )
    raise BadValue("test", kind, one_of(TESTS))


def _ids(form: Form, name: str, catalog: Catalog, most: int = 20) -> list[str]:
    ids = list(
        dict.fromkeys(part.strip() for part in fields.text(form, name, required=True).split(",") if part.strip())
    )
    if not 1 <= len(ids) <= most:
        raise BadValue(name, ", ".join(ids), "one_id" if most == 1 else "ids_to", most=most)
    try:
        return [catalog.feature(id_).id for id_ in ids]
    except MasafaError as error:
        raise BadValue(name, ", ".join(ids), "feature_ids", error=error.message) from None


def _kilometres(form: Form) -> float:
    text = plain_digits(fields.text(form, "km", required=True))
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 20_000:
        raise BadValue("km", text, "kilometres_to_20000")
    return int(value) if value.is_integer() else value
