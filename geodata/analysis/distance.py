"""How far two places are from each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from geodata.analysis import measure, result_builder, sensitivity, tied_feet
from geodata.analysis.base import PLACE, Analysis, Parameter
from geodata.analysis.country import country_of
from geodata.analysis.linear.chainage_interval import kilometres_of
from geodata.analysis.places import resolve
from geodata.analysis.sensitivity import SENSITIVITY
from geodata.analysis.tied_feet import TIES
from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.messages import texts
from geodata.model import Result, Text

A = Parameter("layer", texts("parameter.from"), "place", required=True, help=PLACE, metavar="A", positional=True)
B = Parameter("target", texts("parameter.to"), "place", required=True, help=PLACE, metavar="B", positional=True)


class Distance(Analysis):
    """The shortest geodesic between two features or points, with its interval."""

    name = "distance"
    title: ClassVar[Text] = texts("distance.title")
    description: ClassVar[Text] = texts("distance.description")
    parameters = (A, B, SENSITIVITY, TIES)
    in_reports = report_rows = True

    def answer(self, values: Mapping[str, Any], catalog: Catalog) -> Result:
        """Measure one place to one other."""
        places = []
        for parameter in (A, B):
            matches, many = resolve(parameter.name, values[parameter.name], catalog)
            if many:
                raise BadValue(parameter.name, values[parameter.name], "one_place")
            if not matches[0].has_extent:
                raise BadValue(parameter.name, values[parameter.name], "place_with_extent")
            places.append(matches[0])
        measurement = measure.to_target([places[0]], places[1])[0]
        if measurement is None:
            raise BadValue(A.name, values[A.name], "place_with_extent")
        body = result_builder.item(measurement, country_of(places[0], catalog), kilometres_of(measurement))
        tied_feet.add(body, measurement, values.get(TIES.name))
        shapes = [*result_builder.place_feature(places[0], "from"), *result_builder.place_feature(places[1], "to")]
        shapes += result_builder.drawn(measurement, body.get("chainage_display"))
        layers = {"countries"}
        if values.get(SENSITIVITY.name):
            layers |= sensitivity.add([body], [measurement], catalog)
        return result_builder.result(self.name, values, catalog, places, body, shapes, layers=layers)
