"""CQL2 as text and as JSON: each class against what the features themselves say."""

from __future__ import annotations

import json
import operator
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from geodata.catalog import shipped
from geodata.model import Feature
from geodata.store.workspace import Workspace
from tests.webapp.api.ogc.filtering import Rule, answers, of
from tests.webapp.api.ogc.http import ITEMS, ids, refused
from tests.webapp.api.test_workspace import ENTRY

PREDICATES: dict[str, Rule] = {
    "kind = 'prison'": lambda item: item.kind == "prison",
    "name_en < 'M'": lambda item: of(item, "name_en") < "M",
    "placeholder = true": lambda item: of(item, "placeholder") is True,
    "id >= 'h'": lambda item: item.id >= "h",
}


@pytest.mark.requirement("cql2/basic-cql2/cql2-filter", "cql2/cql2-text/basic-cql2", "cql2/cql2-json/basic-cql2")
@given(order=st.permutations(list(PREDICATES)))
def test_predicates_are_joined(order: list[str], client: FlaskClient) -> None:
    a, b, c, d = order
    w, x, y, z = (PREDICATES[text] for text in order)
    answers(
        client,
        "sites",
        f"(NOT {a} AND {b}) OR ({c} and NOT {d}) or not ({a} AND {d})",
        lambda item: (not w(item) and x(item)) or (y(item) and not z(item)) or not (w(item) and z(item)),
        some=False,
    )


@pytest.mark.requirement("cql2/basic-cql2/property", "cql2/cql2-text/basic-cql2", "cql2/cql2-json/basic-cql2")
def test_a_property_is_a_queryable_and_nothing_where_it_is_unset(client: FlaskClient) -> None:
    refused(client, ITEMS.format("sites"), "filter", filter="nope = 1")
    refused(
        client,
        ITEMS.format("sites"),
        "filter",
        **{"filter": '{"op": "=", "args": [{"property": "nope"}, 1]}', "filter-lang": "cql2-json"},
    )
    answers(client, "events", "killed.best >= 0", lambda item: of(item, "killed.best") is not None)
    answers(client, "events", "NOT killed.best >= 0", lambda item: False, some=False)
    answers(client, "sites", "\"kind\" = 'prison'", lambda item: item.kind == "prison")


COMPARISONS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


@pytest.mark.requirement(
    "cql2/basic-cql2/binary-comparison-predicate", "cql2/cql2-text/basic-cql2", "cql2/cql2-json/basic-cql2"
)
@pytest.mark.parametrize("sign", COMPARISONS)
@pytest.mark.parametrize(
    ("layer", "name", "literal", "value"),
    [
        ("sites", "name_en", "'Hasakah'", "Hasakah"),
        ("places", "population", "100000", 100000),
        ("events", "killed.best", "3", 3),
        ("events", "date_start", "DATE('2024-01-04')", "2024-01-04"),
        ("places", "coordinateUncertaintyInMeters", "2.5e3", 2500),
    ],
)
def test_comparisons(sign: str, layer: str, name: str, literal: str, value: Any, client: FlaskClient) -> None:
    compare = COMPARISONS[sign]

    def rule(item: Feature) -> bool:
        return of(item, name) is not None and bool(compare(of(item, name), value))

    answers(client, layer, f"{name} {sign} {literal}", rule, some=False)


@pytest.mark.requirement("cql2/basic-cql2/null-predicate", "cql2/cql2-text/basic-cql2", "cql2/cql2-json/basic-cql2")
def test_null(client: FlaskClient) -> None:
    answers(client, "events", "killed.best IS NULL", lambda item: of(item, "killed.best") is None)
    answers(client, "events", "killed.best IS NOT NULL", lambda item: of(item, "killed.best") is not None)
    answers(client, "sites", "geometry IS NULL", lambda item: item.geometry is None)


@pytest.mark.requirement(
    "cql2/advanced-comparison-operators/like-predicate",
    "cql2/cql2-text/advanced-comparison-operators",
    "cql2/cql2-json/advanced-comparison-operators",
)
def test_like(client: FlaskClient) -> None:
    answers(client, "places", "name_en LIKE 'Al%'", lambda item: of(item, "name_en").startswith("Al"))
    answers(client, "places", "name_en NOT LIKE '%a%'", lambda item: "a" not in of(item, "name_en"))
    answers(client, "sites", "id LIKE '_r___'", lambda item: len(item.id) == 5 and item.id[1] == "r")
    answers(client, "places", "name_en LIKE '%\\%%'", lambda item: "%" in of(item, "name_en"), some=False)


@pytest.mark.requirement(
    "cql2/advanced-comparison-operators/between-predicate",
    "cql2/advanced-comparison-operators/in-predicate",
    "cql2/cql2-text/advanced-comparison-operators",
    "cql2/cql2-json/advanced-comparison-operators",
)
def test_between_and_in(client: FlaskClient) -> None:
    def populated(item: Feature) -> bool:
        return of(item, "population") is not None

    answers(
        client,
        "places",
        "population BETWEEN 50000 AND 200000",
        lambda item: populated(item) and 50000 <= of(item, "population") <= 200000,
    )
    answers(
        client,
        "places",
        "population NOT BETWEEN 50000 AND 200000",
        lambda item: populated(item) and not 50000 <= of(item, "population") <= 200000,
    )
    answers(client, "sites", "kind IN ('prison', 'air-base')", lambda item: item.kind in ("prison", "air-base"))
    answers(client, "sites", "kind NOT IN ('prison')", lambda item: item.kind != "prison")


@pytest.mark.requirement(
    "cql2/case-insensitive-comparison/casei-function",
    "cql2/cql2-text/case-insensitive-comparison",
    "cql2/cql2-json/case-insensitive-comparison",
)
def test_casei(client: FlaskClient) -> None:
    answers(client, "sites", "CASEI(kind) = CASEI('PRISON')", lambda item: item.kind.casefold() == "prison")
    answers(
        client,
        "sites",
        "CASEI(name_en) LIKE CASEI('%PRISON%')",
        lambda item: "prison" in of(item, "name_en").casefold(),
    )
    answers(client, "sites", "kind = 'PRISON'", lambda item: False, some=False)


def unaccented(text: str) -> str:
    return "".join(item for item in unicodedata.normalize("NFD", text) if not unicodedata.combining(item))


@pytest.mark.requirement(
    "cql2/accent-insensitive-comparison/accenti-function",
    "cql2/cql2-text/accent-insensitive-comparison",
    "cql2/cql2-json/accent-insensitive-comparison",
)
def test_accenti(client: FlaskClient) -> None:
    for text, bare in (("Al Ḩasakah", "Al Hasakah"), ("Tikrit", "Tikrit"), ("Tīkrīt", "Tikrit")):
        answers(
            client,
            "places",
            f"ACCENTI(name_en) = ACCENTI('{text}')",
            lambda item, bare=bare: unaccented(of(item, "name_en")) == bare,  # type: ignore[misc]
        )
    answers(client, "places", "name_en = 'Tīkrīt'", lambda item: False, some=False)


@pytest.mark.requirement(
    "cql2/property-property/withdraw-permissions",
    "cql2/cql2-text/property-property",
    "cql2/cql2-json/property-property",
)
def test_either_side_may_be_a_property_or_a_literal(client: FlaskClient) -> None:
    answers(client, "sites", "'prison' = kind", lambda item: item.kind == "prison")
    answers(client, "sites", "id < kind", lambda item: item.id < item.kind)
    answers(client, "sites", "1 < 2", lambda item: True, some=False)
    answers(client, "sites", "'prison' LIKE 'pri%'", lambda item: True, some=False)
    answers(client, "sites", "'prison' LIKE 'x%' OR kind = 'prison'", lambda item: item.kind == "prison")
    answers(client, "sites", "'prison' IN (kind, precision)", lambda item: item.kind == "prison")
    known = ("killed.low", "killed.best", "killed.high")
    answers(
        client,
        "events",
        "killed.best BETWEEN killed.low AND killed.high",
        lambda item: None not in (v := [of(item, name) for name in known]) and v[0] <= v[1] <= v[2],
    )
    box = shapely.box(40, 34, 43, 37)
    answers(
        client,
        "sites",
        "S_CONTAINS(BBOX(40, 34, 43, 37), geometry)",
        lambda item: item.geometry is not None and box.contains(item.geometry),
    )
    answers(
        client,
        "events",
        "T_BEFORE(DATE('2023-12-31'), date_start)",
        lambda item: of(item, "date_start") is not None and of(item, "date_start") > "2023-12-31",
    )
    cited = [source for item in shipped().layer("events").features for source in of(item, "sources") or ()]
    source = min(cited, key=cited.count)
    answers(
        client, "events", f"A_CONTAINEDBY(('{source}'), sources)", lambda item: source in (of(item, "sources") or ())
    )


@pytest.mark.requirement("cql2/arithmetic/arithmetic", "cql2/cql2-text/arithmetic", "cql2/cql2-json/arithmetic")
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("killed.best + 2 = 5", lambda n: n + 2 == 5),
        ("killed.best - 1 > 2", lambda n: n - 1 > 2),
        ("2 * killed.best >= 6", lambda n: 2 * n >= 6),
        ("killed.best / 2 = 1.5", lambda n: n / 2 == 1.5),
        ("killed.best ^ 2 < 10", lambda n: n**2 < 10),
        ("killed.best % 2 = 1", lambda n: n % 2 == 1),
        ("killed.best div 2 = 1", lambda n: n // 2 == 1),
        ("killed.best + 2 * 3 - (1 + 1) = 7", lambda n: n + 2 * 3 - (1 + 1) == 7),
    ],
)
def test_arithmetic(text: str, rule: Callable[[float], bool], client: FlaskClient) -> None:
    answers(
        client,
        "events",
        text,
        lambda item: of(item, "killed.best") is not None and rule(of(item, "killed.best")),
    )


@pytest.mark.requirement("cql2/cql2-text/functions", "cql2/cql2-json/functions")
def test_no_other_function_is_claimed(client: FlaskClient) -> None:
    assert not [item for item in client.get("/api/conformance").get_json()["conformsTo"] if item.endswith("/functions")]
    refused(client, ITEMS.format("sites"), "filter", filter="avg(population) = 1")
    tree = '{"op": "=", "args": [{"op": "avg", "args": [{"property": "id"}]}, 1]}'
    refused(client, ITEMS.format("sites"), "filter", **{"filter": tree, "filter-lang": "cql2-json"})


@pytest.mark.requirement("cql2/cql2-text/escaping")
@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("d''Avvento", "d'Avvento"),
        ("d\\'Avvento", "d'Avvento"),
        *((f"x\\{letter}y", f"x{control}y") for letter, control in zip("abtnvfr", "\a\b\t\n\v\f\r", strict=True)),
        ("\\'", "'"),
        ("''", "'"),
        ("x\\\\ny", "x\\\\ny"),
    ],
)
def test_escapes(literal: str, value: str, client: FlaskClient, workspace: Path) -> None:
    features = [
        {"type": "Feature", "id": id_, "geometry": None, "properties": {"text": text}}
        for id_, text in (("it", value), ("other", "x"), ("none", None))
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    Workspace(workspace).put_layer({**ENTRY, "id": "mine"}, data)
    assert ids(client, "mine", filter=f"text = '{literal}'") == ["it"]
    assert ids(client, "mine", filter=f"text IN ('', '{literal}') AND NOT text = ''") == ["it"]
