"""What stands around a position: brackets, labels, links, heights; whatever it is, the position is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadData
from geodata.formats import coordinates
from geodata.formats.position_wrapping import unwrapped

FORMS = (
    "({lat}, {lon})",
    "[{lat}; {lon}]",
    "{{{lat} , {lon}}}",
    "((({lat}, {lon})))",
    "{lat} / {lon}",
    "{lat}|{lon}",
    "{lat}, {lon}, 120",
    "{lat} {lon} 120 4.5",
    "geo:{lat},{lon}",
    "geo:{lat},{lon},12;u=35",
    "Lat: {lat} Lon: {lon}",
    "latitude={lat}; longitude={lon}",
    "LONG {lon}, LAT {lat}",
    '{{"lat": {lat}, "lng": {lon}}}',
    "POINT ({lon} {lat})",
    "SRID=4326;POINT Z ({lon} {lat} 3)",
    "https://www.google.com/maps?q={lat},{lon}",
    "https://maps.google.com/?ll={lat},{lon}&z=15",
    "https://www.google.com/maps/place/X/@1.5,2.5,17z/data=!3d{lat}!4d{lon}",
    "https://www.google.com/maps/@{lat},{lon},17z",
    "https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=15/1.5/2.5",
    "https://www.openstreetmap.org/#map=17/{lat}/{lon}",
    "https://yandex.ru/maps/?ll={lon}%2C{lat}&z=15",
    "https://yandex.com/maps/?ll=1.5,2.5&pt={lon},{lat}",
    "https://wikimapia.org/#lang=en&lat={lat}&lon={lon}&z=12",
)


@pytest.mark.parametrize("form", FORMS)
@given(lat=st.integers(-8999, 8999), lon=st.integers(-17999, 17999))
def test_the_position_within_is_read(form: str, lat: int, lon: int) -> None:
    x, y = (lon + 0.5) / 100, (lat + 0.5) / 100
    position = coordinates.read(form.format(lat=f"{y:.5f}", lon=f"{x:.5f}"))
    assert (position.lon, position.lat) == (pytest.approx(x, abs=1e-5), pytest.approx(y, abs=1e-5))


@given(lat=st.integers(0, 89), lon=st.integers(0, 179), minute=st.integers(0, 59), second=st.integers(0, 59))
def test_degrees_without_signs_are_read(lat: int, lon: int, minute: int, second: int) -> None:
    fraction = minute / 60 + second / 3600
    long = coordinates.read(f"{lat:02}{minute:02}{second:02}N{lon:03}{minute:02}{second:02}E")
    short = coordinates.read(f"{lat:02}{minute:02}S {lon:03}{minute:02}W")
    assert (long.lon, long.lat) == (pytest.approx(lon + fraction), pytest.approx(lat + fraction))
    assert (short.lon, short.lat) == (pytest.approx(-lon - minute / 60), pytest.approx(-lat - minute / 60))


def test_the_accuracy_of_a_receiver_is_the_radius() -> None:
    assert coordinates.read("33.5123 44.2123 120 4.5").uncertainty == 4.5
    assert coordinates.read("geo:33.5,44.2;u=35").uncertainty == 35


@pytest.mark.parametrize(
    "text", ["https://example.org/33/44", "12/05/2024", "1|2|3", "(33.5", "lat 33.5 lat 44.2", "POINT(400 33)"]
)
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(BadData):
        coordinates.read(text)


@given(st.text(max_size=60))
def test_any_text_is_unwrapped(text: str) -> None:
    wrapped = unwrapped(coordinates.plainly(text))
    assert wrapped.accuracy >= 0
    assert wrapped.order in (None, "lat,lon", "lon,lat")
