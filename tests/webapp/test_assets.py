"""The files a browser loads: there, of the right type, and none that a page names is missing."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from webapp.assets import STATIC


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/static/js/core/arabic.js", "text/javascript; charset=utf-8"),
        ("/static/css/base.css", "text/css; charset=utf-8"),
        ("/static/fonts/plex-sans.woff2", "font/woff2"),
        ("/leaflet/leaflet.css", "text/css; charset=utf-8"),
        ("/leaflet/leaflet-src.esm.js", "text/javascript; charset=utf-8"),
        ("/favicon.ico", "image/svg+xml; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_types(path: str, kind: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, kind)
    assert len(answer.data) > 100


@pytest.mark.parametrize("path", ["/", "/claims", "/sources", "/actors", "/about", "/layers/sites", "/nope"])
def test_what_a_page_loads_is_there(path: str, client: FlaskClient) -> None:
    page = client.get(path).text
    loaded = re.findall(r'<(?:link rel="(?:stylesheet|icon)" href|script type="module" src)="([^"]+)"', page)
    assert len(loaded) >= 2
    for address in loaded:
        assert client.get(address).status_code == 200, address


def test_what_scripts_and_styles_name_is_there(client: FlaskClient) -> None:
    for path in STATIC.rglob("*.js"):
        for name in re.findall(r'from "(\.{1,2}/[^"]+)"', path.read_text("utf-8")):
            folder = f"/static/{path.parent.relative_to(STATIC).as_posix()}"
            parts = folder.strip("/").split("/")
            for step in name.split("/"):
                parts = parts[:-1] if step == ".." else parts if step == "." else [*parts, step]
            assert client.get("/" + "/".join(parts)).status_code == 200, (path.name, name)
    for path in STATIC.rglob("*.css"):
        for name in re.findall(r"url\([\"']?([^)\"']+)", path.read_text("utf-8")):
            if not name.startswith(("data:", "#")):
                assert (path.parent / name).is_file(), (path.name, name)
