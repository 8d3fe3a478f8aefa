"""Every format by name: its extensions, media type and labels, and how to read and write it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import IO, Any

from geodata.errors import BadValue
from geodata.formats import columns
from geodata.formats.column_types import TEXT, ColumnType
from geodata.formats.dataset import CRS84, Dataset, Options
from geodata.messages import one_of, same_in_all, texts
from geodata.model import Text

AS_IT_IS = Options()


@dataclass(frozen=True)
class Format:
    """A format: one file of this package, named after it, with `load` and, where it is written, `save`."""

    name: str
    title: Text
    extensions: tuple[str, ...]
    """The first is the one to write."""
    media_type: str
    many: bool = False
    """Whether a file holds several layers."""
    projected: bool = False
    """Whether it can be written in another system than longitude and latitude on WGS84."""
    tagged: bool = False
    """Whether it can have a row of HXL tags."""
    strict: bool = False
    """Whether it is read by our own strict parser, in this process; all others are read in a sandboxed process."""

    @property
    def module(self) -> Any:
        """The module that reads and writes it, imported on first use: some take half a second."""
        return importlib.import_module(f"geodata.formats.{self.name}")


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        file_format.name: file_format
        for file_format in (
            Format("geojson", same_in_all("GeoJSON"), (".geojson", ".json"), "application/geo+json", strict=True),
            Format(
                "geojsonseq",
                texts("format.geojsonseq"),
                (".geojsonl", ".geojsons", ".geojsonseq", ".ndjson"),
                "application/geo+json-seq",
                strict=True,
            ),
            Format("csv", texts("format.csv"), (".csv",), "text/csv; charset=utf-8", tagged=True),
            Format(
                "xlsx",
                texts("format.xlsx"),
                (".xlsx",),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                many=True,
                tagged=True,
            ),
            Format("kml", same_in_all("KML"), (".kml",), "application/vnd.google-earth.kml+xml", many=True),
            Format("kmz", same_in_all("KMZ"), (".kmz",), "application/vnd.google-earth.kmz", many=True),
            Format("gpkg", same_in_all("GeoPackage"), (".gpkg",), "application/geopackage+sqlite3", True, True),
            Format("shapefile", same_in_all("Shapefile"), (".shp.zip", ".zip"), "application/zip", True, True),
            Format("flatgeobuf", same_in_all("FlatGeobuf"), (".fgb",), "application/flatgeobuf", projected=True),
            Format(
                "geoparquet", same_in_all("GeoParquet"), (".parquet",), "application/vnd.apache.parquet", projected=True
            ),
        )
    }
)
"""The formats that are written, and read as well."""
READABLE: Mapping[str, Format] = MappingProxyType(
    {
        **FORMATS,
        **{
            file_format.name: file_format
            for file_format in (
                Format(
                    "json_records",
                    texts("format.json_records"),
                    (".json.gz", ".jsonl", ".jsonl.gz", ".ndjson.gz", ".geojson.gz", ".geojsonl.gz"),
                    "application/json",
                ),
                Format(
                    "ods",
                    same_in_all("OpenDocument"),
                    (".ods",),
                    "application/vnd.oasis.opendocument.spreadsheet",
                    many=True,
                ),
                Format("filegdb", same_in_all("FileGDB"), (".gdb.zip",), "application/zip", many=True),
                Format("gml", same_in_all("GML"), (".gml",), "application/gml+xml", many=True),
                Format("gpx", same_in_all("GPX"), (".gpx",), "application/gpx+xml"),
            )
        },
    }
)
"""The formats that are read, some of them by what a file holds and not by its name (json_records.py)."""
EXTENSIONS: Mapping[str, Format] = {
    extension: file_format for file_format in FORMATS.values() for extension in file_format.extensions
}
READABLE_EXTENSIONS: Mapping[str, Format] = {
    extension: file_format for file_format in READABLE.values() for extension in file_format.extensions
}


def named(name: str) -> Format:
    """Return a format by its name or its extension without the dot; raises BadValue."""
    return _by_name(name, FORMATS, EXTENSIONS)


def readable(name: str) -> Format:
    """Return a format that is read, by its name or its extension without the dot; raises BadValue."""
    return _by_name(name, READABLE, READABLE_EXTENSIONS)


def _by_name(name: str, formats: Mapping[str, Format], extensions: Mapping[str, Format]) -> Format:
    key = name.strip().lower()
    file_format = formats.get(key) or extensions.get(f".{key.removeprefix('.')}")
    if file_format is None:
        raise BadValue("format", name, one_of(formats))
    return file_format


def of_file(name: str, parameter: str = "file") -> Format:
    """Return the format that the name of a file to write ends in; raises BadValue."""
    return _by_extension(name, parameter, EXTENSIONS)


def of_readable(name: str, parameter: str = "file") -> Format:
    """Return the format that the name of a file to read ends in; raises BadValue."""
    return _by_extension(name, parameter, READABLE_EXTENSIONS)


def extension_of(file_format: Format, name: str) -> str:
    """Return the extension of a format that a name ends in, the longest; the format's first where there is none."""
    fitting = (extension for extension in file_format.extensions if name.lower().endswith(extension))
    return max(fitting, key=len, default=file_format.extensions[0])


def _by_extension(name: str, parameter: str, extensions: Mapping[str, Format]) -> Format:
    for extension in sorted(extensions, key=len, reverse=True):
        if name.lower().endswith(extension):
            return extensions[extension]
    raise BadValue(parameter, name, "name_with_extension", extensions=list(extensions))


def check(file_format: Format, layers: int, options: Options) -> Options:
    """Validate the options, and normalize the name of the system; raises BadValue for one that the format lacks."""
    # pyproj and pyarrow stay out of a process that writes GeoJSON alone.
    from geodata.formats import arrow

    columns.chosen(options.fields, options.original, options.types)
    crs = arrow.system(options.crs)
    if crs != CRS84 and not file_format.projected:
        able = ", ".join(name for name, other in FORMATS.items() if other.projected)
        raise BadValue("crs", options.crs, "crs_of_format", crs=CRS84, format=file_format.title, others=able)
    if options.hxl and not file_format.tagged:
        raise BadValue("hxl", options.hxl, "only_csv_xlsx")
    if layers != 1 and not file_format.many:
        able = ", ".join(name for name, other in FORMATS.items() if other.many)
        raise BadValue("layer", layers, "one_layer_in_format", format=file_format.title, others=able)
    return replace(options, crs=crs)


def write(file_format: Format, parts: Sequence[Dataset], stream: IO[bytes], options: Options = AS_IT_IS) -> list[str]:
    """Write parts to a stream and return, in English, what the format could not hold.

    Rows are taken as they come, so that they may be more than memory holds. Raises BadValue for options that the
    format has not.
    """
    return list(file_format.module.save(parts, stream, check(file_format, len(parts), with_original(options, parts))))


def with_original(options: Options, parts: Sequence[Dataset]) -> Options:
    """Return the options with the columns that the files of the parts had."""
    types: dict[str, ColumnType] = {}
    for part in parts:
        for name in part.metadata.original:
            kind = part.metadata.types.get(name, TEXT)
            types[name] = kind if name not in types else types[name].with_other(kind)
    return replace(options, original=tuple(types), types=types)
