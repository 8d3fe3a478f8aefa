"""The shipped data, read once: features by id, records, vocabulary, and the schemas that describe them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
import shapely
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from geodata import settings

Feature = dict[str, Any]


def read(path: Any) -> Any:
    """Return the value of a JSON file."""
    return json.loads(path.read_text("utf-8"))


@pytest.fixture(scope="session")
def entries() -> list[dict[str, Any]]:
    """The catalogue's entries."""
    return read(settings.LAYERS / "catalog.json")["layers"]


@pytest.fixture(scope="session")
def layers(entries: list[dict[str, Any]]) -> dict[str, list[Feature]]:
    """The features of every layer by layer id."""
    return {entry["id"]: read(settings.LAYERS / f"{entry['id']}.geojson")["features"] for entry in entries}


@pytest.fixture(scope="session")
def features(layers: dict[str, list[Feature]]) -> dict[str, Feature]:
    """Every feature by id."""
    return {item["id"]: item for items in layers.values() for item in items}


@pytest.fixture(scope="session")
def shapes(features: dict[str, Feature]) -> dict[str, Any]:
    """Every geometry by feature id."""
    return {
        id_: shapely.from_geojson(json.dumps(item["geometry"])) for id_, item in features.items() if item["geometry"]
    }


@pytest.fixture(scope="session")
def sources() -> dict[str, dict[str, Any]]:
    """The source records by id."""
    return {item["id"]: item for item in read(settings.SOURCES / "sources.json")["sources"]}


@pytest.fixture(scope="session")
def actors() -> dict[str, dict[str, Any]]:
    """The actors by id."""
    return {item["id"]: item for item in read(settings.SOURCES / "actors.json")["actors"]}


@pytest.fixture(scope="session")
def claims() -> dict[str, dict[str, Any]]:
    """The claims by id."""
    return {item["id"]: item for item in read(settings.SOURCES / "claims.json")["claims"]}


@pytest.fixture(scope="session")
def validator() -> Any:
    """A function from a schema's name to its validator; each schema is checked once."""
    schemas = {path.name.split(".")[0]: read(path) for path in sorted(settings.SCHEMAS.glob("*.schema.json"))}
    registry: Any = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()
    )

    @cache
    def of(name: str) -> Draft202012Validator:
        Draft202012Validator.check_schema(schemas[name])
        return Draft202012Validator(schemas[name], registry=registry)

    return of
