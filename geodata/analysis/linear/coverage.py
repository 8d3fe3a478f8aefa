"""Which share of a line another line covers, what the dated claims about its length say, and what lies behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from geodata.analysis import measure, result_builder, text_lines
from geodata.analysis.base import Analysis, Parameter
from geodata.analysis.linear.placement import Along, items, lay, missing_item
from geodata.analysis.linear.reference import LINE, OWN, Ruler, line_place, ruler
from geodata.analysis.linear.uncovered import PRECISION, Reach, Stretch, beyond, inside
from geodata.analysis.number_format import kilometres, percent, stated
from geodata.analysis.number_format import length as length_shown
from geodata.analysis.places import Place
from geodata.catalog import LEDGER, Catalog
from geodata.errors import BadValue
from geodata.messages import one_of, texts
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


class Coverage(Analysis):
    """The share of a line that another covers."""

    name = "coverage"
    title: ClassVar[Text] = texts("coverage.title")
    description: ClassVar[Text] = texts("coverage.description")
    parameters = (COVERED, COVER, TOLERANCE, KM, BEHIND, *OWN)

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

    def answer(self, values: Mapping[str, Any], catalog: Catalog) -> Result:
        """Find the covered stretches, and what lies behind them."""
        for name in values[BEHIND.name]:
            if name not in catalog.ids():
                raise BadValue(BEHIND.name, name, one_of(catalog.ids()))
        reference = ruler(values, catalog)
        cover, notes = line_place(COVER.name, values[COVER.name], catalog)
        tolerance, length = values["tolerance"], reference.line.length
        reach = Reach(measure.target_of(cover.shape, cover.edges), tolerance)
        covered = inside(length, beyond(reference.line, [reach]))
        margin = (cover.uncertainty or 0.0) + (reference.place.uncertainty or 0.0)
        total = sum(end - start for start, end in covered)
        free = sum((start > 0) + (end < length - 1e-6) for start, end in covered)
        off = margin + PRECISION
        low, high = max(0.0, total - free * off), min(length, total + free * off)
        laid = lay(reference, values["behind"], values["km"] * 1000, catalog, parameter=BEHIND.name)
        begun = reference.body()
        begun["assumptions"] += [dict(text) for text in (*cover.assumptions, *notes)]
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
            "behind": _behind(laid.placed, covered, off, reference, catalog),
            "unplaced": [missing_item(place) for place in laid.missing],
        }
        shapes = [*result_builder.place_feature(reference.place, "line"), *result_builder.place_feature(cover, "cover")]
        shapes += [_shape(reference, start, end) for start, end in covered]
        places = [reference.place, cover, *laid.subjects]
        return result_builder.result(
            self.name, values, catalog, places, body, shapes, METHOD, layers=("countries", LEDGER)
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


def _behind(
    placed: Sequence[Along], covered: Sequence[Stretch], margin: float, reference: Ruler, catalog: Catalog
) -> dict[str, Any]:
    """Return the places behind covered and uncovered stretches; unclear where a place may be behind either."""
    lists: dict[str, list[dict[str, Any]]] = {"inside": [], "outside": [], "unclear": []}
    for place, item in zip(placed, items(placed, catalog), strict=True):
        low, high = place.interval or (place.chainage, place.chainage)
        low, high = low + reference.zero, high + reference.zero
        sure = any(start + margin <= low and high <= end - margin for start, end in covered)
        possible = any(start - margin <= high and low <= end + margin for start, end in covered)
        word = "inside" if sure else "unclear" if possible else "outside"
        lists[word].append(item)
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
