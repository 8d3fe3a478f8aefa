"""Events that are lines, areas or several points: what a drawn polygon, a place and a distance let through."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geodata import registry
from geodata.catalog import Catalog, current, workspace
from geodata.events import filters as event_filters
from geodata.events import paging
from geodata.events.dataset import Opened, opened
from geodata.importing import ingest as loading
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions

Desk = tuple[Opened, Catalog]
FRAME = (40.0, 33.0, 43.0, 36.0)


def shape(number: int, random: np.random.Generator) -> shapely.Geometry:
    """Return a line, several points, an area, or a point, 5 to 80 km large."""
    corner = random.uniform(FRAME[:2], FRAME[2:])
    places = corner + random.uniform(-0.4, 0.4, (4, 2))
    kinds = (shapely.LineString, shapely.MultiPoint, lambda at: shapely.MultiPoint(at).convex_hull)
    return shapely.Point(corner) if number % 4 == 3 else kinds[number % 4](places)


@pytest.fixture(scope="module", params=[10_000, 1], ids=["small", "large"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a layer of 40 events of every shape, opened, and its catalogue."""
    folder, random = tmp_path_factory.mktemp("shapes"), np.random.default_rng(5)
    features = [
        {
            "type": "Feature",
            "id": f"e{number}",
            "geometry": json.loads(shapely.to_geojson(shape(number, random))),
            "properties": {"event_date": "2024-01-28", "event_type": "Battles", "fatalities": 1},
        }
        for number in range(40)
    ]
    file = folder / "shapes.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MASAFA_WORKSPACE", str(Path(folder) / "workspace"))
        patch.setattr(loading, "LARGE", request.param)
        load(file, file.name, ImportOptions(layer="shapes"), workspace(), current())
        catalog = current()
        events = opened("shapes", catalog)
    assert (events.layer.stored is not None) == (request.param == 1)
    kinds = {one.geometry.geom_type for one in events.layer.features if one.geometry is not None}
    assert kinds == {"LineString", "MultiPoint", "Polygon", "Point"}
    return events, catalog


def listed_ids(desk: Desk, **filters: str) -> set[str]:
    events, catalog = desk
    return {one.id for one in paging.features(event_filters.read(filters, catalog), events, catalog)}


corners = st.tuples(st.floats(FRAME[0] - 0.5, FRAME[2] + 0.5), st.floats(FRAME[1] - 0.5, FRAME[3] + 0.5))


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(corners, min_size=3, max_size=6))
@example([(40.0, 33.0), (43.0, 33.0), (43.0, 36.0)])
@example([(60.0, 10.0), (61.0, 10.0), (61.0, 11.0)])
def test_a_polygon_lets_through_whatever_reaches_into_it(desk: Desk, places: list[tuple[float, float]]) -> None:
    hull = shapely.MultiPoint(places).convex_hull
    if hull.geom_type != "Polygon" or hull.area < 1e-6:
        return
    ring = list(hull.exterior.coords)[:-1]
    text = ";".join(f"{lon!r},{lat!r}" for lon, lat in ring)
    expected = {one.id for one in desk[0].layer.features if one.geometry is not None and hull.intersects(one.geometry)}
    assert listed_ids(desk, polygon=text) == expected


def test_a_place_lets_through_whatever_reaches_into_it(desk: Desk) -> None:
    events, catalog = desk
    area = catalog.feature("gov-iq-an").geometry
    expected = {one.id for one in events.layer.features if one.geometry is not None and area.intersects(one.geometry)}
    assert listed_ids(desk, place="gov-iq-an") == expected
    assert 3 < len(expected) < 37


@pytest.mark.parametrize("within", ["certainly", "possibly"])
@pytest.mark.parametrize("km", ["20", "120"])
def test_a_distance_lets_through_what_the_analysis_says(desk: Desk, km: str, within: str) -> None:
    answer = registry.run("within", {"layer": "shapes", "target": "border-iq-sy", "km": km}, desk[1])
    allowed = ("certainly",) if within == "certainly" else ("certainly", "possibly")
    expected = {item["id"] for item in answer.body["items"] if item["within"] in allowed}
    found = listed_ids(desk, target="border-iq-sy", km=km, within=within)
    kinds = {one.id: one.geometry.geom_type for one in desk[0].layer.features if one.geometry is not None}
    unknown = {item["id"] for item in answer.body["items"] if item["within"] == "unknown"}
    assert {id_ for id_ in found ^ expected if id_ not in unknown and kinds.get(id_) != "Point"} == set()
