"""The proximity table's page: what is given is measured, shown, downloaded, and never kept; bad input is named."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geodata import registry
from geodata.catalog import shipped
from webapp.error_messages import FIELDS
from webapp.i18n import catalogue

TEXT = "Base: 33.79,42.44\n42.44 33.79\nfoo\n38S KC 12345 67890\n٣٣٫٧٩، ٤٢٫٤٤\nالقائم؛ ٣٤٫٣٧، ٤١٫٠٩"


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_pasted_rows(client: FlaskClient, lang: str, workspace: Path) -> None:
    page = client.post(f"/proximity?lang={lang}", data={"text": TEXT})
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert text.count("150.2 ± 0.6") == 2
    assert "FOO" in text
    assert ("may be swapped" if lang == "en" else "ربما كُتب خط العرض مكان خط الطول") in text
    assert not list(workspace.rglob("*"))


def test_a_layer_has_an_address(client: FlaskClient) -> None:
    sent = client.post("/proximity?lang=en", data={"layer": "sites", "target": "border-iq-sy"})
    assert sent.status_code == 303
    page = client.get(sent.headers["Location"]).get_data(as_text=True)
    assert "Hasakah prison" in page
    assert "49 ± 3" in page


def test_each_of_several_targets_has_its_answer_and_areas_have_an_interval(client: FlaskClient) -> None:
    given = {"layer": "sites", "target": ["border-iq-sy", "border-wall"]}
    page = client.post("/proximity?lang=en", data=given)
    page = client.get(page.headers["Location"]).get_data(as_text=True)
    assert page.count("<caption ") == 2
    answer = client.get("/proximity?layer=sites&target=border-iq-sy|border-wall&f=json&lang=en").get_json()
    assert len(answer["items"]) == 2 * answer["read"]
    assert len({item["id"] for item in answer["items"]}) == len(answer["items"])
    assert [one["target"] for one in answer["summaries"]] == ["border-iq-sy", "border-wall"]
    area = next(item for item in answer["items"] if item["name"] == "Akashat")
    alone = registry.run("proximity", {"layer": "akashat", "target": "border-iq-sy"}).to_dict()
    assert area["distance_m"] is None
    drawn = client.get("/proximity?layer=sites&target=border-iq-sy&f=geojson").get_json(force=True)["features"]
    assert [one["geometry"] for one in drawn if one["properties"]["distance_m"] is None] == [None]
    assert client.get("/proximity?layer=sites&target=border-iq-sy&f=csv").data.count(b"\r\n") == len(drawn) + 2
    assert area["interval_m"] == pytest.approx(alone["interval_m"])
    assert "certainly" not in [item["bands"]["100"] for item in answer["items"] if item["target"] == "border-wall"]


def test_the_headings_sort_and_the_sort_stays(client: FlaskClient) -> None:
    lines = "name,lat,lon\nb,33,42\na,34,42\n"
    base = {"rows": lines, "target": "border-iq-sy"}
    page = client.post("/proximity?lang=en", data={**base, "sort": "name", "sorted": "line"}).get_data(as_text=True)
    assert 'name="sorted" value="name"' in page
    rows = page.split('id="rows-title"')[1]
    assert rows.index("<bdi>a</bdi>") < rows.index("<bdi>b</bdi>")
    kept = client.post("/proximity?lang=en", data={**base, "sorted": "name"}).get_data(as_text=True)
    assert 'name="sorted" value="name"' in kept


def test_sorted_filtered_and_paged(client: FlaskClient) -> None:
    lines = "name,lat,lon\n" + "".join(f"row-{n:03},{31 + n / 100:.2f},42\n" for n in range(450))
    base = {"rows": lines, "target": "border-iq-sy"}
    first = client.post("/proximity?lang=en", data=base).get_data(as_text=True)
    assert "Rows 1 to 200 of 450" in first
    assert "row-199" in first.partition("<dialog")[0].split("</form>")[-1]
    assert "row-200" not in first.partition("<dialog")[0].split("</form>")[-1]
    last = client.post("/proximity?lang=en", data={**base, "page": "3"}).get_data(as_text=True)
    assert "Rows 401 to 450 of 450" in last
    found = client.post("/proximity?lang=en", data={**base, "name": "ROW-44", "sort": "distance"}).get_data(True)
    assert "Rows 1 to 10 of 10" in found
    near = client.post("/proximity?lang=en", data={**base, "word": "certainly", "band": "25"}).get_data(True)
    assert "of 450" not in near.partition("<dialog")[0].split("</form>")[-1]


@pytest.mark.parametrize(("form", "kind"), [("csv", "text/csv"), ("json", "application/json"), ("geojson", "geo+json")])
def test_downloads_have_all(client: FlaskClient, form: str, kind: str) -> None:
    sent = {"file": (io.BytesIO(b"lat,lon\n" + b"33,42\n" * 300), "a.csv"), "f": form}
    answer = client.post("/proximity", data=sent)
    assert kind in answer.content_type
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.count(b"border-iq-sy") >= 300


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "layer"),
        ({"text": "33,42", "layer": "sites"}, "layer"),
        ({"text": "33,42", "target": "nowhere"}, "nowhere"),
        ({"text": "33,42", "bands": "0"}, "bands"),
        ({"text": "33,42", "bands": "nan"}, "bands"),
        ({"text": "33,42", "order": "up"}, "order"),
        ({"text": "33,42", "sort": "up"}, "sort"),
        ({"text": "33,42", "page": "-1"}, "page"),
        ({"text": "33,42", "word": "x"}, "word"),
        ({"text": "33,42", "f": "exe"}, "exe"),
        ({"rows": "a,b\n1,2\n"}, "CSV"),
    ],
)
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_bad_input_is_named(client: FlaskClient, lang: str, given: dict[str, str], named: str) -> None:
    answer = client.post(f"/proximity?lang={lang}", data=given)
    # A table that lacks what it must have is not a parameter that is not allowed.
    assert answer.status_code == (422 if "rows" in given else 400)
    # A field is called as the page labels it.
    label = catalogue(lang)[FIELDS[named]] if named in FIELDS else named
    assert label in unescape(answer.get_data(as_text=True).partition("problem")[2].partition("</p>")[0])


def test_too_much(client: FlaskClient) -> None:
    many = b"lat,lon\n" + b"1,2\n" * 100_001
    assert client.post("/proximity", data={"file": (io.BytesIO(many), "a.csv")}).status_code == 422
    huge = client.post("/proximity", data=b" " * (33 * 1024 * 1024), content_type="multipart/form-data; boundary=x")
    assert huge.status_code == 413
    assert client.post("/claims", data={"text": " " * 2 * 1024 * 1024}).status_code == 413


def first_day(id_: str) -> str:
    properties = shipped().feature(f"events/{id_}").properties
    return str(properties["date_start"] or properties["date_end"] or "9999")


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_events_bear_their_dates_and_lead_to_their_page(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/proximity?layer=events&lang={lang}&sort=date").get_data(as_text=True)
    rows = page.split('id="rows-title"')[1]
    column = catalogue(lang)["col_date"]
    days = re.findall(rf'data-label="{column}"><bdi dir="(?:ltr|rtl)">([^<]+)</bdi>', rows)
    assert days[0] == {"en": "2011-12-01", "ar": "1 كانون الأول/ديسمبر 2011"}[lang]
    shown = re.findall(r"/events\?layer=events&amp;at=([a-z0-9-]+)", rows)
    dates = [first_day(id_) for id_ in shown]
    assert dates == sorted(dates)
    assert f'href="/events?layer=events&amp;at=event-tower-22-attack&amp;lang={lang}"' in rows
    assert 'aria-sort="ascending"><button class="sorter" form="view" name="sort" value="date"' in rows
    places = client.get(f"/proximity?layer=sites&lang={lang}").get_data(as_text=True).split('id="rows-title"')[1]
    assert f'href="/?at=al-hol&amp;lang={lang}"' in places
    assert 'value="date"' not in places


def test_a_download_says_which_event_each_row_is_and_when(client: FlaskClient) -> None:
    answer = client.get("/proximity?layer=events&f=csv")
    read = {row["feature"]: row for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))}
    tower = read["events/event-tower-22-attack"]
    assert (tower["date_start"], tower["date_end"]) == ("", "2024-02-02")
    assert read["events/event-talks-2023"]["lon"] == ""
