"""The rows of a request: a layer's places, pasted positions or a CSV; read, measured and forgotten."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Literal, cast
from urllib.parse import parse_qsl

from flask import request

from geodata.analysis.places import of_feature
from geodata.analysis.proximity_table import MAX_ITEMS, Other, kind_of
from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.events import filters as event_filters
from geodata.events import paging
from geodata.events.dataset import opened
from geodata.formats import point_table
from geodata.formats.coordinates import Box, Order, Position
from geodata.formats.point_table import Rows
from geodata.formats.row_errors import reason
from geodata.messages import one_of
from geodata.model import Feature
from geodata.text.plain_digits import plain_digits

ORDERS = ("lat,lon", "lon,lat")
Kind = Literal["layer", "text", "file"]


@dataclass(frozen=True)
class RowSource:
    """The source of rows: a text with the rows, or the id of a layer."""

    kind: Kind
    text: str
    order: Order
    filters: str = ""
    """Of a layer only what these let through: the filters of its desk, as they stand in its address."""
    radius: float = 0.0
    """Metres that are assumed of rows of a text that state no uncertainty."""
    why: str = ""

    def rows(self, region: Box, catalog: Catalog, lang: str) -> tuple[Rows, list[Other]]:
        """Read the rows, and the places that are more than a point; raises BadValue, BadData, Refused as readers do."""
        if self.kind == "layer":
            features = filtered(self.text, self.filters, catalog) if self.filters else selected(self.text, catalog)
            return of_places(features, catalog, lang)
        if self.kind == "text":
            rows = point_table.pasted(self.text, self.order, region)
        else:
            rows = point_table.read_csv(self.text.encode(), self.order, region)
        rows.assume(self.radius, self.why)
        return rows, []


def uploaded() -> bytes | None:
    """Return the file that a request sends along; None where it sends none."""
    sent = request.files.get("file")
    if sent is None:
        return None
    with closing(sent):
        return sent.read() if sent.filename else None


def row_source(form: Mapping[str, str], uploaded: bytes | None) -> RowSource | None:
    """Return the row source of a request, None without one; raises BadValue for two at once."""
    order = form.get("order") or ORDERS[0]
    if order not in ORDERS:
        raise BadValue("order", order, one_of(ORDERS))
    if uploaded:
        try:
            sent = uploaded.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadValue("file", f"byte {error.start}", "utf8_text") from None
    else:
        sent = form.get("rows", "")
    texts = {"layer": form.get("layer", "").strip(), "text": form.get("text", ""), "file": sent}
    sources = [(kind, text) for kind, text in texts.items() if text.strip()]
    if len(sources) > 1:
        raise BadValue("layer", ", ".join(kind for kind, _ in sources), "rows_source")
    filters = form.get("filters", "").strip()
    if filters and (not sources or sources[0][0] != "layer"):
        raise BadValue("filters", filters, "with_a_layer")
    if not sources:
        return None
    kind, text = sources[0]
    radius, why = _metres(form.get("radius_km", "")), form.get("radius_reason", "").strip()
    return RowSource(cast(Kind, kind), text, cast(Order, order), filters, radius, why)


def _metres(kilometres: str) -> float:
    """Return a radius in metres, 0 where none is written; raises BadValue."""
    written = plain_digits(kilometres.strip())
    try:
        return float(written.replace(",", ".")) * 1000 if written else 0.0
    except ValueError:
        raise BadValue("radius", kilometres, "number") from None


def selected(text: str, catalog: Catalog) -> list[Feature]:
    """Return the features of a layer, or those whose ids stand with semicolons between; raises NotFound."""
    if text in catalog.ids():
        return list(catalog.layer(text).features)
    ids = [part.strip() for part in text.split(";") if part.strip()]
    return [catalog.feature(id_) for id_ in dict.fromkeys(ids)]


def filtered(id_: str, filters: str, catalog: Catalog) -> list[Feature]:
    """Return the events of a layer that the filters of its desk let through; raises BadValue, NotFound.

    Of more than a table may hold as many as make it refuse them.
    """
    parameters = dict(parse_qsl(filters, keep_blank_values=True))
    unknown = next((name for name in parameters if name not in event_filters.NAMES), None)
    if unknown is not None or not parameters:
        raise BadValue("filters", filters if unknown is None else unknown, one_of(event_filters.NAMES))
    events = paging.features(event_filters.read(parameters, catalog), opened(id_, catalog), catalog)
    return list(islice(events, MAX_ITEMS + 1))


def of_places(features: Sequence[Feature], catalog: Catalog, lang: str) -> tuple[Rows, list[Other]]:
    """Return features as rows, areas and placeholders as places; features without a position are refused."""
    rows, others = Rows(), []
    for line, feature in enumerate(features, start=1):
        place = of_feature(feature, catalog.layer(feature.layer), catalog)
        if not place.has_extent:
            rows.refuse(line, reason("no_position", id=feature.id))
        elif place.placeholder or not place.is_point:
            others.append((line, feature.name[lang], place))
        else:
            radius = float("nan") if place.uncertainty is None else place.uncertainty
            position = Position(place.shape.x, place.shape.y, "decimal")
            rows.add(line, position, feature.name[lang], kind_of(feature), radius, feature, place.assumed)
    return rows, others


def narrowed(text: str, columns: Mapping[str, str]) -> str:
    """Return a CSV with the columns that were read and no others, each row still on its line."""
    lines = text.splitlines()
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    header = [name.strip() for name in next(reader, [])]
    picked = [header.index(name) for name in columns.values()]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns.values())
    written = 1
    for cells in reader:
        # A cell over several lines stands on the last of them, as it does where it was read.
        out.write("\n" * (reader.line_num - written - 1))
        values = [cells[at] if at < len(cells) else "" for at in picked]
        written = reader.line_num
        if not any(cells) or cells[0].startswith("#"):
            out.write("\n")
        else:
            writer.writerow([" ".join(cell.split()) for cell in values])
    return out.getvalue()
