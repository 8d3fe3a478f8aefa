"""Geometries in cells: WKT, EWKT, GeoJSON and WKB say the same."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.importing import geometry_text

SHAPES = (
    shapely.Point(44.25, 33.5),
    shapely.LineString([(44, 33), (45, 34)]),
    shapely.box(44, 33, 45, 34),
    shapely.MultiPoint([(44, 33), (45, 34)]),
    shapely.GeometryCollection([shapely.Point(44, 33)]),
)


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.geom_type for shape in SHAPES])
def test_every_notation_gives_the_same_shape(shape: shapely.Geometry) -> None:
    texts = [
        shape.wkt,
        f"SRID=4326;{shape.wkt}",
        shapely.to_geojson(shape),
        shapely.to_wkb(shape, hex=True),
        shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True),
        shapely.to_wkb(shape, hex=True).lower(),
    ]
    assert all(read.equals_exact(shape, 1e-9) for read in geometry_text.read(texts))


def test_the_number_of_a_system_is_respected() -> None:
    mercator = "SRID=3857;POINT(4928111.6 3962081.9)"
    read = geometry_text.read([mercator, None, "SRID=999999;POINT(1 2)"])
    assert (read[0].x, read[0].y) == (pytest.approx(44.27, abs=0.01), pytest.approx(33.5, abs=0.01))
    assert (read[1], read[2]) == (None, None)


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=40), st.from_regex(r"[{0S][0-9A-Fa-f{}:;=\"]{0,40}")), max_size=8)
)
def test_any_text_is_a_geometry_or_none(texts: list[str | None]) -> None:
    shapes = geometry_text.read(texts)
    assert len(shapes) == len(texts)
    assert all(shape is None or isinstance(shape, shapely.Geometry) for shape in np.asarray(shapes, dtype=object))
