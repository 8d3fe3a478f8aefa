"""What a reader may mean by a few letters: places, events, actors, claims, sources, pages and positions."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, jsonify, request

from geodata.catalog import current
from geodata.errors import BadValue
from geodata.messages import LANGUAGES, one_of
from geodata.model import SCHEMA
from geodata.search import Entry, Found, find
from geodata.search.finding import LONGEST, MOST
from geodata.search.index import Index
from geodata.text.plain_digits import plain_digits
from webapp.i18n import language, word
from webapp.picker import KINDS, key_of, matching, names_of

blueprint = Blueprint("search", __name__)

PAGES = {
    "/": "nav_map",
    "/events": "nav_events",
    "/claims": "nav_claims",
    "/ruler": "nav_ruler",
    "/proximity": "table_title",
    "/matrix": "matrix_title",
    "/import": "import_title",
    "/sources": "sources_title",
    "/actors": "actors_title",
    "/about": "about_title",
    "/help": "help_title",
}
"""The pages that are found by their titles."""


@blueprint.get("/search.json")
def search() -> Response:
    """Answer with what `q` may mean, the likeliest first; at most `limit`; `of` names kinds for a picker."""
    text = request.args.get("q", "")
    if len(text) > LONGEST or "\x00" in text:
        raise BadValue("q", text, "text_at_most", most=LONGEST)
    limit = plain_digits(request.args.get("limit", str(MOST)))
    if not limit.isdecimal() or not 1 <= int(limit) <= MOST:
        raise BadValue("limit", limit, "integer_range", least=1, most=MOST)
    of = request.args.get("of", "")
    if of:
        kinds = tuple(dict.fromkeys(of.split(",")))
        strange = [kind for kind in kinds if kind not in KINDS]
        if strange:
            raise BadValue("of", of, one_of(KINDS))
        options = [_item(_found(entry)) for entry in matching(text, kinds, current(), int(limit))]
        return jsonify({"schema": SCHEMA, "query": text, "items": options})
    found = find(text, current(), int(limit))
    pages = [Found("page", "", entry.id, entry.name, "", match) for match, entry in _pages().find(text)]
    items = sorted([*found, *pages], key=lambda one: one.match)[: int(limit)]
    return jsonify({"schema": SCHEMA, "query": text, "items": [_item(one) for one in items]})


@cache
def _pages() -> Index:
    """Return the index of the pages by their titles in every language."""
    titles = {path: {lang: word(key, lang) for lang in LANGUAGES} for path, key in PAGES.items()}
    return Index(Entry("page", "", path, title, tuple(title.values()), "", 0) for path, title in titles.items())


def _found(entry: Entry) -> Found:
    """Return an option of a picker, by the id and the names it is chosen by."""
    return Found(entry.kind, entry.layer, key_of(entry, current()), names_of(entry, current()), entry.label, 0)


def _item(found: Found) -> dict[str, object]:
    position = {} if found.lon is None else {"lon": found.lon, "lat": found.lat}
    return {
        "kind": found.kind,
        "layer": found.layer,
        "id": found.id,
        "name": found.name,
        "label": found.label,
        "what": _what(found),
        "href": _address(found),
        **position,
    }


def _what(found: Found) -> str:
    """Return what kind of thing was found, in the language of the request."""
    if found.kind == "position":
        return word("typed_exact")
    vocabulary, lang = current().vocabulary(), language()
    groups = {"event": ("event_type", "category"), "place": ("kind",), "actor": ("actor_kind",)}.get(found.kind, ())
    labels = [vocabulary[group][found.label][lang] for group in groups if found.label in vocabulary[group]]
    return labels[0] if labels else word(f"search_{found.kind}")


def _address(found: Found) -> str:
    """Return where something that was found is shown."""
    if found.kind == "page":
        return f"{found.id}?{urlencode({'lang': language()})}"
    if found.kind == "claim":
        return f"/claims?{urlencode({'lang': language()})}#{quote(found.id)}"
    if found.kind in ("actor", "source"):
        return f"/{found.kind}s/{quote(found.id)}?{urlencode({'lang': language()})}"
    if found.kind == "layer":
        return f"/layers/{quote(found.id)}?{urlencode({'lang': language()})}"
    if found.kind == "position":
        return f"/?{urlencode({'q': found.id, 'lang': language()})}"
    return f"/?{urlencode({'at': found.id, 'lang': language()})}"
