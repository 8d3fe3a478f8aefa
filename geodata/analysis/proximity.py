"""How near places are to a border, a wall, a river or any layer: the nearest point, where along it, on which side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from geodata.analysis import measure, result_builder, sensitivity, text_lines, tied_feet
from geodata.analysis.base import PLACE, Analysis, Parameter
from geodata.analysis.country import of_places
from geodata.analysis.linear.chainage_interval import kilometres_of
from geodata.analysis.nearest import to_nearest
from geodata.analysis.places import Place, resolve
from geodata.analysis.sensitivity import SENSITIVITY
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


def measured(values: Mapping[str, Any], catalog: Catalog) -> tuple[list[Place], list[Place], bool]:
    """Return the subjects and targets that the parameters name, and whether many subjects were asked for."""
    subjects, many = resolve(LAYER.name, values[LAYER.name], catalog)
    targets, _ = resolve(TARGET.name, values[TARGET.name], catalog)
    if not any(target.has_extent for target in targets):
        raise BadValue(TARGET.name, values[TARGET.name], "place_with_extent")
    if not many and not subjects[0].has_extent:
        raise BadValue(LAYER.name, values[LAYER.name], "place_with_extent")
    needed = expected_seconds(subjects, targets)
    if needed > MAX_SECONDS:
        raise Refused(
            "seconds",
            parameter=LAYER.name,
            places=len(subjects),
            targets=len(targets),
            needed=f"{needed:.0f}",
            most=f"{MAX_SECONDS:.0f}",
        )
    return list(subjects), list(targets), many


def expected_seconds(subjects: Sequence[Place], targets: Sequence[Place]) -> float:
    """Return about how long measuring takes: 0.1 ms from point to point, 2 to a shape, 70 from a shape or area."""
    points = sum(place.is_point for place in subjects)
    shapes = sum(place.has_extent for place in subjects) - points
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
    if single and measurements[0] is not None:
        tied_feet.add(fields[0], measurements[0], ties)
        return fields
    return fields


class Proximity(Analysis):
    """The nearest point of a target to each place."""

    name = "proximity"
    title: ClassVar[Text] = texts("proximity.title")
    description: ClassVar[Text] = texts("proximity.description")
    parameters = (LAYER, TARGET, SENSITIVITY, TIES)
    in_reports = report_rows = True

    def lines(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield a row for each place; of a table of rows also what could not be read, and the counts by band."""
        return _table(body) if "problems" in body else text_lines.items(body)

    def answer(self, values: Mapping[str, Any], catalog: Catalog) -> Result:
        """Measure every place to the nearest target."""
        subjects, targets, many = measured(values, catalog)
        measurements = to_nearest(subjects, targets)
        answers = items(subjects, measurements, catalog, not many, values.get(TIES.name))
        layers = {"countries"}
        if values.get(SENSITIVITY.name):
            layers |= sensitivity.add(answers, measurements, catalog)
        pairs = [
            (measurement, fields)
            for measurement, fields in zip(measurements, answers, strict=True)
            if measurement is not None
        ]
        shapes = [
            shape
            for measurement, fields in pairs
            for shape in result_builder.drawn(measurement, fields.get("chainage_display"))
        ]
        shapes += [feature for place in subjects for feature in result_builder.place_feature(place, "from")]
        body: Mapping[str, Any] = {"items": answers} if many else answers[0]
        return result_builder.result(self.name, values, catalog, [*subjects, *targets], body, shapes, layers=layers)


class Within(Analysis):
    """Which places lie within a distance of a target: certainly, possibly or not."""

    name = "within"
    title: ClassVar[Text] = texts("within.title")
    description: ClassVar[Text] = texts("within.description")
    parameters = (LAYER, TARGET, KM, SENSITIVITY, TIES)
    options = ("layer", "target", "sensitivity", "ties", "km")

    def answer(self, values: Mapping[str, Any], catalog: Catalog) -> Result:
        """Class every place by its interval."""
        subjects, targets, many = measured(values, catalog)
        measurements = to_nearest(subjects, targets)
        answers = items(subjects, measurements, catalog, not many, values.get(TIES.name))
        layers = {"countries"}
        if values.get(SENSITIVITY.name):
            layers |= sensitivity.add(answers, measurements, catalog)
        for measurement, fields in zip(measurements, answers, strict=True):
            fields["within"] = "unknown" if measurement is None else measurement.within(values["km"] * 1000)
        counts = {word: sum(fields["within"] == word for fields in answers) for word in ("certainly", "possibly", "no")}
        shapes = [
            {**feature, "properties": {**feature["properties"], "within": fields["within"]}}
            for place, fields in zip(subjects, answers, strict=True)
            for feature in result_builder.place_feature(place, "from")
        ]
        body: Mapping[str, Any] = (
            {"km": values["km"], "counts": counts, "items": answers} if many else {**answers[0], "km": values["km"]}
        )
        return result_builder.result(self.name, values, catalog, [*subjects, *targets], body, shapes, layers=layers)


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
