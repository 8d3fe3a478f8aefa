"""The sample of an import: small, ours, true to the shipped layer, and understood without a correction."""

from __future__ import annotations

import csv
import io

from flask.testing import FlaskClient

from geodata.catalog import shipped
from tests.webapp.test_ledger import signed
from webapp.imports import sample


def test_its_rows_say_what_the_layer_says(client: FlaskClient) -> None:
    answer = client.get("/import/sample.csv")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert len(rows) > 5
    assert len(answer.data) < 10_000
    for row in rows:
        event = shipped().feature(row["id"])
        assert (row["name"], row["name_ar"]) == (event.name["en"], event.name["ar"])
        assert row["date"] == event.properties["date_start"]
        point = event.geometry.centroid  # type: ignore[union-attr]
        assert (float(row["latitude"]), float(row["longitude"])) == (round(point.y, 5), round(point.x, 5))


def test_every_row_of_it_is_placed_and_dated(client: FlaskClient) -> None:
    signed(client)
    answer = client.post("/import/sample?lang=en", follow_redirects=True)
    assert answer.status_code == 200
    assert sample.NAME in answer.text
    shown = answer.text.partition('class="file-grid"')[2].partition("</table>")[0]
    for row in sample.rows()[1:]:
        assert row[3].replace("'", "&#39;") in shown
    assert "no coordinates" not in shown
