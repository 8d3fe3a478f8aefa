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

REPORTS = ("proximity", "distance", "buffer", "ruler", "gaps")
LONGEST = 120
STRIP_KM = "60"
"""How far from the line its strip shows sites, where the question itself says nothing of it."""
WITHOUT_OWN = "sites,events,places"
"""The layers that rings are looked in unless the question names others."""
MOST_ROWS = 200
"""Rows of a printed table; the rest are counted, and the data twin has them."""


def given(name: str) -> str:
    """Return a free text of the request: one line of at most 120 characters; raises BadValue."""
    text = request.args.get(name, "").strip()
    if len(text) > LONGEST or any(ord(sign) < 32 for sign in text):
        raise BadValue(name, text[:LONGEST], f"one line of at most {LONGEST} characters")
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
    features = [catalog.feature(one) for one in claim["features"]]
    lines = [id_ for row in claim.get("table") or () for id_ in row["line_source"]]
    said = [one["source"] for one in claim["statements"] if one.get("source")]
    dated = [one for feature in features for one in feature.properties.get("statements") or () if "text" in one]
    said += [one["source"] for one in dated]
    own = [claim["source"], *said, *lines, *(id_ for feature in features for id_ in feature.sources)]
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
        **_held(result, answer, catalog, own),
    }


def of_analysis(name: str) -> dict[str, Any]:
    """Return the report of an analysis with the inputs of the request; raises what asking raises."""
    if name not in REPORTS:
        raise NotFound("report", name, ("claims/…", *REPORTS))
    wanted = registry.registry()[name]
    names = [parameter.name for parameter in wanted.parameters]
    inputs = {one: request.args[one] for one in names if one in request.args}
    if "sensitivity" in names:
        inputs.setdefault("sensitivity", "true")
    named = tuple(inputs.values())
    catalog = additions.catalog_of(named)
    if "of" in names and not additions.included() and wanted.name == "buffer":
        inputs.setdefault("of", WITHOUT_OWN)
    result = ask(name, inputs, catalog)
    answer = result.to_dict()
    rows = _rows(answer)
    features = list(_features(inputs, catalog))
    inside = [item for ring in answer.get("rings", ()) for item in (*ring["certainly"], *ring["possibly"])]
    spoken = [catalog.feature(row["id"]) for row in (*rows, *inside) if row.get("layer")]
    spoken += [catalog.feature(row[end]) for row in rows for end in ("from", "to") if row.get(end)]
    own = [id_ for feature in (*features, *spoken) for id_ in feature.sources]
    own += [id_ for row in rows for one in row.get("sensitivity") or () for id_ in one["source"]]
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
        "rows": rows[:MOST_ROWS] if name in ("proximity", "distance", "ruler") else [],
        "more": max(0, len(rows) - MOST_ROWS),
        "assumptions": _assumed(answer, rows),
        "features": features,
        "additions": additions.present(named),
        "ruler": _ruler(name, answer, inputs, catalog) or _along(features, catalog),
        **_held(result, answer, catalog, own),
    }


def _held(result: Any, answer: Mapping[str, Any], catalog: Catalog, own: Iterable[str]) -> dict[str, Any]:
    """Return what every report carries of its answer: shapes, sources, licences, and whether it can be cited."""
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
    held = [text for one in (answer, *rows, *inside) for text in one.get("assumptions") or ()]
    return list({text["en"]: text for text in held}.values())


def _ruler(name: str, answer: Mapping[str, Any], inputs: Mapping[str, str], catalog: Catalog) -> dict[str, Any] | None:
    """Return the answers that the strip of a line is drawn from."""
    if name not in ("ruler", "gaps"):
        return None
    own = {key: value for key, value in inputs.items() if key in ("layer", "kind", "reverse", "zero", "pillars")}
    if name == "ruler":
        return {"ruler": answer, "gaps": None}
    asked = {**own, "km": STRIP_KM, "of": inputs.get("of", "sites")}
    return {"ruler": ask("ruler", asked, catalog).to_dict(), "gaps": answer}


def _shares(features: Iterable[Feature], catalog: Catalog) -> list[Mapping[str, Any]]:
    """Return the share of a border under each dated claim about a stretch that was drawn along it."""
    drawn = next((one for one in features if one.properties.get("border") and one.properties.get("illustration")), None)
    if drawn is None:
        return []
    asked = {"layer": drawn.properties["border"], "of": drawn.id}
    return list(ask("coverage", asked, catalog).to_dict()["claims"])


def _along(features: Iterable[Feature], catalog: Catalog) -> dict[str, Any] | None:
    """Return the strip of the first line that a question is about; None where it is about none."""
    kinds = {layer.id for layer in catalog.line_layers()}
    line = next((one for one in features if one.layer in kinds), None)
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
    """Return a ring as a report prints it: at most MOST_ROWS items by layer, those known to a whole country apart."""
    items = [*ring["certainly"], *ring["possibly"]]
    near = [item for item in items if not item["country_wide"]]
    layers = dict.fromkeys(item["layer"] for item in near[:MOST_ROWS])
    unlisted = sum(ring["unlisted"].values())
    return {
        **ring,
        "groups": [
            {"title": catalog.layer(id_).title, "items": [one for one in near[:MOST_ROWS] if one["layer"] == id_]}
            for id_ in layers
        ],
        "wide": [item for item in items if item["country_wide"]],
        "more": max(0, len(near) - MOST_ROWS) + unlisted,
    }


def _kilometres(answer: Mapping[str, Any]) -> str:
    """Return the radii of an answer as they are written, each an isolate."""
    held = [ring["km"] for ring in answer.get("rings", ())] or [answer.get("km")]
    return " / ".join(f"\u2066{km:g}\u2069" for km in held if isinstance(km, int | float))
