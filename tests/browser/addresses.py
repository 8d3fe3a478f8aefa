"""Every page of the app: the addresses that show it, by the rule that answers them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from geodata.catalog import shipped
from tests.browser.conftest import Visit

ASKED = "layer=hasakah-prison&target=border-iq-sy"
# A version compared with itself.
DIFF = f"/layers/events/diff?old={shipped().version('events')}"
PAGES: dict[str, list[str]] = {
    "/": ["/"],
    "/about": ["/about"],
    "/accessibility": ["/accessibility"],
    "/actors": ["/actors"],
    "/actors/<id_>": ["/actors/pmf"],
    "/actors/<id_>/<what>": ["/actors/pmf/change"],
    "/actors/alike": ["/actors/alike"],
    "/actors/new": ["/actors/new"],
    "/analyses/<name>": ["/analyses/proximity", f"/analyses/proximity?{ASKED}"],
    "/api": ["/api"],
    "/api/collections": ["/api/collections"],
    "/api/collections/<collection>": ["/api/collections/sites"],
    "/api/collections/<collection>/items": ["/api/collections/sites/items"],
    "/api/collections/<collection>/items/<feature>": ["/api/collections/sites/items/hasakah-prison"],
    "/api/collections/<collection>/queryables": ["/api/collections/sites/queryables"],
    "/api/collections/<collection>/schema": ["/api/collections/sites/schema"],
    "/api/collections/<collection>/tiles": ["/api/collections/sites/tiles"],
    "/api/collections/<collection>/tiles/WebMercatorQuad": ["/api/collections/sites/tiles/WebMercatorQuad"],
    "/api/conformance": ["/api/conformance"],
    "/api/functions": ["/api/functions"],
    "/api/jobs": ["/api/jobs"],
    "/api/openapi.json": ["/api/openapi.json"],
    "/api/processes": ["/api/processes"],
    "/api/processes/<name>": ["/api/processes/proximity"],
    "/claims": ["/claims", "/claims?verdict=disagrees"],
    "/claims/new": ["/claims/new"],
    "/events": ["/events", "/events?layer=events"],
    "/help": ["/help"],
    "/import": ["/import"],
    "/import/<token>": ["/import/none"],
    "/import/<token>/job": ["/import/none/job"],
    "/layers/<name>": ["/layers/sites", "/layers/events", "/layers/borders"],
    "/layers/<name>/diff": ["/layers/events/diff", "/layers/events/diff?old=00000000", DIFF],
    "/layers/<name>/export": ["/layers/events/export?format=shapefile"],
    "/lines": ["/lines"],
    "/matrix": ["/matrix"],
    "/proximity": ["/proximity", "/proximity?layer=sites&target=border-iq-sy", "/proximity?layer=nowhere"],
    "/r": ["/r", f"/r?analysis=proximity&{ASKED}"],
    "/r/<id_>": ["/r/0123456789abcdef"],
    "/report/<name>": [
        *(f"/report/proximity?{ASKED}&lang=both", "/report/buffer?layer=al-qaim&km=10,25", "/report/none"),
        "/report/ruler?layer=border-iq-sy&km=60",
        "/report/gaps?layer=border-iq-sy&km=25",
    ],
    "/report/claims/<id_>": ["/report/claims/prison-10km"],
    "/ruler": ["/ruler", "/ruler?layer=nowhere"],
    "/sign-in": ["/sign-in"],
    "/sources": ["/sources"],
    "/sources/<id_>": ["/sources/hussein-2024"],
    "/sources/<id_>/<what>": ["/sources/hussein-2024/change"],
    "/sources/new": ["/sources/new"],
}
"""What a rule shows to who has not signed in: the page, an error beside a form, an error of its own."""

SIGNED_IN = [
    *("/actors/new", "/actors/pmf", "/actors/pmf/change", "/actors/pmf/merge", "/actors/alike", "/sources/new"),
    *("/sources/hussein-2024", "/sources/hussein-2024/change", "/sources/hussein-2024/grade"),
    *("/sources/hussein-2024/attach", "/claims/new", "/lines", "/import", "/events"),
]
"""Pages that show more to who has signed in."""

NO_PAGES = {
    "/api/collections/<collection>/tiles/WebMercatorQuad/<tileMatrix>/<tileRow>/<tileCol>",
    *("/api/jobs/<job>", "/api/jobs/<job>/results", "/api/processes/<name>/execution"),
    *("/events/<layer>/file", "/layers/<name>/file", "/export/map.html", "/digits"),
    *("/favicon.ico", "/favicon.svg", "/healthz", "/robots.txt", "/leaflet/<path:name>", "/static/<path:name>"),
}
"""Rules that answer with data or files alone; those whose names end as a file's are not listed."""
DATA = (".json", ".geojson", ".pdf", ".csv")


def pages_signed_in(app: tuple[Flask, str], visit: Visit, lang: str) -> Iterator[tuple[str, Page]]:
    """Yield the pages that show more to who has signed in, each shown to somebody who has, with its address."""
    made, base = app
    page = visit(f"/sign-in?token={made.extensions['masafa_token']}", address=base, refused=True)
    for path in SIGNED_IN:
        page.set_viewport_size({"width": 1280, "height": 800})
        assert (page.goto(base + address(path, lang)) or pytest.fail(path)).ok
        yield path, page


def address(path: str, lang: str) -> str:
    """Return an address in a language, of the API as a page."""
    more = [f"lang={lang}"] if "lang=" not in path else []
    more += ["f=html"] if path.startswith("/api") else []
    return f"{path}{'&' if '?' in path else '?'}{'&'.join(more)}" if more else path
