"""Both languages say the same things: the words of the pages, and every text of the data in {en, ar}."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from geodata import registry
from geodata.catalog import shipped
from geodata.map_file import STRINGS
from geodata.messages import parse
from geodata.records import actors, sources
from tests.messages.test_catalogue import nodes
from tests.tree import ROOT, tracked
from webapp.errors import TITLES
from webapp.i18n import word

LOCALES = {lang: json.loads((ROOT / f"webapp/locales/{lang}.json").read_text("utf-8")) for lang in ("en", "ar")}
ARABIC = re.compile(r"[\u060c\u0621-\u064a]")
LATIN = re.compile(r"[A-Za-z]")
# Names of things that are written in Latin letters in Arabic, too.
SAME = {"other_language", "other_language_short", "other_name", "download"}
LATIN_NAMES = re.compile(
    r"SHA-256|TSV|ODS|Esri JSON|JSON Lines|JSON|KML|KMZ|GPX|GML|FileGDB|GeoPackage|Shapefile|FlatGeobuf|GeoParquet"
    r"|Parquet|ACLED|UCDP GED|GDELT|MiB"
    r"|OpenStreetMap|ODbL|GeoNames|CC BY|Natural Earth|WDBII|LGPL|Leaflet|WGS84|GeoJSON|CSV|UTM|MGRS|CQL2|HXL|XLSX"
    r"|WCAG|AA|axe-core|Chromium"
    r"|JavaScript|Esc|Ctrl|Shift|PDF|\b[A-F]\b"
)
CODE = "\n".join(
    path.read_text("utf-8") for path in tracked("webapp/*.py", "webapp/templates/*.html", "webapp/static/js/*.js")
)
# Keys that are put together: a beginning in the code, an end from a closed list.
MADE = {
    "search_": ("event", "place", "actor", "claim", "source", "layer", "page"),
    "help_key_": ("help", "search", "measure", "close"),
    "digits_": ("arab", "latn"),
    "supports_": ("claims", "events", "sites", "lines", "layers", "actors", "nothing"),
    "verdict_": ("agrees", "disagrees", "cannot_tell"),
    "nav_": ("map", "events", "claims", "sources", "about"),
    "import_then_": ("dates", "radius", "position"),
    "error_": (*TITLES.values(), "bad", "failed"),
    "unit_": ("km", "km2", "m", "persons", "attacks", "states"),
    "rings_": ("radius", "certainly", "possibly", "area_of_ring"),
    "quantity_": ("height_m", "killed", "wounded", "population", "attacks", "members"),
    "sheet_": ("0", "1", "2"),
    "events_chip_": ("certainly", "possibly", "unknown"),
    "line_": ("left", "right"),
    "export_": ("point", "circle", "area"),
    "edit_did_": ("add", "change", "delete", "undo"),
    "import_": (
        *("held", "placed", "areas", "unplaced", "undated", "flagged", "added", "updated", "unchanged", "kept"),
        *("older", "edited", "deleted", "repeated", "duplicates", "title_ar", "title_en"),
        *("step_read", "step_sort", "step_write"),
    ),
    "events_f_": ("category", "actor", "source", "flag", "precision", "country", "governorate", "kind"),
    "events_by_": ("governorate", "country", "day", "week", "month", "year"),
    "record_": (
        *sources.FIELDS,
        *actors.FIELDS,
        *("says", "note", "office", "collected_at", "collected_by", "recorded_by", "found_in", "verification", "file"),
        *("id", "supports", "alias", "into", "merged_into", "reliability", "credibility", "by", "why"),
        *(f"do_{what}" for what in (*sources.CHANGES, *actors.CHANGES)),
        *(f"hint_{what}" for what in ("grade", "second", "merge", "unmerge", "attach", "detach")),
        *("new_source", "new_actor", "supplied_title"),
    ),
    "dates_": ("dmy", "mdy", "ymd"),
    "month_": tuple(str(month) for month in range(1, 13)),
    "diff_": ("added", "gone", "moved", "redated", "recounted", "changed"),
    "change_": ("moved", "changed", "added", "removed"),
}


def used() -> set[str]:
    """Return the keys that templates, scripts and Python ask for by their whole name."""
    by_name = re.findall(r"""\b(?:t|word|say|quantityText)\(\s*["']([a-z_0-9]+)["']\s*[,)]""", CODE)
    return set(by_name)


def texts(value: Any, where: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Give every {en, ar} of a JSON value, and where it stands."""
    if isinstance(value, dict):
        if {"en", "ar"} & value.keys():
            yield where, value
        else:
            for key, item in value.items():
                yield from texts(item, f"{where}/{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from texts(item, f"{where}/{index}")


def fields(text: str) -> set[str]:
    """Return the names of the parameters of a text, those of plurals among them."""
    return {str(node["name"]) for node in nodes(parse(text))}


def test_both_files_have_the_same_keys_in_the_same_order() -> None:
    assert list(LOCALES["en"]) == list(LOCALES["ar"])
    assert len(LOCALES["en"]) > 150


@pytest.mark.parametrize("key", LOCALES["en"])
def test_words(key: str) -> None:
    en, ar = LOCALES["en"][key], LOCALES["ar"][key]
    assert en.strip()
    assert ar.strip()
    assert fields(en) == fields(ar)
    if key not in SAME:
        assert ARABIC.search(ar), "Arabic in Arabic script"
        assert not ARABIC.search(en), "English in Latin script"
        shown = word(key, "ar", **dict.fromkeys(fields(ar), 7))
        assert not LATIN.search(LATIN_NAMES.sub("", shown)), "no English left over"


def test_every_key_asked_for_exists() -> None:
    asked = used() | {f"{start}{end}" for start, ends in MADE.items() for end in ends}
    assert len(asked) > 100
    assert sorted(asked - LOCALES["en"].keys()) == []


def test_every_key_is_asked_for() -> None:
    members = {f"{start}{end}" for start, ends in MADE.items() for end in ends}
    quoted = set(re.findall(r"""["'`]([a-z_0-9]+)["'`]""", CODE)) | used()
    assert sorted(LOCALES["en"].keys() - quoted - members) == []


@pytest.mark.parametrize("start", MADE)
def test_keys_are_put_together_where_they_are_said_to_be(start: str) -> None:
    assert re.search(rf"""["'`]{start}(?:["']|\$\{{|\{{)""", CODE)


# Asked for by the tests themselves: these answers take longer than all files of tests to collect.
BILINGUAL: dict[str, Callable[[], Any]] = {
    "analyses": lambda: [made.describe() for made in registry.analyses().values()],
    "vocabulary": lambda: shipped().vocabulary(),
    "claims": lambda: registry.run("claims", {}).to_dict(),
    "buffer": lambda: registry.run("buffer", {"layer": "akashat", "km": "50"}).to_dict(),
    "proximity": lambda: registry.run("proximity", {"layer": "sites", "target": "borders"}).to_dict(),
    "direction": lambda: registry.run("direction", {"layer": "sites"}).to_dict(),
    "export": lambda: dict(STRINGS),
}


@pytest.mark.parametrize("name", BILINGUAL)
def test_what_the_library_says_it_says_in_both(name: str) -> None:
    found = list(texts(BILINGUAL[name]()))
    assert found
    for where, text in found:
        if where.endswith("/translation"):
            # Of the document's Arabic words into English.
            continue
        assert set(text) == {"en", "ar"}, where
        if re.fullmatch(r"[-0-9.,]*", text["en"]):
            continue
        assert ARABIC.search(text["ar"]), (where, text)
        assert LATIN.search(text["en"]), (where, text)
