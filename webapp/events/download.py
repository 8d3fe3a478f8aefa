"""Export the filtered events: a file in any format, with the filters written into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Response

from geodata.analysis.result_builder import NOTICE
from geodata.catalog import Catalog
from geodata.events import paging
from geodata.events.dataset import Opened
from geodata.events.filters import NAMES, EventFilters
from geodata.exporting import file_of
from geodata.formats import registry
from geodata.formats.dataset import Dataset, Metadata, Options, Row


def file(filters: EventFilters, events: Opened, catalog: Catalog, parameters: Mapping[str, str]) -> Response:
    """Return the file; Masafa-Lost counts what its format could not hold. Raises BadValue for an unknown format."""
    form = registry.named(parameters.get("format") or "geojson")
    used = [f"{name}={parameters[name].strip()}" for name in NAMES if parameters.get(name, "").strip()]
    about = Metadata.of(events.layer, catalog.sources(), NOTICE)
    if used:
        about = replace(about, changes=(*about.changes, f"events where {' and '.join(used)}"))
    rows = [Row(event.id, event.geometry, event.properties) for event in paging.features(filters, events, catalog)]
    notes: list[str] = []
    response = Response(file_of(form, [Dataset(about, rows)], Options(), notes), content_type=form.media_type)
    name = f"masafa-{events.layer.id}-{events.layer.version[:12]}{form.extensions[0]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Masafa-Lost"] = str(len(notes))
    response.headers["Cache-Control"] = "no-store"
    return response
