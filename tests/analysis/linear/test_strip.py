"""The ruler: kilometres, sides, intervals and words; lines of one's own; lines that are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from geodata import geodesy, registry
from geodata.analysis import measure
from geodata.analysis.batches import PlaceBatch
from geodata.analysis.linear.chainage_interval import chainage_interval
from geodata.analysis.linear.placement import lay
from geodata.analysis.linear.reference import ruler
from geodata.analysis.places import resolve
from geodata.catalog import Catalog, shipped
from geodata.errors import BadValue, Refused
from geodata.geodesy import segments
from geodata.geodesy.batch import answer_batch
from tests.analysis.conftest import feature, point
from tests.analysis.slow import GEOD, SlowLine

LINES = ("border-iq-sy", "border-wall", "euphrates", "border-iq-jo")


def ask(catalog: Catalog | None = None, **parameters: str) -> dict[str, Any]:
    """Return the ruler's answer as JSON values."""
    own = {"of": "sites", **parameters} if catalog else parameters
    return registry.run("ruler", own, catalog).to_dict()


@pytest.mark.parametrize("line", LINES)
def test_chainages_and_sides_of_every_site_and_event_are_the_slow_truth(line: str) -> None:
    slow = SlowLine(shapely.get_coordinates(shipped().feature(line).geometry))
    found = ask(layer=line, km="100")
    assert found["line"]["length_m"] == pytest.approx(slow.length, abs=0.05)
    assert len(found["items"]) >= 3
    for item in found["items"]:
        where = shipped().feature(item["id"]).geometry
        distance, chainage = slow.nearest(where.x, where.y)
        assert item["distance_m"] == pytest.approx(distance, abs=0.01), item["id"]
        assert item["chainage_m"] == pytest.approx(chainage, abs=1.0), item["id"]
        low, high = item["chainage_interval_m"]
        assert low <= item["chainage_m"] <= high
        if item["side"] in ("left", "right"):
            assert item["side"] == slow.side(where.x, where.y, chainage), item["id"]
        else:
            assert item["beyond_end"] or item["interval_m"][0] == 0
    assert [item["chainage_m"] for item in found["items"]] == sorted(item["chainage_m"] for item in found["items"])


@pytest.mark.parametrize("seed", range(6))
def test_the_interval_holds_the_foot_of_every_position_of_the_disc(seed: int) -> None:
    random = np.random.default_rng(seed)
    path = np.cumsum(random.normal(0, 0.05, (40, 2)), axis=0) + np.array([41, 34])
    line = geodesy.Line(path if seed else shapely.get_coordinates(shipped().feature("border-iq-sy").geometry))
    for _ in range(20):
        lon, lat = line.point_at(random.uniform(0, line.length))
        lon, lat = lon + random.normal(0, 0.3), lat + random.normal(0, 0.3)
        radius = float(10 ** random.uniform(1, 4.3))
        near = line.nearest(lon, lat)
        low, high = chainage_interval(line, lon, lat, radius, float(near.distance), float(near.chainage))
        far = radius * np.sqrt(random.uniform(0, 1, 300)).clip(max=1 - 1e-9)
        far[:100] = radius
        x, y, _ = GEOD.fwd(np.full(300, lon), np.full(300, lat), random.uniform(0, 360, 300), far)
        feet = line.nearest(x, y).chainage
        assert low - 1e-6 <= feet.min()
        assert feet.max() <= high + 1e-6


def test_on_a_straight_line_the_interval_is_the_radius() -> None:
    line = geodesy.Line([[40, 30], [40, 34]])
    near = line.nearest(40.2, 32)
    low, high = chainage_interval(line, 40.2, 32, 2000.0, float(near.distance), float(near.chainage))
    assert high - near.chainage == pytest.approx(2000, abs=5)
    assert near.chainage - low == pytest.approx(2000, abs=5)


def test_words_carry_their_margins_and_no_country_that_is_not_certain(small: Catalog) -> None:
    words = {item["id"]: item["words"] for item in ask(small, layer="border-we", km="300", of="sites")["items"]}
    assert words["near"]["en"] == "km 221.7 ± 1.6 of border-we, 9.4 ± 1.6 km inside country-east"
    assert words["near"]["ar"] == (
        "الكيلومتر \u2066221.7 ± 1.6\u2069 من border-we، \u20669.4 ± 1.6\u2069 كم داخل country-east"
    )
    assert words["at"]["en"] == "km 221.7 ± 1.6 of border-we, 0–1.6 km from the line, possibly in country-east"
    assert "beyond the end" in words["south"]["en"]
    assert "inside" not in words["south"]["en"]
    assert words["vague"]["en"].endswith("the position is a placeholder")


def test_areas_stand_at_no_kilometre_and_what_has_no_position_is_said(small: Catalog) -> None:
    found = ask(small, layer="border-we", km="50", of="sites")
    assert [area["id"] for area in found["areas"]] == ["somewhere"]
    assert "chainage_m" not in found["areas"][0]
    assert found["areas"][0]["interval_m"][0] == 0
    assert [place["id"] for place in found["unplaced"]] == ["nowhere"]
    assert found["counts"]["farther"] == 2
    assert {item["id"]: item["within"] for item in found["items"]}["vague"] == "possibly"


def test_the_other_end_and_a_zero_of_ones_own(small: Catalog) -> None:
    plain = ask(small, layer="border-we", km="50", of="sites")
    turned = ask(small, layer="border-we", km="50", of="sites", reverse="true", zero="100")
    length = plain["line"]["length_m"]
    there, back = ({item["id"]: item for item in found["items"]} for found in (plain, turned))
    assert back["near"]["chainage_m"] == pytest.approx(length - there["near"]["chainage_m"] - 100_000, abs=0.01)
    assert (there["near"]["side"], back["near"]["side"]) == ("right", "left")
    assert turned["line"]["start_m"] == -100_000
    assert turned["marks"][0]["chainage_m"] == -100_000
    assert any(mark["chainage_m"] == 0 for mark in turned["marks"])
    assert there["near"]["country"] == back["near"]["country"]


def test_pillars_give_official_kilometres_linear_between_them(small: Catalog) -> None:
    found = ask(small, layer="border-we", km="50", of="sites", pillars="40,31,10;40.001,33,210")
    near = next(item for item in found["items"] if item["id"] == "near")
    south, north = (GEOD.inv(40, 30, 40, lat)[2] for lat in (31, 33))
    assert near["official_km"] == pytest.approx(10 + 200 * (near["chainage_m"] - south) / (north - south), abs=1e-3)
    assert near["words"]["en"].startswith("official km 110.0 ± 1.4 of")
    outside = ask(small, layer="border-we", km="300", pillars="40,31,10;40,31.5,60")["items"]
    assert {item["official_km"] for item in outside} == {None}
    assert [mark["official_km"] for mark in found["marks"]][:2] == [20, 40]
    assert found["calibration"]["pillars"][1]["distance_m"] == pytest.approx(94, abs=1)


BAD = [
    ({"layer": "sites"}, "one line"),
    ({"layer": "near"}, "Point"),
    ({"layer": "country-west"}, "Polygon"),
    ({"layer": "nowhere"}, "one line"),
    ({"layer": "40,30"}, "Point"),
    ({"layer": "border-we", "km": "0"}, "not 0"),
    ({"layer": "border-we", "km": "1001"}, "1000"),
    ({"layer": "border-we", "of": "moons"}, "moons"),
    ({"layer": "border-we", "zero": "-1"}, "0 to"),
    ({"layer": "border-we", "zero": "5000"}, "443"),
    ({"layer": "border-we", "zero": "nan"}, "zero"),
    ({"layer": "border-we", "pillars": "40,31,1"}, "at least two"),
    ({"layer": "border-we", "pillars": "40,31;40,32"}, "longitude,latitude,km"),
    ({"layer": "border-we", "pillars": "40,31,1;41,32,2"}, "41,32,2"),
    ({"layer": "border-we", "pillars": "40,31,1;40,32,3;40,33,2"}, "grow, or fall"),
    ({"layer": "border-we", "pillars": "40,31,1;40,31,2"}, "grow, or fall"),
    ({"layer": "border-we", "pillars": "40,31,inf;40,32,2"}, "km within"),
    ({"layer": "border-we", "pillars": "40,31,1;40,32,2", "zero": "1"}, "pillars"),
    ({"layer": "border-we", "reverse": "perhaps"}, "true or false"),
]


@pytest.mark.parametrize(("parameters", "said"), BAD, ids=[str(parameters) for parameters, _ in BAD])
def test_bad_parameters_are_named(small: Catalog, parameters: dict[str, str], said: str) -> None:
    with pytest.raises(BadValue, match=said):
        ask(small, **{"km": "5", "of": "sites", **parameters})


def strange(make: Any, layers: Any, **geometry: Any) -> Catalog:
    """Return a catalogue whose border is another geometry."""
    catalog: Catalog = make({**layers, "borders": [feature("border-we", geometry, kind="border")]})
    return catalog


def test_loops_are_named(make: Any, layers: Any) -> None:
    path = [[40, 30], [40, 32], [40.5, 32], [40.5, 31], [39.5, 31]]
    found = ask(strange(make, layers, type="LineString", coordinates=path), layer="border-we", km="50")
    assert len(found["loops"]) == 1
    loop = found["loops"][0]
    assert (loop["lon"], loop["lat"]) == pytest.approx((40, 31))
    assert loop["start_m"] == pytest.approx(GEOD.inv(40, 30, 40, 31)[2], abs=1)
    assert any("meets itself" in text["en"] for text in found["assumptions"])
    ring = [[40, 30], [40, 32], [41, 32], [40, 30]]
    found = ask(strange(make, layers, type="LineString", coordinates=ring), layer="border-we", km="50")
    assert found["loops"][0]["end_m"] == pytest.approx(found["line"]["length_m"])


def test_a_line_that_is_all_loops_is_refused(make: Any, layers: Any) -> None:
    path = [[40 + (i % 2), 30 + i / 1000] for i in range(100)]
    path += [[40.5, 29], [40.5, 31], [40.2, 31], [40.2, 29]]
    with pytest.raises(Refused, match="meets itself"):
        ask(strange(make, layers, type="LineString", coordinates=path), layer="border-we", km="50")


def test_branches_are_refused_and_parts_that_join_are_joined(make: Any, layers: Any) -> None:
    parts = [[[40, 30], [40, 32]], [[40, 32], [40, 34]]]
    joined = ask(strange(make, layers, type="MultiLineString", coordinates=parts), layer="border-we", km="50")
    assert joined["line"]["length_m"] == pytest.approx(GEOD.inv(40, 30, 40, 34)[2], abs=0.01)
    assert any("join end to end" in text["en"] for text in joined["assumptions"])
    parts.append([[40, 32], [41, 32]])
    with pytest.raises(BadValue, match="branches"):
        ask(strange(make, layers, type="MultiLineString", coordinates=parts), layer="border-we", km="50")


def test_repeated_vertices_are_left_out_and_said(make: Any, layers: Any) -> None:
    path = [[40, 30], [40, 32], [40, 32], [40, 34]]
    found = ask(strange(make, layers, type="LineString", coordinates=path), layer="border-we", km="50")
    assert found["line"]["vertices"] == 3
    assert any("repeat" in text["en"] for text in found["assumptions"])


def test_an_illustration_says_so_and_the_line_names_its_sources() -> None:
    found = ask(layer="border-wall", km="20")
    assert found["line"]["illustration"] is True
    assert found["line"]["sources"]
    assert any("not evidence" in text["en"] for text in found["assumptions"])
    assert all(item["within"] != "certainly" for item in found["items"])


def test_everything_far_away_is_one_number(make: Any, layers: Any) -> None:
    layers["sites"] = [feature("lonely", point(43.5, 31), coordinateUncertaintyInMeters=10)]
    found = ask(make(layers), layer="border-we", km="5", of="sites")
    assert (found["items"], found["counts"]["farther"]) == ([], 1)


@pytest.mark.parametrize("line", ["border-iq-sy", "border-iq-kw", "tigris"])
@pytest.mark.parametrize("km", [0.5, 40, 333, 1000])
def test_what_is_told_apart_unmeasured_is_what_measuring_tells(line: str, km: float) -> None:
    catalog = shipped()
    made = ruler({"layer": line}, catalog)
    places = [place for name in ("places", "sites") for place in resolve("of", name, catalog)[0]]
    laid = lay(made, PlaceBatch(places), km * 1000)
    found = measure.to_target([place for place in places if place.id != made.place.id], made.place)
    near = sorted(one.subject.id for one in found if one and one.within(km * 1000) != "no" and one.subject.is_point)
    assert sorted(one.measurement.subject.id for _, one in laid.placed) == near
    assert len(found) == len(laid.placed) + len(laid.areas) + len(laid.missing) + laid.farther


def test_five_thousand_events_are_laid_along_a_border_by_as_many_questions(
    make: Any, layers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(1)
    spread = zip(random.normal(40, 0.5, 5000), random.uniform(30, 34, 5000), strict=True)
    layers["events"] = [
        feature(f"e{i}", point(x, y), coordinateUncertaintyInMeters=2000) for i, (x, y) in enumerate(spread)
    ]
    catalog = make(layers)
    ask(catalog, layer="border-we", km="1")
    asked: list[int] = []
    monkeypatch.setattr(
        segments, "answer_batch", lambda arrays, lon, *rest: asked.append(len(lon)) or answer_batch(arrays, lon, *rest)
    )
    found = ask(catalog, layer="border-we", km="200", of="events")
    assert len(found["items"]) == 5000
    assert 5000 <= sum(asked) <= 40 * 5000
