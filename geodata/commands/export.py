"""Commands that carry data out and across: export, convert."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from geodata import sandbox
from geodata.catalog import Catalog, current
from geodata.commands import json_option, print_json
from geodata.errors import BadValue, NotFound
from geodata.formats import registry
from geodata.formats.dataset import CRS84, Dataset, Options, Row
from geodata.formats.registry import Format
from geodata.map_file import single_file
from geodata.model import SCHEMA, Layer
from geodata.store.geojson_store import write_whole, writing

PATIENCE = 2.0
"""Seconds before the first word of progress, and between two."""


def export(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `export`."""
    parser.add_argument("layer", metavar="LAYER[,LAYER…]|all")
    parser.add_argument("--to", required=True, metavar="FILE", help="the name's ending says the format; - is stdout")
    parser.add_argument("--format", metavar="FORMAT", help="the format, where the name does not say it")
    parser.add_argument("--bbox", metavar="W,S,E,N", help="only features that meet this box, in degrees")
    parser.add_argument("--time", metavar="START/END", help="only features of these days; .. for an open end")
    parser.add_argument("--where", metavar="CQL2", help="only features for which this is true: \"kind = 'camp'\"")
    parser.add_argument("--geometry", choices=("point", "circle", "area"), help="the uncertainty itself as geometry")
    parser.add_argument("--lang", choices=("ar", "en"), help="the language an HTML map opens in (ar)")
    _as_written(parser)
    parser.set_defaults(run=_export)


def convert(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `convert`."""
    parser.add_argument("file", metavar="IN")
    parser.add_argument("to", metavar="OUT", help="the name's ending says the format; - is stdout")
    parser.add_argument("--from", dest="source", metavar="FORMAT", help="the format of IN, where its name does not say")
    parser.add_argument("--format", metavar="FORMAT", help="the format of OUT, where its name does not say it")
    parser.add_argument("--layer", metavar="NAME", help="one layer of a file that holds several")
    _as_written(parser)
    parser.set_defaults(run=_convert)


def _as_written(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how features are written."""
    parser.add_argument("--fields", metavar="A,B", help="only these columns")
    parser.add_argument("--crs", metavar="CRS", help="CRS84, EPSG:4326, EPSG:3857, EPSG:32636 … EPSG:32639")
    parser.add_argument("--hxl", action="store_true", help="a row of HXL tags under the header of a table")
    json_option(parser)


def _export(arguments: argparse.Namespace) -> int:
    # The geodesy of circles and geodesic edges waits until something is exported.
    from geodata.exporting import parts_of
    from geodata.formats.transform import Wanted, box, span

    catalog = current()
    names = catalog.ids() if arguments.layer == "all" else tuple(arguments.layer.split(","))
    layers = [catalog.layer(name) for name in names]
    if arguments.format is None and arguments.to.lower().endswith(".html"):
        return _page(arguments, catalog, layers)
    if arguments.lang is not None:
        raise BadValue("--lang", arguments.lang, "only_html")
    wanted = Wanted(
        bbox=None if arguments.bbox is None else box(arguments.bbox, "--bbox"),
        time=None if arguments.time is None else span(arguments.time),
        geometry=arguments.geometry or "point",
    )
    notes: list[str] = []
    return _write(arguments, parts_of(catalog, layers, wanted, notes, arguments.where), notes)


def _page(arguments: argparse.Namespace, catalog: Catalog, layers: Sequence[Layer]) -> int:
    for name in ("bbox", "time", "where", "geometry", "fields", "crs", "hxl"):
        if getattr(arguments, name):
            raise BadValue(f"--{name}", getattr(arguments, name), "not_with_html")
    data = single_file(catalog, [layer.id for layer in layers], arguments.lang or "ar")
    write_whole(Path(arguments.to), data)
    _tell(arguments, "html", len(data), {layer.id: layer.version for layer in layers}, [])
    return 0


def _convert(arguments: argparse.Namespace) -> int:
    from geodata.formats.transform import Wanted, shaped

    source = registry.readable(arguments.source) if arguments.source else registry.of_readable(arguments.file, "IN")
    path = Path(arguments.file)
    if not path.is_file():
        raise NotFound("file", arguments.file)
    parts = sandbox.read(source, path)
    if arguments.layer is not None:
        layer_names = [part.metadata.layer for part in parts]
        parts = [part for part in parts if part.metadata.layer == arguments.layer]
        if not parts:
            raise NotFound("layer", arguments.layer, layer_names)
    notes = [f"{part.metadata.layer}: no licence is recorded" for part in parts if not part.metadata.licence]
    return _write(arguments, [shaped(part, Wanted(), notes) for part in parts], notes)


def _write(arguments: argparse.Namespace, parts: Sequence[Dataset], notes: list[str]) -> int:
    target_format = _format(arguments)
    fields = tuple(name.strip() for name in (arguments.fields or "").split(",") if name.strip())
    options = Options(fields, arguments.crs or CRS84, arguments.hxl)
    registry.check(target_format, len(parts), registry.with_original(options, parts))
    counted = [replace(part, rows=_progress(part)) for part in parts]
    if arguments.to == "-":
        notes += registry.write(target_format, counted, sys.stdout.buffer, options)
        size = None
    else:
        with writing(Path(arguments.to)) as stream:
            notes += registry.write(target_format, counted, stream, options)
            size = stream.tell()
    _tell(arguments, target_format.name, size, {part.metadata.layer: part.metadata.version for part in parts}, notes)
    return 0


def _format(arguments: argparse.Namespace) -> Format:
    if arguments.format is not None:
        return registry.named(arguments.format)
    return registry.named("geojson") if arguments.to == "-" else registry.of_file(arguments.to, "--to")


def _progress(part: Dataset, clock: Callable[[], float] = time.monotonic) -> Iterator[Row]:
    """Yield the rows, and say on standard error how far it is where it takes long."""
    reported = clock()
    for number, row in enumerate(part.rows, start=1):
        if number % 1000 == 0 and clock() - reported > PATIENCE:
            print(f"{part.metadata.layer}: {number} features …", file=sys.stderr)
            reported = clock()
        yield row


def _tell(arguments: argparse.Namespace, name: str, size: int | None, layers: Any, notes: Sequence[str]) -> None:
    if arguments.json and arguments.to != "-":
        summary = {"file": arguments.to, "format": name, "bytes": size, "layers": layers, "lost": list(notes)}
        print_json({"schema": SCHEMA, **summary})
        return
    for line in notes:
        print(f"note: {line}", file=sys.stderr)
    if size is not None:
        print(f"{arguments.to}: {size} bytes", file=sys.stderr)
