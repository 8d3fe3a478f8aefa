"""A result as it is cited: text in both languages, BibTeX and JSON, with layer versions and code version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geodata import registry
from geodata.analysis.number_format import isolated
from geodata.analysis.result_builder import NOTICE
from geodata.catalog import Catalog
from geodata.citations.records import Record, Results
from geodata.citations.rerun import rerun, then
from geodata.messages import same_in_all, texts
from geodata.model import SCHEMA, Result, Text

VERSION_DIGITS = 12
MOST_SOURCES = 8
"""Sources that a line of text names; more are counted, and named in the JSON."""
_TEX = {"\\": r"\textbackslash{}", **{c: f"\\{c}" for c in "&%$#_{}"}, "~": r"\textasciitilde{}", "^": r"\^{}"}


def cite(id_: str, results: Results, catalog: Catalog, url: str | None = None) -> dict[str, Any]:
    """Keep what a result needs, and return its citation; `url` is the address it can be opened at, if any.

    Raises NotFound for an unknown id, Refused where a layer has changed and its version was not kept, Unwritable where
    nothing can be kept.
    """
    record = results.cite(id_, catalog.part)
    result = rerun(record, then(record, results, catalog))
    title, head = registry.analyses()[record.analysis].title, headline(result)
    return {
        "schema": SCHEMA,
        "result_id": record.id,
        "text": _text(record, result, title, head, url),
        "bibtex": _bibtex(record, title, head, url),
        "json": {
            "id": record.id,
            "analysis": record.analysis,
            "title": dict(title),
            "headline": dict(head),
            "parameters": dict(record.parameters),
            "layers": dict(record.layers),
            "code_version": record.code_version,
            "asked_at": record.asked_at,
            "cited_at": record.cited_at,
            "sources": list(result.sources),
            "licence": list(result.licence),
            "attribution": [dict(text) for text in result.attribution],
            "url": url,
            "notice": NOTICE,
        },
    }


def headline(result: Result) -> Text:
    """Say an answer in one line: the number where there is one, else how much was found."""
    body = result.to_dict()
    if body.get("display") and body.get("target_name"):
        number = body["display"]["number"]
        return texts("cite.distance", place=body["name"], target=body["target_name"], number=isolated(number))
    subject = body["line"]["name"] if body.get("line") else None
    about: dict[str, str] = dict(subject) if subject else dict.fromkeys(("en", "ar"), _subjects(result.parameters))
    if isinstance(body.get("items"), list):
        return texts("cite.items", about=about, count=len(body["items"]))
    return about


def _subjects(parameters: Mapping[str, Any]) -> str:
    return ", ".join(str(parameters[name]) for name in ("layer", "target", "of") if parameters.get(name))


def _text(record: Record, result: Result, title: Text, head: Text, url: str | None) -> dict[str, str]:
    versions = ", ".join(f"{name} {version[:VERSION_DIGITS]}" for name, version in record.layers.items())
    few = len(result.sources) <= MOST_SOURCES
    named, licence = ", ".join(result.sources), ", ".join(result.licence)
    sources = same_in_all(named) if few else texts("cite.sources_in_json", count=len(result.sources))
    values = {
        "version": record.code_version,
        "id": record.id,
        "day": record.asked_at[:10],
        "url": f" {url}" if url else "",
        "layers": versions,
        "licence": licence,
    }
    verbatim = {name: same_in_all(value) for name, value in values.items()}
    return texts("cite.text", **verbatim, title=title, headline=head, sources=sources, notice=NOTICE)


def _bibtex(record: Record, title: Text, head: Text, url: str | None) -> str:
    versions = "; ".join(f"{name} {version}" for name, version in record.layers.items())
    fields = {
        "title": "{" + _tex(f"{title['en']}: {head['en']}") + "}",
        "author": "{{Masafa}}",
        "year": "{" + record.asked_at[:4] + "}",
        "note": "{" + _tex(f"Result {record.id}, version {record.code_version}, layers: {versions}") + "}",
        **({"url": "{" + url + "}"} if url else {}),
    }
    return f"@misc{{masafa-{record.id},\n" + "".join(f"  {name} = {value},\n" for name, value in fields.items()) + "}\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(c, c) for c in text)
