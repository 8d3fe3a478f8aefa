"""Whether a report speaks of what was added in the workspace: of what it names always, of the rest only if asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import request

from geodata.catalog import Catalog, current
from geodata.errors import BadValue, NotFound
from geodata.messages import one_of

_BETWEEN = re.compile(r"[;,|]")


def included() -> bool:
    """Return whether the request wants own additions; raises BadValue."""
    text = request.args.get("own", "0")
    if text not in ("0", "1"):
        raise BadValue("own", text, one_of(("0", "1")))
    return text == "1"


def catalog_of(named: Iterable[str]) -> Catalog:
    """Return the catalogue that a report of the request rests on; `named` are the texts that its question holds."""
    return current() if included() else _without(named)


def present(named: Iterable[str]) -> bool:
    """Return whether the workspace has additions that a report of these texts leaves out unless asked."""
    return _without(named).store is not current().store


def _without(named: Iterable[str]) -> Catalog:
    catalog = current()
    return catalog.without_additions(frozenset(id_ for text in named for id_ in _meant(text, catalog)))


def texts(value: Any) -> Iterator[str]:
    """Yield every text of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


def _meant(text: str, catalog: Catalog) -> Iterator[str]:
    """Yield the ids of the layers and features that a text names, in full or as parts of a list."""
    for part in {text, *_BETWEEN.split(text)}:
        name = part.strip()
        if name in catalog.ids():
            yield name
            continue
        try:
            features = [catalog.feature(name)]
        except NotFound:
            features = [catalog.feature(ref) for ref in catalog.named(name)]
        for feature in features:
            yield feature.id
