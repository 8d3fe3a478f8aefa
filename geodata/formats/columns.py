"""The flat columns that every table of features has: one table, the same in every format.

A column is None where nothing is known, never 0 and never a guess. `properties` holds the feature's own properties
whole, as JSON, so that a format that can hold it loses nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from geodata.errors import BadValue
from geodata.formats.column_types import TEXT, ColumnType, Name
from geodata.formats.dataset import Metadata, Row
from geodata.messages import one_of

ORIGINAL = "original"
"""The property that holds the cells of a row as the file had them."""
Kind = Name
Value = Callable[[Row, Metadata], Any]


@dataclass(frozen=True)
class Column:
    """A column: its name, that of at most ten letters for Shapefile, its HXL tag, and what it says."""

    name: str
    short: str
    hxl: str
    meaning: str
    value: Value
    kind: Kind = "text"
    type: ColumnType | None = None
    """Of a column that the file had: its type there."""

    def text(self, row: Row, metadata: Metadata) -> Any:
        """Return the value for a format of texts; that of a column that the file had as the text it was there."""
        value = self.value(row, metadata)
        return value if self.type is None else self.type.text(value)


def own(name: str) -> Value:
    """Return a getter of a property; the members of a list are joined with semicolons, texts are unchanged."""

    def take(row: Row, metadata: Metadata) -> Any:
        value = row.properties.get(name)
        if isinstance(value, list | tuple):
            return "; ".join(str(item) for item in value) or None
        return value if value is None or isinstance(value, str) else str(value)

    return take


def number(name: str, member: str | None = None) -> Value:
    """Return a getter of a number, or of a member of an interval {best, low, high}."""

    def take(row: Row, metadata: Metadata) -> Any:
        value = row.properties.get(name)
        if member is not None:
            value = value.get(member) if isinstance(value, Mapping) else None
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    return take


def spoken(name: str, lang: str) -> Value:
    """Return a getter of one language of a bilingual text."""

    def take(row: Row, metadata: Metadata) -> Any:
        value = row.properties.get(name)
        text = value.get(lang) if isinstance(value, Mapping) else None
        return text if isinstance(text, str) else None

    return take


def _point(row: Row) -> Any:
    return row.geometry if row.geometry is not None and row.geometry.geom_type == "Point" else None


def _country(row: Row, metadata: Metadata) -> Any:
    """Return the country that contains an event; an imported file has names under `country`."""
    return own("country_id" if "country_id" in row.properties else "country")(row, metadata)


def _lon(row: Row, metadata: Metadata) -> float | None:
    point = _point(row)
    return None if point is None or point.is_empty else point.x


def _lat(row: Row, metadata: Metadata) -> float | None:
    point = _point(row)
    return None if point is None or point.is_empty else point.y


def uncertainty(row: Row, metadata: Metadata) -> float | None:
    """Return the radius of uncertainty in metres; None where it is unknown, or there is no position it could be of."""
    if row.geometry is None:
        return None
    value = number("coordinateUncertaintyInMeters")(row, metadata)
    if value is None and not row.properties.get("area"):
        value = metadata.default_uncertainty_m
    return None if value is None else float(value)


def status(row: Row, metadata: Metadata) -> str:
    """Return how the position is to be taken: a placeholder never looks exact."""
    if row.properties.get("area"):
        return "area"
    if row.geometry is None:
        return "none"
    if row.properties.get("placeholder"):
        return "placeholder"
    return str(row.properties.get("precision") or "unknown")


def properties_text(row: Row) -> str:
    """Return all properties as JSON."""
    try:
        return orjson.dumps(row.properties).decode()
    except TypeError:
        # orjson refuses what UTF-8 or 64 bits cannot hold; JSON can.
        return json.dumps(row.properties, separators=(",", ":"), default=str)


ID = Column("id", "id", "#meta+id", "the feature's id", lambda row, metadata: None if row.id is None else str(row.id))
WHOLE = Column(
    "properties", "properties", "#meta+properties", "all properties as JSON", lambda row, metadata: properties_text(row)
)
COLUMNS: tuple[Column, ...] = (
    ID,
    Column("layer", "layer", "#meta+layer", "the layer's id", lambda row, metadata: metadata.layer),
    Column("name_en", "name_en", "#loc+name+i_en", "the name in English", own("name_en")),
    Column("name_ar", "name_ar", "#loc+name+i_ar", "the name in Arabic", own("name_ar")),
    Column("kind", "kind", "#loc+type", "a word of the vocabulary", own("kind")),
    Column(
        "lon", "lon", "#geo+lon", "longitude of a point, degrees (WGS84); empty for lines and areas", _lon, "number"
    ),
    Column("lat", "lat", "#geo+lat", "latitude of a point, degrees (WGS84); empty for lines and areas", _lat, "number"),
    Column(
        "unc_m", "unc_m", "#geo+uncertainty", "radius of uncertainty, metres; empty: unknown", uncertainty, "number"
    ),
    Column(
        "pos_status",
        "pos_status",
        "#geo+status",
        "the precision, or `placeholder`, `area` (known to an area only), `none` (no position), `unknown`",
        status,
    ),
    Column("precision", "precision", "#geo+precision", "to what the position is known", own("precision")),
    Column("area", "area", "#loc+area", "`layer/id` of the area the feature stands for", own("area")),
    Column("country", "country", "#country+id", "the country's id", _country),
    Column("pcode", "pcode", "#adm1+code", "the P-code of a governorate", own("pcode")),
    Column("population", "population", "#population", "population", number("population"), "integer"),
    Column("as_of", "as_of", "#date+as_of", "when it was so", own("as_of")),
    Column("valid_from", "valid_from", "#date+valid+start", "valid from", own("valid_from")),
    Column("valid_to", "valid_to", "#date+valid+end", "valid to", own("valid_to")),
    Column("event_type", "event_type", "#event+type", "a word of the vocabulary", own("event_type")),
    Column("date_start", "date_start", "#date+start", "first day, a civil date at the place", own("date_start")),
    Column("date_end", "date_end", "#date+end", "last day", own("date_end")),
    Column("date_precision", "date_prec", "#date+precision", "to what the date is known", own("date_precision")),
    Column("actors", "actors", "#group+id", "ids of the actors", own("actors")),
    *(
        Column(
            f"{name}_{member}", f"{short}_{member}", f"#affected+{tag}+{member}", f"{name}: {member}", take, "integer"
        )
        for name, short, tag in (("killed", "kill", "killed"), ("wounded", "wound", "injured"))
        for member in ("best", "low", "high")
        for take in (number(name, member),)
    ),
    Column("note_en", "note_en", "#description+i_en", "a note in English", spoken("note", "en")),
    Column("note_ar", "note_ar", "#description+i_ar", "a note in Arabic", spoken("note", "ar")),
    Column("source", "source", "#meta+source", "ids of the sources", own("sources")),
    Column("licence", "licence", "#meta+licence", "the layer's licence", lambda row, metadata: metadata.licence),
    Column(
        "attribution",
        "attrib",
        "#meta+attribution",
        "the credit due",
        lambda row, metadata: metadata.attribution.get("en"),
    ),
    Column("version", "version", "#meta+version", "sha256 of the layer", lambda row, metadata: metadata.version),
    WHOLE,
)
BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
BY_SHORT: Mapping[str, Column] = {column.short: column for column in COLUMNS}
# The columns by which a table is recognised as our own export.
_MARKS = {"pos_status", "layer", "id"}


def chosen(
    names: Sequence[str], original: Sequence[str] = (), types: Mapping[str, ColumnType] | None = None
) -> tuple[Column, ...]:
    """Return the columns of these names, `id` always among them; all where none is named. Raises BadValue.

    `original` are the columns of a file that was imported: `original.<name>` names one, `original` all of them and,
    where nothing else is named, these alone under the names that they had. `types` are theirs, text where there is
    none.
    """
    own_ones = [_original(name, number, (types or {}).get(name, TEXT)) for number, name in enumerate(original, start=1)]
    allowed = {*BY_NAME, ORIGINAL, *(column.name for column in own_ones)}
    for name in names:
        if name not in allowed:
            raise BadValue("fields", name, one_of([*BY_NAME, *([ORIGINAL] if original else ())]))
    if alone(names) and original:
        return _under_own_names(own_ones, original)
    flat = (column for column in COLUMNS if not names or column.name in names or column is ID)
    return (*flat, *(column for column in own_ones if not names or ORIGINAL in names or column.name in names))


def alone(names: Sequence[str]) -> bool:
    """Tell whether only the columns of the imported file are selected."""
    return tuple(names) == (ORIGINAL,)


def _under_own_names(columns: Sequence[Column], names: Sequence[str]) -> tuple[Column, ...]:
    short = Counter(name.lower() for name in names)
    return tuple(
        # DBF knows ten bytes of a name, and no case.
        replace(
            column, name=name, short=name if len(name.encode()) <= 10 and short[name.lower()] == 1 else column.short
        )
        for column, name in zip(columns, names, strict=True)
    )


def _original(name: str, number: int, kind: ColumnType) -> Column:
    def take(row: Row, metadata: Metadata) -> Any:
        cells = row.properties.get(ORIGINAL)
        value = cells.get(name) if isinstance(cells, Mapping) else None
        # Of another layer in the same file, or edited by hand, a value may be of another type.
        fits = value is None or (isinstance(value, _PYTHON[kind.name]) and not isinstance(value, str))
        return value if fits else kind.value(TEXT.text(value))

    meaning = f"{name}, as the file had it"
    return Column(f"{ORIGINAL}.{name}", f"o{number}", "#meta+original", meaning, take, kind.name, kind)


_PYTHON: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (float, int),
    "boolean": (bool,),
    "date": (str,),
    "timestamp": (str,),
}


def restored(flat: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Return id and properties of a table's row.

    A row of our own export is restored from its column `properties`; without it, from its columns, under the names of
    a layer. Any other row keeps its columns unchanged; a column called `id` is the id.
    """
    id_ = None if flat.get("id") in (None, "") else str(flat["id"])
    if not flat.keys() >= _MARKS:
        return id_, {name: value for name, value in flat.items() if name != "id"}
    try:
        properties = json.loads(flat.get("properties") or "null")
    except (ValueError, RecursionError):
        properties = None
    return id_, properties if isinstance(properties, dict) else _from_columns(flat)


def _from_columns(flat: Mapping[str, Any]) -> dict[str, Any]:
    left_out = {"id", "layer", "lon", "lat", "licence", "attribution", "version", "properties"}
    properties: dict[str, Any] = {}
    for name, cell in flat.items():
        if name.startswith(f"{ORIGINAL}."):
            properties.setdefault(ORIGINAL, {})[name.removeprefix(f"{ORIGINAL}.")] = cell
            continue
        start, _, end = name.rpartition("_")
        if name in left_out or cell in (None, ""):
            continue
        value = _numeric(name, cell)
        if name == "unc_m":
            properties["coordinateUncertaintyInMeters"] = value
        elif name == "pos_status":
            properties["placeholder"] = value == "placeholder"
        elif name in ("source", "actors"):
            properties["sources" if name == "source" else name] = [part.strip() for part in str(value).split(";")]
        elif start in ("killed", "wounded", "note"):
            properties.setdefault(start, {})[end] = value
        else:
            properties[name] = value
    return properties


def _numeric(name: str, value: Any) -> Any:
    """Return a number from a format that has only texts."""
    if not isinstance(value, str) or name not in BY_NAME or BY_NAME[name].kind == "text":
        return value
    try:
        return float(value) if BY_NAME[name].kind == "number" else int(value)
    except ValueError:
        return value
