"""What a report says: the question, its answer, and everything the answer rests on, ready for either language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request

from geodata import registry
from geodata.catalog import Catalog, current, shipped
from geodata.errors import BadValue, NotFound
from geodata.model import Feature, Result
from webapp import charts
from webapp.report import additions
from webapp.result_cache import ask, remember

LONGEST = 120
STRIP_KM = "60"
"""How far from the line its strip shows sites, where the question itself says nothing of it."""
MOST_ROWS = 200
"""Rows of a printed table; the rest are counted, and the data twin has them."""


def free_text(name: str) -> str:
    """Return a free text of the request: one line of at most 120 characters; raises BadValue."""
    text = request.args.get(name, "").strip()
    if len(text) > LONGEST or any(ord(sign) < 32 for sign in text):
        raise BadValue(name, text[:LONGEST], "one_line_at_most", most=LONGEST)
    return text


def of_claim(id_: str) -> dict[str, Any]:
    """Return the report of one claim; raises NotFound."""
    claims = current().claims()
    if id_ not in claims:
        raise NotFound("claim", id_, claims)
    named = tuple(additions.texts(claims[id_]))
    catalog = additions.catalog_of(named)
    result = ask("claims", {"of": id_}, catalog)
    answer = result.to_dict()
    claim = answer["items"][0]
    features = [catalog.feature(ref) for ref in claim["features"]]
    lines = [id_ for row in claim.get("table") or () for id_ in row["line_source"]]
    cited = [statement["source"] for statement in claim["statements"] if statement.get("source")]
    dated = [
        statement
        for feature in features
        for statement in feature.properties.get("statements") or ()
        if "text" in statement
    ]
    cited += [statement["source"] for statement in dated]
    own = [claim["source"], *cited, *lines, *(id_ for feature in features for id_ in feature.sources)]
    return {
        "kind": "claims",
        "title": claim["title"],
        "question": claim["question"],
        "claim": {**claim, **charts.of(claim)},
        "dated": dated,
        "assumptions": [claim["assumption"]] if claim["assumption"] else [],
        "features": features,
        "ruler": _along(features, catalog),
        "shares": _shares(features, catalog),
        "additions": additions.present(named),
        **_common(result, answer, catalog, own),
    }


def of_analysis(name: str) -> dict[str, Any]:
    """Return the report of an analysis with the inputs of the request; raises what asking raises."""
    wanted = registry.analyses().get(name)
    if wanted is None or not wanted.in_reports:
        raise NotFound("report", name, ("claims/…", *names_of_reports()))
    names = [parameter.name for parameter in wanted.parameters]
    inputs = {parameter: request.args[parameter] for parameter in names if parameter in request.args}
    if "sensitivity" in names:
        inputs.setdefault("sensitivity", "true")
    named = tuple(inputs.values())
    catalog = additions.catalog_of(named)
    if not additions.included():
        inputs = {**wanted.report_defaults, **inputs}
    result = ask(name, inputs, catalog)
    answer = result.to_dict()
    rows = _rows(answer)
    features = list(_features(inputs, catalog))
    inside = [item for ring in answer.get("rings", ()) for item in (*ring["certainly"], *ring["possibly"])]
    spoken = [catalog.feature(row["id"]) for row in (*rows, *inside) if row.get("layer")]
    spoken += [catalog.feature(row[end]) for row in rows for end in ("from", "to") if row.get(end)]
    own = [id_ for feature in (*features, *spoken) for id_ in feature.sources]
    own += [id_ for row in rows for line in row.get("sensitivity") or () for id_ in line["source"]]
    return {
        "kind": name,
        "title": wanted.title,
        "question": None,
        "asked": {
            "subject": _named(inputs.get("layer", ""), catalog),
            "target": _named(inputs.get("target", ""), catalog),
            "km": _kilometres(answer),
        },
        "claim": None,
        "rings": [_ring(ring, catalog) for ring in answer.get("rings", ())],
        "rows": rows[:MOST_ROWS] if wanted.report_rows else [],
        "more": max(0, len(rows) - MOST_ROWS),
        "assumptions": _assumed(answer, rows),
        "features": features,
        "additions": additions.present(named),
        "ruler": _ruler(name, answer, inputs, catalog) or _along(features, catalog),
        **_common(result, answer, catalog, own),
    }


def names_of_reports() -> list[str]:
    """Return the names of the analyses whose answers can be printed."""
    return [name for name, analysis in registry.analyses().items() if analysis.in_reports]


def _common(result: Any, answer: Mapping[str, Any], catalog: Catalog, own: Iterable[str]) -> dict[str, Any]:
    """Return the fields that every report has: answer, shapes, sources, and whether it can be cited."""
    records = catalog.sources()
    # A layer of places names the sources of all its places; a report names those of the places it speaks of.
    others = {id_ for layer in ("sites", "events") for id_ in catalog.layer(layer).entry.get("sources", ())}
    wanted = dict.fromkeys((*own, *(id_ for id_ in answer["sources"] if id_ not in others)))
    return {
        "answer": answer,
        "shapes": result.geometries,
        "records": [records[id_] for id_ in wanted if id_ in records],
        "not_citable": _remembered(result),
        "catalog": catalog,
    }


def _remembered(result: Result) -> str | None:
    """Record a result whose layers can be read again by their version; return why it cannot be cited, or None."""
    for id_, version in result.layers.items():
        if version not in (current().version(id_), shipped().version(id_)):
            return f"layer {id_}: left out of it is what was added in the workspace"
    return remember(result)


def _rows(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if "display" in answer and "items" not in answer:
        return [answer]
    return list(answer.get("items", ()))


def _features(inputs: Mapping[str, str], catalog: Catalog) -> Iterable[Feature]:
    for part in (*inputs.get("layer", "").split(";"), *inputs.get("target", "").split(";")):
        try:
            yield catalog.feature(part.strip())
        except NotFound:
            continue


def _named(text: str, catalog: Catalog) -> Mapping[str, str]:
    """Return what was asked of by its name; what has none, as typed coordinates, as it was given."""
    return catalog.title(text.strip()) or {"ar": f"\u2068{text}\u2069", "en": f"\u2068{text}\u2069"}


def _assumed(answer: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, str]]:
    inside = [item for ring in answer.get("rings", ()) for item in (*ring["certainly"], *ring["possibly"])]
    texts = [text for part in (answer, *rows, *inside) for text in part.get("assumptions") or ()]
    return list({text["en"]: text for text in texts}.values())


def _ruler(name: str, answer: Mapping[str, Any], inputs: Mapping[str, str], catalog: Catalog) -> dict[str, Any] | None:
    """Return the answers that the strip of a line is drawn from."""
    if name not in ("ruler", "gaps"):
        return None
    own = {key: value for key, value in inputs.items() if key in ("layer", "kind", "reverse", "zero", "pillars")}
    if name == "ruler":
        return {"ruler": answer, "gaps": None}
    strip_inputs = {**own, "km": STRIP_KM, "of": inputs.get("of", "sites")}
    return {"ruler": ask("ruler", strip_inputs, catalog).to_dict(), "gaps": answer}


def _shares(features: Iterable[Feature], catalog: Catalog) -> list[Mapping[str, Any]]:
    """Return the share of a border under each dated claim about a stretch that was drawn along it."""
    drawn = next(
        (
            feature
            for feature in features
            if feature.properties.get("border") and feature.properties.get("illustration")
        ),
        None,
    )
    if drawn is None:
        return []
    coverage_inputs = {"layer": drawn.properties["border"], "of": drawn.id}
    return list(ask("coverage", coverage_inputs, catalog).to_dict()["claims"])


def _along(features: Iterable[Feature], catalog: Catalog) -> dict[str, Any] | None:
    """Return the strip of the first line that a question is about; None where it is about none."""
    kinds = {layer.id for layer in catalog.line_layers()}
    line = next((feature for feature in features if feature.layer in kinds), None)
    if line is None:
        return None
    try:
        return {
            "ruler": ask("ruler", {"layer": line.id, "km": STRIP_KM, "of": "sites"}, catalog).to_dict(),
            "gaps": None,
        }
    except BadValue:
        # A river in parts is no ruler.
        return None


def _ring(ring: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    """Return a ring as a report prints it: at most MOST_ROWS items by layer, country-wide places apart."""
    items = [*ring["certainly"], *ring["possibly"]]
    near = [item for item in items if not item["country_wide"]]
    layers = dict.fromkeys(item["layer"] for item in near[:MOST_ROWS])
    unlisted = sum(ring["unlisted"].values())
    return {
        **ring,
        "groups": [
            {"title": catalog.layer(id_).title, "items": [entry for entry in near[:MOST_ROWS] if entry["layer"] == id_]}
            for id_ in layers
        ],
        "wide": [item for item in items if item["country_wide"]],
        "more": max(0, len(near) - MOST_ROWS) + unlisted,
    }


def _kilometres(answer: Mapping[str, Any]) -> str:
    """Return the radii of an answer as they are written, each an isolate."""
    radii = [ring["km"] for ring in answer.get("rings", ())] or [answer.get("km")]
    return " / ".join(f"\u2066{km:g}\u2069" for km in radii if isinstance(km, int | float))
