"""Files brought in by the page: sent, looked at, put right, brought in, cancelled; by who has signed in alone."""

from __future__ import annotations

import html
import io
import re
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geodata import catalog
from tests.importing.made import acled, acled_file
from tests.webapp.test_ledger import signed
from webapp import jobs
from webapp.imports import uploads
from webapp.imports.background import STATES

FILE = acled_file(acled(), acled("IRQ2", latitude="0", longitude="0"), acled("IRQ3", latitude="nowhere"))


def sent(client: FlaskClient, data: bytes = FILE, name: str = "acled.csv") -> str:
    """Send a file; return the address at which it is looked at."""
    answer = client.post(
        "/import/files", data={"file": (io.BytesIO(data), name)}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 201
    assert answer.json
    assert answer.headers["Location"] == answer.json["location"]
    return str(answer.json["location"])


def over(client: FlaskClient, address: str) -> dict[str, object]:
    """Wait until an import is over; return how it stands."""
    for _ in range(2400):
        status = client.get(f"{address}/job.json").json
        assert status
        if status["state"] in {STATES[state] for state in jobs.OVER}:
            return dict(status)
        time.sleep(0.05)
    raise AssertionError("an import does not end")


@pytest.mark.parametrize(("lang", "said"), [("en", "the position cannot be read"), ("ar", "تعذّرت قراءة الموضع")])
def test_a_file_is_looked_at_put_right_and_brought_in(
    client: FlaskClient, workspace: Path, lang: str, said: str
) -> None:
    address = sent(signed(client))
    page = client.get(f"{address}?lang={lang}")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    text = page.get_data(as_text=True)
    assert "ACLED" in text
    assert "قصف" in text
    form = {"layer": "attacks", "mapped": "true", "as.event_id_cnty": "id", "as.event_date": "date"}
    form |= {"as.latitude": "lat", "as.longitude": "lon", "as.notes": "name", "profile": "plain", "rows": "3"}
    again = client.post(f"{address}?lang={lang}", data={**form, "action": "look"}).get_data(as_text=True)
    assert said in again
    assert '<option value="name" selected>' in again
    answer = client.post(f"{address}?lang={lang}", data={**form, "action": "load"})
    assert answer.status_code == 303
    assert over(client, address)["state"] == "done"
    response = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "NOWHERE" in response
    layer = catalog.current().layer("attacks")
    assert [one.properties["name_ar"] for one in layer.features] == ["قصف على القاعدة"] * 3
    assert [one.geometry is None for one in layer.features] == [False, True, True]
    assert client.get(address).status_code == 404
    assert "own-title" in client.get("/import").get_data(as_text=True)


def test_the_form_alone_is_led_to_the_look(client: FlaskClient, workspace: Path) -> None:
    answer = signed(client).post("/import/files?lang=en", data={"file": (io.BytesIO(FILE), "../../a\u202eb.csv")})
    assert answer.status_code == 303
    assert "ab.csv" in client.get(answer.headers["Location"]).get_data(as_text=True)
    assert client.post(f"{answer.headers['Location'].partition('?')[0]}/drop").status_code == 303
    assert client.get(answer.headers["Location"]).status_code == 404
    assert not list((workspace / "uploads").iterdir())


def test_what_cannot_be_read_is_said_and_can_be_put_right(client: FlaskClient, workspace: Path) -> None:
    address = sent(signed(client))
    for form, status, message in (
        ({"encoding": "klingon"}, 400, "encoding"),
        ({"layer": "No Such"}, 400, "lower-case"),
        ({"layer": "", "action": "load"}, 400, "lower-case"),
        ({"profile": "acled-deleted", "layer": "new"}, 200, "ACLED"),
        ({"mapped": "true", "as.latitude": "lat"}, 400, "longitude together"),
        ({"mapped": "true", "as.nothing": "lat", "as.longitude": "lon"}, 400, "a column of the file"),
        ({"part": "other"}, 200, "ACLED"),
    ):
        answer = client.post(f"{address}?lang=en", data=form)
        assert (answer.status_code, message in answer.get_data(as_text=True)) == (status, True), form
    broken = sent(client, b"PK\x03\x04 not a zip", "a.xlsx")
    assert client.get(broken).status_code == 422
    picture = sent(client, b"GIF89a", "a.gif")
    assert client.get(picture).status_code == 400


def test_an_import_that_fails_says_so_and_leaves_nothing(client: FlaskClient, workspace: Path) -> None:
    address = sent(signed(client))
    assert client.post(address, data={"layer": "sites", "action": "load"}).status_code == 303
    assert over(client, address)["state"] == "failed"
    assert "sites" in client.get(f"{address}/job?lang=en").get_data(as_text=True)
    assert "sites" in str(over(client, address)["said"])
    assert catalog.current() is catalog.shipped()
    assert client.get(address).status_code == 200


def test_an_import_is_cancelled_without_a_trace(
    client: FlaskClient, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = sent(signed(client))
    report = jobs.RunningJob.report

    def cancelling(job: jobs.RunningJob, step: str, rows: int) -> None:
        if step == "write":
            assert client.post(f"{address}/cancel").status_code == 303
        report(job, step, rows)

    monkeypatch.setattr(jobs.RunningJob, "report", cancelling)
    client.post(address, data={"layer": "attacks", "action": "load"})
    assert over(client, address)["state"] == "cancelled"
    assert catalog.current() is catalog.shipped()
    assert not list((workspace / "incoming").iterdir())
    assert "own-title" not in client.get("/import").get_data(as_text=True)
    monkeypatch.setattr(jobs.RunningJob, "report", report)
    client.post(address, data={"layer": "attacks", "action": "load"})
    assert over(client, address)["state"] == "done"


def test_a_stranger_sends_and_sees_nothing(client: FlaskClient, workspace: Path) -> None:
    address = sent(signed(client))
    stranger = client.application.test_client()
    assert stranger.get("/import").status_code == 200
    assert stranger.post("/import/files", data={"file": (io.BytesIO(FILE), "a.csv")}).status_code == 403
    for way in (address, f"{address}/job", f"{address}/job.json"):
        assert stranger.get(way).status_code == 403
    assert stranger.post(address, data={"action": "load"}).status_code == 403
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/import/files", data={"file": (io.BytesIO(FILE), "a.csv")}, headers=cross).status_code == 403
    assert client.post(f"{address}/cancel", headers=cross).status_code == 403


@pytest.mark.parametrize("token", ["0" * 32, "x", "..", "0" * 31 + "/"])
def test_no_other_folder_is_looked_into(client: FlaskClient, workspace: Path, token: str) -> None:
    assert signed(client).get(f"/import/{token}").status_code == 404
    assert client.get(f"/import/{token}/job").status_code in (308, 404)


def test_files_wait_for_a_day_and_not_too_many_of_them(
    client: FlaskClient, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST", 3)
    signed(client)
    items = [sent(client) for _ in range(5)]
    assert [client.get(one).status_code for one in items] == [404, 404, 200, 200, 200]
    monkeypatch.setattr(uploads, "AGE_SECONDS", -60)
    sent(client)
    assert client.get(items[-1]).status_code == 404


def test_an_empty_file_or_none_is_refused(client: FlaskClient, workspace: Path) -> None:
    assert signed(client).post("/import/files", data={"file": (io.BytesIO(b""), "a.csv")}).status_code == 422
    assert client.post("/import/files", data={}).status_code == 400
    assert not list((workspace / "uploads").iterdir())


def finished(client: FlaskClient, data: bytes, name: str, **form: str) -> str:
    """Import a file by the form; return its address."""
    address = sent(client, data, name)
    assert client.post(address, data={"action": "load", **form}).status_code == 303
    assert over(client, address)["state"] == "done"
    return address


TOWNS = b"name,date,lat,lon\nA,03/04/2024,33.5,44.5\nB,05/06/2024,33.6,44.6\n"


def test_a_new_layer_is_undone(client: FlaskClient, workspace: Path) -> None:
    address = finished(signed(client), TOWNS, "towns.csv", layer="towns")
    version = catalog.current().layer("towns").version
    status = client.get(f"{address}/job.json").json
    assert status
    assert (status["layer"], status["address"]) == ("towns", "/events?layer=towns")
    answer = client.post(f"{address}/undo?lang=en")
    assert answer.status_code == 303
    assert "towns.csv" in client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "towns" not in catalog.current().ids()
    assert catalog.workspace().keeps(version)
    assert client.post(f"{address}/undo").status_code in (404, 409, 422)


def test_a_newer_version_is_undone_and_the_one_before_stands_again(client: FlaskClient, workspace: Path) -> None:
    finished(signed(client), TOWNS, "towns.csv", layer="towns")
    before = catalog.current().layer("towns")
    address = finished(client, TOWNS + b"C,07/08/2024,33.7,44.7\n", "towns.csv", layer="towns")
    assert len(catalog.current().layer("towns").features) == 3
    assert client.post(f"{address}/undo", headers={"Accept": "application/json"}).json
    after = catalog.current().layer("towns")
    assert (after.version, len(after.features)) == (before.version, 2)
    assert after.entry == before.entry


def test_an_import_is_not_undone_over_a_later_change(client: FlaskClient, workspace: Path) -> None:
    first = finished(signed(client), TOWNS, "towns.csv", layer="towns")
    finished(client, TOWNS + b"C,07/08/2024,33.7,44.7\n", "towns.csv", layer="towns")
    answer = client.post(f"{first}/undo?lang=en")
    assert answer.status_code >= 400
    assert len(catalog.current().layer("towns").features) == 3


def answers(page: str, topic: str) -> list[str]:
    """Return the values of the answers to a question on a page."""
    return [html.unescape(value) for value in re.findall(rf'name="answer\.{topic}" value="([^"]*)"', page)]


def sent_back(page: str) -> dict[str, str]:
    """Return the fields of a page that say what was guessed and asked, as a browser sends them back."""
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
    chosen = re.findall(r'<select id="as-\d+" name="([^"]+)".*?</select>', page, re.DOTALL)
    picked = {
        name: (re.findall(r'value="([^"]*)" selected', block) or [""])[0]
        for name, block in re.findall(r'<select id="as-\d+" name="([^"]+)"(.*?)</select>', page, re.DOTALL)
    }
    assert set(chosen) == set(picked)
    return {html.unescape(name): html.unescape(value) for name, value in (*hidden, *picked.items())}


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_questions_are_answered_and_answered_otherwise(client: FlaskClient, workspace: Path, lang: str) -> None:
    address = sent(signed(client), TOWNS, "towns.csv")
    page = client.get(f"{address}?lang={lang}").get_data(as_text=True)
    assert " checked" not in page
    for chosen in answers(page, "dates")[:2]:
        form = {**sent_back(page), "answer.dates": chosen, "answer.radius": answers(page, "radius")[1]}
        page = client.post(f"{address}?lang={lang}", data=form).get_data(as_text=True)
        # What was answered is shown still, so that it can be answered otherwise.
        assert page.count(" checked") == 2
        assert len(answers(page, "dates")) == 3
    form = {
        **sent_back(page),
        "answer.dates": answers(page, "dates")[0],
        "radius_km": "2,5",
        "radius_reason": "by name",
    }
    assert client.post(address, data={**form, "action": "load", "layer": "towns"}).status_code == 303
    assert over(client, address)["state"] == "done"
    layer = catalog.current().layer("towns")
    assert [one.properties["date_start"] for one in layer.features] == ["2024-04-03", "2024-06-05"]
    assert (layer.entry["assumed"]["radius_m"], layer.entry["assumed"]["why"]) == (2500.0, "by name")


def test_what_no_row_places_is_kept_as_a_table_alone(client: FlaskClient, workspace: Path) -> None:
    address = sent(signed(client), b"name,date\nA,2024-05-01\n", "bare.csv")
    page = client.get(f"{address}?lang=en").get_data(as_text=True)
    assert re.search(r'value="load" disabled aria-describedby="nothing-placed"', page)
    client.post(address, data={"layer": "bare", "action": "load"})
    status = over(client, address)
    assert status["state"] == "failed"
    assert "bare.csv" in str(status["said"])
    client.post(address, data={"layer": "bare", "action": "table"})
    assert over(client, address)["state"] == "done"
    assert len(catalog.current().layer("bare").features) == 1


def test_the_small_map_has_a_dot_for_each_place(client: FlaskClient, workspace: Path) -> None:
    address = sent(signed(client), TOWNS, "towns.csv")
    page = client.get(f"{address}?lang=en").get_data(as_text=True)
    assert page.count("<circle cx=") == 2
    assert 'role="img" aria-label="Map of the 2 positions' in page


@pytest.mark.parametrize(
    "form",
    [
        {"answer.dates": "no json"},
        {"answer.dates": "[1, 2]"},
        {"answer.dates": '{"dates": "never"}'},
        {"answer.dates": '{"roles": 7}'},
        {"answer.radius": '{"radius": [1]}'},
        {"answer.crs": '{"crs": "EPSG:4326"}'},
        {"mapped": "true", "answer.position": '{"roles": {"position": "no column"}}'},
        {"radius_km": "far"},
        {"radius_km": "-1"},
    ],
)
def test_an_answer_that_is_none_is_refused(client: FlaskClient, workspace: Path, form: dict[str, str]) -> None:
    address = sent(signed(client), TOWNS, "towns.csv")
    assert client.post(f"{address}?lang=en", data=form).status_code == 400
    broken = {"question.dates": '{"topic": "dates", "text": {"code": "no.such"}}', "answer.dates": '{"dates": "dmy"}'}
    assert client.post(f"{address}?lang=en", data=broken).status_code == 200
