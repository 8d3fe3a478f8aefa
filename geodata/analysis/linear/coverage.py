"""Which share of a line another line covers, what the dated claims about its length say, and what lies behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from geodata.analysis import measure, result_builder, text_lines
from geodata.analysis.base import Analysis, Parameter
from geodata.analysis.batches import OF_PLACES, Batch, Question
from geodata.analysis.linear.along_line import AlongLine, Entry, along_line
from geodata.analysis.linear.placement import Along, lay, rows_along
from geodata.analysis.linear.reference import LINE, OWN, Ruler, line_place, ruler
from geodata.analysis.linear.uncovered import PRECISION, Reach, Stretch, beyond, inside
from geodata.analysis.number_format import kilometres, percent, stated
from geodata.analysis.number_format import length as length_shown
from geodata.analysis.places import Place
from geodata.analysis.result_builder import Basis
from geodata.analysis.subjects import WHERE
from geodata.catalog import LEDGER, Catalog
from geodata.messages import texts
from geodata.model import Result, Text

COVERED = replace(LINE, help="the line that is covered")
COVER = Parameter(
    "of",
    texts("parameter.cover"),
    "place",
    required=True,
    help="the line that covers it",
    metavar="LINE2",
)
TOLERANCE = Parameter(
    "tolerance",
    texts("parameter.tolerance_m"),
    "number",
    default="1000",
    minimum=1.0,
    maximum=100_000.0,
    help="metres that the two may lie apart (default 1000)",
    metavar="M",
)
KM = Parameter(
    "km",
    texts("parameter.behind_km"),
    "number",
    default="50",
    minimum=0.001,
    maximum=1000.0,
    help="what lies behind within X km (default 50)",
    metavar="X",
)
BEHIND = Parameter(
    "behind",
    texts("parameter.behind_of"),
    "layers",
    default="sites,events",
    help="the layers to look for behind it",
    metavar="LAYER[,LAYER…]",
)
METHOD: Text = texts("coverage.method")


@dataclass(frozen=True)
class Prepared:
    """The line, what covers it, the covered stretches (metres from its start), and how far off their ends may be."""

    reference: Ruler
    cover: Place
    notes: tuple[Text, ...]
    covered: tuple[Stretch, ...]
    margin: float

    def behind(self, place: Along) -> str:
        """Return whether a place lies behind a covered stretch: inside, outside, or unclear where it may be either."""
        low, high = place.interval or (place.chainage, place.chainage)
        low, high = low + self.reference.zero, high + self.reference.zero
        if any(start + self.margin <= low and high <= end - self.margin for start, end in self.covered):
            return "inside"
        possible = any(start - self.margin <= high and low <= end + self.margin for start, end in self.covered)
        return "unclear" if possible else "outside"


class Coverage(Analysis):
    """The share of a line that another covers."""

    name = "coverage"
    title: ClassVar[Text] = texts("coverage.title")
    description: ClassVar[Text] = texts("coverage.description")
    parameters = (COVERED, COVER, TOLERANCE, KM, BEHIND, WHERE, *OWN)

    def lines(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield the line, the share of it that is covered, the share under each claim, and what lies behind."""
        yield from text_lines.reference(body)
        of = f"{text_lines.shown(body['display'])} of {text_lines.shown(length_shown(body['length_m']))}"
        yield f"{body['cover']['name']['en']} covers {of}: {text_lines.shown(body['share_display'])}"
        for claim in body["claims"]:
            shares = (
                f"{text_lines.shown(share['display'])} of "
                f"{text_lines.shown(length_shown(share['denominator']['length_m']))}"
                for share in claim["shares"]
            )
            length_km = stated(*(metres / 1000 for metres in claim["length_m"]))
            yield f"{claim['date'] or 'undated'}  {length_km} km  {claim['source']}: {'; '.join(shares)}"
        for word in ("inside", "unclear", "outside"):
            yield f"behind, {word}: {', '.join(item['id'] for item in body['behind'][word]) or 'nothing'}"

    columns = OF_PLACES

    def prepare(self, values: Mapping[str, Any], catalog: Catalog) -> Question:
        """Find the covered stretches, and count the places."""
        reference = ruler(values, catalog)
        rows = rows_along(
            values["behind"], reference.place, catalog, parameter=BEHIND.name, where=values.get(WHERE.name)
        )
        cover, notes = line_place(COVER.name, values[COVER.name], catalog)
        tolerance, length = values["tolerance"], reference.line.length
        reach = Reach(measure.target_of(cover.shape, cover.edges), tolerance)
        covered = inside(length, beyond(reference.line, [reach]))
        margin = (cover.uncertainty or 0.0) + (reference.place.uncertainty or 0.0)
        return Question(values, catalog, rows, Prepared(reference, cover, notes, tuple(covered), margin + PRECISION))

    def map(self, batch: Batch, question: Question) -> AlongLine:
        """Find the places of a batch behind the line, and behind which stretches they are."""
        radius = question.values["km"] * 1000
        laid = lay(question.prepared.reference, batch, radius)
        behind = along_line(laid, radius, question.catalog)
        placed = (
            replace(entry, group=question.prepared.behind(place))
            for (_, place), entry in zip(laid.placed, behind.placed, strict=True)
        )
        return replace(behind, placed=tuple(placed))

    def merge(self, partials: Iterable[AlongLine]) -> AlongLine:
        """Put the places in their order along the line."""
        return AlongLine.merged(partials)

    def finalize(self, partial: AlongLine, question: Question) -> Result:
        """Return the covered stretches, and the places behind each kind of them."""
        prepared, values, catalog = question.prepared, question.values, question.catalog
        reference, cover, covered, off = prepared.reference, prepared.cover, prepared.covered, prepared.margin
        tolerance, length = values["tolerance"], reference.line.length
        total = sum(end - start for start, end in covered)
        free = sum((start > 0) + (end < length - 1e-6) for start, end in covered)
        low, high = max(0.0, total - free * off), min(length, total + free * off)
        begun = reference.body()
        begun["assumptions"] += [dict(text) for text in (*cover.assumptions, *prepared.notes)]
        body = {
            **begun,
            "cover": {
                "id": cover.id,
                "name": dict(cover.name),
                "sources": list(cover.feature.sources) if cover.feature else [],
                "illustration": cover.illustration,
                "uncertainty_m": cover.uncertainty,
            },
            "tolerance_m": tolerance,
            "covered_m": total,
            "length_m": length,
            "interval_m": [low, high],
            "share": total / length,
            "share_interval": [low / length, high / length],
            "share_display": dict(percent(total / length, low / length, high / length)),
            "display": dict(kilometres(total, low, high)),
            "items": [_stretch(reference, start, end) for start, end in covered],
            "claims": claims(reference, cover, catalog),
            "km": values["km"],
            "behind": _behind(partial.placed),
            "unplaced": [entry.item for entry in partial.missing],
        }
        shapes = [*result_builder.place_feature(reference.place, "line"), *result_builder.place_feature(cover, "cover")]
        shapes += [_shape(reference, start, end) for start, end in covered]
        basis = Basis.merged([partial.basis, Basis.of([reference.place, cover])])
        return result_builder.result(
            self.name, values, catalog, basis, body, shapes, METHOD, layers=("countries", LEDGER)
        )


def _stretch(reference: Ruler, start: float, end: float) -> dict[str, Any]:
    return {
        "start_m": start - reference.zero,
        "end_m": end - reference.zero,
        "length_m": end - start,
        "official_km": [reference.official(start - reference.zero), reference.official(end - reference.zero)],
    }


def _shape(reference: Ruler, start: float, end: float) -> dict[str, Any]:
    about = {"role": "covered", **_stretch(reference, start, end)}
    about.pop("official_km")
    id_ = f"covered-{reference.place.id}-{round(start)}"
    return result_builder.shape(id_, reference.stretch(start - reference.zero, end - reference.zero), about)


def _behind(placed: Sequence[Entry]) -> dict[str, Any]:
    """Return the places behind covered and uncovered stretches; unclear where a place may be behind either."""
    lists: dict[str, list[dict[str, Any]]] = {"inside": [], "outside": [], "unclear": []}
    for entry in placed:
        lists[entry.group].append(entry.item)
    return {**lists, "counts": {word: len(entries) for word, entries in lists.items()}}


def claims(reference: Ruler, cover: Place, catalog: Catalog) -> list[dict[str, Any]]:
    """Return the share of the line under each stated length of the cover, by every denominator on record.

    Empty where no length is on record, or where the records are about another line.
    """
    properties = cover.feature.properties if cover.feature else {}
    records = [entry for entry in catalog.claims().values() if entry["test"].get("of") == cover.id]
    records = [entry for entry in records if entry["test"]["kind"] == "length"]
    if properties.get("border") != reference.place.id:
        return []
    denominators = [
        {
            "of": reference.place.id,
            "length_m": reference.line.length,
            "measured": True,
            "at_least": False,
            "date": None,
            "source": list(reference.place.feature.sources) if reference.place.feature else [],
            "text": texts("coverage.text"),
        }
    ]
    for record in records:
        denominators += [
            {"measured": False, "at_least": False, "date": None, **stated, "source": [stated["source"]]}
            for stated in record.get("denominators", ())
            if stated["of"] == reference.place.id
        ]
    statements = [
        {
            "date": properties.get("as_of"),
            "length_m": {"low": metres, "high": metres},
            "source": record["source"],
            "text": record["title"],
            "claim": record["id"],
        }
        for record in records
        for metres in [float(record["reported"]["value"]) * 1000]
    ]
    statements += [entry for entry in properties.get("statements", ()) if entry.get("length_m")]
    statements.sort(key=lambda entry: (entry.get("date") or "", entry["source"]))
    return [_claim(entry, denominators) for entry in statements]


def _claim(statement: Mapping[str, Any], denominators: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    low, high = float(statement["length_m"]["low"]), float(statement["length_m"]["high"])
    return {
        "date": statement.get("date"),
        "claim": statement.get("claim"),
        "source": statement["source"],
        "text": dict(statement["text"]),
        "length_m": [low, high],
        "shares": [
            {
                "denominator": dict(denominator),
                "share": [low / denominator["length_m"], high / denominator["length_m"]],
                "display": dict(
                    percent(
                        None,
                        low / denominator["length_m"],
                        high / denominator["length_m"],
                        at_most=denominator["at_least"],
                    )
                ),
            }
            for denominator in denominators
        ],
    }
