"""What a parameter stands for: typed, clicked, drawn, named or written places, and what is assumed of each."""

from __future__ import annotations

import math
from typing import Any

import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata.analysis import places
from geodata.analysis.places import Place, resolve
from geodata.catalog import Catalog, shipped
from geodata.errors import BadValue, NotFound
from geodata.model import Feature
from tests.analysis.conftest import feature, point, square, written

EXACT = {"radius_m": 0.0, "by": "typed"}
ALLOWED = r"longitude,latitude in degrees: longitude within ±180 first, latitude within ±90"
ASSUMED = {"identification": {"en": "a", "ar": "ب"}, "derived": {"en": "c", "ar": "د"}}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return features of every kind of place, two of one name among them."""
    border = {"type": "LineString", "coordinates": [[40, 30], [44, 34]]}
    several = {"type": "MultiPoint", "coordinates": [[41, 31], [42, 32]]}
    return written(
        {
            "governorates": [feature("gov-east", square(40, 30, 42, 34), kind="governorate")],
            "borders": [
                feature("border-we", border, kind="border"),
                feature("border-own", border, kind="border", coordinateUncertaintyInMeters=50),
                feature("border-drawn", border, kind="border", illustration=True),
                feature("border-nowhere", None, kind="border"),
            ],
            "sites": [
                feature("stated", point(41, 33), coordinateUncertaintyInMeters=1000, aliases=["The old fort"]),
                feature("unknown", point(41, 33)),
                feature("vague", point(41, 33), coordinateUncertaintyInMeters=9000, placeholder=True, **ASSUMED),
                feature("within", None, area="governorates/gov-east"),
                feature("labelled", point(41, 33), area="governorates/gov-east", placeholder=True),
                feature("several", several, coordinateUncertaintyInMeters=70),
                feature("several-within", several, area="governorates/gov-east", coordinateUncertaintyInMeters=70),
                feature("nowhere", None),
                feature("grid", point(41, 33), aliases=["38SMB4444"]),
                feature("twin-a", point(41, 33), aliases=["Twin"]),
                feature("twin-b", point(41, 33), aliases=["Twin"]),
            ],
        },
        tmp_path_factory.mktemp("layers"),
    )


def single(text: str, catalog: Catalog) -> Place:
    """Return the only place that a text names, which is no whole layer."""
    (place,), whole = resolve("layer", text, catalog)
    assert whole is False
    return place


@pytest.mark.parametrize(
    ("text", "name", "lon", "lat"),
    [
        ("41.1,36.4", "41.1,36.4", 41.1, 36.4),
        (" 41.10 , 36.0 ", "41.1,36", 41.1, 36.0),
        ("-180,-90", "-180,-90", -180.0, -90.0),
        ("180,90", "180,90", 180.0, 90.0),
        ("100,10", "100,10", 100.0, 10.0),
        ("41.123456789,36.00000001", "41.1234568,36", 41.123456789, 36.00000001),
        ("٤١٫٥،٣٦", "41.5,36", 41.5, 36.0),
    ],
)
def test_typed_degrees_are_exact(text: str, name: str, lon: float, lat: float, catalog: Catalog) -> None:
    place = single(text, catalog)
    assert (place.id, place.name, place.layer) == (name, {"en": name, "ar": name}, "")
    assert (place.shape.x, place.shape.y, place.uncertainty) == (lon, lat, 0.0)
    assert place.assumed == EXACT == places.EXACT
    assert (place.area, place.feature, place.placeholder, place.edges) == (None, None, False, "lonlat")
    assert place.is_point
    assert place.assumptions[-1] == places.TYPED


@pytest.mark.parametrize(
    "text", ["180.001,0", "-180.001,0", "0,90.001", "0,-90.001", "41", "1,2,3", "nan,1", "1,inf", "-inf,1", "1e400,0"]
)
def test_what_is_no_position_is_refused(text: str, catalog: Catalog) -> None:
    with pytest.raises(BadValue, match=f"^layer: .*{ALLOWED}"):
        resolve("layer", text, catalog)


@given(st.floats(-180, 180), st.floats(-90, 90), st.integers(0, 240).map(lambda tenths: tenths / 10))
@example(41.0, 36.0, 0.0)
@example(41.0, 36.0, 24.0)
def test_a_click_is_good_to_a_pixel_and_a_half(lon: float, lat: float, zoom: float) -> None:
    place = places.coordinates("layer", f"{lon!r},{lat!r}@{zoom:g}")
    assert place is not None
    pixel = 2 * math.pi * 6_378_137 / 256 * math.cos(math.radians(lat)) / 2**zoom
    assert place.uncertainty == pytest.approx(1.5 * pixel, rel=1e-9, abs=1e-12)
    assert place.assumed == {"radius_m": place.uncertainty, "by": "click", "zoom": zoom}
    assert place.assumptions == (places.CLICKED,)


def test_a_zoom_that_no_map_has_is_refused() -> None:
    with pytest.raises(BadValue, match=r"^layer: .*longitude,latitude@zoom, the zoom at most 24"):
        places.coordinates("layer", "41,36@24.1")
    assert places.coordinates("layer", "41,36@240") is None
    assert places.coordinates("layer", "not,a place@12") is None
    assert places.coordinates("layer", "Erbil") is None


@settings(deadline=None)
@given(st.floats(-179, 179), st.floats(-89, 89))
@example(32.0, 42.0)
@example(34.0, 40.0)
@example(30.0, 44.0)
@example(42.0, 32.0)
@example(0.0, 0.0)
def test_longitude_and_latitude_that_are_perhaps_swapped(catalog: Catalog, lon: float, lat: float) -> None:
    place = single(f"{lon!r},{lat!r}", catalog)
    assert place.swapped == (30 <= lon <= 34 and 40 <= lat <= 44)
    assert (places.SWAPPED in place.assumptions) == place.swapped


def test_without_a_border_nothing_is_taken_for_swapped(tmp_path: Any) -> None:
    catalog = written({"sites": [feature("stated", point(41, 33))]}, tmp_path)
    assert single("33,41", catalog).swapped is False


@pytest.mark.parametrize(
    ("text", "lon", "lat", "radius", "assumption"),
    [
        ("33°30'0\"N 44°15'0\"E", 44.25, 33.5, 0.0, places.TYPED),
        ("33.5 N 44.25 E", 44.25, 33.5, 0.0, places.TYPED),
        ("33°30' 44°15'", 44.25, 33.5, 0.0, places.TYPED),
        ("38S MB 5 5", None, None, 10_000 / 2**0.5, places.SQUARE),
        ("38SMB5555", None, None, 1_000 / 2**0.5, places.SQUARE),
    ],
)
def test_written_notations(
    text: str, lon: float | None, lat: float | None, radius: float, assumption: dict[str, str], catalog: Catalog
) -> None:
    place = single(text, catalog)
    if lon is not None:
        assert (place.shape.x, place.shape.y) == (lon, lat)
    name = f"{place.shape.x:.7f}".rstrip("0").rstrip(".") + f",{place.shape.y:.7f}".rstrip("0").rstrip(".")
    assert (place.id, place.name, place.layer) == (name, {"en": name, "ar": name}, "")
    assert place.uncertainty == pytest.approx(radius)
    assert place.assumed == (None if radius else EXACT)
    assert place.assumptions == (assumption,)


@pytest.mark.parametrize("text", ["33.5 44.25", "somewhere", "N E", "شمال", "Mosul 44", "33;44", "x" * 300])
def test_what_is_neither_a_name_nor_a_notation_is_refused(text: str, catalog: Catalog) -> None:
    with pytest.raises(BadValue, match=r"^layer: "):
        resolve("layer", text, catalog)


@pytest.mark.parametrize("text", ["stated", "sites/stated", "The old fort", "the OLD fort"])
def test_a_feature_is_meant_by_its_id_or_its_name(text: str, catalog: Catalog) -> None:
    place = single(text, catalog)
    assert (place.id, place.layer, place.uncertainty, place.assumed) == ("stated", "sites", 1000.0, None)
    assert place.feature == catalog.feature("stated")
    assert place.geometry == shapely.Point(41, 33)
    assert place.assumptions == ()


def test_a_name_goes_before_a_notation(catalog: Catalog) -> None:
    assert single("38SMB4444", catalog).id == "grid"
    assert single("38SMB4445", catalog).feature is None


def test_a_name_that_is_none_or_many_is_refused_with_what_may_be_meant(catalog: Catalog) -> None:
    with pytest.raises(BadValue, match=r"^layer: .*one of those called so: sites/twin-a, sites/twin-b"):
        resolve("layer", "Twin", catalog)
    with pytest.raises(BadValue, match=r"\(perhaps sites/stated\), one of the layers governorates, borders, sites, or"):
        resolve("layer", "The old forte", catalog)
    with pytest.raises(BadValue, match=r"\(perhaps sites/twin-a, sites/twin-b\)"):
        resolve("layer", "Twinn", catalog)
    with pytest.raises(BadValue, match=r"the id of a feature, one of the layers"):
        resolve("layer", "xxxxxxxxxxx", catalog)


def test_a_layer_and_a_list_are_all_of_their_places(catalog: Catalog) -> None:
    layer, whole = resolve("layer", "sites", catalog)
    assert whole is True
    assert [place.id for place in layer] == [each.id for each in catalog.layer("sites").features]
    listed, whole = resolve("layer", " stated ; 41,36;;", catalog)
    assert whole is True
    assert [place.id for place in listed] == ["stated", "41,36"]
    with pytest.raises(BadValue, match=r"^layer: .*at least one place between semicolons"):
        resolve("layer", " ; ", catalog)


def test_a_drawn_line_is_exact(catalog: Catalog) -> None:
    place = single("linestring ( 41 36 , 41.5 36 , 42  36.5 )", catalog)
    assert (place.id, place.name, place.layer, place.uncertainty) == ("drawn-line", places.DRAWN, "", 0.0)
    assert place.assumed == EXACT
    assert shapely.get_coordinates(place.shape).tolist() == [[41, 36], [41.5, 36], [42, 36.5]]
    assert not place.is_point
    assert places.drawn_path("layer", "41,36") is None
    assert places.drawn_path("layer", "LINESTRING(41 36,42 36,41 36)") is not None


@pytest.mark.parametrize(
    "text",
    [
        "LINESTRING",
        "LINESTRING (41 36)",
        "LINESTRING (41 36, 41 36)",
        "LINESTRING (41 36, x y)",
        "LINESTRING (41 36, 42 36, x y)",
        "LINESTRING (41 36, 42 36) z",
    ],
)
def test_what_is_no_line_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match=r"^layer: .*two different ones at least"):
        places.drawn_path("layer", text)


def test_a_drawn_line_that_jumps_over_the_antimeridian_is_refused() -> None:
    with pytest.raises(BadValue, match=r"^layer"):
        places.drawn_path("layer", "LINESTRING (-170 35, 170 36)")


def test_the_radius_of_the_layer_is_assumed_where_a_feature_has_none(catalog: Catalog) -> None:
    place = single("border-we", catalog)
    assert place.uncertainty == 500.0
    assert place.assumed == {"radius_m": 500.0, "by": "layer", "layer": "borders"}
    assert place.assumptions == (places.BY_LAYER,)
    assert (single("border-own", catalog).uncertainty, single("border-own", catalog).assumed) == (50.0, None)


@pytest.mark.parametrize(
    ("id_", "assumptions"),
    [
        ("stated", ()),
        ("unknown", (places.UNKNOWN,)),
        ("vague", (*ASSUMED.values(), places.PLACEHOLDER)),
        ("within", (places.AREA,)),
        ("labelled", (places.AREA,)),
        ("border-drawn", (places.ILLUSTRATION, places.BY_LAYER)),
        ("nowhere", (places.UNKNOWN,)),
    ],
)
def test_what_is_assumed_is_said(id_: str, assumptions: tuple[Any, ...], catalog: Catalog) -> None:
    place = single(id_, catalog)
    assert place.assumptions == assumptions
    assert place.illustration is (id_ == "border-drawn")
    assert place.placeholder is (id_ in ("vague", "labelled"))


def test_what_is_assumed_is_said_in_both_languages() -> None:
    texts = [
        text for name, text in vars(places).items() if name.isupper() and isinstance(text, dict) and name != "EXACT"
    ]
    assert len(texts) == 10
    assert all(set(text) == {"en", "ar"} and all(text.values()) for text in texts)


def test_what_there_is_to_measure(catalog: Catalog) -> None:
    point_, area = shapely.Point(41, 33), shapely.box(40, 30, 42, 34)
    shapes = {"stated": point_, "within": area, "labelled": point_}
    for id_, shape in shapes.items():
        place = single(id_, catalog)
        assert place.has_extent
        assert place.shape.equals(shape)
        assert place.is_point is (id_ == "stated")
    nowhere = single("nowhere", catalog)
    assert not nowhere.has_extent
    assert not nowhere.is_point
    with pytest.raises(NotFound, match=r"no feature with a geometry.*nowhere"):
        _ = nowhere.shape
    assert single("within", catalog).area is not None
    assert single("within", catalog).geometry is None


def test_several_places_of_one_event_are_its_parts(catalog: Catalog) -> None:
    for id_ in ("stated", "within", "labelled", "nowhere", "border-we"):
        assert single(id_, catalog).parts == ()
    several = single("several", catalog)
    assert [(part.geometry.x, part.uncertainty, part.area) for part in several.parts if part.geometry] == [
        (41.0, 70.0, None),
        (42.0, 70.0, None),
    ]
    *points, beside = single("several-within", catalog).parts
    assert [(part.uncertainty, part.area) for part in points] == [(70.0, None)] * 2
    assert (beside.geometry, beside.uncertainty) == (None, None)
    assert beside.area is not None


def test_a_place_is_the_same_as_another_by_its_feature_and_layer(catalog: Catalog) -> None:
    stated, typed = single("stated", catalog), single("41,33", catalog)
    assert stated.is_same(single("sites/stated", catalog))
    assert not stated.is_same(single("unknown", catalog))
    assert not typed.is_same(typed)
    assert not stated.is_same(typed)
    assert not typed.is_same(stated)
    elsewhere = Feature("stated", "other", None, {})
    assert not stated.is_same(Place("stated", {}, "other", None, None, feature=elsewhere))


def test_a_place_is_printed_without_its_shapes() -> None:
    place = resolve("layer", "border-iq-sy", shipped())[0][0]
    assert "LINESTRING" not in repr(place)
    assert not any(f"{name}=" in repr(place) for name in ("geometry", "area", "feature", "assumed"))
