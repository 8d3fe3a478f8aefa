"""Where a client begins: the landing page, and which parts of the standards hold."""

from __future__ import annotations

from flask import Blueprint, Response

from webapp import cors
from webapp.api import forms, functions, links
from webapp.api.operations import Operation, add, read
from webapp.i18n import word

FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
FILTERS = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
COMMON = "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf"
PROCESSES = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf"
TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
CONFORMS = (
    f"{COMMON}/core",
    f"{COMMON}/landing-page",
    f"{COMMON}/json",
    f"{COMMON}/html",
    f"{COMMON}/oas30",
    *(f"{FEATURES}/{name}" for name in ("core", "geojson", "html", "oas30")),
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    *(f"{FILTERS}/{name}" for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")),
    *(
        f"{CQL2}/{name}"
        for name in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
            "array-functions",
            "property-property",
            "arithmetic",
        )
    ),
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    *(
        f"{PROCESSES}/{name}"
        for name in ("core", "json", "html", "oas30", "ogc-process-description", "job-list", "dismiss")
    ),
    *(f"{TILES}/{name}" for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")),
)

LANDING = Operation("", "landing", "Where the API begins", forms.BOTH)
CONFORMANCE = Operation("/conformance", "conformance", "Which conformance classes hold", forms.BOTH)
OPERATIONS = (LANDING, CONFORMANCE)


def wire(blueprint: Blueprint) -> None:
    """Add the routes."""
    add(blueprint, LANDING, landing)
    add(blueprint, CONFORMANCE, conformance)


def landing() -> Response:
    """Say what the API holds, and link to it."""
    read(LANDING)
    form = forms.chosen(LANDING.forms)
    cors.allow()
    data = {
        "title": word("title"),
        "description": word("tagline"),
        "attribution": word("notice"),
        "links": [
            *links.own(dict(LANDING.forms), form),
            links.link("service-desc", "/api/openapi.json", links.OPENAPI, "OpenAPI 3.0"),
            links.link("service-doc", "/api/openapi.json", links.HTML, word("api_definition"), {"f": "html"}),
            links.link("about", "/about", links.HTML, word("nav_about")),
            links.link("conformance", "/api/conformance", title=word("api_conformance")),
            links.link("http://www.opengis.net/def/rel/ogc/1.0/conformance", "/api/conformance"),
            links.link("data", "/api/collections", title=word("api_collections")),
            links.link("http://www.opengis.net/def/rel/ogc/1.0/data", "/api/collections"),
            links.link(functions.REL, "/api/functions", title=word("api_functions")),
            links.link(
                "http://www.opengis.net/def/rel/ogc/1.0/processes", "/api/processes", title=word("api_processes")
            ),
            links.link("http://www.opengis.net/def/rel/ogc/1.0/job-list", "/api/jobs", title=word("api_jobs")),
            links.licences(),
        ],
    }
    return forms.answer(LANDING, form, data, "api_landing")


def conformance() -> Response:
    """List the conformance classes."""
    read(CONFORMANCE)
    form = forms.chosen(CONFORMANCE.forms)
    cors.allow()
    data = {"conformsTo": list(CONFORMS), "links": [*links.own(dict(CONFORMANCE.forms), form), links.licences()]}
    return forms.answer(CONFORMANCE, form, data, "api_conformance", [("/api", "api_landing")])
