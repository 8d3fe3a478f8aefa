"""Access to GDAL (through pyogrio): one named driver, local paths that we create, nothing guessed.

Untrusted files are opened only in the sandbox (geodata/sandbox.py), where every other driver is switched off.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyogrio
import shapely

from geodata.errors import BadData
from geodata.formats import arrow
from geodata.formats.columns import Column, chosen
from geodata.formats.dataset import Dataset, Metadata, Options, Row

MEMBER = "masafa"
"""The key of the layer's metadata in the metadata of a file."""


@contextmanager
def delivered(stream: IO[bytes], name: str) -> Iterator[Path]:
    """Yield a path to write a file to; it is copied to the stream when it is complete."""
    with tempfile.TemporaryDirectory(prefix="masafa-") as folder:
        path = Path(folder) / name
        yield path
        with path.open("rb") as file:
            shutil.copyfileobj(file, stream)


def write(
    path: Path,
    part: Dataset,
    options: Options,
    driver: str,
    columns: Sequence[Column] | None = None,
    geometry_type: str = "Unknown",
    geometry_name: str = arrow.GEOMETRY,
    metadata: Mapping[str, str] | None = None,
    **layer_options: str,
) -> None:
    """Write a part as a layer of its name; `columns` stand in place of those that the options choose, cut short."""
    import pyarrow as pa

    written = columns or chosen(options.fields, options.original, options.types)
    name = arrow.free_name(geometry_name, written)
    if driver == "GPKG":
        layer_options |= {"FID": arrow.free_name("fid", written), "GEOMETRY_NAME": name}
    schema = arrow.schema(written, short=columns is not None, geometry=name)
    batches = arrow.batches(part.rows, part.metadata, written, schema, arrow.projector(options.crs))
    broken: list[Exception] = []
    try:
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(schema, _watched(batches, broken)),
            path,
            layer=part.metadata.layer,
            driver=driver,
            geometry_name=name,
            geometry_type=geometry_type,
            crs=arrow.code(options.crs),
            layer_metadata=metadata,
            append=path.exists() and driver == "GPKG",
            dataset_options={"VERSION": "1.3"} if driver == "GPKG" else None,
            layer_options=layer_options,
        )
    except RuntimeError:
        # An Arrow stream cannot carry errors: raise the one that broke it instead.
        raise (broken or [BadData("", "driver_cannot_store", driver=driver)])[0] from None


def _watched(batches: Iterator[Any], broken: list[Exception]) -> Iterator[Any]:
    try:
        yield from batches
    except Exception as error:
        broken.append(error)
        raise


def read(path: Path, name: str | None = None, short: Mapping[str, str] | None = None) -> Dataset:
    """Return a layer of a file; `short` gives the full names of columns that had to be cut.

    Raises BadData where GDAL cannot read it.
    """
    try:
        info = pyogrio.read_info(path, layer=name)
        # Apart from the columns: GDAL's Arrow streams of FlatGeobuf break on a row without a geometry.
        _, _, wkb, _ = pyogrio.raw.read(path, layer=name, columns=[])
        _, table = pyogrio.read_arrow(path, layer=name, read_geometry=False)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise _unreadable(path, error) from None
    about = Metadata.from_dict(_member(info.get("layer_metadata")), info["layer_name"])
    full = {name_: (short or {}).get(name_, name_) for name_ in table.column_names}
    columns = {full[name_]: table[name_].to_pylist() for name_ in table.column_names}
    types = {full[name_]: kind for name_, kind in arrow.types_of(table.schema).items()}
    rows = info["features"] if wkb is None else len(wkb)
    shapes = _shapes(rows, wkb, info["crs"])
    return Dataset(about, arrow.rows_from(columns, shapes), types, info["geometry_name"] or None)


def layers(path: Path) -> list[str]:
    """Return the names of a file's layers; raises BadData where GDAL cannot open it."""
    try:
        return [str(name) for name, _ in pyogrio.list_layers(path)]
    except pyogrio.errors.DataSourceError as error:
        raise _unreadable(path, error) from None


def _shapes(rows: int, wkb: Any, crs: Any) -> Any:
    if wkb is None:
        return np.full(rows, None, dtype=object)
    try:
        return arrow.in_wgs84(np.asarray(shapely.from_wkb(wkb), dtype=object), crs)
    except shapely.errors.GEOSException as error:
        raise BadData("", "geometry_unreadable", error=error) from None


def _unreadable(path: Path, error: Exception) -> BadData:
    return BadData("", "unreadable", error=str(error).replace(f"{path.parent}/", ""))


def _member(metadata: Mapping[str, str] | None) -> Any:
    try:
        return json.loads((metadata or {}).get(MEMBER, "null"))
    except (ValueError, RecursionError):
        return None


def stray(rows: list[Row]) -> list[str]:
    """Return a warning with the number of rows without a geometry."""
    missing = sum(row.geometry is None for row in rows)
    return [f"{missing} of {len(rows)} features have no geometry"] if missing else []
