"""Borders: one line for each pair of countries, clockwise round the first, and the other lines we hold for a pair."""

from __future__ import annotations

from functools import cache
from typing import Any

from shapely.geometry import LineString

from scripts.layers import countries, natural_earth, osm
from scripts.layers.geometry import length
from scripts.layers.write import feature, rounded

NAMES = {
    "iq": ("Iraq", "العراق"),
    "sy": ("Syria", "سوريا"),
    "tr": ("Turkey", "تركيا"),
    "ir": ("Iran", "إيران"),
    "kw": ("Kuwait", "الكويت"),
    "sa": ("Saudi Arabia", "السعودية"),
    "jo": ("Jordan", "الأردن"),
}
PAIRS = (
    ("iq", "sy"),
    ("iq", "tr"),
    ("iq", "ir"),
    ("iq", "kw"),
    ("iq", "sa"),
    ("iq", "jo"),
    ("sy", "tr"),
    ("sy", "jo"),
)
PRIMARY = ("data-timezonefinder-data", "data-tbb-osmwiki", "data-osm-copyright")

ACCURACY = {
    "en": "Typically within 200 m, at worst 500 m at a checked point; not a survey and not a legal line.",
    "ar": "في حدود 200 م عادةً، و500 م في أسوأ نقطة فُحصت؛ ليس مسحًا ولا خطًّا قانونيًّا.",
}
COAST = {
    "en": "From the coast of Natural Earth 1:10m to the Saudi tripoint; the source's line begins out at sea and is "
    "319.97 km long in all.",
    "ar": "من ساحل Natural Earth بمقياس 1:10 ملايين إلى ملتقى الحدود مع السعودية؛ ويبدأ خط المصدر في عرض البحر "
    "ويبلغ طوله كله 319.97 كم.",
}


@cache
def line(inside: str, outside: str) -> LineString:
    """Return a border of the primary source, the sea part of the one with Kuwait cut off."""
    if (inside, outside) == ("iq", "kw"):
        return max(osm.shared(countries.land("iq"), countries.land("kw")), key=length)
    return max(osm.shared(osm.polygon(inside), osm.polygon(outside)), key=length)


def _at_sea(inside: str, outside: str) -> dict[str, str] | None:
    metres = length(line(inside, outside).intersection(natural_earth.sea()))
    if metres < 5000:
        return None
    return {
        "en": f" About {metres / 1000:.0f} km of it lie at sea.",
        "ar": f" ويقع منه نحو {metres / 1000:.0f} كم في البحر.",
    }


def _note(inside: str, outside: str) -> dict[str, str]:
    by_id = dict(ACCURACY)
    at_sea = None if (inside, outside) == ("iq", "kw") else _at_sea(inside, outside)
    if at_sea:
        by_id = {lang: by_id[lang] + at_sea[lang] for lang in by_id}
    if (inside, outside) == ("sy", "tr"):
        by_id["en"] += " A Turkish exclave of 280 m circumference inside Syria is left out."
        by_id["ar"] += " وأُغفل جيب تركي داخل سوريا محيطه 280 م."
    return by_id


def border(id_: str, inside: str, outside: str, path: LineString, **more: Any) -> dict[str, Any]:
    """Return a border as a feature; its neighbours are countries by id, the first on its right."""
    (en1, ar1), (en2, ar2) = NAMES[inside], NAMES[outside]
    path = rounded(path)
    return feature(
        id_,
        path,
        **{
            "name_en": f"{en1}–{en2} border",
            "name_ar": f"الحدود بين {ar1} و{ar2}",
            "kind": "border",
            "precision": "vicinity",
            **more,
            "left": f"country-{outside}",
            "right": f"country-{inside}",
            "length_m": round(length(path), 1),
            "vertices": len(path.coords),
        },
    )


def build() -> list[dict[str, Any]]:
    """Return the six borders of Iraq, clockwise from the Jordan tripoint, and two of Syria."""
    items = []
    for inside, outside in PAIRS:
        items.append(
            border(
                f"border-{inside}-{outside}",
                inside,
                outside,
                line(inside, outside),
                coordinateUncertaintyInMeters=500,
                sources=list(PRIMARY),
                derived=COAST if outside == "kw" else None,
                as_of="2026-09-10",
                note=_note(inside, outside),
                aliases=[f"border-{outside}-{inside}"],
                priority=3 if (inside, outside) == ("iq", "sy") else 1,
            )
        )
    return items


def alternatives() -> list[dict[str, Any]]:
    """Return the Iraq–Syria line of Natural Earth, in the same direction, to test claims against."""
    pair = (natural_earth.country("ne10m", "IRQ"), natural_earth.country("ne10m", "SYR"))
    lines = osm.shared(*pair)
    if len(lines) != 1:
        raise ValueError(f"Natural Earth has {len(lines)} lines between Iraq and Syria, not one")
    return [
        border(
            "border-iq-sy-ne10m",
            "iq",
            "sy",
            lines[0],
            name_en="Iraq–Syria border, Natural Earth 1:10m",
            name_ar="الحدود بين العراق وسوريا، Natural Earth 1:10 ملايين",
            coordinateUncertaintyInMeters=2500,
            sources=["data-ne-geocoder-reverse", "data-naturalearth-repo", "data-naturalearth-terms"],
            note={
                "en": "Typically within 1 km, at worst 2.5 km from the primary line; used to test claims against a "
                "second source.",
                "ar": "في حدود كيلومتر واحد عادةً، و2.5 كم في أسوأ الأحوال عن الخط الأساسي؛ يُستعمل لاختبار الادعاءات "
                "على مصدر ثانٍ.",
            },
            aliases=["border-sy-iq-ne10m"],
        )
    ]
