"""OGC's 274 predicates and 77 combinations of CQL2 on the layers as they are read, as text and as JSON."""

from __future__ import annotations

import json

import cql2
import pytest

from geodata.formats import gpkg
from geodata.model import Feature
from geodata.query.table import Table
from tests.query.cql2_corpus import SUSPECT, geopackage, predicates
from tests.query.selection import where


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    """Return the layers of the GeoPackage as tables."""
    found = {}
    for part in gpkg.load(geopackage()):
        features = [Feature(f"f{at}", "ogc", row.geometry, row.properties) for at, row in enumerate(part.rows)]
        found[part.metadata.layer] = Table(features, geometry_name="geom")
    return found


@pytest.mark.parametrize("lang", ["cql2-text", "cql2-json"])
def test_every_predicate_of_the_standard_counts_right(lang: str, tables: dict[str, Table]) -> None:
    wrong = {}
    for one in predicates():
        text = one.text if lang == "cql2-text" else json.dumps(cql2.parse_text(one.text).to_json())
        count = len(where(tables[one.collection], text, lang))
        if count != one.expected:
            wrong[one.text] = count
    assert wrong.keys() == SUSPECT
    assert list(wrong.values()) == [3, 1, 1]
