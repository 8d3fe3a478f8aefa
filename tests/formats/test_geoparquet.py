"""Parquet of other programs: geometries of Parquet's own types, WKB that nothing declares, tables without any."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import BadData
from geodata.formats import geoparquet
from geodata.formats.dataset import Dataset

PLACE = shapely.Point(44.5, 33.25)


class Native(pa.ExtensionType):  # type: ignore[misc]
    """The type that pyarrow writes as Parquet's own GEOMETRY or GEOGRAPHY."""

    def __init__(self, metadata: bytes) -> None:
        self.metadata = metadata
        super().__init__(pa.binary(), "geoarrow.wkb")

    def __arrow_ext_serialize__(self) -> bytes:
        return self.metadata

    @classmethod
    def __arrow_ext_deserialize__(cls, storage: pa.DataType, metadata: bytes) -> Native:
        return cls(metadata)


def native(path: Path, shapes: list[Any], key_values: dict[str, str] | None = None, **about: Any) -> Path:
    """Write shapes as a column of Parquet's own type, without the key `geo`."""
    kind = Native(json.dumps(about).encode())
    pa.register_extension_type(kind)
    try:
        wkb = pa.array([None if shape is None else shape.wkb for shape in shapes], pa.binary())
        table = pa.table({"name": ["x"] * len(shapes), "place": pa.ExtensionArray.from_storage(kind, wkb)})
        with pq.ParquetWriter(path, table.schema, store_schema=False) as writer:
            writer.write_table(table)
            writer.add_key_value_metadata(key_values or {})
    finally:
        pa.unregister_extension_type("geoarrow.wkb")
    return path


def table(path: Path, **columns: Any) -> Dataset:
    pq.write_table(pa.table(columns), path)
    [dataset] = geoparquet.load(path)
    return dataset


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "places.parquet"


def test_a_native_geometry_is_read_without_a_geo_key(path: Path) -> None:
    [part] = geoparquet.load(native(path, [PLACE, None]))
    assert pq.ParquetFile(path).schema.column(1).logical_type.type == "GEOMETRY"
    assert [row.geometry for row in part.rows] == [PLACE, None]
    assert [row.properties for row in part.rows] == [{"name": "x"}] * 2
    assert (part.geometry_name, part.metadata.edges) == ("place", "lonlat")


def test_a_geography_has_geodesic_edges(path: Path) -> None:
    [part] = geoparquet.load(native(path, [PLACE], edges="spherical"))
    assert pq.ParquetFile(path).schema.column(1).logical_type.type == "GEOGRAPHY"
    assert part.metadata.edges == "geodesic"


MERCATOR = json.dumps(pyproj.CRS(3857).to_json_dict())


@pytest.mark.parametrize(
    ("crs", "key_values"),
    [
        ("EPSG:3857", {}),
        ("srid:3857", {}),
        ("projjson:mine", {"mine": MERCATOR}),
        (json.loads(MERCATOR), {}),
    ],
)
def test_the_system_of_a_native_geometry_is_brought_to_wgs84(crs: Any, key_values: dict[str, str], path: Path) -> None:
    there = shapely.Point(*pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(44.5, 33.25))
    [part] = geoparquet.load(native(path, [there], key_values, crs=crs))
    [row] = part.rows
    # 1e-9 of a degree is a tenth of a millimetre.
    assert shapely.equals_exact(row.geometry, PLACE, 1e-9)


def test_a_system_nobody_knows_is_refused(path: Path) -> None:
    for crs in ("projjson:none", "srid:1", "nonsense"):
        with pytest.raises(BadData, match="is not known"):
            geoparquet.load(native(path, [PLACE], crs=crs))


@pytest.mark.parametrize("name", ["geometry", "geom", "the_geom", "WKB", "wkb_geometry", " Shape "])
@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view()])
def test_a_column_called_as_a_geometry_is_read_as_wkb(name: str, kind: pa.DataType, path: Path) -> None:
    part = table(path, **{"a": [1], name: pa.array([PLACE.wkb], kind)})
    assert ([row.geometry for row in part.rows], part.geometry_name) == ([PLACE], name)


def test_a_column_that_says_it_is_wkb_goes_first(path: Path) -> None:
    field = pa.field("place", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    schema = pa.schema([pa.field("geom", pa.binary()), field])
    pq.write_table(pa.table({"geom": [b"x"], "place": [PLACE.wkb]}, schema=schema), path)
    [part] = geoparquet.load(path)
    assert [(row.geometry, row.properties) for row in part.rows] == [(PLACE, {"geom": b"x".hex()})]


def test_extended_wkb_names_its_system(path: Path) -> None:
    there = shapely.Point(*pyproj.Transformer.from_crs(4326, 32638, always_xy=True).transform(44.5, 33.25))
    wkb = shapely.to_wkb(shapely.set_srid(there, 32638), include_srid=True)
    part = table(path, geom=[wkb, None])
    first, second = (row.geometry for row in part.rows)
    assert shapely.equals_exact(first, PLACE, 1e-9)
    assert second is None


def test_what_is_called_a_geometry_and_is_none_is_refused(path: Path) -> None:
    with pytest.raises(BadData, match="a geometry cannot be read"):
        table(path, geometry=[b"x"])


def test_a_table_without_a_geometry_keeps_its_types(path: Path) -> None:
    moment = datetime(2024, 5, 1, 10, tzinfo=UTC)
    part = table(
        path,
        lat=[33.25],
        code=["007"],
        n=pa.array([7], pa.int16()),
        at=pa.array([moment], pa.timestamp("ns", "UTC")),
        fine=pa.array([1], pa.timestamp("ns")),
        actor=pa.array(["a"]).dictionary_encode(),
        geometry=["POINT (1 2)"],
        bbox=["text"],
        place=[{"town": "x", "at": {"lat": 1.5}}],
        tags=[["a", "b"]],
    )
    [row] = part.rows
    assert row.geometry is None
    assert part.geometry_name is None
    assert row.properties == {
        "lat": 33.25,
        "code": "007",
        "n": 7,
        "at": "2024-05-01T10:00:00Z",
        "fine": "1970-01-01 00:00:00.000000001",
        "actor": "a",
        "geometry": "POINT (1 2)",
        "bbox": "text",
        "place.town": "x",
        "place.at.lat": 1.5,
        "tags": ["a", "b"],
    }
    types = {name: (kind.name, kind.zone, kind.physical) for name, kind in part.types.items()}
    assert types["at"] == ("timestamp", "Z", None)
    assert types["n"] == ("integer", None, "int16")
    assert types["place.at.lat"] == ("number", None, None)
    assert (types["fine"][0], types["actor"][0], types["code"][0]) == ("text", "text", "text")


def test_columns_of_one_name_are_told_apart(path: Path) -> None:
    part = table(path, **{"a.b": [1], "a": [{"b": 2}]})
    assert [row.properties for row in part.rows] == [{"a.b": 1, "a.b (2)": 2}]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=4))
def test_every_native_point_comes_back(path: Path, places: list[tuple[float, float] | None]) -> None:
    shapes = [None if place is None else shapely.Point(*place) for place in places]
    [part] = geoparquet.load(native(path, shapes))
    assert [row.geometry for row in part.rows] == shapes
