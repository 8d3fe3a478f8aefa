"""Commands that show and carry data: layers, show, validate, export."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely

from geodata import validation
from geodata.analysis.answer import NOTICE
from geodata.catalog import Catalog, current
from geodata.commands import print_json, print_table
from geodata.errors import BadValue, NotFound
from geodata.formats import geojson
from geodata.model import Feature, Layer, Text
from geodata.store.files import write_whole

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


def add(commands: Any) -> None:
    """Add the commands about data."""
    listed = commands.add_parser("layers", help="List the layers")
    listed.set_defaults(run=_layers)
    shown = commands.add_parser("show", help="Show a layer's features, or one feature")
    shown.add_argument("layer", metavar="LAYER|ID")
    shown.add_argument("id", nargs="?", metavar="ID")
    shown.set_defaults(run=_show)
    checked = commands.add_parser("validate", help="Check GeoJSON files; without a file, everything that is shipped")
    checked.add_argument("files", nargs="*", metavar="FILE")
    checked.set_defaults(run=_validate)
    for made in (listed, shown, checked):
        made.add_argument("--json", action="store_true", help="answer in JSON")
    out = commands.add_parser("export", help="Write a layer as GeoJSON, or layers as one HTML map that works offline")
    out.add_argument("layer", metavar="LAYER[,LAYER…]|all")
    out.add_argument("--to", required=True, metavar="FILE", help="a name in .geojson or .html; - for GeoJSON on stdout")
    out.add_argument("--bbox", metavar="W,S,E,N", help="only features that meet this box, in degrees")
    out.add_argument("--lang", choices=("ar", "en"), default="ar", help="the language an HTML map opens in")
    out.add_argument("--json", action="store_true", help="answer in JSON")
    out.set_defaults(run=_export)


def _layers(asked: argparse.Namespace) -> int:
    catalog = current()
    rows = [
        {
            "id": layer.id,
            "title": layer.title,
            "description": layer.description,
            "kind": layer.kind,
            "features": len(layer.features),
            "edges": layer.edges,
            "default_uncertainty_m": layer.entry.get("default_uncertainty_m"),
            "licence": layer.licence,
            "attribution": layer.attribution,
            "as_of": layer.entry.get("as_of"),
            "version": layer.version,
        }
        for layer in catalog.layers()
    ]
    if asked.json:
        print_json({"schema": 1, "items": rows})
    else:
        print_table([(y.id, str(len(y.features)), y.licence, y.title["en"]) for y in catalog.layers()])
    return 0


def _show(asked: argparse.Namespace) -> int:
    catalog = current()
    name = f"{asked.layer}/{asked.id}" if asked.id else asked.layer
    if name in catalog.ids():
        layer = catalog.layer(name)
        if asked.json:
            print_json({"schema": 1, "layer": layer.id, "version": layer.version, "items": _plain(layer)})
        else:
            print_table([(f.id, f.kind, f.name["en"], f.name["ar"]) for f in layer.features])
        return 0
    feature = _found(name, catalog)
    if asked.json:
        print_json({"schema": 1, "layer": feature.layer, **_feature(feature)})
    else:
        print(f"{feature.ref}: {feature.name['en']} · {feature.name['ar']}")
        print_table([(f"  {key}", _short(value)) for key, value in feature.properties.items() if value is not None])
    return 0


def _found(name: str, catalog: Catalog) -> Feature:
    try:
        return catalog.feature(name)
    except NotFound as error:
        layer, _, bare = name.rpartition("/")
        if layer and layer not in catalog.ids():
            raise
        called = [ref for ref in catalog.named(bare) if not layer or ref.startswith(f"{layer}/")]
        if len(called) == 1:
            return catalog.feature(called[0])
        near = called or catalog.close(bare)
        raise NotFound(error.what, name, near) from None


def _plain(layer: Layer) -> list[dict[str, Any]]:
    return [_feature(feature) for feature in layer.features]


def _feature(feature: Feature) -> dict[str, Any]:
    return geojson.feature(feature.id, feature.geometry, feature.properties)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 160 else text[:159] + "…"


def _validate(asked: argparse.Namespace) -> int:
    reports = validation.files([Path(name) for name in asked.files]) if asked.files else validation.shipped_data()
    if asked.json:
        print_json({"schema": 1, "items": [report.to_dict() for report in reports]})
    else:
        for report in reports:
            print(f"{'valid  ' if report.valid else 'INVALID'}  {report.file}")
            for pointer, message in report.errors[:20]:
                print(f"         {pointer or '/'}: {message}")
            for pointer, message in report.warnings[:5]:
                print(f"         warning {pointer or '/'}: {message}")
    return 0 if all(report.valid for report in reports) else 1


def _export(asked: argparse.Namespace) -> int:
    catalog = current()
    names = catalog.ids() if asked.layer == "all" else tuple(asked.layer.split(","))
    layers = [catalog.layer(name) for name in names]
    suffix = ".geojson" if asked.to == "-" else Path(asked.to).suffix.lower()
    if suffix == ".html":
        if asked.bbox:
            raise BadValue("--bbox", asked.bbox, "nothing with .html: the map holds whole layers")
        data = single_file(catalog, names, asked.lang)
    elif suffix in (".geojson", ".json"):
        if len(layers) != 1:
            raise BadValue("LAYER", asked.layer, "one layer in a GeoJSON file; several fit into .html")
        data = layer_bytes(catalog, layers[0], _bbox(asked.bbox))
    else:
        raise BadValue("--to", asked.to, "a name that ends in .geojson, .json or .html, or -")
    if asked.to == "-":
        sys.stdout.write(data.decode())
        return 0
    write_whole(Path(asked.to), data)
    if asked.json:
        print_json({"schema": 1, "file": asked.to, "bytes": len(data), "layers": {y.id: y.version for y in layers}})
    else:
        print(f"{asked.to}: {len(data)} bytes", file=sys.stderr)
    return 0


def layer_bytes(catalog: Catalog, layer: Layer, bbox: tuple[float, float, float, float] | None) -> bytes:
    """Return a layer as GeoJSON: its file as it stands, or the features that meet a box, provenance with them."""
    if bbox is None:
        return catalog.layer_path(layer.id).read_bytes()
    box = shapely.box(*bbox)
    kept = [f for f in layer.features if f.geometry is not None and shapely.intersects(f.geometry, box)]
    about = {
        "layer": layer.id,
        "version": layer.version,
        "licence": layer.licence,
        "attribution": layer.attribution,
        "bbox": list(bbox),
    }
    return geojson.write([_feature(feature) for feature in kept], {"masafa": about})


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


def _bbox(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    allowed = "west,south,east,north in degrees, west < east within ±180, south < north within ±90"
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise BadValue("--bbox", text, allowed) from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadValue("--bbox", text, allowed)
    return west, south, east, north
