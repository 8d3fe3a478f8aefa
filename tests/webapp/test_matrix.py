"""The distance matrix in the page: all pairs with their uncertainty, downloads with all of them, bad input named."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient

from geodata import catalog


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_every_pair_is_shown_with_its_uncertainty(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/matrix?layer=hasakah-prison;erbil&target=border-iq-sy;border-iq-tr&lang={lang}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert text.count('class="qty"') == 4
    assert "49 ± 3" in text


def test_the_download_has_every_pair_and_nothing_else(client: FlaskClient) -> None:
    data = client.get("/matrix?f=csv&lang=en").data
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    by_pair = {(row["from"], row["to"]): row for row in rows}
    catalogue = catalog.current()
    assert (
        len(by_pair) == len(rows) == len(catalogue.layer("sites").features) * len(catalogue.layer("borders").features)
    )
    prison = by_pair["hasakah-prison", "border-iq-sy"]
    assert float(prison["distance_m"]) == pytest.approx(49_273.2, abs=0.1)
    assert float(prison["interval_high_m"]) - float(prison["interval_low_m"]) == pytest.approx(4000, abs=0.1)


def test_a_wide_matrix_says_what_is_not_shown(client: FlaskClient) -> None:
    page = client.get("/matrix?layer=erbil&target=places&lang=en").get_data(as_text=True)
    assert "the first 60 of each are shown" in page
    assert page.count("<td data-label") == 60


@pytest.mark.parametrize(
    ("query", "named", "status"),
    [
        ("layer=nowhere", "layer", 400),
        ("f=pdf", "“\u2068f\u2069”: “\u2068pdf\u2069” is not accepted", 400),
        ("layer=places&target=places", "distances are too many", 422),
    ],
)
def test_what_cannot_be_measured_is_said(client: FlaskClient, query: str, named: str, status: int) -> None:
    answer = client.get(f"/matrix?{query}&lang=en")
    assert answer.status_code == status
    assert named in answer.get_data(as_text=True)
    assert 'role="alert"' in answer.get_data(as_text=True)
