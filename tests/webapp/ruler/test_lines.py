"""Lines of one's own in the page: ruled at once by anybody, kept by who has signed in."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from geodata import catalog
from tests.editing.test_user_lines import GIVEN
from tests.webapp.test_ledger import signed

TYPED = "36.4, 40.9\n35.4, 41.2\n34.4, 41.0"


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_typed_line_is_ruled_at_its_own_address(client: FlaskClient, lang: str) -> None:
    answer = client.post(f"/lines?lang={lang}", data={"path": TYPED, "action": "rule"})
    assert answer.status_code == 303
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked == {"line": ["LINESTRING (40.9 36.4, 41.2 35.4, 41 34.4)"], "lang": [lang]}
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert ("Drawn line" if lang == "en" else "خط مرسوم") in page.get_data(as_text=True)


def test_an_uploaded_line_is_kept_made_the_reference_and_removed(client: FlaskClient, workspace: Path) -> None:
    file = b'{"type":"LineString","coordinates":[[41.0,34.4],[41.2,34.8],[41.4,36.5]]}'
    data = {**GIVEN, "action": "keep", "file": (io.BytesIO(file), "line.geojson")}
    answer = signed(client).post("/lines?lang=en", data=data)
    assert answer.status_code == 303
    assert "line=official-iq-sy" in answer.headers["Location"]
    assert "Official line" in client.get("/lines?lang=en").get_data(as_text=True)
    assert client.post("/lines/official-iq-sy/reference").status_code == 303
    assert "Official line" in client.get("/ruler?lang=en").get_data(as_text=True).split("<h1>")[1][:60]
    assert 'value="official-iq-sy" selected' in client.get("/proximity?lang=en").get_data(as_text=True)
    assert client.post("/lines/official-iq-sy/plain").status_code == 303
    assert "Official line" not in client.get("/ruler?lang=en").get_data(as_text=True).split("<h1>")[1][:60]
    assert client.post("/lines/official-iq-sy/remove").status_code == 303
    assert client.post("/lines/official-iq-sy/remove").status_code == 404
    assert client.post("/lines/official-iq-sy/burn").status_code == 404
    assert catalog.current().layer("own-borders").features == ()


def test_a_stranger_keeps_nothing(client: FlaskClient, workspace: Path) -> None:
    stranger = client.application.test_client()
    assert stranger.post("/lines", data={**GIVEN, "path": TYPED, "action": "keep"}).status_code == 403
    assert stranger.post("/lines/any/remove").status_code == 403
    elsewhere = signed(client).post(
        "/lines", data={**GIVEN, "path": TYPED, "action": "keep"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert elsewhere.status_code == 403
    assert catalog.current() is catalog.shipped()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"path": "36.4, 40.9\nnowhere", "action": "rule"}, "line 2"),
        ({"path": TYPED, "order": "up"}, "order"),
        ({"path": TYPED, "action": "burn"}, "action"),
        ({"path": "\n".join(f"34.{i:05d}, 41.{i:05d}" for i in range(600))}, "600 positions"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(client: FlaskClient, data: dict[str, str], said: str) -> None:
    answer = client.post("/lines?lang=en", data=data)
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert said in page
    assert data["path"].splitlines()[0] in page
