"""Layers on their way out: which features, as what geometry, in which format, with what must travel along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO

from geodata.analysis.result_builder import NOTICE
from geodata.catalog import Catalog
from geodata.formats import registry
from geodata.formats.dataset import About, Options, Part, rows_of
from geodata.formats.registry import Format
from geodata.formats.transform import Wanted, shaped
from geodata.model import Layer


def parts_of(
    catalog: Catalog, layers: Iterable[Layer], wanted: Wanted, said: list[str], where: str | None = None
) -> list[Part]:
    """Return layers as parts of a file, with what must travel with them; what is left out goes into `said`.

    `where` is a filter in CQL2 text. Raises BadValue and Refused as `query.where` does.
    """
    wanted = replace(wanted, area_of=catalog.geometry)
    return [shaped(_whole(catalog, layer, where), wanted, said) for layer in layers]


def file_of(one: Format, parts: list[Part], options: Options, said: list[str]) -> bytes:
    """Return a file of parts in a format; what the format cannot hold goes into `said`. Raises BadValue."""
    stream = BytesIO()
    said += registry.write(one, parts, stream, options)
    return stream.getvalue()


def _whole(catalog: Catalog, layer: Layer, where: str | None) -> Part:
    about = About.of(layer, catalog.sources(), NOTICE)
    name = layer.entry.get("imported", {}).get("geometry")
    if where is None:
        return Part(about, rows_of(layer), geometry_name=name)
    # The parser of CQL2 waits until something is filtered.
    from geodata import query

    kept = query.where(layer.features if layer.stored is None else query.of(layer), where)
    rows = rows_of(replace(layer, features=kept))
    return Part(replace(about, changes=(f"features where {where}",)), rows, geometry_name=name)
