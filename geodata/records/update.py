"""Update the record of a source or an actor: validated, and written with who changed it and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from geodata.catalog import Catalog
from geodata.errors import NotFound
from geodata.records import fields
from geodata.records.fields import Form, Record
from geodata.store.history import Change
from geodata.store.workspace import Workspace


def changed(
    kind: Literal["source", "actor"],
    id_: str,
    form: Form,
    what: str,
    make: Callable[[Mapping[str, Any]], Record],
    workspace: Workspace,
    catalog: Catalog,
) -> Record:
    """Write what `make` gives for the record as it is now; return it. Raises NotFound, BadValue, Unwritable."""
    fields.bounded(form)
    records = catalog.sources() if kind == "source" else catalog.actors()
    if id_ not in records:
        raise NotFound(kind, id_, records)

    def checked(before: Mapping[str, Any]) -> Record:
        record = make(before)
        fields.valid(kind, record)
        return record

    did = Change(fields.person(form), what, fields.text(form, "why"))
    return dict(workspace.change_record(f"{kind}s", records[id_], id_, checked, did))
