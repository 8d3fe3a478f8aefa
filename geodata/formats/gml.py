"""GML, read through GDAL without its schema: no file that it names is opened, and every value stays text."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import ParseError  # nosec B405: the error alone; defusedxml does the parsing

import pyogrio
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from geodata.errors import BadData
from geodata.formats import gdal
from geodata.formats.dataset import Dataset
from geodata.settings import MAX_DEPTH

MAX_BYTES = 512 * 1024 * 1024
_NAMESPACE = "http://www.opengis.net/gml"
_LOCATION = re.compile(rb"""schemaLocation(?=\s*=\s*["'])|noNamespaceSchemaLocation(?=\s*=\s*["'])""")
_BOUNDS = ("lowerCorner", "upperCorner")
"""Columns that GDAL makes of the box of each feature."""
_AS_TEXT = {
    # Else a code such as 007 would become a number.
    "GML_FIELDTYPES": "ALWAYS_STRING",
    # References to other files and addresses are not followed.
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
}


def load(path: Path) -> list[Dataset]:
    """Return the layers of a file; raises BadData, also for any document type definition."""
    if path.stat().st_size > MAX_BYTES:
        raise BadData("", "bytes", size=path.stat().st_size, most=MAX_BYTES)
    _check(path)
    data = path.read_bytes()
    if b"\x00" in data:
        raise BadData("", "gml_unreadable", error="UTF-16")
    with tempfile.TemporaryDirectory(prefix="masafa-") as folder:
        # In a folder of its own, where no schema and no template lies beside it, and without the address of one.
        copy = Path(folder) / "layer.gml"
        copy.write_bytes(_LOCATION.sub(lambda match: match[0][:-1] + b"_", data))
        pyogrio.set_gdal_config_options(_AS_TEXT)
        try:
            parts = [_bare(gdal.read(copy, name)) for name in gdal.layers(copy)]
        finally:
            pyogrio.set_gdal_config_options(dict.fromkeys(_AS_TEXT))
    if not parts:
        raise BadData("", "no_rows")
    return parts


def _check(path: Path) -> None:
    """Raise BadData for what is no XML with GML in it, has a document type definition or is nested too deep."""
    depth, spaces = 0, Counter[bool]()
    try:
        with path.open("rb") as stream:
            for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
                if event == "start":
                    depth += 1
                    spaces[str(element.tag).startswith(f"{{{_NAMESPACE}")] += 1
                    if depth > MAX_DEPTH:
                        raise BadData("", "nested_deeper", most=MAX_DEPTH)
                else:
                    depth -= 1
                    element.clear()
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        if isinstance(error, BadData):
            raise
        raise BadData("", "gml_unreadable", error=error) from None
    if not spaces[True]:
        raise BadData("", "gml_without_elements", namespace=_NAMESPACE)


def _bare(part: Dataset) -> Dataset:
    """Return a layer without the boxes of its features; the types of its columns are told by their texts."""
    rows = [
        row._replace(properties={name: value for name, value in row.properties.items() if name not in _BOUNDS})
        for row in part.rows
    ]
    return replace(part, rows=rows, types={})
