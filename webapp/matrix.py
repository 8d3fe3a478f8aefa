"""The distance matrix's page: every straight-line distance between two sets of places, each with its interval."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, Response, render_template, request

from geodata.catalog import Catalog, current
from geodata.errors import BadValue, MasafaError
from geodata.formats.spreadsheet_cells import defused
from geodata.messages import one_of
from geodata.model import Result
from webapp.errors import status_of
from webapp.i18n import language
from webapp.page_context import as_of, form_boot
from webapp.picker import PLACES, resolved
from webapp.proximity.downloads import BOM
from webapp.result_cache import ask

blueprint = Blueprint("matrix", __name__)

DEFAULTS = {"layer": "sites", "target": "borders"}
SHOWN = 60
"""Rows, and columns, that the page shows; the downloads have all."""
FORMS = ("html", "csv")


@blueprint.get("/matrix")
def matrix() -> Any:
    """The form and the table; errors are shown on the page."""
    catalog = current()
    named = {name: request.args.get(name, "").strip() or value for name, value in DEFAULTS.items()}
    parameters = {name: resolved(value, PLACES, catalog) for name, value in named.items()}
    try:
        form = request.args.get("f", "html")
        if form not in FORMS:
            raise BadValue("f", form, one_of(FORMS))
        result = ask("matrix", parameters)
        if form == "csv":
            return _csv(result)
        return _page(parameters, catalog, result, None)
    except MasafaError as error:
        return _page(parameters, catalog, None, error), status_of(error)


def _page(parameters: dict[str, str], catalog: Catalog, result: Result | None, problem: MasafaError | None) -> str:
    body = result.to_dict() if result else None
    return render_template(
        "matrix.html",
        asked=parameters,
        problem=problem,
        answer=body,
        cells=_cells(body) if body else [],
        shown=SHOWN,
        boot=form_boot(),
        as_of=as_of(),
    )


def _cells(body: dict[str, Any]) -> list[list[dict[str, str] | None]]:
    return [
        [None if number is None else {"number": number, "unit": body["unit"]} for number in row[:SHOWN]]
        for row in body["display"][:SHOWN]
    ]


def _csv(result: Result) -> Response:
    """Return the matrix as a table of pairs, which every program reads."""
    body, lang = result.to_dict(), language()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("from", "from_name", "to", "to_name", "distance_m", "interval_low_m", "interval_high_m"))
    for i, row in enumerate(body["rows"]):
        for j, column in enumerate(body["columns"]):
            low, high = body["interval_m"][i][j] or (None, None)
            ends = [row["id"], defused(row["name"][lang]), column["id"], defused(column["name"][lang])]
            writer.writerow([*ends, body["distance_m"][i][j], low, high])
    response = Response(BOM + out.getvalue().encode(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="masafa-matrix-{result.id}.csv"'
    return response
