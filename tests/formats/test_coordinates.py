"""Positions as people write them, and what cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mgrs import MGRS
from pyproj import Geod

from geodata.errors import BadData, Refused
from geodata.formats import coordinates, point_table

REGION = (33.8, 28.4, 47.3, 42.1)
GOOD = [
    ("33.3152, 44.3661", 33.3152, 44.3661),
    ("33.3152 44.3661", 33.3152, 44.3661),
    ("٣٣٫٣١٥٢، ٤٤٫٣٦٦١", 33.3152, 44.3661),
    ("33,3152 44,3661", 33.3152, 44.3661),
    ("33,3152; 44,3661", 33.3152, 44.3661),
    ("33,3152, 44,3661", 33.3152, 44.3661),
    ("33.3152N, 44.3661E", 33.3152, 44.3661),
    ("E44.3661 N33.3152", 33.3152, 44.3661),
    ("\u200f33.3152\u200f, 44.3661", 33.3152, 44.3661),
    ("−34.5, −58.25", -34.5, -58.25),
    ("34.5S 58.25W", -34.5, -58.25),
    ("33°47'8\"N 42°26'28\"E", 33 + 47 / 60 + 8 / 3600, 42 + 26 / 60 + 28 / 3600),
    ("42°26′28″E, 33°47′8″N", 33 + 47 / 60 + 8 / 3600, 42 + 26 / 60 + 28 / 3600),
    ("33°47′8″ شمالًا، 42°26′28″ شرقًا", 33 + 47 / 60 + 8 / 3600, 42 + 26 / 60 + 28 / 3600),
    ("33 47 8 42 26 28", 33 + 47 / 60 + 8 / 3600, 42 + 26 / 60 + 28 / 3600),
    ("N33 47.5 E042 26.4", 33 + 47.5 / 60, 42 + 26.4 / 60),
    ("33d47m8sN 42d26m28sE", 33 + 47 / 60 + 8 / 3600, 42 + 26 / 60 + 28 / 3600),
]


@pytest.mark.parametrize(("text", "lat", "lon"), GOOD, ids=[text for text, _, _ in GOOD])
def test_it_is_read(text: str, lat: float, lon: float) -> None:
    found = coordinates.read(text, region=REGION if lat > 0 else None)
    assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=1e-9)
    assert found.warnings == ()


BAD = [
    ("", "empty"),
    ("abc", "no two numbers"),
    ("33.3152", "no two numbers"),
    ("33,3152,44,3661", "no two numbers"),
    ("95, 200", "latitude within"),
    ("140, 33", "may be swapped"),
    ("33.3N 44.3N", "both numbers are latitudes"),
    ("33°75'N 44°0'E", "below 60"),
    ("33.5°10'N 44°E", "fraction of degrees"),
    ("38SMB448", "as many digits"),
    ("38SZZ4488", "no such MGRS square"),
    ("99SMB4488", "no such MGRS square"),
    ("61S 444123 3688123", "1 to 60"),
    ("38S 3688123 444123", "easting"),
    ("nan, 44", "no angle"),
    ("1e1, 44", "no angle"),
    ("9" * 300, "longer than"),
]


@pytest.mark.parametrize(("text", "said"), BAD, ids=[text[:30] for text, _ in BAD])
def test_it_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(BadData, match=said):
        coordinates.read(text)


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=300)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = coordinates.read(text, region=REGION)
    except BadData:
        return
    assert abs(found.lat) <= 90
    assert abs(found.lon) <= 180


def test_mgrs_and_utm_name_the_same_place_and_a_square_has_a_radius() -> None:
    fine = coordinates.read(MGRS().toMGRS(34.37, 41.06))
    assert Geod(ellps="WGS84").inv(fine.lon, fine.lat, 41.06, 34.37)[2] < 1.5
    assert fine.uncertainty == pytest.approx(0.7071, abs=1e-3)
    square, metres = coordinates.read("38SMB4488"), coordinates.read("38S 444500 3688500")
    assert square.uncertainty == pytest.approx(707.1, abs=0.1)
    assert Geod(ellps="WGS84").inv(square.lon, square.lat, metres.lon, metres.lat)[2] < 2
    assert "latitude band" in metres.warnings[0]["en"]


@given(
    lon=st.floats(-179, 179), lat=st.floats(-79, 83), half=st.integers(0, 5), blanks=st.lists(st.booleans(), min_size=3)
)
def test_mgrs_of_any_length_is_read_with_and_without_blanks(
    lon: float, lat: float, half: int, blanks: list[bool]
) -> None:
    # Within a millimetre south of the equator GEOTRANS names a square that it does not read itself.
    assume(not -1e-7 < lat < 0)
    whole = MGRS().toMGRS(lat, lon, MGRSPrecision=half)
    digits = whole[len(whole) - 2 * half :] if half else ""
    head = whole[: len(whole) - 2 * half]
    parts = [head[:-2], head[-2:], digits[:half], digits[half:]]
    text = "".join(part + " " * blank for part, blank in zip(parts, [*blanks[:3], False], strict=True)).strip()
    square = coordinates.read(text)
    assert square.notation == "mgrs"
    assert square.uncertainty == pytest.approx(10.0 ** (5 - half) / 2**0.5)
    # Squares at the edge of a zone are cut: their middle may lie outside, a diagonal away.
    assert Geod(ellps="WGS84").inv(square.lon, square.lat, lon, lat)[2] <= 1.02 * square.uncertainty + 1
    with pytest.raises(BadData):
        coordinates.read(whole + "1")


def test_swapped_numbers_are_suspected_and_not_mended() -> None:
    found = coordinates.read("44.3661, 33.3152", region=REGION)
    assert (found.lat, found.lon) == (44.3661, 33.3152)
    assert "may be swapped" in found.warnings[0]["en"]
    assert coordinates.read("44.3661, 33.3152", order="lon,lat", region=REGION).warnings == ()


def test_pasted_lines_keep_their_numbers_and_the_rest_is_used() -> None:
    found = point_table.pasted("al-Qaim, 34.37, 41.06\n\nnonsense\n38SMB4488\nموقع: ٣٤٫٥، ٤١٫٢", region=REGION)
    assert found.number == [1, 4, 5]
    assert found.name == ["al-Qaim", "", "موقع"]
    assert [(one["line"]) for one in found.problems] == [3]
    assert point_table.pasted("القائم؛ ٣٤٫٣٧، ٤١٫٠٩\nهجين، 34.69 40.83").name == ["القائم", "هجين"]


def test_a_csv_in_several_hands() -> None:
    plain = point_table.read_csv(
        b"Name,Longitude,Latitude,uncertainty_m\nA,41.06,34.37,500\nB,,34,\nC,41,95,\nD,41,34,-5\n"
    )
    assert (plain.name, plain.lon, plain.uncertainty) == (["A"], [41.06], [500.0])
    assert [one["line"] for one in plain.problems] == [3, 4, 5]
    arabic = point_table.read_csv("الاسم;خط العرض;خط الطول\nالقائم;٣٤٫٣٧;٤١٫٠٦\n".encode())
    assert (arabic.lat, arabic.lon) == ([34.37], [41.06])
    grid = point_table.read_csv(b"id\tMGRS\n7\t38SMB4488\n")
    assert (grid.name, grid.uncertainty[0]) == (["7"], pytest.approx(707.1, abs=0.1))
    swapped = point_table.read_csv(b"lat,lon\n44.3,33.3\n", region=REGION)
    assert "may be swapped" in str(swapped.warnings[0]["reason"])


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "no columns"), (b"a,b\n1,2\n", "no columns"), (b"\xff\xfelat", "UTF-8"), (b"lat,lon\n\x00", "")],
)
def test_a_csv_that_is_none_is_refused(data: bytes, said: str) -> None:
    if said:
        with pytest.raises(BadData, match=said):
            point_table.read_csv(data)
    else:
        assert len(point_table.read_csv(data)) == 0


def test_too_many_rows_are_refused_before_they_are_read() -> None:
    with pytest.raises(Refused, match="100000"):
        point_table.read_csv(b"lat,lon\n" + b"34,41\n" * 100_001)
