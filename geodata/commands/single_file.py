"""The single-file map: which layers go into it, and the sentences it speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geodata.analysis.answer import NOTICE
from geodata.catalog import Catalog
from geodata.formats import geojson
from geodata.model import Text

STRINGS: Mapping[str, Text] = {
    "title": {"en": "Masafa", "ar": "مسافة"},
    "layers": {"en": "Layers", "ar": "الطبقات"},
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


def single_file(catalog: Catalog, names: Sequence[str], lang: str) -> bytes:
    """Return layers as one HTML map that opens from disk."""
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
    return html.write(sheets, catalog.vocabulary(), catalog.sources(), STRINGS, lang)
