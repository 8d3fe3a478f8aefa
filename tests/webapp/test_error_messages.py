"""What went wrong, said on a page: in Arabic put together from its parts, in English as it is."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

ADDRESSES = [
    "/ruler?line=nope",
    "/ruler?km=lots",
    "/proximity?layer=sites&target=nope",
    "/proximity?layer=sites&page=0",
    "/matrix?layer=nope",
    "/layers/nope",
    "/layers/sites/export?format=doc",
    "/layers/sites/export?format=csv&bbox=1",
    "/r/zzz",
    "/r?analysis=nope",
    "/report/proximity?layer=sites",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_arabic_page_says_it_in_arabic(client: FlaskClient, address: str) -> None:
    joint = "&" if "?" in address else "?"
    answer = client.get(f"{address}{joint}lang=ar")
    assert answer.status_code in (400, 404)
    said = re.search(r'<p class="(?:problem|detail)"[^>]*>(.*?)</p>', answer.get_data(as_text=True), re.DOTALL)
    assert said is not None
    own = re.sub(r'<bdi lang="en".*?</bdi>', "", said[1])
    assert re.search(r"[ء-ي]{3}", own), said[1]
    assert not re.search(r"\bis not allowed|\bno \w+ is called", own)


def test_a_problem_document_has_it_in_both_for_the_page(client: FlaskClient) -> None:
    problem = client.get("/api/processes/distance/execution?layer=erbil").get_json(force=True)
    assert problem["parameter"] == "target"
    assert "target" in problem["said"]["en"]
    assert re.search("[ء-ي]", problem["said"]["ar"])
    assert "<" not in problem["said"]["ar"]


def test_what_was_typed_is_text_in_either_language(client: FlaskClient) -> None:
    for lang in ("ar", "en"):
        page = client.get(f"/ruler?line=<img%20src=x%20onerror=a()>&lang={lang}").get_data(as_text=True)
        assert "<img src=x" not in page
        assert "&lt;img" in page
