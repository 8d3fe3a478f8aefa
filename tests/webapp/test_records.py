"""Sources and actors in the page: written by who has signed in, from this site, wrong fields said, history shown."""

from __future__ import annotations

import hashlib
import io
import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geodata import catalog
from tests.records.test_actors import GROUP, TWIN
from tests.records.test_sources import B2, REPORT
from tests.webapp.test_ledger import signed
from webapp.error_messages import label

WRITES = [
    ("/sources/new", REPORT),
    ("/sources/hussein-2024/grade", {**B2, "by": "A"}),
    ("/actors/new", GROUP),
    ("/actors/coalition/alias", {"alias": "X", "by": "A"}),
]


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_source_from_the_form_to_the_second_reader(client: FlaskClient, lang: str) -> None:
    signed(client)
    copy = (io.BytesIO(b"copy"), "folder/page.html")
    answer = client.post(f"/sources/new?lang={lang}", data={**REPORT, "file": copy})
    assert answer.headers["Location"].startswith("/sources/wire-report")
    result = catalog.current().sources()["wire-report"]
    assert result["file"] == {"name": "page.html", "bytes": 4, "sha256": hashlib.sha256(b"copy").hexdigest()}
    for what, by in (("grade", "Reader One"), ("second", "قارئة ثانية")):
        assert client.post(f"/sources/wire-report/{what}?lang={lang}", data={**B2, "by": by}).status_code == 303
    page = client.get(f"/sources/wire-report?lang={lang}").get_data(as_text=True)
    for text in (
        REPORT[f"title_{lang}"] if lang == "en" else REPORT["title"],
        "قارئة ثانية",
        "B2",
        "https://example.org",
    ):
        assert text in page
    words = catalog.current().vocabulary()["record_change"]
    assert all(words[what][lang] in page for what in ("recorded", "graded", "second"))
    body = client.get("/sources/wire-report.json").get_json()
    assert body["verification"]["status"] == "confirmed"
    assert [one["what"] for one in body["history"]] == ["second", "graded", "recorded"]
    assert "B2" in client.get(f"/sources?lang={lang}&q=wire-report").get_data(as_text=True)


@pytest.mark.parametrize(("path", "given"), WRITES)
def test_a_stranger_and_another_site_may_not_write(
    client: FlaskClient, workspace: Path, path: str, given: dict[str, str]
) -> None:
    stranger = client.application.test_client()
    assert stranger.post(path, data=given).status_code == 403
    assert stranger.get(path).status_code == 403
    signed(client)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.org"}):
        assert client.post(path, data=given, headers=headers).status_code == 403
    assert not (workspace / "sources" / "sources.json").exists()
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "given", "field"),
    [
        ("/sources/new", {**REPORT, "published_on": "<b>soon</b>"}, "published_on"),
        ("/sources/new", {**REPORT, "url": "javascript:alert(1)"}, "url"),
        ("/sources/hussein-2024/second", {**B2, "by": "A"}, "second"),
        ("/sources/hussein-2024/grade", {"by": "A"}, "reliability"),
        ("/sources/hussein-2024/attach", {"by": "A", "supports": "\x00"}, "supports"),
        ("/actors/new", {**GROUP, "kind": "x" * 5000}, "kind"),
        ("/actors/coalition/merge", {"by": "A", "into": "coalition"}, "into"),
        ("/actors/coalition/unmerge", {"by": "A"}, "id"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(
    client: FlaskClient, path: str, given: dict[str, str], field: str
) -> None:
    answer = signed(client).post(f"{path}?lang=en", data=given)
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert label(field, "en") in unescape(page.partition('role="alert"')[2].partition("</p>")[0])
    assert "<b>soon" not in page
    told = re.findall(r'name="(\w+)"[^>]*aria-invalid="true"', page)
    # What is no field of the form, or is the record itself, is told by the message alone.
    assert told == ([] if field in ("second", "id") else [field])


@pytest.mark.parametrize(
    "path",
    ["/sources/no-such", "/sources/no-such.json", "/actors/no-such", "/sources/hussein-2024/burn", "/actors/x/merge"],
)
def test_what_is_not_there_is_404(client: FlaskClient, path: str) -> None:
    assert signed(client).get(path).status_code == 404


def test_markup_in_a_record_stays_text(client: FlaskClient) -> None:
    planted = "<img src=x onerror=alert(1)>"
    signed(client).post("/sources/new", data={**REPORT, "outlet": planted, "by": f"A{planted}"})
    for path in ("/sources", "/sources/wire-report", "/sources/wire-report/change"):
        assert planted not in client.get(path).get_data(as_text=True)


def test_actors_are_merged_by_a_person_and_set_apart(client: FlaskClient) -> None:
    signed(client)
    for given in (GROUP, TWIN):
        assert client.post("/actors/new", data=given).status_code == 303
    assert "/actors/brigade-river/merge?into=river-brigade" in client.get("/actors/alike").get_data(as_text=True)
    assert {"river-brigade"} <= {one["actor"] for one in client.get("/actors/alike.json").get_json()["items"]}
    client.post("/actors/brigade-river/merge", data={"into": "river-brigade", "by": "A"})
    assert "Brigade River" in client.get("/actors/river-brigade?lang=en").get_data(as_text=True)
    assert "/actors/brigade-river/unmerge" in client.get("/actors/brigade-river").get_data(as_text=True)
    client.post("/actors/brigade-river/unmerge", data={"by": "A"})
    assert "merged_into" not in client.get("/actors/brigade-river.json").get_json()


def test_a_change_begins_with_what_is_recorded(client: FlaskClient) -> None:
    signed(client)
    client.post("/sources/new", data=REPORT)
    page = client.get("/sources/wire-report/change?lang=en").get_data(as_text=True)
    assert 'value="A wire"' in page
    client.post("/sources/wire-report/change", data={**REPORT, "outlet": "Two", "by": "B", "why": "misread"})
    shown = client.get("/sources/wire-report?lang=en").get_data(as_text=True)
    assert "<del><bdi>A wire</bdi></del>" in shown
    assert "misread" in shown
