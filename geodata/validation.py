"""Validate files: GeoJSON by RFC 7946, our records by their JSON Schemas, references between them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geodata import settings
from geodata.catalog import Catalog, shipped
from geodata.errors import MasafaError, cause
from geodata.formats import geojson, strict_json
from geodata.formats.strict_json import step
from geodata.messages import Message

Complaint = tuple[str, Message]

_RECORDS = {"sources": "source", "actors": "actor", "claims": "claim", "layers": "layer"}
"""Files of records: the member that holds them, and the schema of one."""

_FULL = 200
"""Complaints reported for a file: more of them help nobody."""


@dataclass
class Checked:
    """The errors and warnings of one file."""

    file: str
    errors: list[Complaint] = field(default_factory=list)
    warnings: list[Complaint] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong; warnings do not count."""
        return not self.errors

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        named = [
            [{"pointer": pointer, "message": str(message)} for pointer, message in complaints[:_FULL]]
            for complaints in (self.errors, self.warnings)
        ]
        return {"file": self.file, "valid": self.valid, "errors": named[0], "warnings": named[1]}


def files(paths: Sequence[Path]) -> list[Checked]:
    """Check files: ours by their schemas too, any other as GeoJSON. A file that cannot be read is not valid."""
    return [_file(path) for path in paths]


def shipped_data() -> list[Checked]:
    """Check all shipped data, and that every reference in it resolves."""
    paths = [settings.LAYERS / "catalog.json", *sorted(settings.LAYERS.glob("**/*.geojson"))]
    reports = files([*paths, *sorted(settings.SOURCES.glob("*.json"))])
    references = Checked("references")
    try:
        references.errors += _references(shipped())
    except MasafaError as error:
        references.errors.append(("", error.message))
    return [*reports, references]


def document(path: Path, catalog: Catalog) -> Checked:
    """Check that the text of a source document has every quotation of its claims where the record says.

    Offsets count Unicode code points of the file's UTF-8 text as it is: line ends, marks and forms unchanged. The
    claims are those of the sources that are documents. A quotation without an offset is an error too.
    """
    report = Checked(str(path))
    data = _bytes(path, report)
    if data is None:
        return report
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        report.errors.append(("", Message("data.not_utf8_text", error=error.reason, position=error.start)))
        return report
    documents = {id_ for id_, source in catalog.sources().items() if source["kind"] == "document"}
    for claim in catalog.claims().values():
        for index, quote in enumerate(claim.get("quotes", ()) if claim["source"] in documents else ()):
            fault = _misplaced(text, quote)
            if fault:
                report.errors.append((f"/claims/{claim['id']}/quotes/{index}", fault))
    return report


def _misplaced(text: str, quote: Mapping[str, Any]) -> Message | None:
    """Return how a quotation differs from the text at its offsets; None where it does not."""
    start, end, words = quote["start"], quote["end"], quote["text"]
    if start is None or end is None:
        return Message("data.quote_without_offsets", words=words)
    if text[start:end] == words:
        return None
    at = text.find(words)
    where = {"paragraph": quote["paragraph"], "start": start, "end": end, "words": words}
    if at < 0:
        return Message("data.quote_nowhere", **where)
    return Message("data.quote_elsewhere", **where, first=at, last=at + len(words))


def record(kind: str, value: Mapping[str, Any]) -> list[Complaint]:
    """Return what is wrong with one record of a kind (`source`, `claim`, `actor`) by its schema."""
    return _against(kind, iter([("", value)]))


def _file(path: Path) -> Checked:
    report = Checked(str(path))
    data = _bytes(path, report)
    if data is None:
        return report
    member = _ours(path)
    if member:
        report.errors += _records(data, member)
        return report
    checked = geojson.check(data)
    report.errors, report.warnings = checked.errors, checked.warnings
    if report.valid and settings.LAYERS in path.resolve().parents and path.parent.name != "display":
        schema = "event" if path.stem == "events" else "feature"
        features = strict_json.parse(data).get("features", [])
        report.errors += _against(schema, ((f"/features/{i}", item) for i, item in enumerate(features)))
    return report


def _bytes(path: Path, report: Checked) -> bytes | None:
    """Return the content of a file; None, with an error in the report, where it cannot be read."""
    try:
        # A pipe or a device would never end.
        if path.exists() and not path.is_file():
            report.errors.append(("", Message("data.not_regular_file")))
            return None
        if path.stat().st_size > settings.MAX_BYTES:
            report.errors.append(("", Message("data.bytes", size=path.stat().st_size, most=settings.MAX_BYTES)))
            return None
        return path.read_bytes()
    except OSError as error:
        report.errors.append(("", Message("data.unreadable", error=cause(error))))
        return None


def _ours(path: Path) -> str | None:
    """Return which member holds the records of one of our own files; None for any other file."""
    where = path.resolve().parent
    if where == settings.LAYERS and path.name == "catalog.json":
        return "layers"
    return path.stem if where == settings.SOURCES and path.stem in _RECORDS else None


def _records(data: bytes, member: str) -> list[Complaint]:
    try:
        value = strict_json.parse(data)
    except MasafaError as error:
        return [("", error.message)]
    complaints: list[Complaint] = strict_json.problems(value)
    records = value.get(member) if isinstance(value, dict) else None
    if not isinstance(records, list):
        return [*complaints, (step("", member), Message("data.array_of_records"))]
    ids = [record.get("id") for record in records if isinstance(record, dict)]
    complaints += [(step("", member), Message("data.doubled_record", id=id_)) for id_ in ids if ids.count(id_) > 1]
    return complaints + _against(_RECORDS[member], ((f"/{member}/{i}", item) for i, item in enumerate(records)))


def _against(schema: str, items: Iterator[tuple[str, Any]]) -> list[Complaint]:
    # Loading jsonschema takes a tenth of a second that no other command should wait for.
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    loaded = {path.name: json.loads(path.read_text("utf-8")) for path in settings.SCHEMAS.glob("*.schema.json")}
    resources = [(name, Resource.from_contents(content)) for name, content in loaded.items()]
    resources += [(content["$id"], Resource.from_contents(content)) for content in loaded.values() if "$id" in content]
    registry: Registry[Any] = Registry().with_resources(resources)
    validator = Draft202012Validator(loaded[f"{schema}.schema.json"], registry=registry)
    return [
        (
            pointer + "".join(f"/{part}" for part in error.absolute_path),
            Message("data.library", text=error.message[:300]),
        )
        for pointer, item in items
        for error in validator.iter_errors(item)
    ]


def _references(catalog: Catalog) -> Iterator[Complaint]:
    yield from ((f"/{id_}", Message("data.id_in_two_layers")) for id_ in catalog.clashes())
    sources, actors = catalog.sources(), catalog.actors()
    for layer in catalog.layers():
        for feature in layer.features:
            yield from _missing(feature.ref, feature.sources, sources, "source")
            if feature.area:
                yield from _features(feature.ref, [feature.area], catalog)
            people = [*feature.properties.get("actors", ()), *feature.properties.get("alleged_actors", ())]
            yield from _missing(feature.ref, people, actors, "actor")
            related = [relation["to"] for relation in feature.properties.get("relations") or ()]
            places = [to for to in related if to not in actors]
            yield from _features(feature.ref, places, catalog)
    for claim in catalog.claims().values():
        yield from _missing(f"claims/{claim['id']}", [claim["source"]], sources, "source")
        yield from _features(f"claims/{claim['id']}", claim["features"], catalog)
        yield from _quotes(claim)


def _quotes(claim: Mapping[str, Any]) -> Iterator[Complaint]:
    """Give what is wrong with the quotations of a claim: offsets, and figures that do not stand in their words once."""
    for index, quote in enumerate(claim["quotes"]):
        where = f"/claims/{claim['id']}/quotes/{index}"
        if quote["start"] is not None and quote["end"] != quote["start"] + len(quote["text"]):
            yield where, Message("data.quote_length", start=quote["start"], end=quote["end"], words=quote["text"])
        at = [quote["text"].find(figure) for figure in quote["figures"]]
        if any(quote["text"].count(figure) != 1 for figure in quote["figures"]) or at != sorted(at):
            yield where, Message("data.quote_figures", figures=str(quote["figures"]), words=quote["text"])


def _missing(where: str, ids: Sequence[str], existing: Mapping[str, Any], what: str) -> Iterator[Complaint]:
    yield from (
        (f"/{where}", Message("not_found", what=Message(f"thing.{what}"), name=id_))
        for id_ in ids
        if id_ not in existing
    )


def _features(where: str, ids: Sequence[str], catalog: Catalog) -> Iterator[Complaint]:
    for id_ in ids:
        try:
            catalog.feature(id_)
        except MasafaError as error:
            yield f"/{where}", error.message
