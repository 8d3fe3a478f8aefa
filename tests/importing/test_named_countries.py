"""Countries of the whole world by the names that rows give them, and rows of a file that are the wrong way round."""

from __future__ import annotations

import json
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import settings
from geodata.importing import named_countries, orientation
from geodata.importing.orientation import Orientation
from tests.importing.conftest import Bring

COUNTRIES = json.loads((settings.SCHEMAS / "country-boxes.json").read_text("utf-8"))["countries"]
ONE_BOX = sorted(code for code, entry in COUNTRIES.items() if len(entry["boxes"]) == 1)


def middles(boxes: np.ndarray, draw: Random, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return longitudes and latitudes within the first of some boxes."""
    west, south, east, north = boxes[0]
    return (np.array([draw.uniform(west, east) for _ in range(count)]),
            np.array([draw.uniform(south, north) for _ in range(count)]))  # fmt: skip


def test_every_country_has_names_and_boxes() -> None:
    assert len(COUNTRIES) > 190
    for code, entry in COUNTRIES.items():
        assert entry["names"], code
        for west, south, east, north in entry["boxes"]:
            assert -180 <= west < east <= 180.1, code
            assert -90 <= south < north <= 90, code


@pytest.mark.parametrize("name", ["Mali", "مالي", "Малі", "ML", "MLI", "mali", "Republic of Mali"])
def test_a_country_is_known_by_its_names_and_codes(name: str) -> None:
    assert named_countries.boxes_of(name) is named_countries.boxes_of("Mali")


@given(code=st.sampled_from(ONE_BOX), seed=st.integers(0, 1000), swapped=st.booleans(), west=st.booleans())
def test_a_change_is_found_or_nothing_is(code: str, seed: int, swapped: bool, west: bool) -> None:
    entry = COUNTRIES[code]
    lon, lat = middles(np.array(entry["boxes"]), Random(seed), 12)
    change = Orientation(swapped, False, west)
    x, y = (-lon if west else lon), lat
    x, y = (y, x) if swapped else (x, y)
    result = orientation.decided(x, y, pa.array([entry["names"][0]] * 12))
    # Where a country lies on a meridian, the equator or the diagonal of the map, nothing is decided.
    assert result in (change, orientation.UNCHANGED)
    if abs(lon.mean()) > 60 and not -60 < lat.mean() - lon.mean() < 60 and abs(lat.mean()) > 15:
        assert result == change


@pytest.mark.parametrize("seed", range(6))
def test_rows_that_are_swapped_among_others_are_flagged_wherever_the_file_lies(bring: Bring, seed: int) -> None:
    draw = Random(seed)
    code = draw.choice(["UKR", "MLI", "COL", "PHL", "ETH", "MMR"])
    lon, lat = middles(np.array(COUNTRIES[code]["boxes"]) * 0.999, draw, 20)
    wrong = set(draw.sample(range(20), 2))
    lines = [f"{lon[n]:.5f},{lat[n]:.5f}" if n in wrong else f"{lat[n]:.5f},{lon[n]:.5f}" for n in range(20)]
    country = COUNTRIES[code]["names"][0]
    _, layer = bring("lat,lon,country\n" + "\n".join(f"{line},{country}" for line in lines), unplaced=False)
    for number, feature in enumerate(layer.features):
        placed = feature.geometry is not None
        assert ("swapped" in feature.properties["flags"]) == (number in wrong and placed), (code, lines[number])


def test_a_stray_row_is_flagged_without_any_country(bring: Bring) -> None:
    rows = [f"{48 + n / 20:.3f},{36 + n / 30:.3f}" for n in range(20)]
    rows[7] = "36.5,48.5"
    _, layer = bring("lat,lon\n" + "\n".join(rows), "donbas.csv", unplaced=False)
    flagged = [number for number, one in enumerate(layer.features) if "swapped" in one.properties["flags"]]
    assert flagged == [7]
