"""Commands that show data: layers, show, validate."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from geodata.catalog import Catalog, current
from geodata.commands import json_option, print_json, print_table
from geodata.errors import NotFound
from geodata.formats import geojson
from geodata.model import SCHEMA, Feature, Layer


def layers(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `layers`."""
    json_option(parser)
    parser.set_defaults(run=_layers)


def show(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `show`."""
    parser.add_argument("layer", metavar="LAYER|ID")
    parser.add_argument("id", nargs="?", metavar="ID")
    json_option(parser)
    parser.set_defaults(run=_show)


def validate(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `validate`."""
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--document", metavar="FILE", help="check the quotations of the claims in the source's text")
    json_option(parser)
    parser.set_defaults(run=_validate)


def _layers(arguments: argparse.Namespace) -> int:
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
    if arguments.json:
        print_json({"schema": SCHEMA, "items": rows})
    else:
        print_table([(y.id, str(len(y.features)), y.licence, y.title["en"]) for y in catalog.layers()])
    return 0


def _show(arguments: argparse.Namespace) -> int:
    catalog = current()
    name = f"{arguments.layer}/{arguments.id}" if arguments.id else arguments.layer
    if name in catalog.ids():
        layer = catalog.layer(name)
        if arguments.json:
            print_json({"schema": SCHEMA, "layer": layer.id, "version": layer.version, "items": _features(layer)})
        else:
            print_table([(f.id, f.kind, f.name["en"], f.name["ar"]) for f in layer.features])
        return 0
    feature = _resolve(name, catalog)
    if arguments.json:
        print_json({"schema": SCHEMA, "layer": feature.layer, **_feature(feature)})
    else:
        print(f"{feature.ref}: {feature.name['en']} · {feature.name['ar']}")
        print_table([(f"  {key}", _short(value)) for key, value in feature.properties.items() if value is not None])
    return 0


def _resolve(name: str, catalog: Catalog) -> Feature:
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


def _features(layer: Layer) -> list[dict[str, Any]]:
    return [_feature(feature) for feature in layer.features]


def _feature(feature: Feature) -> dict[str, Any]:
    return geojson.feature(feature.id, feature.geometry, feature.properties)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 160 else text[:159] + "…"


def _validate(arguments: argparse.Namespace) -> int:
    # jsonschema is needed here alone.
    from geodata import validation

    if arguments.files or arguments.document is None:
        reports = (
            validation.files([Path(name) for name in arguments.files]) if arguments.files else validation.shipped_data()
        )
    else:
        reports = []
    if arguments.document is not None:
        reports.append(validation.document(Path(arguments.document), current()))
    if arguments.json:
        print_json({"schema": SCHEMA, "items": [report.to_dict() for report in reports]})
    else:
        for report in reports:
            print(f"{'valid  ' if report.valid else 'INVALID'}  {report.file}")
            # Of a document each quotation that is misplaced is named.
            most = 20 if arguments.document is None or report is not reports[-1] else None
            for pointer, message in report.errors[:most]:
                print(f"         {pointer or '/'}: {message}")
            for pointer, message in report.warnings[:5]:
                print(f"         warning {pointer or '/'}: {message}")
    return 0 if all(report.valid for report in reports) else 1
