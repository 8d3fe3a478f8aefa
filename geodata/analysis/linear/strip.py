"""The border ruler: what lies along a line, at which kilometre, how far, on which side, how sure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from geodata.analysis import result_builder, text_lines
from geodata.analysis.base import Analysis
from geodata.analysis.batches import OF_PLACES, Batch, Question
from geodata.analysis.linear.along_line import AlongLine, along_line
from geodata.analysis.linear.placement import KIND, KM, OF, lay, rows_along
from geodata.analysis.linear.reference import LINE, OWN, ruler
from geodata.analysis.result_builder import Basis
from geodata.analysis.sensitivity import SENSITIVITY
from geodata.analysis.subjects import WHERE
from geodata.catalog import Catalog
from geodata.messages import texts
from geodata.model import Result, Text

METHOD: Text = texts("strip.method")


class BorderRuler(Analysis):
    """A line as a ruler."""

    name = "ruler"
    title: ClassVar[Text] = texts("strip.title")
    description: ClassVar[Text] = texts("strip.description")
    parameters = (LINE, KM, OF, KIND, SENSITIVITY, WHERE, *OWN)
    options = ("layer", "km", "of", "kind", "reverse", "zero", "pillars", "sensitivity", "where")
    in_reports = report_rows = True

    def lines(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield the line, and what lies along it."""
        yield from text_lines.reference(body)
        yield from text_lines.aligned(
            [(item["id"], item["within"], item["side"], item["words"]["en"]) for item in body["items"]]
        )
        yield from text_lines.by_boundary(body["items"])
        for item in body["areas"]:
            shown = text_lines.shown(item["display"])
            yield f"{item['id']}: {item['within']}, {shown}, known to an area: at no kilometre"
        for item in body["unplaced"]:
            yield f"{item['id']}: no position"

    columns = OF_PLACES

    def prepare(self, values: Mapping[str, Any], catalog: Catalog) -> Question:
        """Make a ruler of the line, and count the places."""
        reference = ruler(values, catalog)
        rows = rows_along(values["of"], reference.place, catalog, values.get("kind", ()), where=values.get(WHERE.name))
        return Question(values, catalog, rows, reference)

    def map(self, batch: Batch, question: Question) -> AlongLine:
        """Lay the places of a batch along the line."""
        values, catalog = question.values, question.catalog
        laid = lay(question.prepared, batch, values["km"] * 1000, values.get("kind", ()))
        return along_line(laid, values["km"] * 1000, catalog, bool(values.get(SENSITIVITY.name)))

    def merge(self, partials: Iterable[AlongLine]) -> AlongLine:
        """Put everything in its order."""
        return AlongLine.merged(partials)

    def finalize(self, partial: AlongLine, question: Question) -> Result:
        """Return the line with what lies along it."""
        reference, values = question.prepared, question.values
        counts = Counter(entry.item["within"] for entry in partial.placed)
        body = {
            **reference.body(),
            "km": values["km"],
            "marks": reference.marks(),
            "counts": {
                "certainly": counts["certainly"],
                "possibly": counts["possibly"],
                "areas": len(partial.areas),
                "farther": partial.farther,
                "unplaced": len(partial.missing),
            },
            "items": [entry.item for entry in partial.placed],
            "areas": [entry.item for entry in partial.areas],
            "unplaced": [entry.item for entry in partial.missing],
        }
        shapes = [*result_builder.place_feature(reference.place, "line"), *reference.drawn()]
        shapes += [shape for entry in partial.placed for shape in entry.shapes]
        basis = Basis.merged([partial.basis, Basis.of([reference.place])])
        layers = partial.layers | {"countries"}
        return result_builder.result(self.name, values, question.catalog, basis, body, shapes, METHOD, layers=layers)
