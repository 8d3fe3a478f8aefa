"""The desk of events: its page, and the data behind it; every address takes the same filters."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from geodata.catalog import Catalog, current
from geodata.events import facets as event_facets
from geodata.events import filters as event_filters
from geodata.events import histogram, paging, viewport
from geodata.events.dataset import Opened, has_events_page, opened
from geodata.events.filters import EventFilters
from geodata.formats import registry
from geodata.model import SCHEMA, Layer
from geodata.text.plain_digits import plain_digits
from webapp.auth import signed_in
from webapp.events import download, serializers
from webapp.page_context import MAIN_BORDER, as_of, boot

blueprint = Blueprint("events", __name__, url_prefix="/events")

MAX_LIMIT, LIMIT = 1_000, 100
LISTED = 50
"""Values of a facet that are sent."""
REGIONS = ("governorate", "country")


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The page; without a layer, which there are."""
    catalog, id_ = current(), request.args.get("layer", "").strip()
    layers = [layer for layer in catalog.layers() if has_events_page(layer)]
    if not id_:
        begun = boot(signed_in=signed_in())
        return render_template("events_layers.html", layers=layers, boot=begun, as_of=as_of())
    events = opened(id_, catalog)
    formats = [{"name": format_.name, "title": format_.title} for format_ in registry.FORMATS.values()]
    begun = boot(events={"layer": id_, "formats": formats, "signed_in": signed_in()})
    return render_template(
        "events.html",
        layer=events.layer,
        layers=layers,
        border=catalog.reference(MAIN_BORDER),
        boot=begun,
        as_of=as_of(),
    )


@blueprint.get("/<layer>/summary.json")
def summary(layer: str) -> Response:
    """How many, of which kinds."""
    filters, events, catalog = _read_request(layer)
    counts = event_facets.summary(filters, events, catalog)
    facets = {
        name: [
            {"id": id_, "label": serializers.label(name, id_, catalog), "count": count}
            for id_, count in values[:LISTED]
        ]
        for name, values in counts.pop("facets").items()
    }
    return _answer(events.layer, {**counts, "facets": facets})


@blueprint.get("/<layer>/items.json")
def items(layer: str) -> Response:
    """A page of the table."""
    filters, events, catalog = _read_request(layer)
    limit = event_filters.integer("limit", request.args.get("limit"), 1, MAX_LIMIT, LIMIT)
    number = event_filters.integer("page", request.args.get("page"), 1, 10_000_000, 1)
    sort = request.args.get("sort") or "-date_start"
    rows, count = paging.page(filters, events, catalog, number, limit, sort)
    body = {"page": number, "pages": max(1, -(-count // limit)), "count": count, "sort": sort}
    return _answer(events.layer, {**body, "items": [serializers.row_as_json(row) for row in rows]})


@blueprint.get("/<layer>/time.json")
def through_time(layer: str) -> Response:
    """The bins of the histogram."""
    filters, events, catalog = _read_request(layer)
    by = event_filters.choice("by", request.args.get("by"), histogram.BY, "auto")
    seen = request.args.get("view", "").strip()
    box = event_filters.box("view", seen) if seen else None
    return _answer(events.layer, histogram.histogram(filters, events, catalog, by, box))


@blueprint.get("/<layer>/view.json")
def in_view(layer: str) -> Response:
    """What the map draws of a view."""
    filters, events, catalog = _read_request(layer)
    box = event_filters.box("bbox", request.args.get("bbox", "-180,-90,180,90"))
    zoom = event_filters.integer("zoom", _rounded(request.args.get("zoom")), 0, viewport.MAX_ZOOM, 6)
    return _answer(events.layer, viewport.view(filters, events, catalog, box, zoom))


@blueprint.get("/<layer>/regions.json")
def regions(layer: str) -> Response:
    """Counts by governorate or country."""
    filters, events, catalog = _read_request(layer)
    by = event_filters.choice("by", request.args.get("by"), REGIONS, REGIONS[0])
    counts, (other, other_deaths) = event_facets.regions(filters, events, catalog, by)
    entries = [
        {"id": id_, "name": serializers.label(by, id_, catalog), "count": count, "deaths": deaths}
        for id_, count, deaths in counts
    ]
    return _answer(events.layer, {"by": by, "items": entries, "other": other, "other_deaths": other_deaths})


@blueprint.get("/<layer>/<id_>.json")
def event(layer: str, id_: str) -> Response:
    """One event, with all that is recorded of it."""
    catalog = current()
    events = opened(layer, catalog)
    return _answer(events.layer, serializers.event_as_json(paging.feature(id_, events), catalog))


@blueprint.get("/<layer>/file")
def file(layer: str) -> Response:
    """Exactly what is filtered, as a file."""
    filters, events, catalog = _read_request(layer)
    return download.file(filters, events, catalog, request.args.to_dict())


def _read_request(layer: str) -> tuple[EventFilters, Opened, Catalog]:
    catalog = current()
    events = opened(layer, catalog)
    return event_filters.read(request.args, catalog), events, catalog


def _answer(layer: Layer, body: dict[str, Any]) -> Response:
    return jsonify({"schema": SCHEMA, "layer": layer.id, "version": layer.version, **body})


def _rounded(text: str | None) -> str | None:
    """Return a fractional zoom rounded down to an integer."""
    integer, point, rest = plain_digits(text or "").partition(".")
    return integer if point and rest.isdecimal() else text
