"""CQL2 as text and as JSON: relations of geometries, times and lists."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cql2
import pytest
import shapely
from flask.testing import FlaskClient

from geodata.catalog import shipped
from geodata.model import Feature
from geodata.store.workspace import Workspace
from tests.webapp.api.ogc.filtering import answers, of
from tests.webapp.api.ogc.http import ITEMS, ids, refused
from tests.webapp.api.test_workspace import ENTRY


@pytest.mark.requirement(
    "cql2/basic-spatial-functions/spatial-predicate",
    "cql2/basic-spatial-functions/spatial-functions",
    "cql2/cql2-text/basic-spatial-functions",
    "cql2/cql2-json/basic-spatial-functions",
)
@pytest.mark.parametrize("layer", ["sites", "governorates", "rivers"])
def test_points_and_boxes(layer: str, client: FlaskClient) -> None:
    for text, shape in (
        ("BBOX(40, 34, 43, 37)", shapely.box(40, 34, 43, 37)),
        ("POINT(44.4 33.3)", shapely.Point(44.4, 33.3)),
        ("BBOX(-180, -90, 180, 90)", shapely.box(-180, -90, 180, 90)),
    ):
        answers(
            client,
            layer,
            f"S_INTERSECTS(geometry, {text})",
            lambda item, shape=shape: item.geometry is not None and item.geometry.intersects(shape),  # type: ignore[misc]
            some=False,
        )
    refused(client, ITEMS.format(layer), "filter", filter="S_INTERSECTS(geometry, POINT(90 180))")


SHAPES = [
    "POINT(42 35)",
    "MULTIPOINT((42 35), (44.4 33.3))",
    "LINESTRING(38 33, 46 36)",
    "MULTILINESTRING((38 33, 46 36), (40 36, 41 37))",
    "POLYGON((40 34, 44 34, 44 37, 40 37, 40 34), (41 35, 42 35, 42 36, 41 36, 41 35))",
    "MULTIPOLYGON(((40 34, 44 34, 44 37, 40 37, 40 34)), ((45 31, 46 31, 46 32, 45 31)))",
    "GEOMETRYCOLLECTION(POINT(42 35), LINESTRING(38 33, 46 36))",
]


@pytest.mark.requirement(
    "cql2/basic-spatial-functions-plus/spatial-data-types",
    "cql2/spatial-functions/spatial-data-types",
    "cql2/cql2-text/basic-spatial-functions-plus",
    "cql2/cql2-json/basic-spatial-functions-plus",
)
@pytest.mark.parametrize("text", SHAPES, ids=lambda text: text.partition("(")[0])
def test_every_kind_of_geometry(text: str, client: FlaskClient) -> None:
    shape = shapely.from_wkt(text)
    answers(client, "governorates", f"S_INTERSECTS(geometry, {text})", lambda item: item.geometry.intersects(shape))


RELATIONS = ("intersects", "equals", "disjoint", "touches", "within", "overlaps", "crosses", "contains")


@pytest.mark.requirement(
    "cql2/spatial-functions/spatial-functions", "cql2/cql2-text/spatial-functions", "cql2/cql2-json/spatial-functions"
)
@pytest.mark.parametrize("relation", RELATIONS)
def test_spatial_functions(relation: str, client: FlaskClient) -> None:
    site = next(item for item in shipped().layer("sites").features if item.geometry is not None)
    for layer, text in (
        ("rivers", SHAPES[4]),
        ("rivers", SHAPES[2]),
        ("governorates", SHAPES[4]),
        ("sites", "POLYGON((40 34, 44 34, 44 37, 40 37, 40 34))"),
        ("sites", site.geometry.wkt),
    ):
        shape = shapely.from_wkt(text)

        def rule(item: Feature, shape: Any = shape) -> bool:
            return item.geometry is not None and bool(getattr(shapely, relation)(item.geometry, shape))

        answers(client, layer, f"S_{relation.upper()}(geometry, {text})", rule, some=False)


# The start and the end of each interval, dates as text: earlier ones sort first.
ALLEN: dict[str, Callable[[str, str, str, str], bool]] = {
    "AFTER": lambda a, b, c, d: a > d,
    "BEFORE": lambda a, b, c, d: b < c,
    "CONTAINS": lambda a, b, c, d: a < c and b > d,
    "DISJOINT": lambda a, b, c, d: b < c or a > d,
    "DURING": lambda a, b, c, d: a > c and b < d,
    "EQUALS": lambda a, b, c, d: a == c and b == d,
    "FINISHEDBY": lambda a, b, c, d: a < c and b == d,
    "FINISHES": lambda a, b, c, d: a > c and b == d,
    "INTERSECTS": lambda a, b, c, d: a <= d and b >= c,
    "MEETS": lambda a, b, c, d: b == c and a < c,
    "METBY": lambda a, b, c, d: a == d and b > d,
    "OVERLAPPEDBY": lambda a, b, c, d: c < a < d and b > d,
    "OVERLAPS": lambda a, b, c, d: a < c < b < d,
    "STARTEDBY": lambda a, b, c, d: a == c and b > d,
    "STARTS": lambda a, b, c, d: a == c and b < d,
}


@pytest.mark.requirement(
    "cql2/temporal-functions/temporal-predicates",
    "cql2/temporal-functions/temporal-functions",
    "cql2/cql2-text/temporal-functions",
    "cql2/cql2-json/temporal-functions",
)
@pytest.mark.parametrize("name", ALLEN)
def test_temporal_functions(name: str, client: FlaskClient, workspace: Path) -> None:
    days = [f"2024-01-{day:02}" for day in range(1, 8)]
    spans = [(a, b) for a in days for b in days if a < b]
    features = [
        {
            "type": "Feature",
            "id": f"{a}-{b}",
            "geometry": None,
            "properties": {"date_start": a, "date_end": b},
        }
        for a, b in spans
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    Workspace(workspace).put_layer({**ENTRY, "id": "mine"}, data)
    for c, d in (("2024-01-03", "2024-01-05"), ("2024-01-01", "2024-01-07"), ("2024-01-02", "2024-01-03")):
        text = f"T_{name}(INTERVAL(date_start, date_end), INTERVAL('{c}', '{d}'))"
        expected = [f"{a}-{b}" for a, b in spans if ALLEN[name](a, b, c, d)]
        tree = json.dumps(cql2.parse_text(text).to_json())
        assert ids(client, "mine", filter=text) == expected, text
        assert ids(client, "mine", **{"filter": tree, "filter-lang": "cql2-json"}) == expected, text


SETS: dict[str, Callable[[set[str], set[str]], bool]] = {
    "A_EQUALS": operator.eq,
    "A_CONTAINS": operator.ge,
    "A_CONTAINEDBY": operator.le,
    "A_OVERLAPS": lambda a, b: not a.isdisjoint(b),
}


@pytest.mark.requirement(
    "cql2/array-functions/array-predicates", "cql2/cql2-text/array-functions", "cql2/cql2-json/array-functions"
)
@pytest.mark.parametrize("name", SETS)
def test_array_functions(name: str, client: FlaskClient) -> None:
    lists = [of(item, "sources") for item in shipped().layer("events").features]
    longest = max(lists, key=len)
    for values in (longest, longest[:1], list(reversed(longest)), lists[0]):
        literal = ", ".join(f"'{value}'" for value in values)

        def rule(item: Feature, values: Any = values) -> bool:
            return of(item, "sources") is not None and SETS[name](set(of(item, "sources")), set(values))

        answers(client, "events", f"{name}(sources, ({literal}))", rule, some=False)
