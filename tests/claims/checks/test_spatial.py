"""Claims tested on the map: who has a vote, what decides, and where nothing can be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geodata.analysis.direction import HALF_ANGLE, WORDS
from geodata.catalog import Catalog
from geodata.claims import verdict
from geodata.claims.checks import Outcome
from geodata.claims.checks.spatial import UNSTATED
from geodata.errors import BadData, BadValue
from geodata.model import Interval
from tests.analysis.conftest import feature, point, square, written
from tests.claims.checks import outcome

GEOD = Geod(ellps="WGS84")
FIRM = [f"firm-{number}" for number in range(8)]
VAGUE = [f"vague-{number}" for number in range(8)]
LINES = ["border-a", "border-b"]
OUTLINE = 3_000.0
"""Metres to which the outlines of the provinces are known."""
PLACES = [f"place-{number}" for number in range(120)]
AREAS = {
    "area-east": (42, 31, 43, 33),
    "area-north-west": (37, 33, 38, 33.8),
    "area-across-north": (39.5, 33, 40.5, 33.5),
    "area-round-the-centroid": (39, 31, 41, 33),
}
"""Regions beside the centroid of the country, and one that holds it."""
shared = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def meridian(lon: float) -> dict[str, Any]:
    """Return a border along a meridian, whose own points are its nearest: a geodesic."""
    return {"type": "LineString", "coordinates": [[lon, 30], [lon, 34]]}


@pytest.fixture(scope="module")
def layers() -> dict[str, list[dict[str, Any]]]:
    """Return places 2 to 60 km from the meridian of 40° E, some of them placeholders, and two lines close by it."""
    random = np.random.default_rng(12)
    sites = []
    for id_ in [*FIRM, *VAGUE]:
        radius = float(random.choice([100.0, 1_000.0, 6_000.0, 25_000.0]))
        where = point(40 + float(random.choice([0.02, 0.1, 0.11, 0.3, 0.6])), 32)
        fields = {"coordinateUncertaintyInMeters": radius, "kind": "town", "placeholder": id_ in VAGUE}
        sites.append(feature(id_, where, **fields))
    for id_ in PLACES:
        where = point(float(random.uniform(36, 44)), float(random.uniform(30, 34)))
        radius = float(random.choice([0.0, 5_000.0, 40_000.0, 150_000.0, 400_000.0]))
        sites.append(feature(id_, where, coordinateUncertaintyInMeters=radius, kind="town"))
    sites += [
        feature("vague-place", point(40.1, 32), coordinateUncertaintyInMeters=10.0, placeholder=True, kind="town"),
        feature("unknown", point(40.1, 32), kind="town"),
        feature("exact", point(45, 32), coordinateUncertaintyInMeters=0, kind="town"),
        feature("nowhere", None, kind="area"),
        feature("in-east", None, area="governorates/gov-east", kind="area"),
        feature("in-east-known", None, area="governorates/gov-east", kind="area", coordinateUncertaintyInMeters=5_000),
    ]
    sites += [feature(id_, square(*box), kind="area") for id_, box in AREAS.items()]
    provinces = [("gov-west", 36, 39.5), ("gov-middle", 39.5, 41), ("gov-east", 41, 44)]
    governorates = [
        feature(
            id_,
            square(west, 30, east, 34),
            kind="governorate",
            country="country",
            coordinateUncertaintyInMeters=OUTLINE,
        )
        for id_, west, east in provinces
    ]
    governorates += [
        feature("gov-abroad", square(36, 30, 44, 34), kind="governorate", country="other"),
        feature("city-inside", square(36, 30, 44, 34), kind="city", country="country"),
        feature(
            "gov-exact", square(44, 30, 46, 34), kind="governorate", country="exact", coordinateUncertaintyInMeters=0
        ),
        feature("gov-outlineless", None, kind="governorate", country="country"),
    ]
    return {
        "countries": [feature("country", square(36, 30, 44, 34), kind="country")],
        "governorates": governorates,
        "borders": [
            feature("border-a", meridian(40.0), kind="border"),
            feature("border-b", meridian(40.05), kind="border"),
        ],
        "wall": [feature("border-wall", meridian(40.0), kind="wall")],
        "sites": sites,
    }


@pytest.fixture(scope="module")
def catalog(layers: dict[str, list[dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return the catalogue of the layers, written once."""
    return written(layers, tmp_path_factory.mktemp("layers"))


def ask(catalog: Catalog, kind: str, value: Any = None, **test: Any) -> Outcome:
    """Return what testing a claim of a kind gives."""
    return outcome({"id": "claim", "reported": {"value": value, "unit": "km"}, "test": {"kind": kind, **test}}, catalog)


def proximity(catalog: Catalog, candidates: list[str], lines: list[str], figure: float = 10.0) -> Outcome:
    return ask(catalog, "proximity", figure, candidates=candidates, lines=lines)


some_firm = st.lists(st.sampled_from(FIRM), min_size=1, max_size=4, unique=True)
some_vague = st.lists(st.sampled_from(VAGUE), min_size=1, max_size=4, unique=True)
some_lines = st.lists(st.sampled_from(LINES), min_size=1, max_size=2, unique=True)
figures = st.sampled_from([2.0, 5.0, 10.0, 30.0, 60.0])


@shared
@given(some_firm, some_lines, figures)
def test_a_verdict_is_what_every_place_says_of_every_line(
    catalog: Catalog, candidates: list[str], lines: list[str], figure: float
) -> None:
    found = proximity(catalog, candidates, lines, figure)
    assert [(row["candidate"], row["line"]) for row in found.table] == [
        (candidate, line) for candidate in candidates for line in lines
    ]
    words = []
    for row in found.table:
        site, line = catalog.feature(row["candidate"]), catalog.feature(row["line"])
        lon = line.geometry.coords[0][0]
        # Towards a meridian at nearly a right angle: what is missing is far below a metre.
        straight = GEOD.inv(site.geometry.x, 32, lon, 32)[2]
        slack = site.properties["coordinateUncertaintyInMeters"] + 500.0
        assert row["distance_m"] == pytest.approx(straight, abs=40)
        low, high = row["interval_m"]
        assert (low, high) == pytest.approx((max(0.0, row["distance_m"] - slack), row["distance_m"] + slack), abs=1e-6)
        words.append(verdict.quantity(verdict.reported_interval(figure), figure, Interval(low / 1000, high / 1000)))
        assert row["verdict"] == words[-1]
        assert row["placeholder"] is False
    assert found.verdict == (words[0] if len(set(words)) == 1 else "cannot_tell")
    first = found.table[0]
    assert found.measured == pytest.approx(first["distance_m"] / 1000)
    assert found.interval == pytest.approx([end / 1000 for end in first["interval_m"]])


@shared
@given(some_vague, some_lines, figures)
def test_placeholders_alone_decide_nothing(
    catalog: Catalog, candidates: list[str], lines: list[str], figure: float
) -> None:
    found = proximity(catalog, candidates, lines, figure)
    assert found.verdict == "cannot_tell"
    assert all(row["placeholder"] for row in found.table)


@shared
@given(some_firm, some_vague, some_lines, figures, st.booleans())
def test_a_placeholder_beside_others_can_only_cast_doubt(
    catalog: Catalog, firm: list[str], vague: list[str], lines: list[str], figure: float, first: bool
) -> None:
    without = proximity(catalog, firm, lines, figure).verdict
    of_vague = {row["verdict"] for row in proximity(catalog, vague, lines, figure).table}
    both = proximity(catalog, [*vague, *firm] if first else [*firm, *vague], lines, figure).verdict
    # That nobody could be so near must hold of the places somebody may have meant, too.
    doubted = without == "disagrees" and of_vague != {"disagrees"}
    assert both == ("cannot_tell" if doubted else without)


def test_every_case_of_doubt_occurs(catalog: Catalog) -> None:
    words = {
        (row["placeholder"], row["verdict"])
        for figure in (2.0, 5.0, 10.0, 30.0, 60.0)
        for row in proximity(catalog, [*FIRM, *VAGUE], LINES, figure).table
    }
    assert words == {(vague, word) for vague in (True, False) for word in ("agrees", "disagrees", "cannot_tell")}


@shared
@given(some_firm, some_lines, figures)
def test_the_reason_tells_how_near_and_how_far_any_of_them_is(
    catalog: Catalog, candidates: list[str], lines: list[str], figure: float
) -> None:
    found = proximity(catalog, candidates, lines, figure)
    low = min(row["interval_m"][0] for row in found.table) / 1000
    high = max(row["interval_m"][1] for row in found.table) / 1000
    output = re.search(r"([\d.]+)–([\d.]+) km", found.reason["en"])
    assert output is not None
    # Rounded outward, to two digits of the width at the least.
    assert float(output[1]) == pytest.approx(low, abs=max(1.0, (high - low) / 10))
    assert float(output[2]) == pytest.approx(high, abs=max(1.0, (high - low) / 10))
    assert f"({len(candidates)})" in found.reason["en"]
    assert f"({len(lines)})" in found.reason["en"]
    assert found.layers == ["borders", "sites"]


def test_a_place_known_to_an_area_tests_nothing_on_that_area(catalog: Catalog) -> None:
    found = ask(catalog, "containment", "in", feature="in-east", area="gov-east")
    assert (found.verdict, found.measured, found.layers) == ("cannot_tell", "gov-east", ["governorates", "sites"])
    assert found.reason["en"] == "The only region we have for the place is this one."


@shared
@given(st.sampled_from(PLACES), st.sampled_from(sorted(WORDS)))
def test_the_reason_says_where_a_part_of_the_radius_lies_outside(catalog: Catalog, id_: str, word: str) -> None:
    found = ask(catalog, "direction", word, feature=id_, country="country", direction=word)
    margin = (found.interval[1] - found.interval[0]) / 2
    off = abs((found.measured - WORDS[word] + 180) % 360 - 180)
    partly = off - margin <= HALF_ANGLE < off + margin
    assert ("radius lies outside" in found.reason["en"]) == partly


def test_what_has_no_interval_has_no_vote(catalog: Catalog) -> None:
    assert proximity(catalog, ["unknown", "nowhere"], LINES).verdict == "cannot_tell"
    assert not proximity(catalog, ["unknown", "nowhere"], LINES).table
    alone = proximity(catalog, ["firm-0"], LINES)
    assert proximity(catalog, ["unknown", "nowhere", "firm-0"], LINES).verdict == alone.verdict


def test_the_figure_is_drawn_round_a_point_only(catalog: Catalog) -> None:
    rings = [
        shape
        for shape in proximity(catalog, ["firm-0"], LINES).geometries
        if shape["properties"].get("role") == "reported"
    ]
    assert [ring["properties"]["radius_m"] for ring in rings] == [10_000]
    lon, lat = np.array(rings[0]["geometry"]["coordinates"][0])[:, :2].T
    centre = catalog.feature("firm-0").geometry
    far = GEOD.inv(np.full(len(lon), centre.x), np.full(len(lat), centre.y), lon, lat)[2]
    assert far == pytest.approx(10_000, abs=2)
    shapes = proximity(catalog, ["in-east"], LINES).geometries
    assert not [shape for shape in shapes if shape["properties"].get("role") == "reported"]


@pytest.mark.parametrize("kind", ["proximity", "direction", "containment"])
def test_nothing_is_tested_on_what_was_drawn_from_a_claim(catalog: Catalog, kind: str) -> None:
    tests: Mapping[str, dict[str, Any]] = {
        "proximity": {"candidates": ["firm-0"], "lines": ["border-wall"]},
        "direction": {"feature": "border-wall", "country": "country", "direction": "west"},
        "containment": {"feature": "border-wall", "area": "gov-west"},
    }
    with pytest.raises(BadData, match="drawn from a claim"):
        ask(catalog, kind, 10.0, **tests[kind])
    length = ask(catalog, "length", 160, of="border-wall")
    assert (length.verdict, length.measured) == ("cannot_tell", None)
    assert list(length.reported["interval"]) == [155, 165]
    assert length.unit == "km"


@shared
@given(st.sampled_from(PLACES), st.sampled_from(sorted(WORDS)))
def test_a_direction_is_told_only_where_the_angle_is_known_well_enough(catalog: Catalog, id_: str, word: str) -> None:
    found = ask(catalog, "direction", word, feature=id_, country="country", direction=word)
    site = catalog.feature(id_)
    radius = site.properties["coordinateUncertaintyInMeters"]
    centre = (40.0, 32.0)
    azimuth, _, far = GEOD.inv(*centre, site.geometry.x, site.geometry.y)
    # The centre of area of a box in degrees lies a little south of its middle parallel.
    assert abs((found.measured - azimuth + 180) % 360 - 180) < 360 * 10_000 / far
    margin = (found.interval[1] - found.interval[0]) / 2
    assert margin == pytest.approx(180.0 if radius >= far else np.degrees(np.arcsin(radius / far)), rel=0.2, abs=1.0)
    off = abs((found.measured - WORDS[word] + 180) % 360 - 180)
    half = HALF_ANGLE
    if margin >= half:
        assert found.verdict == "cannot_tell"
    elif off - margin > half:
        assert found.verdict == "disagrees"
    else:
        assert found.verdict == "agrees"
    assert found.unit == "°"
    low, high = found.reported["interval"]
    assert (low, high) == ((WORDS[word] - half) % 360, (WORDS[word] + half) % 360)
    assert dict(found.dial or {}) == {"azimuth_deg": found.measured, "low": low, "high": high}
    assert found.reported["direction"] == word


@pytest.mark.parametrize("id_", list(AREAS))
def test_the_reason_says_between_which_azimuths_an_area_lies(catalog: Catalog, id_: str) -> None:
    found = ask(catalog, "direction", "north", feature=id_, country="country", direction="north")
    west, south, east, north = AREAS[id_]
    # The mean parallel of the country, each weighted by its length.
    parallels = np.radians(np.linspace(30, 34, 1_001))
    centre = (40.0, float(np.degrees(np.average(parallels, weights=np.cos(parallels)))))
    if west < centre[0] < east and south < centre[1] < north:
        assert "spans" not in found.reason["en"]
        assert "تمتد" not in found.reason["ar"]
        return
    corners = [(lon, lat) for lon in (west, east) for lat in (south, north)]
    off = [(GEOD.inv(*centre, *corner)[0] - found.measured + 180) % 360 - 180 for corner in corners]
    for lang, words in (
        ("en", r"the area spans (\d+)° to (\d+)°\.$"),
        ("ar", r"تمتد المنطقة من\D+(\d+)°\D+(\d+)°\D+$"),
    ):
        ends = re.search(words, found.reason[lang])
        assert ends is not None
        for end, least in zip(ends.groups(), (min(off), max(off)), strict=True):
            # Whole degrees, outward.
            assert (float(end) - found.measured - least + 180) % 360 - 180 == pytest.approx(0, abs=1.2)


def test_every_verdict_on_a_direction_occurs(catalog: Catalog) -> None:
    missing = {"agrees", "disagrees", "cannot_tell"}
    for id_, word in product(PLACES, ("west", "north-east")):
        missing.discard(ask(catalog, "direction", word, feature=id_, country="country", direction=word).verdict)
        if not missing:
            break
    assert not missing


def test_a_direction_may_need_an_area_as_well(catalog: Catalog) -> None:
    for id_ in PLACES:
        site = catalog.feature(id_)
        if site.properties["coordinateUncertaintyInMeters"] > 5_000 or site.geometry.x < 42:
            continue
        claim = {"feature": id_, "country": "country", "direction": "east"}
        alone = ask(catalog, "direction", "east", **claim)
        assert ask(catalog, "direction", "east", **claim, and_within="gov-east").verdict == alone.verdict
        assert ask(catalog, "direction", "east", **claim, and_within="gov-west").verdict == "disagrees"
        assert "governorates" in ask(catalog, "direction", "east", **claim, and_within="gov-east").layers


@pytest.mark.parametrize("kind", ["direction", "containment"])
@pytest.mark.parametrize("id_", ["vague-place", "nowhere"])
def test_a_placeholder_tests_no_direction_and_no_containment(catalog: Catalog, kind: str, id_: str) -> None:
    test = {"direction": {"country": "country", "direction": "west"}, "containment": {"area": "gov-west"}}[kind]
    found = ask(catalog, kind, "in", feature=id_, **test)
    assert found.verdict == "cannot_tell"
    assert found.reason["en"] == "The position is our own placeholder, so it cannot test the claim."


def test_a_direction_needs_a_polygon(catalog: Catalog) -> None:
    with pytest.raises(BadValue, match="polygon"):
        ask(catalog, "direction", "west", feature="place-0", country="border-a", direction="west")


@shared
@given(st.sampled_from(PLACES), st.sampled_from(["gov-west", "gov-middle", "gov-east"]))
def test_a_place_lies_in_an_area_where_its_disc_touches_no_other(catalog: Catalog, id_: str, area: str) -> None:
    site = catalog.feature(id_)
    reach = site.properties["coordinateUncertaintyInMeters"] + OUTLINE
    edges = {"gov-west": (36.0, 39.5), "gov-middle": (39.5, 41.0), "gov-east": (41.0, 44.0)}
    own = to_box(site.geometry, *edges[area])
    others = [to_box(site.geometry, *ends) for name, ends in edges.items() if name != area]
    sure = "agrees" if own == 0 and min(others) > reach else "cannot_tell"
    expected = "disagrees" if own > reach else sure
    found = ask(catalog, "containment", "in", feature=id_, area=area)
    assert found.verdict == expected
    assert found.measured == area


def to_box(site: Any, west: float, east: float) -> float:
    """Return the metres from a point to a box that spans all latitudes of the others: to its nearer meridian."""
    if west <= site.x <= east:
        return 0.0
    lon = west if site.x < west else east
    lat = np.linspace(30, 34, 4_001)
    return float(GEOD.inv(np.full(4_001, site.x), np.full(4_001, site.y), np.full(4_001, lon), lat)[2].min())


@pytest.mark.parametrize(
    ("id_", "area"), [("place-0", "gov-outlineless"), ("in-east", "gov-west"), ("in-east-known", "gov-west")]
)
def test_where_an_outline_or_a_position_is_missing_nothing_is_told(catalog: Catalog, id_: str, area: str) -> None:
    assert ask(catalog, "containment", "in", feature=id_, area=area).verdict == "cannot_tell"


def test_an_exact_place_lies_in_an_exact_area(catalog: Catalog) -> None:
    assert ask(catalog, "containment", "in", feature="exact", area="gov-exact").verdict == "agrees"


def test_a_place_whose_uncertainty_nobody_stated_tests_nothing(catalog: Catalog) -> None:
    for area in ("gov-middle", "gov-west"):
        found = ask(catalog, "containment", "in", feature="unknown", area=area)
        assert (found.verdict, found.reason) == ("cannot_tell", UNSTATED)
    for word in WORDS:
        found = ask(catalog, "direction", feature="unknown", country="country", direction=word)
        assert (found.verdict, found.measured, found.reason) == ("cannot_tell", None, UNSTATED)
