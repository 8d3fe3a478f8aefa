"""What a filter leaves, beside what a rule in Python leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import cql2
from flask.testing import FlaskClient

from geodata.catalog import shipped
from geodata.model import Feature
from tests.webapp.api.ogc.http import ids

Rule = Callable[[Feature], bool]


def answers(client: FlaskClient, layer: str, text: str, rule: Rule, *, some: bool = True) -> None:
    """Assert that a filter leaves what a rule leaves, as text and as JSON; with `some`, neither nothing nor all."""
    features = shipped().layer(layer).features
    expected = [feature.id for feature in features if rule(feature)]
    assert not some or 0 < len(expected) < len(features), text
    tree = json.dumps(cql2.parse_text(text).to_json())
    assert ids(client, layer, filter=text) == expected, text
    assert ids(client, layer, **{"filter": tree, "filter-lang": "cql2-json"}) == expected, tree


def of(feature: Feature, name: str) -> Any:
    """Return a property; a name with a dot leads into a nested one."""
    value: Any = feature.properties
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value
