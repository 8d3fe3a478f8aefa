"""The report's map: to scale, inside its frame, names apart."""

from __future__ import annotations

import re

import pytest
import shapely

from geodata import registry
from geodata.catalog import shipped
from geodata.geodesy import distance
from webapp.report import svgmap
from webapp.report.frame import HEIGHT, LEFT, TOP, WIDTH, Frame

QUESTIONS = (
    ("claims", {"of": "prison-10km"}, ("hasakah-prison", "hasakah-city")),
    ("claims", {"of": "wall-160km"}, ("border-wall",)),
    ("ruler", {"layer": "border-iq-sy", "km": "60"}, ("border-iq-sy",)),
    ("buffer", {"layer": "al-qaim", "km": "25,50"}, ("al-qaim",)),
)


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize(("name", "inputs", "ids"), QUESTIONS)
def test_nothing_stands_outside_the_frame(name: str, inputs: dict[str, str], ids: tuple[str, ...], lang: str) -> None:
    catalog = shipped()
    shapes = registry.run(name, inputs).geometries
    result = svgmap.of(shapes, [catalog.feature(one) for one in ids], catalog, lang)
    assert result is not None
    for one in (*result["land"], *result["lines"], *result["measured"]):
        for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", one["d"]):
            assert LEFT - 0.1 <= float(x) <= LEFT + WIDTH + 0.1
            assert TOP - 0.1 <= float(y) <= TOP + HEIGHT + 0.1
    assert len(result["names"]) > 3
    assert result["labels"]


def test_names_do_not_share_a_place() -> None:
    catalog = shipped()
    shapes = registry.run("ruler", {"layer": "border-iq-sy", "km": "60"}).geometries
    result = svgmap.of(shapes, [], catalog, "en")
    assert result is not None
    spots = [(one["x"], one["y"], one["anchor"]) for one in result["names"]]
    assert len(spots) == len(set(spots))


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    # 49 km by the geodesic and on the drawing: 0.2 % is far under a pixel of the bar.
    ends = shapely.Point(40.762, 36.478), shapely.Point(41.293938, 36.364818)
    frame = Frame(ends)
    drawn = frame.pixels(ends[0]).distance(frame.pixels(ends[1]))
    bar = frame.scale()
    assert drawn / bar["width"] * bar["km"] * 1000 == pytest.approx(float(distance(*ends).distance), rel=2e-3)


def test_what_has_no_place_has_no_map() -> None:
    assert svgmap.of([], [], shipped(), "en") is None
