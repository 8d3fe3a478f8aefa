"""The border ruler: what lies along a line, at which kilometre, how far, on which side, how sure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from geodata.analysis import result_builder, sensitivity, text_lines
from geodata.analysis.base import Analysis
from geodata.analysis.linear import placement
from geodata.analysis.linear.placement import KIND, KM, OF, area_item, lay, missing_item
from geodata.analysis.linear.reference import LINE, OWN, ruler
from geodata.analysis.sensitivity import SENSITIVITY
from geodata.catalog import Catalog
from geodata.messages import texts
from geodata.model import Result, Text

METHOD: Text = texts("strip.method")


class BorderRuler(Analysis):
    """A line as a ruler."""

    name = "ruler"
    title: ClassVar[Text] = texts("strip.title")
    description: ClassVar[Text] = texts("strip.description")
    parameters = (LINE, KM, OF, KIND, SENSITIVITY, *OWN)
    options = ("layer", "km", "of", "kind", "reverse", "zero", "pillars", "sensitivity")
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

    def answer(self, values: Mapping[str, Any], catalog: Catalog) -> Result:
        """Lay the places of the layers along the line."""
        reference = ruler(values, catalog)
        radius = values["km"] * 1000
        laid = lay(reference, values["of"], radius, catalog, values.get("kind", ()))
        counts = Counter(placed.within for placed in laid.placed)
        items, layers = placement.items(laid.placed, catalog), {"countries"}
        if values.get(SENSITIVITY.name):
            layers |= sensitivity.add(items, [placed.measurement for placed in laid.placed], catalog)
        body = {
            **reference.body(),
            "km": values["km"],
            "marks": reference.marks(),
            "counts": {
                "certainly": counts["certainly"],
                "possibly": counts["possibly"],
                "areas": len(laid.areas),
                "farther": laid.farther,
                "unplaced": len(laid.missing),
            },
            "items": items,
            "areas": [area_item(area, radius, catalog) for area in laid.areas],
            "unplaced": [missing_item(place) for place in laid.missing],
        }
        shapes = [*result_builder.place_feature(reference.place, "line"), *reference.drawn()]
        for placed, fields in zip(laid.placed, items, strict=True):
            shapes += result_builder.drawn(placed.measurement, fields["chainage_display"])
            shapes += result_builder.place_feature(placed.measurement.subject, "from")
        return result_builder.result(
            self.name, values, catalog, [reference.place, *laid.subjects], body, shapes, METHOD, layers=layers
        )
