"""Features Part 2: coordinate reference systems by reference."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyproj import CRS, Transformer

from geodata.query.crs import KNOWN
from tests.webapp.api.ogc.http import IDS, ITEMS, fetch, ids, parameter, refused

CRS84, LATLON = KNOWN[0].uri, KNOWN[1].uri
UTM = "http://www.opengis.net/def/crs/EPSG/0/32638"
WRONG = ["EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/27700", "", "../x"]


@pytest.mark.requirement("ogcapi-features-2/crs/crs-uri")
@pytest.mark.parametrize("crs", KNOWN, ids=lambda crs: crs.code)
def test_a_system_is_named_by_its_uri(crs: Any) -> None:
    authority, version, code = re.fullmatch(
        r"http://www\.opengis\.net/def/crs/(OGC|EPSG)/([0-9.]+)/(\w+)", crs.uri
    ).groups()  # type: ignore[union-attr]
    assert version == ("1.3" if authority == "OGC" else "0")
    assert CRS.from_user_input(crs.uri) == CRS.from_authority(authority, code)


@pytest.mark.requirement("ogcapi-features-2/crs/fc-md-crs-list", "ogcapi-features-2/crs/fc-md-crs-list-global")
def test_the_systems_of_a_collection_are_listed(client: FlaskClient) -> None:
    value = fetch(client, "/api/collections")
    assert set(value["crs"]) == {crs.uri for crs in KNOWN}
    by_id = {item["id"]: item["crs"] for item in value["collections"]}
    assert all(systems[:2] == [CRS84, LATLON] for systems in by_id.values())
    # No collection points to the list of all: each has its own, and all in it are answered.
    assert all("#/crs" not in systems for systems in by_id.values())
    for id_, systems in by_id.items():
        for uri in value["crs"]:
            answer = client.get(ITEMS.format(id_), query_string={"crs": uri, "limit": 1})
            assert answer.status_code == (200 if uri in systems else 400), (id_, uri)
    assert UTM in by_id["sites"]
    assert UTM not in by_id["countries"]


@pytest.mark.requirement("ogcapi-features-2/crs/fc-md-storageCrs", "ogcapi-features-2/crs/fc-md-storageCrs-valid-value")
def test_storage_crs(client: FlaskClient) -> None:
    for item in fetch(client, "/api/collections")["collections"]:
        assert item["storageCrs"] in item["crs"]
        assert fetch(client, f"/api/collections/{item['id']}")["storageCrs"] == CRS84


@pytest.mark.requirement("ogcapi-features-2/crs/fc-crs-definition", "ogcapi-features-2/crs/fc-bbox-crs-definition")
@pytest.mark.parametrize("id_", IDS)
def test_the_parameters_are_declared(id_: str, client: FlaskClient) -> None:
    items = f"/collections/{id_}/items"
    declared = [parameter(client, items, "crs"), parameter(client, items, "bbox-crs")]
    declared.append(parameter(client, "/collections/{collection}/items/{feature}", "crs"))
    for item in declared:
        assert (item["in"], item.get("required", False), item["style"], item["explode"]) == (
            "query",
            False,
            "form",
            False,
        )
        assert (item["schema"]["type"], item["schema"]["format"]) == ("string", "uri")


@pytest.mark.requirement(
    "ogcapi-features-2/crs/fc-crs-action",
    "ogcapi-features-2/crs/ogc-crs-header",
    "ogcapi-features-2/crs/ogc-crs-header-value",
    "ogcapi-features-2/crs/geojson",
)
@pytest.mark.parametrize("crs", KNOWN, ids=lambda crs: crs.code)
def test_coordinates_are_those_of_the_system(crs: Any, client: FlaskClient) -> None:
    # With the axes in the order of the definition, as pyproj has it without always_xy.
    true = Transformer.from_crs("OGC:CRS84", crs.code)
    answer = client.get(ITEMS.format("sites"), query_string={"crs": crs.uri})
    single = client.get(f"{ITEMS.format('sites')}/erbil", query_string={"crs": crs.uri})
    assert answer.headers["Content-Crs"] == single.headers["Content-Crs"] == f"<{crs.uri}>"
    assert answer.content_type == single.content_type == "application/geo+json"
    plain = fetch(client, ITEMS.format("sites"))["features"]
    moved = json.loads(answer.data)["features"]
    assert json.loads(single.data)["geometry"] == next(item for item in moved if item["id"] == "erbil")["geometry"]
    points = [(a["geometry"], b["geometry"]) for a, b in zip(plain, moved, strict=True)]
    assert sum(a is None for a, _ in points) == 2
    for a, b in points:
        assert (a is None) == (b is None)
        if a is not None:
            assert b["coordinates"] == pytest.approx(
                true.transform(*a["coordinates"]), abs=1e-3 if crs.metric else 1e-9
            )


@pytest.mark.requirement("ogcapi-features-2/crs/fc-crs-default-value")
def test_crs_default(client: FlaskClient) -> None:
    bare = client.get(ITEMS.format("sites"))
    named = client.get(ITEMS.format("sites"), query_string={"crs": CRS84})
    assert bare.headers["Content-Crs"] == named.headers["Content-Crs"] == f"<{CRS84}>"
    assert json.loads(bare.data)["features"] == json.loads(named.data)["features"]


@pytest.mark.requirement("ogcapi-features-2/crs/fc-crs-valid-value")
@pytest.mark.parametrize("crs", WRONG)
def test_crs_invalid(crs: str, client: FlaskClient) -> None:
    for path in (ITEMS.format("sites"), f"{ITEMS.format('sites')}/erbil"):
        refused(client, path, "crs", crs=crs)
    refused(client, ITEMS.format("countries"), "crs", crs=UTM)


@pytest.mark.requirement("ogcapi-features-2/crs/fc-bbox-crs-action", "ogcapi-features-2/crs/fc-bbox-crs-default-value")
@pytest.mark.parametrize("crs", KNOWN, ids=lambda crs: crs.code)
def test_bbox_crs(crs: Any, client: FlaskClient) -> None:
    corners = [(40, 36), (41, 37)]
    if crs.metric:
        move = Transformer.from_crs("OGC:CRS84", crs.code, always_xy=True)
        corners = [move.transform(*corner) for corner in corners]
    elif crs.latitude_first:
        corners = [(lat, lon) for lon, lat in corners]
    bbox = ",".join(f"{number:.3f}" for corner in corners for number in corner)
    expected = ids(client, "sites", bbox="40,36,41,37")
    assert expected == ids(client, "sites", **{"bbox": "40,36,41,37", "bbox-crs": CRS84}) != []
    assert ids(client, "sites", **{"bbox": bbox, "bbox-crs": crs.uri}) == expected


@pytest.mark.requirement("ogcapi-features-2/crs/fc-bbox-crs-valid-value")
def test_bbox_crs_invalid(client: FlaskClient) -> None:
    for crs in WRONG:
        refused(client, ITEMS.format("sites"), "bbox-crs", **{"bbox": "1,2,3,4", "bbox-crs": crs})
    # Known, and none of the systems of this collection.
    refused(client, ITEMS.format("countries"), "bbox-crs", **{"bbox": "1,2,3,4", "bbox-crs": UTM})
