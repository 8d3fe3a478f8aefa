"""What was added in the workspace stays out of a report that does not name it, unless the switch is on."""

from __future__ import annotations

import random

import pytest
from flask.testing import FlaskClient

from geodata import editing
from geodata.catalog import current, shipped, workspace
from geodata.formats import geojson
from tests.analysis.conftest import entry, feature, point

NAME = "Test site of mine"
ADDRESSES = (
    "claims/prison-10km?",
    "claims/wall-160km?",
    "buffer?layer=al-qaim&km=100&of=sites",
    "buffer?layer=al-qaim&km=100",
    "ruler?layer=border-iq-sy&km=60&of=sites",
    "gaps?layer=border-iq-sy&km=25",
    "proximity?layer=sites&target=border-iq-sy",
)


def text(client: FlaskClient, address: str, **more: str) -> str:
    """Return a report in English."""
    answer = client.get(f"/report/{address.partition('?')[0]}", query_string={**_query(address), "lang": "en", **more})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_data(as_text=True))


def _query(address: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in address.partition("?")[2].split("&") if pair)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_addition_is_left_out_and_taken_in_by_the_switch(client: FlaskClient, address: str) -> None:
    clean = text(client, address)
    assert "own=" not in clean
    _add()
    without, including = text(client, address), text(client, address, own="1")
    assert NAME not in without
    assert "Include your own additions" in without
    # But for the switch the report is the same as it was before anything was added.
    assert _document(without) == _document(clean)
    assert "This report includes features added in this workspace" in including
    assert "own=0" in including
    if "claims" not in address and "gaps" not in address:
        assert NAME in including


def _document(page: str) -> str:
    return page.partition("<main>")[2]


def _add() -> None:
    draw = random.Random(20260910)
    position = {"type": "Point", "coordinates": [41.09 + draw.uniform(-0.05, 0.05), 34.37 + draw.uniform(-0.05, 0.05)]}
    body = {
        "id": "my-test-site",
        "geometry": position,
        "properties": {
            "name_en": NAME,
            "name_ar": "موقع تجريبي",
            "kind": "town",
            "precision": "vicinity",
            "sources": ["hussein-2024"],
            "coordinateUncertaintyInMeters": 10,
        },
    }
    editing.add("sites", body, "Rana")


def test_what_the_question_names_is_spoken_of(client: FlaskClient) -> None:
    _add()
    for address in ("distance?layer=my-test-site&target=al-qaim", f"proximity?layer={NAME}&target=border-iq-sy"):
        page = text(client, address)
        assert NAME in page
        assert "own=" not in page


def test_a_layer_of_the_workspace_is_no_part_unless_named(client: FlaskClient) -> None:
    mine = geojson.write([feature("my-post", point(41.11, 34.37), name_en=NAME, coordinateUncertaintyInMeters=10)])
    workspace().put_layer({**entry("mine", None), "kind": "site"}, mine)
    address = "buffer?layer=al-qaim&km=25"
    assert NAME not in text(client, address)
    assert NAME in text(client, address, own="1")
    assert NAME in text(client, address, of="mine")


def test_a_corrected_site_stays_corrected(client: FlaskClient) -> None:
    tag = editing.tag(editing.read_feature("sites", "al-baghuz"))
    editing.change("sites", "al-baghuz", {"properties": {"name_en": "Corrected name"}}, tag, "Rana")
    _add()
    page = text(client, "proximity?layer=sites&target=border-iq-sy")
    assert "Corrected name" in page
    assert NAME not in page
    reduced = current().without_additions()
    assert {one.id for one in reduced.layer("sites").features} == {one.id for one in shipped().layer("sites").features}
    assert reduced.version("sites") not in (current().version("sites"), shipped().version("sites"))
    assert current().without_additions(frozenset({"my-test-site"})).store is current().store


def test_the_switch_is_one_or_the_other(client: FlaskClient) -> None:
    assert client.get("/report/claims/prison-10km?own=perhaps").status_code == 400
