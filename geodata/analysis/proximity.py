"""How near places are to a border, a wall, a river or any layer: the nearest point, where along it, on which side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from geodata.analysis import measure, result_builder, sensitivity, text_lines, tied_feet
from geodata.analysis.base import PLACE, Analysis, Parameter
from geodata.analysis.batches import OF_PLACES, Batch, Question, census
from geodata.analysis.country import of_places
from geodata.analysis.linear.chainage_interval import kilometres_of
from geodata.analysis.nearest import to_nearest
from geodata.analysis.places import Place, resolve
from geodata.analysis.result_builder import Basis
from geodata.analysis.row_answers import Answers, Row
from geodata.analysis.sensitivity import SENSITIVITY
from geodata.analysis.subjects import WHERE, rows_of
from geodata.analysis.tied_feet import TIES
from geodata.catalog import Catalog
from geodata.errors import BadValue, Refused
from geodata.messages import texts
from geodata.model import Result, Text

LAYER = Parameter("layer", texts("parameter.places"), "place", required=True, help=PLACE, metavar="A", positional=True)
TARGET = Parameter(
    "target",
    texts("parameter.nearest_on"),
    "place",
    required=True,
    help=PLACE,
    metavar="B",
    flags=("--to", "--target"),
)
KM = Parameter(
    "km",
    texts("parameter.within_km"),
    "number",
    required=True,
    minimum=0.001,
    maximum=5000.0,
    help="the distance in kilometres",
    metavar="X",
)

MAX_SECONDS = 12.0
"""How long one question may be expected to take, on the machine the figures of `expected_seconds` were taken on."""


@dataclass(frozen=True)
class Prepared:
    """What is measured to, and whether the rows are many: a layer, or several places."""

    targets: tuple[Place, ...]
    many: bool


def prepare(values: Mapping[str, Any], catalog: Catalog) -> Question:
    """Return the question of the places and the target that the parameters name.

    Raises BadValue for a single place or for targets without any extent, Refused for what takes too long.
    """
    rows, many = rows_of(LAYER.name, values[LAYER.name], catalog, values.get(WHERE.name))
    targets, _ = resolve(TARGET.name, values[TARGET.name], catalog)
    if not any(target.has_extent for target in targets):
        raise BadValue(TARGET.name, values[TARGET.name], "place_with_extent")
    points, others, _ = census(rows)
    if not many and not points + others:
        raise BadValue(LAYER.name, values[LAYER.name], "place_with_extent")
    needed = expected_seconds(points, others, targets)
    if needed > MAX_SECONDS:
        raise Refused(
            "seconds",
            parameter=LAYER.name,
            places=len(rows),
            targets=len(targets),
            needed=f"{needed:.0f}",
            most=f"{MAX_SECONDS:.0f}",
        )
    return Question(values, catalog, (rows,), Prepared(targets, many))


def expected_seconds(points: int, shapes: int, targets: Sequence[Place]) -> float:
    """Return about how long measuring takes: 0.1 ms from point to point, 2 to a shape, 70 from a shape or area."""
    ends = sum(target.is_point for target in targets)
    areas = sum(target.area is not None for target in targets)
    lines = sum(target.has_extent for target in targets) - ends - areas
    return points * (1e-4 * ends + 2e-3 * lines + 0.07 * areas) + shapes * 0.07 * (ends + lines + areas)


def unplaced(subject: Place) -> dict[str, Any]:
    """Return the item of a place that nothing can be measured from: it is kept and said, never dropped."""
    return {
        "id": subject.id,
        "name": dict(subject.name),
        "layer": subject.layer or None,
        "kind": subject.feature.kind if subject.feature else None,
        "target": None,
        "distance_m": None,
        "interval_m": None,
        "tied": None,
        "display": None,
        "placeholder": subject.placeholder,
        "assumed": result_builder.assumed([subject]),
        "assumptions": [dict(text) for text in subject.assumptions],
    }


def items(
    subjects: Sequence[Place],
    measurements: Sequence[measure.Measured | None],
    catalog: Catalog,
    single: bool = False,
    ties: str | None = None,
) -> list[dict[str, Any]]:
    """Return one item a subject, in the order of the subjects; of a single one with the feet that are as near."""
    fields = [
        unplaced(subject)
        if measurement is None
        else result_builder.item(measurement, country, kilometres_of(measurement))
        for subject, measurement, country in zip(subjects, measurements, of_places(subjects, catalog), strict=True)
    ]
    if single and measurements and measurements[0] is not None:
        tied_feet.add(fields[0], measurements[0], ties)
        return fields
    return fields


class _Nearest(Analysis):
    """Places measured to the nearest of some targets: each is an answer of its own."""

    columns = OF_PLACES
    draws: ClassVar[bool] = True
    """Whether what was measured is drawn, and not the places alone."""

    def prepare(self, values: Mapping[str, Any], catalog: Catalog) -> Question:
        """Resolve the targets, and count the places."""
        return prepare(values, catalog)

    def map(self, batch: Batch, question: Question) -> Answers:
        """Measure each place of a batch to its nearest target."""
        values, catalog, subjects = question.values, question.catalog, batch.places
        measurements = to_nearest(subjects, question.prepared.targets)
        answers = items(subjects, measurements, catalog, not question.prepared.many, values.get(TIES.name))
        layers = set[str]()
        if values.get(SENSITIVITY.name):
            layers = sensitivity.add(answers, measurements, catalog)
        rows = []
        for number, (subject, pair, fields) in enumerate(zip(subjects, measurements, answers, strict=True)):
            self.judge(fields, pair, values)
            drawn = result_builder.drawn(pair, fields.get("chainage_display")) if self.draws and pair else []
            outline = result_builder.place_feature(subject, "from")
            rows.append(Row(batch.first + number, fields, tuple(drawn), tuple(outline)))
        return Answers(tuple(rows), Basis.of(subjects), frozenset(layers))

    def judge(self, fields: dict[str, Any], measurement: measure.Measured | None, values: Mapping[str, Any]) -> None:
        """Add to an item what is judged of its measurement."""

    def merge(self, partials: Iterable[Answers]) -> Answers:
        """Put the answers in the order of their places."""
        return Answers.merged(partials)

    def result(
        self, partial: Answers, question: Question, body: Mapping[str, Any], shapes: Sequence[Mapping[str, Any]]
    ) -> Result:
        """Return the answer with what it rests on: the places, the targets, and what was used beside them."""
        basis = Basis.merged([partial.basis, Basis.of(question.prepared.targets)])
        layers = partial.layers | {"countries"}
        return result_builder.result(self.name, question.values, question.catalog, basis, body, shapes, layers=layers)


class Proximity(_Nearest):
    """The nearest point of a target to each place."""

    name = "proximity"
    title: ClassVar[Text] = texts("proximity.title")
    description: ClassVar[Text] = texts("proximity.description")
    parameters = (LAYER, TARGET, SENSITIVITY, TIES, WHERE)
    in_reports = report_rows = True

    def lines(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield a row for each place; of a table of rows also what could not be read, and the counts by band."""
        return _table(body) if "problems" in body else text_lines.items(body)

    def finalize(self, partial: Answers, question: Question) -> Result:
        """Return the items, with what was measured and the places drawn."""
        shapes = [shape for row in partial.rows for shape in row.drawn]
        shapes += [shape for row in partial.rows for shape in row.outline]
        answers = [row.item for row in partial.rows]
        body: Mapping[str, Any] = {"items": answers} if question.prepared.many else answers[0]
        return self.result(partial, question, body, shapes)


class Within(_Nearest):
    """Which places lie within a distance of a target: certainly, possibly or not."""

    name = "within"
    title: ClassVar[Text] = texts("within.title")
    description: ClassVar[Text] = texts("within.description")
    parameters = (LAYER, TARGET, KM, SENSITIVITY, TIES, WHERE)
    options = ("layer", "target", "sensitivity", "ties", "km", "where")
    draws = False

    def judge(self, fields: dict[str, Any], measurement: measure.Measured | None, values: Mapping[str, Any]) -> None:
        """Add how certainly a place lies within the distance."""
        fields["within"] = "unknown" if measurement is None else measurement.within(values[KM.name] * 1000)

    def finalize(self, partial: Answers, question: Question) -> Result:
        """Count the places by how certainly they lie within the distance, and draw each with its word."""
        km = question.values[KM.name]
        answers = [row.item for row in partial.rows]
        counts = Counter(fields["within"] for fields in answers)
        shapes = [
            {**shape, "properties": {**shape["properties"], "within": row.item["within"]}}
            for row in partial.rows
            for shape in row.outline
        ]
        body: Mapping[str, Any]
        if question.prepared.many:
            body = {
                "km": km,
                "counts": {word: counts[word] for word in ("certainly", "possibly", "no")},
                "items": answers,
            }
        else:
            body = {**answers[0], "km": km}
        return self.result(partial, question, body, shapes)


def _table(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the answer of `proximity_table` as lines."""
    named = [(item, item["name"] or f"line {item['line']}") for item in body["items"]]
    yield from text_lines.aligned(
        [
            (name, text_lines.shown(item["display"]), *(f"{km} km {word}" for km, word in item["bands"].items()))
            for item, name in named
        ]
    )
    for what in ("warnings", "problems"):
        for entry in body[what]:
            yield f"line {entry['line']}: {entry['reason']['en']}"
    yield f"{body['read']} of {body['rows']} rows could be read"
    for entry in body["summaries"]:
        for km, counts in entry["by_band"].items():
            words = ", ".join(f"{counts.get(word, 0)} {word}" for word in ("certainly", "possibly", "no"))
            yield f"within {km} km of {entry['target']}: {words}"
