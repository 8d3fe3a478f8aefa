"""Lines of one's own: typed, drawn or uploaded; ruled at once, or kept in the workspace by who has signed in."""

from __future__ import annotations

from functools import cache
from typing import cast

import shapely
from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from geodata.catalog import OWN_LINES, current, shipped, workspace
from geodata.editing import user_lines
from geodata.errors import BadValue, MasafaError, NotFound
from geodata.formats.coordinates import Order
from geodata.messages import one_of
from webapp.auth import SignInRequired, public_write, sign_in_required
from webapp.errors import status_of
from webapp.i18n import language
from webapp.page_context import as_of, boot
from webapp.picker import resolved_form
from webapp.proximity.rows import ORDERS, uploaded

blueprint = Blueprint("lines", __name__)

SAMPLE = ("roj", "al-hol", "al-qaim")
"""The sites that the line to try goes by."""

ACTIONS = ("rule", "keep")
CHANGES = ("reference", "plain", "remove")
LONGEST = 5000
"""Characters of a line that an address holds; a longer one has to be kept."""


@blueprint.get("/lines")
def lines() -> ResponseReturnValue:
    """The form, and the lines that are kept."""
    return _page({}, None)


@blueprint.post("/lines")
@public_write
def add() -> ResponseReturnValue:
    """Rule the line at once, by an address that holds it, or keep it; errors are shown beside the input."""
    form = request.form.to_dict()
    try:
        order, action = form.get("order") or ORDERS[0], form.get("action") or ACTIONS[0]
        for name, value, allowed in (("order", order, ORDERS), ("action", action, ACTIONS)):
            if value not in allowed:
                raise BadValue(name, value, one_of(allowed))
        line = (_rule if action == "rule" else _keep)(form, cast(Order, order))
    except SignInRequired as refusal:
        return _page(form, None, refused=True), status_of(refusal)
    except MasafaError as error:
        return _page(form, error), status_of(error)
    return redirect(url_for("ruler.ruler", lang=language(), line=line), 303)


@blueprint.post("/lines/<id_>/<what>")
def change(id_: str, what: str) -> ResponseReturnValue:
    """Make a kept border the reference between its countries, or a plain one again; or take a line away."""
    if what not in CHANGES:
        raise NotFound("line_change", what, CHANGES)
    if what == "remove":
        user_lines.remove(id_, workspace(), current())
    else:
        user_lines.refer(id_, what == "reference", workspace(), current())
    return redirect(url_for("lines.lines", lang=language()), 303)


def _path(form: dict[str, str], order: Order) -> shapely.LineString:
    return user_lines.path_of(form.get("path", ""), uploaded(), order)


def _rule(form: dict[str, str], order: Order) -> str:
    """Return the line as an address holds it."""
    path = _path(form, order)
    text = str(shapely.to_wkt(path, rounding_precision=6))
    if len(text) > LONGEST:
        raise BadValue("path", f"{len(path.coords)} positions", "fewer_positions")
    return text


@sign_in_required
def _keep(form: dict[str, str], order: Order) -> str:
    """Keep the line in the workspace; return its id."""
    fields = {name: value for name, value in resolved_form(form, current()).items() if name != "path"}
    return user_lines.add(fields, _path(form, order), workspace(), current())


def _page(form: dict[str, str], problem: MasafaError | None, refused: bool = False) -> str:
    catalog = current()
    return render_template(
        "lines.html",
        given=form,
        problem=problem,
        refused=refused,
        orders=ORDERS,
        kinds=[(word, catalog.vocabulary()["kind"][word]) for word in user_lines.KINDS],
        countries=catalog.layer("countries").features,
        own=[feature for id_ in OWN_LINES.values() if id_ in catalog.ids() for feature in catalog.layer(id_).features],
        sample_line=_sample(),
        boot=boot(),
        as_of=as_of(),
    )


@cache
def _sample() -> str:
    """Return a line to try: from camp to town to camp, as an address holds it."""
    points = [shipped().feature(id_).geometry.centroid for id_ in SAMPLE]  # type: ignore[union-attr]
    return str(shapely.to_wkt(shapely.LineString(points), rounding_precision=5))
