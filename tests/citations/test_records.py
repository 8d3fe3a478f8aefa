"""Records of results: small, whole, cited with their data, expired without."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from geodata import catalog, registry
from geodata.citations.cite import cite
from geodata.citations.records import Results
from geodata.citations.rerun import again
from geodata.claims import add
from geodata.errors import BadData, BadValue, NotFound, Refused
from geodata.store.workspace import Workspace
from tests.claims.test_add import NEAR
from tests.store.test_workspace import ENTRY, sites

QUESTION = {"layer": "hasakah-prison", "target": "border-iq-sy"}


def asked(folder: Path, name: str = "proximity", **parameters: str) -> tuple[str, Results]:
    """Ask and record a question; return its id and the records."""
    results = Results(Workspace(folder))
    return results.remember(registry.run(name, parameters or QUESTION, catalog.current())).id, results


def move(folder: Path, lon: float, lat: float) -> None:
    """Move the prison in the workspace."""
    Workspace(folder).put_layer(ENTRY, sites(hasakah_prison=(lon, lat)))


def test_a_record_is_small_and_holds_no_data(workspace: Path) -> None:
    id_, results = asked(workspace)
    path = workspace / "results" / f"{id_}.json"
    assert path.stat().st_size < 1000
    record = results.read(id_)
    assert (record.analysis, record.parameters, record.cited_at) == ("proximity", QUESTION, None)
    assert not list((workspace / "versions").iterdir())


def test_cited_then_moved_then_opened_again(workspace: Path) -> None:
    id_, results = asked(workspace)
    result = cite(id_, results, catalog.current(), url="http://127.0.0.1:8000/r/" + id_)
    assert "49 ± 3 km" in result["text"]["en"]
    assert "\u206649 ± 3\u2069 كم" in result["text"]["ar"]
    assert f"@misc{{masafa-{id_}," in result["bibtex"]
    assert result["json"]["layers"]["sites"] in result["bibtex"]
    assert again(id_, results, catalog.current())["status"] == "same"
    move(workspace, 40.8, 36.5)
    found = again(id_, results, catalog.current())
    assert (found["status"], found["values"]) == ("changed", "changed")
    assert found["then"]["display"]["number"] == "49 ± 3"
    assert found["now"]["distance_m"] < found["then"]["distance_m"]
    assert found["then"]["result_id"] == id_ != found["now"]["result_id"]
    (layer,) = [layer for layer in found["layers"] if layer["changed"]]
    (feature,) = layer["features"]
    assert (layer["id"], feature["id"], feature["change"]) == ("sites", "hasakah-prison", "moved")
    assert feature["moved_m"] > 1000
    number = {"path": "/display/number", "then": "49 ± 3", "now": found["now"]["display"]["number"]}
    assert {**number, "rows": ["sites/hasakah-prison"]} in found["differences"]
    assert "49 ± 3 km" in cite(id_, results, catalog.current())["text"]["en"]


def test_a_feature_that_is_gone_is_said_and_the_old_answer_still_given(workspace: Path) -> None:
    id_, results = asked(workspace)
    cite(id_, results, catalog.current())
    data = json.loads(sites())
    data["features"] = [one for one in data["features"] if one["id"] != "hasakah-prison"]
    Workspace(workspace).put_layer(ENTRY, json.dumps(data).encode())
    found = again(id_, results, catalog.current())
    assert found["now"] is None
    assert "hasakah-prison" in found["now_reason"]
    assert found["then"]["display"]["number"] == "49 ± 3"
    assert found["layers"][-1]["features"][0]["change"] == "removed"


def test_uncited_and_changed_cannot_be_cited_any_more(workspace: Path) -> None:
    id_, results = asked(workspace)
    move(workspace, 40.8, 36.5)
    with pytest.raises(Refused, match="ask again"):
        cite(id_, results, catalog.current())
    found = again(id_, results, catalog.current())
    assert (found["status"], found["values"], found["then"]) == ("changed", "unknown", None)
    assert "sites" in found["then_reason"]


def test_unknown_damaged_and_hostile_ids(workspace: Path) -> None:
    id_, results = asked(workspace)
    with pytest.raises(NotFound):
        results.read("0123456789abcdef")
    for bad in ("", "..", "x" * 16, "../../etc/passwd", id_.upper() + "Z"):
        with pytest.raises(BadValue):
            results.read(bad)
    path = workspace / "results" / f"{id_}.json"
    for damage in (b"", b"[]", b"{}", path.read_bytes().replace(b"border-iq-sy", b"border-iq-tr")):
        path.write_bytes(damage)
        with pytest.raises(BadData):
            results.read(id_)


def test_a_damaged_version_is_said(workspace: Path) -> None:
    id_, results = asked(workspace)
    cite(id_, results, catalog.current())
    version = results.read(id_).layers["sites"]
    move(workspace, 40.8, 36.5)
    (workspace / "versions" / f"{version}.geojson").write_bytes(sites())
    found = again(id_, results, catalog.current())
    assert found["then"] is None
    assert "damaged" in found["then_reason"]


def test_uncited_records_expire_and_cited_ones_do_not(workspace: Path) -> None:
    cited, results = asked(workspace)
    cite(cited, results, catalog.current())
    loose, _ = asked(workspace, layer="al-hol", target="border-iq-sy")
    old = time.time() - 40 * 24 * 3600
    for path in (*(workspace / "results").glob("*.json"), workspace / "results" / ".swept"):
        os.utime(path, (old, old))
    asked(workspace, layer="roj", target="border-iq-sy")
    assert results.read(cited).cited_at
    with pytest.raises(NotFound):
        results.read(loose)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("ruler", {"layer": "border-wall", "km": "30", "reverse": "true", "zero": "0"}),
        ("gaps", {"layer": "border-iq-sy", "km": "25", "kind": "town,crossing"}),
        ("buffer", {"layer": "erbil", "km": "5,10", "dissolve": "true"}),
        ("within", {"layer": "sites", "target": "borders", "km": "٢٥", "sensitivity": "1"}),
        ("direction", {"layer": "erbil"}),
        ("claims", {"of": "prison-10km"}),
    ],
)
def test_every_analysis_is_the_same_from_its_record(workspace: Path, name: str, parameters: dict[str, str]) -> None:
    id_, results = asked(workspace, name, **parameters)
    found = again(id_, results, catalog.current())
    assert (found["status"], found["values"]) == ("same", "same")
    assert found["now"]["result_id"] == id_
    assert cite(id_, results, catalog.current())["json"]["id"] == id_


def test_a_claim_that_changed_is_noticed_and_the_old_one_still_tested(workspace: Path) -> None:
    add.add(NEAR, Workspace(workspace), catalog.current())
    id_, results = asked(workspace, "claims", of="hol-14km")
    assert "claims" in results.read(id_).layers
    cite(id_, results, catalog.current())
    path = workspace / "sources" / "claims.json"
    body = json.loads(path.read_text())
    body["claims"][0]["reported"]["value"] = 90
    path.write_text(json.dumps(body))
    found = again(id_, results, catalog.current())
    assert (found["status"], found["values"]) == ("changed", "changed")
    assert [found[when]["items"][0]["verdict"] for when in ("then", "now")] == ["agrees", "disagrees"]
    (changed,) = [one for one in found["layers"] if one["changed"]]
    assert (changed["id"], changed["features"][0]["id"], changed["features"][0]["properties"]) == (
        "claims",
        "hol-14km",
        ["reported"],
    )
    assert changed["features"][0]["name"]["ar"] == NEAR["title_ar"]
    path.unlink()
    found = again(id_, results, catalog.current())
    assert found["now"] is None
    assert found["then"]["items"][0]["verdict"] == "agrees"
