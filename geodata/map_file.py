"""The single-file map: which layers go into it, and the sentences it speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geodata import registry
from geodata.analysis.result_builder import NOTICE
from geodata.catalog import Catalog
from geodata.formats import geojson
from geodata.model import Layer, Result, Text

STRINGS: Mapping[str, Text] = {
    "title": {"en": "Masafa", "ar": "مسافة"},
    "layers": {"en": "Layers", "ar": "الطبقات"},
    "legend": {"en": "Legend", "ar": "مفتاح الرموز"},
    "circle": {"en": "uncertainty of a position", "ar": "عدم يقين موضع"},
    "somewhere": {"en": "somewhere in it", "ar": "في مكان ما منه"},
    "time": {"en": "Events of these days", "ar": "أحداث هذه الأيام"},
    "from": {"en": "from", "ar": "من"},
    "to": {"en": "to", "ar": "إلى"},
    "undated": {"en": "Left out, date not known:", "ar": "مستبعدة لجهل تاريخها:"},
    "sources": {"en": "Sources", "ar": "المصادر"},
    "uncertainty": {"en": "Uncertainty of the position:", "ar": "عدم يقين الموضع:"},
    "placeholder": {
        "en": "Approximate: no citable coordinate is known.",
        "ar": "موضع تقريبي: لا إحداثيات موثَّقة له.",
    },
    "illustration": {
        "en": "An illustration of the claim, not evidence that a wall stands here.",
        "ar": "رسم توضيحي للادعاء، لا دليل على قيام جدار هنا.",
    },
    "km": {"en": "km", "ar": "كم"},
    "unplaced": {"en": "no position", "ar": "بلا موضع"},
    "notice": NOTICE,
    "boundary": {"en": "Borders are not legal boundaries.", "ar": "الخطوط ليست حدودًا قانونية."},
}
"""The sentences of the single-file map."""


def single_file(catalog: Catalog, names: Sequence[str], lang: str, result: Result | None = None) -> bytes:
    """Return layers, and perhaps what was measured on them, as one HTML map that opens from disk."""
    # folium takes half a second to import: only this command waits for it.
    from geodata.formats import html

    sheets = [
        html.Sheet(
            catalog.layer(name),
            geojson.read(catalog.display_path(name).read_bytes()),
            visible=not catalog.layer(name).entry.get("hidden", False),
        )
        for name in catalog.ids()
        if name in names
    ]
    if result is not None:
        sheets.append(html.Sheet(_layer(result), result.geometries, exact=True))
    return html.write(sheets, catalog.vocabulary(), catalog.sources(), STRINGS, lang)


def _layer(result: Result) -> Layer:
    """Return what was measured as a layer to draw, under the licences of what it was measured on."""
    entry = {
        "title": registry.analyses()[result.analysis].title,
        "licence": ", ".join(result.licence),
        "attribution": {lang: " · ".join(text[lang] for text in result.attribution) for lang in ("en", "ar")},
    }
    return Layer("result", result.id, entry, ())
