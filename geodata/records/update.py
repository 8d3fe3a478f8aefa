"""A source or an actor changed: what was asked for is read, checked and written with who did it and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from geodata.catalog import Catalog
from geodata.errors import NotFound
from geodata.records import fields
from geodata.records.fields import Given, Record
from geodata.store.history import Change
from geodata.store.workspace import Workspace


def changed(
    kind: Literal["source", "actor"],
    id_: str,
    given: Given,
    what: str,
    make: Callable[[Mapping[str, Any]], Record],
    workspace: Workspace,
    catalog: Catalog,
) -> Record:
    """Write what `make` gives for the record as it is now; return it. Raises NotFound, BadValue, Unwritable."""
    fields.bounded(given)
    held = catalog.sources() if kind == "source" else catalog.actors()
    if id_ not in held:
        raise NotFound(kind, id_, held)

    def checked(before: Mapping[str, Any]) -> Record:
        made = make(before)
        fields.valid(kind, made)
        return made

    did = Change(fields.person(given), what, fields.text(given, "why"))
    return dict(workspace.change_record(f"{kind}s", held[id_], id_, checked, did))
