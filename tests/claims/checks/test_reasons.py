"""What is said of a measurement: the rows behind it, and the same figures in Arabic as in English."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geodata.analysis.direction import HALF_ANGLE, WORDS
from geodata.analysis.number_format import degrees, kilometres
from geodata.catalog import Catalog
from geodata.claims.checks import Outcome
from geodata.claims.checks.spatial import PLACEHOLDER, UNSTATED
from geodata.model import Text
from tests.analysis.conftest import feature, point, square, written
from tests.claims.checks import outcome

GEOD = Geod(ellps="WGS84")
SITES = [f"site-{number}" for number in range(6)]
LINES = ["border-a", "border-exact"]
SOURCES = {"border-a": ["survey", "treaty"], "border-exact": []}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return places of several radii, exact ones among them, borders, and a line whose uncertainty nobody stated."""

    def meridian(id_: str, lon: float, **properties: Any) -> dict[str, Any]:
        shape = {"type": "LineString", "coordinates": [[lon, 30], [lon, 34]]}
        return feature(id_, shape, kind="border", **properties)

    radii = (0.0, 50.0, 2_000.0, 9_000.0, 80_000.0, 400_000.0)
    sites = [
        feature(id_, point(40.4 + 0.5 * at, 31 + at / 3), coordinateUncertaintyInMeters=radius, kind="town")
        for at, (id_, radius) in enumerate(zip(SITES, radii, strict=True))
    ]
    sites += [
        feature("vague", point(41, 32), kind="town", placeholder=True),
        feature("unstated", point(41, 32), kind="town"),
        feature("nowhere", None, kind="area"),
    ]
    return written(
        {
            "countries": [feature("country", square(36, 30, 44, 34), kind="country")],
            "borders": [
                meridian("border-a", 40.0, sources=SOURCES["border-a"]),
                meridian("border-exact", 40.1, coordinateUncertaintyInMeters=0),
            ],
            "rivers": [meridian("river", 40.0)],
            "sites": sites,
        },
        tmp_path_factory.mktemp("layers"),
    )


def ask(catalog: Catalog, kind: str, value: float | None = None, **test: Any) -> Outcome:
    return outcome({"id": "claim", "reported": {"value": value}, "test": {"kind": kind, **test}}, catalog)


def figures(reason: Text) -> list[list[str]]:
    """Return the numbers of a reason in both languages, in the order of the text."""
    return [re.findall(r"\d[\d.,]*(?<=\d)", reason[lang]) for lang in ("en", "ar")]


@settings(deadline=None, max_examples=20)
@given(
    st.lists(st.sampled_from(SITES), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(LINES), min_size=1, max_size=2, unique=True),
)
def test_a_row_says_what_was_measured_between_which_two(
    catalog: Catalog, candidates: list[str], lines: list[str]
) -> None:
    found = ask(catalog, "proximity", 10.0, candidates=candidates, lines=lines)
    assert (found.unit, found.reported) == ("km", {"interval": [5.0, 15.0]})
    for row in found.table:
        site, line = catalog.feature(row["candidate"]), catalog.feature(row["line"])
        assert (row["name"], row["line_name"]) == (site.name, line.name)
        assert row["line_source"] == SOURCES[line.id]
        assert row["display"] == kilometres(row["distance_m"], *row["interval_m"])
        lon, lat = row["foot"]
        assert lon == pytest.approx(line.geometry.coords[0][0], abs=1e-9)
        length = GEOD.inv(site.geometry.x, site.geometry.y, lon, lat)[2]
        assert length == pytest.approx(row["distance_m"], abs=1e-3)


@pytest.mark.parametrize("id_", SITES[:4])
@pytest.mark.parametrize("off", [-3e-4, 3e-4])
def test_a_report_that_barely_misses_what_was_measured_disagrees(catalog: Catalog, id_: str, off: float) -> None:
    (measured,) = ask(catalog, "proximity", 10.0, candidates=[id_], lines=["border-a"]).table
    for end, outward in zip(measured["interval_m"], (-1, 1), strict=True):
        figure = round(end / 1000 + off, 4)
        half = 10.0 ** Decimal(repr(figure)).as_tuple().exponent / 2
        beyond = (figure * 1000 - end) * outward > half * 1000
        found = ask(catalog, "proximity", figure, candidates=[id_], lines=["border-a"])
        assert (found.verdict == "disagrees") == beyond
        assert found.table[0]["verdict"] == found.verdict


@pytest.mark.parametrize("candidates", [[SITES[0]], [SITES[1]], SITES])
@pytest.mark.parametrize("lines", [["border-exact"], LINES])
@pytest.mark.parametrize("figure", [3.0, 30.0, 100.0])
def test_the_reason_has_one_range_in_both_languages(
    catalog: Catalog, candidates: list[str], lines: list[str], figure: float
) -> None:
    found = ask(catalog, "proximity", figure, candidates=candidates, lines=lines)
    low = min(row["interval_m"][0] for row in found.table)
    high = max(row["interval_m"][1] for row in found.table)
    shown = kilometres(None, low, high)["number"].split("–")
    assert f": {'–'.join(shown)} km." in found.reason["en"]
    arabic = re.sub("[\u2066-\u2069]", "", found.reason["ar"])
    assert (f": من {' إلى '.join(shown)} كم." if len(shown) > 1 else f": {shown[0]} كم.") in arabic


def test_ranges_of_one_figure_and_of_two_occur(catalog: Catalog) -> None:
    exact = ask(catalog, "proximity", 3.0, candidates=[SITES[0]], lines=["border-exact"]).reason["en"]
    assert "–" not in exact
    assert "–" in ask(catalog, "proximity", 3.0, candidates=SITES, lines=LINES).reason["en"]


def test_a_line_whose_uncertainty_nobody_stated_is_passed_over(catalog: Catalog) -> None:
    without = ask(catalog, "proximity", 30.0, candidates=SITES, lines=LINES)
    with_it = ask(catalog, "proximity", 30.0, candidates=SITES, lines=["river", *LINES])
    assert (with_it.table, with_it.verdict, with_it.reason) == (without.table, without.verdict, without.reason)


@pytest.mark.parametrize(
    ("candidates", "lines", "reason"),
    [
        (["vague", "nowhere"], LINES, PLACEHOLDER),
        (["nowhere"], LINES, PLACEHOLDER),
        (["unstated"], LINES, UNSTATED),
        (["nowhere", "unstated"], ["river"], UNSTATED),
        ([SITES[0]], ["river"], UNSTATED),
    ],
)
def test_where_nothing_is_measured_the_reason_says_why(
    catalog: Catalog, candidates: list[str], lines: list[str], reason: Text
) -> None:
    found = ask(catalog, "proximity", 30.0, candidates=candidates, lines=lines)
    assert (found.verdict, found.reason, found.table) == ("cannot_tell", reason, ())
    assert found.layers == ["rivers" if lines == ["river"] else "borders", "sites"]


@settings(deadline=None)
@given(st.sampled_from(SITES), st.sampled_from(sorted(WORDS)))
def test_the_reason_tells_the_azimuth_and_the_sector_of_the_word(catalog: Catalog, id_: str, word: str) -> None:
    found = ask(catalog, "direction", feature=id_, country="country", direction=word)
    margin = (found.interval[1] - found.interval[0]) / 2
    shown = degrees(found.measured, margin)
    azimuth = "?" if shown is None else f"{shown['number']}°"
    assert (shown is None) == (margin >= 90)
    assert found.reason["en"].startswith(f"Azimuth {azimuth} from the land centroid; ")
    arabic = re.sub("[\u2066-\u2069]", "", found.reason["ar"])
    assert arabic.startswith(f"السمت {azimuth} من مركز اليابسة؛ ")
    first, last = (f"{(WORDS[word] + off) % 360:.0f}" for off in (-HALF_ANGLE, HALF_ANGLE))
    assert f" is {first}–{last}°." in found.reason["en"]
    assert f" بين {first}° و{last}°." in arabic
    assert ("radius lies outside" in found.reason["en"]) == ("وبعض دائرة المكان نفسه يقع خارجها" in arabic)
    english, same = figures(found.reason)
    assert english == same
