"""OGC's predicates of CQL2 over the API, once their GeoPackage is imported: into small layers, and into large ones."""

from __future__ import annotations

import json

import cql2
import pytest
import shapely
from flask.testing import FlaskClient

from geodata.catalog import current, workspace
from geodata.formats import gpkg
from geodata.importing import ingest as loading
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from geodata.importing.source_file import ReadOptions
from tests.query.cql2_corpus import SUSPECT, geopackage, predicates

LAYERS = ("ne_110m_admin_0_countries", "ne_110m_populated_places_simple", "ne_110m_rivers_lake_centerlines")


def layer_id(collection: str) -> str:
    """Return the id under which a collection is imported."""
    return collection.replace("_", "-")


@pytest.fixture(params=[10_000, 5], ids=["small", "large"])
def collections(request: pytest.FixtureRequest, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Return a client of an app whose workspace has the layers of the GeoPackage, in one file each or in Parquet."""
    path = geopackage()
    monkeypatch.setattr(loading, "LARGE", request.param)
    for name in LAYERS:
        load(
            path,
            path.name,
            ImportOptions(layer=layer_id(name), read_options=ReadOptions(part=name)),
            workspace(),
            current(),
        )
        assert (current().layer(layer_id(name)).stored is None) == (request.param > 5)
    return client


def test_every_predicate_counts_right_over_the_api(collections: FlaskClient) -> None:
    wrong = {}
    for at, one in enumerate(predicates()):
        # In turns: both languages become the same tree.
        lang = ("cql2-text", "cql2-json")[at % 2]
        text = one.text if lang == "cql2-text" else json.dumps(cql2.parse_text(one.text).to_json())
        answer = collections.get(
            f"/api/collections/{layer_id(one.collection)}/items",
            query_string={"filter": text, "filter-lang": lang, "limit": "1"},
        )
        assert answer.status_code == 200, (one.text, answer.get_data(as_text=True))
        if answer.get_json()["numberMatched"] != one.expected:
            wrong[one.text] = answer.get_json()["numberMatched"]
    assert wrong.keys() == SUSPECT


def test_the_queryables_have_the_types_of_the_standard(collections: FlaskClient) -> None:
    for name in LAYERS:
        theirs = json.loads(geopackage().with_name(f"{name}.queryables.json").read_text("utf-8"))["properties"]
        ours = collections.get(f"/api/collections/{layer_id(name)}/queryables").get_json()["properties"]
        for column, expected in theirs.items():
            if column == "geom":
                continue
            given = ours[f"original.{column}"]
            # A whole number in the file, whatever their queryables call it.
            kinds = {"number", "integer"} if expected["type"] == "number" else {expected["type"]}
            assert given["type"] in kinds, column
            assert given.get("format") == expected.get("format"), column


def test_a_coordinate_keeps_its_digits(collections: FlaskClient) -> None:
    for part in gpkg.load(geopackage()):
        features = sorted(
            current().layer(layer_id(part.metadata.layer)).features, key=lambda one: int(one.properties["row"])
        )
        for row, one in zip(part.rows, features, strict=True):
            # Russia reaches 180.00000000000006 in the file: rounding, taken for 180.
            shape = shapely.transform(row.geometry, lambda xy: xy.clip(-180, 180))
            assert shapely.equals_exact(shapely.normalize(shape), shapely.normalize(one.geometry)), one.id
