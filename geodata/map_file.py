"""The single-file map: which layers go into it, and the sentences it speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geodata import registry
from geodata.analysis.result_builder import NOTICE
from geodata.catalog import Catalog
from geodata.formats import geojson
from geodata.messages import texts
from geodata.model import Layer, Result, Text

STRINGS: Mapping[str, Text] = {
    "title": texts("map_file.title"),
    "layers": texts("map_file.layers"),
    "legend": texts("map_file.legend"),
    "circle": texts("map_file.circle"),
    "somewhere": texts("map_file.somewhere"),
    "time": texts("map_file.time"),
    "from": texts("map_file.from"),
    "to": texts("map_file.to"),
    "undated": texts("map_file.undated"),
    "sources": texts("map_file.sources"),
    "uncertainty": texts("map_file.uncertainty"),
    "placeholder": texts("map_file.placeholder"),
    "illustration": texts("map_file.illustration"),
    "km": texts("map_file.km"),
    "unplaced": texts("map_file.unplaced"),
    "notice": NOTICE,
    "boundary": texts("map_file.boundary"),
}
"""The sentences of the single-file map."""


def single_file(
    catalog: Catalog, names: Sequence[str], lang: str, result: Result | None = None, more: Sequence[Layer] = ()
) -> bytes:
    """Return layers, and perhaps what was measured on them, as one HTML map that opens from disk.

    `more` are layers that the catalogue does not have.
    """
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
    sheets += [html.Sheet(layer, _items(layer)) for layer in more]
    if result is not None:
        sheets.append(html.Sheet(_layer(result), result.geometries, exact=True))
    return html.write(sheets, catalog.vocabulary(), catalog.sources(), STRINGS, lang)


def _items(layer: Layer) -> list[dict[str, Any]]:
    return [geojson.feature(feature.id, feature.geometry, feature.properties) for feature in layer.features]


def _layer(result: Result) -> Layer:
    """Return what was measured as a layer to draw, under the licences of what it was measured on."""
    entry = {
        "title": registry.analyses()[result.analysis].title,
        "licence": ", ".join(result.licence),
        "attribution": {lang: " · ".join(text[lang] for text in result.attribution) for lang in ("en", "ar")},
    }
    return Layer("result", result.id, entry, ())
