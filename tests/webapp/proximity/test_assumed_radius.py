"""The radius of rows that state none: exact where nothing is assumed, else as the user assumed it, and said."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadValue
from geodata.formats import point_table

ROWS = "A, 34.35, 41.10\nB, 38SMB4488\n"
CSV = b"name,lat,lon,uncertainty_m\nA,34.35,41.1,\nB,34.4,41.2,500\n"


@given(radius=st.floats(0, 5_000_000))
def test_what_states_no_radius_has_the_assumed_one(radius: float) -> None:
    rows = point_table.read_csv(CSV)
    rows.assume(radius, "towns by name")
    assert rows.uncertainty == [radius, 500.0]
    assert rows.assumed == [{"radius_m": radius, "by": "table", "why": "towns by name"}, None]
    pasted = point_table.pasted(ROWS)
    square = pasted.uncertainty[1]
    pasted.assume(radius)
    assert pasted.uncertainty == [radius, square]


@pytest.mark.parametrize("radius", [-1.0, float("nan"), 5_000_001.0])
def test_a_radius_that_is_none_is_refused(radius: float) -> None:
    with pytest.raises(BadValue, match="radius"):
        point_table.pasted(ROWS).assume(radius)


@pytest.mark.parametrize(("lang", "said"), [("en", "± 2.5 km, as you assumed"), ("ar", "كما افترضت")])
def test_the_page_asks_for_it_says_it_and_hands_it_on(client: FlaskClient, lang: str, said: str) -> None:
    form = {"text": ROWS, "target": "borders/border-iq-sy", "radius_km": "2,5", "radius_reason": "towns"}
    page = client.post(f"/proximity?lang={lang}", data=form).get_data(as_text=True)
    assert said in page
    assert 'name="radius_km" value="2,5"' in page
    assert 'name="radius_reason" value="towns"' in page
    bare = client.post(f"/proximity?lang={lang}", data={**form, "radius_km": ""}).get_data(as_text=True)
    assert said not in bare
    wrong = client.post(f"/proximity?lang={lang}", data={**form, "radius_km": "far"})
    assert wrong.status_code == 400
