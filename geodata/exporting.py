"""Export of layers: filtered features, their geometry, format and metadata."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO

from geodata.analysis.result_builder import NOTICE
from geodata.catalog import Catalog
from geodata.formats import registry
from geodata.formats.dataset import Dataset, Metadata, Options, rows_of
from geodata.formats.registry import Format
from geodata.formats.transform import Wanted, shaped
from geodata.model import Layer


def parts_of(
    catalog: Catalog, layers: Iterable[Layer], wanted: Wanted, warnings: list[str], where: str | None = None
) -> list[Dataset]:
    """Return layers as parts of a file, with their metadata; omissions are appended to `warnings`.

    `where` is a filter in CQL2 text, with our predicates. Raises BadValue, Refused and NotFound.
    """
    wanted = replace(wanted, area_of=catalog.geometry)
    return [shaped(_part_of(catalog, layer, where), wanted, warnings) for layer in layers]


def file_of(file_format: Format, parts: list[Dataset], options: Options, warnings: list[str]) -> bytes:
    """Return a file of parts in a format; what the format cannot hold is appended to `warnings`. Raises BadValue."""
    stream = BytesIO()
    warnings += registry.write(file_format, parts, stream, options)
    return stream.getvalue()


def _part_of(catalog: Catalog, layer: Layer, where: str | None) -> Dataset:
    about = Metadata.of(layer, catalog.sources(), NOTICE)
    name = layer.entry.get("imported", {}).get("geometry")
    if where is None:
        return Dataset(about, rows_of(layer), geometry_name=name)
    # The parser of CQL2 is imported only for a filter.
    from geodata.analysis import predicates

    rows = rows_of(replace(layer, features=predicates.features(layer, where, catalog)))
    return Dataset(replace(about, changes=(f"features where {where}",)), rows, geometry_name=name)
