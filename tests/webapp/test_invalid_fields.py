"""A field whose value was refused says so, and is tied to the message; no other is."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

FORMS = [
    ("/analyses/buffer?layer=al-qaim&target=border-iq-sy&km=many&action=measure", "km"),
    ("/analyses/distance?layer=al-qaim&target=nothing-here-x,1&action=measure", "target"),
    ("/proximity?layer=sites&target=border-iq-sy&bands=wide", "bands"),
    ("/ruler?line=border-iq-sy&km=far", "km"),
    ("/ruler?line=border-iq-sy&zero=none", "zero"),
    ("/layers/sites/export?format=geojson&bbox=1,2", "bbox"),
    ("/layers/sites/export?format=geojson&where=kind+is", "where"),
    ("/matrix?from=sites&to=sites&most=x", ""),
]
_FIELD = re.compile(r"<(?:input|select|textarea)[^>]*aria-invalid=\"true\"[^>]*>")


@pytest.mark.parametrize(("path", "name"), FORMS)
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_field_is_told(client: FlaskClient, path: str, name: str, lang: str) -> None:
    page = client.get(f"{path}&lang={lang}").text
    fields = _FIELD.findall(page)
    assert [re.search(r' name="([^"]*)"', field)[1] for field in fields] == [name] * bool(name)  # type: ignore[index]
    for field in fields:
        described = re.search(r'aria-describedby="([^"]*)"', field)[1].split()  # type: ignore[index]
        assert described[-1] == "problem"
        assert all(page.count(f'id="{id_}"') == 1 for id_ in described)


@pytest.mark.parametrize("path", ["/analyses/buffer", "/proximity", "/ruler?line=border-iq-sy", "/claims", "/lines"])
def test_a_form_without_a_problem_tells_none(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert "aria-invalid" not in page
    assert not re.search(r'aria-describedby="[^"]*problem', page)
