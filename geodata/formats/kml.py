"""KML 2.2: a folder for each layer, a placemark for each feature, the flat columns as extended data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError  # nosec B405: types and the error; defusedxml does the parsing
from xml.sax.saxutils import escape, quoteattr  # nosec B406: these write

import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadData, shown
from geodata.formats.arrow import encodable
from geodata.formats.columns import Column, chosen, restored, status
from geodata.formats.dataset import Dataset, Metadata, Options, Row
from geodata.formats.extent import checked
from geodata.formats.gdal import MEMBER
from geodata.settings import MAX_DEPTH

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?\Z")
# Colours are aabbggrr. Features without an exact position are pale.
_STYLES = """
<Style id="known"><IconStyle><color>ff22262a</color></IconStyle>
<LineStyle><color>ff333a3f</color><width>2</width></LineStyle>
<PolyStyle><color>225c5a52</color></PolyStyle></Style>
<Style id="unknown"><IconStyle><color>6622262a</color><scale>0.7</scale></IconStyle>
<LineStyle><color>99333a3f</color></LineStyle>
<PolyStyle><color>115c5a52</color></PolyStyle></Style>
"""
_SEVERAL = ("MultiGeometry", "MultiTrack")
_VIEWS = ("LookAt", "Camera")
UNREADABLE = "unreadable_geometry"
"""The property of a placemark that says why its shape cannot be read."""
_MANY = {"Point": shapely.MultiPoint, "LineString": shapely.MultiLineString, "Polygon": shapely.MultiPolygon}


def save(parts: Sequence[Dataset], stream: IO[bytes], options: Options) -> list[str]:
    """Write each part as a folder."""
    warnings: list[str] = []
    stream.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>')
    stream.write(f"<name>{_text(' · '.join(part.metadata.layer for part in parts))}</name>{_STYLES}".encode())
    for part in parts:
        metadata = part.metadata
        credit = [*metadata.attribution.values(), metadata.licence or "", *metadata.notice.values()]
        stream.write(f"<Folder id={quoteattr(metadata.layer)}><name>{_text(metadata.layer)}</name>".encode())
        stream.write(f"<description>{_text(' · '.join(filter(None, credit)))}</description><ExtendedData>".encode())
        stream.write(f"{_data(MEMBER, json.dumps(metadata.to_dict(), ensure_ascii=False))}</ExtendedData>\n".encode())
        control = 0
        columns = chosen(options.fields, options.original, options.types)
        for row in part.rows:
            text, replaced = _NOT_XML.subn(
                "\N{REPLACEMENT CHARACTER}",
                _placemark(row, metadata, columns),
            )
            control += bool(replaced)
            stream.write(text.encode())
        stream.write(b"</Folder>")
        if control:
            warnings.append(f"{metadata.layer}: {control} features hold control characters, which XML cannot")
    stream.write(b"</Document></kml>\n")
    return warnings


def _placemark(row: Row, metadata: Metadata, columns: Sequence[Column]) -> str:
    flat = {column.name: column.text(row, metadata) for column in columns}
    names = dict.fromkeys(str(row.properties.get(key) or "") for key in ("name_en", "name_ar"))
    name = " · ".join(filter(None, names)) or str(row.id or "")
    style = "unknown" if status(row, metadata) in ("placeholder", "area", "none") else "known"
    data = "".join(_data(key, value) for key, value in flat.items() if value is not None)
    return (
        f"<Placemark><name>{_text(name)}</name>{_span(row)}<styleUrl>#{style}</styleUrl>"
        f"<ExtendedData>{data}</ExtendedData>{_shape(row.geometry)}</Placemark>\n"
    )


def _span(row: Row) -> str:
    days = {tag: row.properties.get(name) for tag, name in (("begin", "date_start"), ("end", "date_end"))}
    span = "".join(f"<{tag}>{day}</{tag}>" for tag, day in days.items() if isinstance(day, str) and _DAY.match(day))
    return f"<TimeSpan>{span}</TimeSpan>" if span else ""


def _text(text: str) -> str:
    return escape(encodable(text))


def _data(name: str, value: Any) -> str:
    # A reader turns a bare carriage return into a line feed.
    text = _text(value if isinstance(value, str) else repr(value)).replace("\r", "&#13;")
    return f"<Data name={quoteattr(name)}><value>{text}</value></Data>"


def _shape(shape: BaseGeometry | None) -> str:
    if shape is None or shape.is_empty:
        return ""
    if hasattr(shape, "geoms"):
        return f"<MultiGeometry>{''.join(_shape(part) for part in shape.geoms)}</MultiGeometry>"
    if isinstance(shape, shapely.Polygon):
        outer, *inner = (f"<LinearRing>{_path(ring)}</LinearRing>" for ring in (shape.exterior, *shape.interiors))
        holes = "".join(f"<innerBoundaryIs>{ring}</innerBoundaryIs>" for ring in inner)
        return f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>{holes}</Polygon>"
    return f"<{shape.geom_type}>{_path(shape)}</{shape.geom_type}>"


def _path(shape: Any) -> str:
    pairs = " ".join(",".join(map(repr, map(float, position))) for position in shape.coords)
    return f"<coordinates>{pairs}</coordinates>"


def load(path: Path) -> list[Dataset]:
    """Return the placemarks of a file: one part for each folder that we wrote, one for all else; raises BadData."""
    with path.open("rb") as stream:
        return parsed(stream, path.stem)


def parsed(stream: IO[bytes], layer: str) -> list[Dataset]:
    """Return the placemarks of a KML text; raises BadData, also for any document type definition.

    A placemark whose shape cannot be read has none, and the reason as its property UNREADABLE; a text in which none
    can be read is refused.
    """
    folders: list[tuple[Metadata, list[Row]]] = [(Metadata(layer), [])]
    try:
        for metadata, row in _read(stream):
            if metadata is not None:
                folders.append((Metadata.from_dict(metadata, layer), []))
            if row is not None:
                folders[-1][1].append(row)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        if isinstance(error, BadData):
            raise
        raise BadData("", "kml_unreadable", error=error) from None
    rows = [row for _, part in folders for row in part]
    reasons = [row.properties[UNREADABLE] for row in rows if UNREADABLE in row.properties]
    if reasons and len(reasons) == len(rows):
        raise BadData("", "library", text=reasons[0])
    return [
        Dataset(metadata, rows)
        for number, (metadata, rows) in enumerate(folders)
        if number or rows or len(folders) == 1
    ]


def _read(stream: IO[bytes]) -> Iterator[tuple[Any, Row | None]]:
    """Yield the metadata of folders, and the rows of placemarks, in the order of the file."""
    depth, number, inside, root = 0, 0, 0, ""
    # The folders that are open: how deep each lies, and its name.
    folders: dict[int, str] = {}
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        tag = _tag(element)
        if event == "start":
            depth, root = depth + 1, root or tag
            inside += tag == "Placemark"
            if tag == "Folder":
                folders[depth] = ""
            if depth > MAX_DEPTH:
                raise BadData("", "nested_deeper", most=MAX_DEPTH)
            if root != "kml":
                raise BadData("", "kml_root", root=shown(root))
            continue
        depth -= 1
        if tag == "Placemark":
            number, inside = number + 1, inside - 1
            yield None, _row(element, number, " / ".join(filter(None, folders.values())))
            element.clear()
        elif tag == "Folder":
            folders.pop(depth + 1)
        elif tag == "name" and depth in folders:
            folders[depth] = (element.text or "").strip()
        elif tag == "ExtendedData" and not inside:
            text = _extended(element).get(MEMBER)
            if text:
                # A folder of ours is a layer, which is no property of its features.
                folders[depth] = ""
                yield json.loads(text), None
            element.clear()


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: Element, *names: str) -> Iterator[Element]:
    return (child for child in element if _tag(child) in names)


def _extended(element: Element) -> dict[str, str]:
    data = {}
    for child in element.iter():
        if _tag(child) == "Data":
            data[child.get("name", "")] = next((value.text or "" for value in _children(child, "value")), "")
        elif _tag(child) == "SimpleData":
            data[child.get("name", "")] = child.text or ""
    return data


def _row(element: Element, number: int, folder: str = "") -> Row:
    data: dict[str, Any] = {}
    for child in _children(element, "ExtendedData"):
        data |= _extended(child)
    if "pos_status" not in data:
        texts = {_tag(child): (child.text or "").strip() for child in _children(element, "name", "description")}
        data = {**{name: text for name, text in texts.items() if text}, **data}
        data.setdefault("id", element.get("id"))
        data = {**_times(element), **({"folder": folder} if folder else {}), **data}
    shapes: list[BaseGeometry] = []
    try:
        shapes = list(_shapes(element, number))
    except BadData as error:
        data[UNREADABLE] = str(error.reason)
    id_, properties = restored(data)
    return Row(id_, shapes[0] if len(shapes) == 1 else _joined(shapes), properties)


def _times(element: Element) -> dict[str, str]:
    """Return the first and the last time that a placemark, or its track, states."""
    texts: dict[str, list[str]] = {"begin": [], "when": [], "end": []}
    # The time of a view is when the camera looks, not when anything was.
    for child in (child for child in element if _tag(child) not in _VIEWS):
        for each in child.iter():
            if _tag(each) in texts and (each.text or "").strip():
                texts[_tag(each)].append(str(each.text).strip())
    first, last = texts["begin"] or texts["when"], texts["end"] or texts["when"]
    return {name: end[at] for name, end, at in (("date_start", first, 0), ("date_end", last, -1)) if end}


def _shapes(element: Element, number: int) -> Iterator[BaseGeometry]:
    for child in _children(element, "Point", "LineString", "LinearRing", "Polygon", "Track", *_SEVERAL):
        tag = _tag(child)
        try:
            if tag in _SEVERAL:
                joined = _joined(list(_shapes(child, number)))
                if joined is not None:
                    yield joined
            elif tag == "Polygon":
                rings = [_positions(ring) for ring in child.iter() if _tag(ring) == "LinearRing"]
                if not rings:
                    raise ValueError("it has no ring")
                yield shapely.Polygon(rings[0], rings[1:])
            elif tag == "Track":
                yield _track(child)
            elif tag == "Point":
                yield shapely.Point(_positions(child)[0])
            else:
                yield shapely.LineString(_positions(child))
        except (ValueError, IndexError, shapely.errors.GEOSException) as error:
            raise BadData(f"/{number}", "placemark_geometry", number=number, tag=tag, error=error) from None


def _joined(shapes: Sequence[BaseGeometry]) -> BaseGeometry | None:
    kinds = {shape.geom_type for shape in shapes}
    if not shapes:
        return None
    only = next(iter(kinds))
    return _MANY[only](shapes) if len(kinds) == 1 and only in _MANY else shapely.GeometryCollection(list(shapes))


def _positions(element: Element) -> list[tuple[float, ...]]:
    text = next((child.text or "" for child in element.iter() if _tag(child) == "coordinates"), "")
    if not text.strip():
        raise ValueError("it has no coordinates")
    return [checked(tuple(float(number) for number in position.split(","))) for position in text.split()]


def _track(element: Element) -> BaseGeometry:
    """Return the line of a gx:Track; a track of one position is a point."""
    places = [checked(tuple(map(float, (each.text or "").split()[:2]))) for each in _children(element, "coord")]
    if not places:
        raise ValueError("it has no gx:coord")
    return shapely.Point(places[0]) if len(places) == 1 else shapely.LineString(places)
