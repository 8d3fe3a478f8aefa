"""The proximity table agrees row by row with the question about one place, and is quick."""

from __future__ import annotations

import numpy as np
import pytest

from geodata import registry
from geodata.analysis.proximity_table import along, table
from geodata.analysis.targets import Targets
from geodata.catalog import Catalog, shipped
from geodata.errors import BadValue, Refused
from geodata.formats.point_table import Rows, pasted, read_csv
from geodata.geodesy import segments
from geodata.geodesy.batch import answer_batch


def scattered(count: int, seed: int = 0) -> Rows:
    """Return rows round the Iraq–Syria border."""
    random = np.random.default_rng(seed)
    lon, lat = random.normal(41, 1.5, count), random.normal(35, 1.2, count)
    lines = "\n".join(f"p{i},{y:.5f},{x:.5f},{i % 3 * 800}" for i, (x, y) in enumerate(zip(lon, lat, strict=True)))
    return read_csv(f"name,lat,lon,uncertainty_m\n{lines}".encode())


def test_each_row_is_the_answer_of_proximity() -> None:
    found = table(pasted("34.37, 41.06\n36.5, 40.74\n33, 38"), {"target": "border-iq-sy"}, shipped()).to_dict()
    for item in found["items"]:
        one = registry.run("proximity", {"layer": f"{item['lon']},{item['lat']}", "target": "border-iq-sy"}).to_dict()
        for name in ("distance_m", "interval_m", "chainage_m", "azimuth_deg", "foot"):
            assert item[name] == pytest.approx(one[name], abs=1e-3), name
        for name in ("side", "beyond_end", "country", "display", "target"):
            assert item[name] == one[name], name


def test_the_nearest_of_several_and_the_bands() -> None:
    found = table(scattered(200), {"target": "borders", "bands": "10,60"}, shipped()).to_dict()
    for item in found["items"][:5]:
        one = registry.run("proximity", {"layer": f"{item['lon']},{item['lat']}", "target": "borders"}).to_dict()
        assert (item["target"], item["distance_m"]) == (one["target"], pytest.approx(one["distance_m"], abs=1e-3))
    for item in found["items"]:
        low, high = item["interval_m"]
        for km in (10, 60):
            word = "certainly" if high <= km * 1000 else "possibly" if low <= km * 1000 else "no"
            assert item["bands"][str(km)] == word
    counts = found["summaries"][0]["by_band"]["60"]
    assert sum(counts.values()) == found["read"] == 200
    assert sum(row["rows"] for row in found["summaries"][0]["by_governorate"]) == 200
    assert {row["id"] for row in found["summaries"][0]["by_country"]} >= {"country-iq", "country-sy"}


def test_what_cannot_be_read_is_listed_and_nothing_is_an_answer_too() -> None:
    found = table(pasted("nonsense\n34.37, 41.06"), {"target": "border-iq-sy"}, shipped()).to_dict()
    assert (found["rows"], found["read"]) == (2, 1)
    assert found["problems"][0]["line"] == 1
    assert table(pasted(""), {"target": "border-iq-sy"}, shipped()).to_dict()["items"] == []


def test_the_wall_is_never_certain_and_says_it_is_an_illustration() -> None:
    found = table(scattered(50), {"target": "border-wall", "bands": "5000"}, shipped()).to_dict()
    assert found["summaries"][0]["by_band"]["5000"] == {"possibly": 50}
    assert any("not evidence" in text["en"] for text in found["assumptions"])


def test_bad_targets_and_bands(small: Catalog) -> None:
    for given in ({"target": ""}, {"target": "moon"}, {"target": "somewhere"}, {"target": "border-we", "bands": "0"}):
        with pytest.raises(BadValue):
            table(pasted("34, 41"), given, small)
    with pytest.raises(Refused, match="targets"):
        table(pasted("34, 41"), {"target": "places"}, shipped())


def test_ten_thousand_rows_are_measured_together(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(
        segments, "answer_batch", lambda arrays, lon, *rest: asked.append(len(lon)) or answer_batch(arrays, lon, *rest)
    )
    assert len(table(scattered(10_000), {"target": "border-iq-sy"}, shipped()).to_dict()["items"]) == 10_000
    assert len(asked) < 100
    assert sum(asked) < 10 * 10_000


def test_the_kilometre_of_a_row_has_the_interval_of_the_ruler() -> None:
    targets = Targets.read("border-iq-sy", shipped())
    found = table(pasted("36.45, 40.75"), {}, shipped(), targets=targets).to_dict()["items"][0]
    assert along(found, targets) == pytest.approx((found["chainage_m"] - 500, found["chainage_m"] + 500), abs=5)
    wide = along({**found, "uncertainty_m": 2000.0, "lon": 41.06, "lat": 34.37, "distance_m": 10_000.0}, targets)
    assert wide is not None
    assert wide[1] - wide[0] > 3000
    assert along({**found, "chainage_m": None}, targets) is None
    assert along({**found, "uncertainty_m": None}, targets) is None


def test_a_row_between_two_targets_is_tied_as_in_the_question_about_one_place() -> None:
    """Mirror images in the meridian are as far; rows beside it, and where the targets meet, are not tied."""
    lines = (
        "LINESTRING (40 33, 40 34); LINESTRING (42 33, 42 34)",
        "LINESTRING (40 33, 41 34); LINESTRING (42 33, 41 34)",
    )
    for target in (*lines, "40,33.5; 42,33.5", "40,33.5; 42,33.5; 40,33.500001"):
        rows = pasted("33.5, 41\n33.5, 41.1\n34.5, 41\n33.8, 41\n33.5, 40.2")
        for item in table(rows, {"target": target}, shipped()).to_dict()["items"]:
            one = registry.run("proximity", {"layer": f"{item['lon']},{item['lat']}", "target": target}).to_dict()
            assert bool(item["tied"]) == bool(one["tied"]), (target, item["lon"], item["lat"])
