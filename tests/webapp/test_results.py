"""Results by their id: the same answer again, what changed since, how to cite, and what cannot be had."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geodata import catalog
from geodata.store.workspace import Workspace
from tests.browser.words import word
from tests.store.test_workspace import ENTRY, sites
from webapp import charts

QUESTION = {"layer": "hasakah-prison", "target": "border-iq-sy"}


def asked(client: FlaskClient, name: str = "proximity", **inputs: str) -> str:
    """Ask a question and return the id of its result."""
    value = client.get(f"/api/processes/{name}/execution", query_string=inputs or QUESTION).get_json()
    assert value["citable"] is True
    return str(value["result_id"])


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_result_asked_again_is_the_same(client: FlaskClient, lang: str) -> None:
    id_ = asked(client)
    page = client.get(f"/r/{id_}?lang={lang}").get_data(as_text=True)
    assert "49 ± 3" in page
    assert client.get(f"/r/{id_}.json").get_json()["status"] == "same"


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("claims", {"of": "prison-10km"}),
        ("ruler", {"layer": "border-iq-sy", "km": "60"}),
        ("gaps", {"layer": "border-iq-sy", "km": "25"}),
        ("buffer", {"layer": "al-qaim", "km": "25"}),
        ("matrix", {"layer": "sites", "target": "borders"}),
        ("direction", {"layer": "erbil"}),
    ],
)
def test_every_kind_of_result_has_its_page(client: FlaskClient, name: str, inputs: dict[str, str]) -> None:
    id_ = asked(client, name, **inputs)
    assert client.get(f"/r/{id_}").status_code == 200
    sent = client.post(f"/r/{id_}/cite")
    assert sent.status_code == 303
    assert "@misc{masafa-" in client.get(sent.headers["Location"]).get_data(as_text=True)


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_rings_show_their_areas_and_what_lies_in_them(client: FlaskClient, lang: str) -> None:
    areas, points = {"layer": "gov-iq-ki", "km": "25,-1"}, {"layer": "erbil; al-qaim", "km": "25,60"}
    for inputs, more in ((areas, {}), (points, {}), (points, {"dissolve": "true"})):
        id_ = asked(client, "buffer", **inputs, **more)
        answer = client.get("/api/processes/buffer/execution", query_string=inputs | more).get_json()
        page = client.get(f"/r/{id_}?lang={lang}").get_data(as_text=True)
        for ring in answer["rings"]:
            figures = [area["display"]["number"] for area in ring["areas"] if area["display"]]
            totals = ring["totals"] or {}
            figures += [str(totals[likely]["features"]) for likely in ("certainly", "possibly") if totals]
            assert figures or ring["km"] < 0
            assert all(f'<bdi dir="ltr">{figure}</bdi>' in page for figure in figures)


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_matrix_shows_every_distance(client: FlaskClient, lang: str) -> None:
    inputs = {"layer": "sites", "target": "erbil; al-qaim"}
    id_ = asked(client, "matrix", **inputs)
    answer = client.get("/api/processes/matrix/execution", query_string=inputs).get_json()
    page = html.unescape(client.get(f"/r/{id_}?lang={lang}").get_data(as_text=True))
    pairs = [(row, column) for row in answer["rows"] for column in answer["columns"]]
    cells = [cell for row in answer["display"] for cell in row]
    for (row, column), cell in zip(pairs, cells, strict=True):
        assert cell is None or f"{row['name'][lang]} – {column['name'][lang]}</th>" in page
        assert cell is None or f'<bdi dir="ltr">{cell}</bdi>' in page
    assert sum(cell is not None for cell in cells) > len(answer["rows"])


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_claim_shows_its_figures_beside_its_verdict(client: FlaskClient, lang: str) -> None:
    id_ = str(client.get("/api/processes/claims/execution").get_json()["result_id"])
    page = client.get(f"/r/{id_}?lang={lang}").get_data(as_text=True)
    claims = client.get("/claims.json").get_json()["items"]
    rows = page.split("<tr")[2:]
    assert len(rows) == len(claims)
    for row, claim in zip(rows, claims, strict=True):
        then, now = row.split("<td")[1:]
        assert then.partition(">")[2].strip() == now.partition(">")[2].partition("</tr>")[0].strip()
        assert (
            re.sub(r"\D", "", str(claim["reported"]["value"])) in re.sub(r"\D", "", then)
            or claim["reported"]["text"][lang] in then
        )
        assert word(f"verdict_{claim['verdict']}", lang) in then
        shown = charts.of(claim)
        for display in (shown["measured_display"], shown["stated_display"], shown["interval_display"]):
            assert display is None or display["number"] in then
        assert ('class="measured"' in then) == (claim["basis"] == "measurement")
        for one in shown["others"] if claim["basis"] == "statements" else ():
            assert one["figure"] is None or one["figure"] in then
            assert one["source"] is None or f"/sources/{one['source']}" in then


def test_a_site_that_moved_changes_the_answer_and_the_old_one_still_runs(client: FlaskClient, workspace: Path) -> None:
    id_ = asked(client)
    sent = client.post(f"/r/{id_}/cite?lang=en")
    cited = client.get(sent.headers["Location"]).get_data(as_text=True)
    assert f"/r/{id_}" in cited
    assert "@misc{masafa-" in cited
    Workspace(workspace).put_layer(ENTRY, sites(hasakah_prison=(41.0, 36.5)))
    value = client.get(f"/r/{id_}.json").get_json()
    assert (value["status"], value["values"]) == ("changed", "changed")
    assert value["then"]["display"]["number"] == "49 ± 3"
    assert value["now"]["display"]["number"] == "30 ± 3"
    page = client.get(f"/r/{id_}?lang=en").get_data(as_text=True)
    assert "49 ± 3" in page
    assert "30 ± 3" in page
    assert "moved" in page
    assert asked(client) != id_


def test_uncited_and_changed_the_old_version_is_said_to_be_gone(client: FlaskClient, workspace: Path) -> None:
    id_ = asked(client)
    Workspace(workspace).put_layer(ENTRY, sites(hasakah_prison=(41.0, 36.5)))
    value = client.get(f"/r/{id_}.json").get_json()
    assert value["then"] is None
    assert value["then_reason"]
    assert client.post(f"/r/{id_}/cite").status_code == 422


@pytest.mark.parametrize(("id_", "status"), [("0123456789abcdef", 404), ("nonsense", 400), ("0123456789ABCDEF", 400)])
def test_an_id_that_is_not_held(client: FlaskClient, id_: str, status: int) -> None:
    for path in (f"/r/{id_}", f"/r/{id_}.json"):
        assert client.get(path).status_code == status
    assert client.get(f"/r/{id_}/cite").status_code in (404, 405)


def test_another_site_may_not_write(client: FlaskClient, workspace: Path) -> None:
    id_ = asked(client)
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://example.org"},
        {"Origin": "null"},
    ):
        assert client.post(f"/r/{id_}/cite", headers=headers).status_code == 403
    assert not list((workspace / "versions").glob("*.geojson"))
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}):
        assert client.post(f"/r/{id_}/cite", headers=headers).status_code == 303


def test_where_nothing_can_be_written_the_answer_comes_all_the_same(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("MASAFA_WORKSPACE", str(tmp_path / "file"))
    value = client.get("/api/processes/proximity/execution", query_string=QUESTION).get_json()
    assert value["display"]["number"] == "49 ± 3"
    assert value["citable"] is False
    assert value["not_citable"]


def test_a_layer_of_the_workspace_is_what_people_see(client: FlaskClient, workspace: Path) -> None:
    Workspace(workspace).put_layer(ENTRY, sites(erbil=(44.0, 36.0)))
    features = json.loads(client.get("/layers/sites.geojson").data)["features"]
    erbil = next(feature for feature in features if feature["id"] == "erbil")
    assert erbil["geometry"]["coordinates"] == [44.0, 36.0]
    assert client.get("/healthz").get_json()["layers"]["sites"] == catalog.current().layer("sites").version


def test_the_ledger_is_cited_from_its_page(client: FlaskClient) -> None:
    page = client.get("/claims?lang=en").get_data(as_text=True)
    address = page.partition('href="/r/')[2].partition("?")[0]
    assert client.get(f"/r/{address}.json").get_json()["analysis"] == "claims"


def test_a_question_leads_to_the_page_where_it_is_cited(client: FlaskClient, workspace: Path) -> None:
    for query in ("analysis=claims&of=prison-10km", "analysis=gaps&layer=border-iq-sy&km=25"):
        answer = client.get(f"/r?{query}&lang=en")
        assert answer.status_code == 303
        page = client.get(answer.headers["Location"])
        assert page.status_code == 200
        assert "/cite?lang=en" in page.get_data(as_text=True)
    for query, status in (
        ("", 404),
        ("analysis=nothing", 404),
        ("analysis=gaps&layer=moon", 400),
        ("analysis=gaps&x=1", 400),
    ):
        assert client.get(f"/r?{query}").status_code == status
