"""A recorded result run again: same or changed, which layers and features changed, and how the values differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import shapely

from geodata import geodesy, registry
from geodata.catalog import LEDGER, Catalog
from geodata.citations.records import Record, Results
from geodata.errors import BadData, MasafaError, NotFound
from geodata.model import SCHEMA, Feature, Layer, Result
from geodata.store.layered_store import Pinned
from geodata.version import __version__

MAX_SHOWN = 200
"""The most features, and the most values, that one answer lists; the totals are always given."""
_HEAD = ("inputs", "result_id", "code_version", "sources", "licence", "attribution", "method", "notice", "schema")


def then(record: Record, results: Results, catalog: Catalog) -> Catalog:
    """Return the catalogue as it was for a record; raises NotFound where a version is gone, BadData if damaged."""
    pinned: dict[str, Layer] = {}
    for name, version in record.layers.items():
        if catalog.version(name) != version:
            pinned[name] = results.workspace.version(name, version)
    if not pinned:
        return catalog
    ledger = pinned.pop(LEDGER, None)
    claims = {feature.id: feature.properties for feature in ledger.features} if ledger else catalog.claims()
    return Catalog(Pinned(catalog.store, pinned), own=catalog.own, claims=claims)


def rerun(record: Record, catalog: Catalog) -> Result:
    """Ask the question of a record of a catalogue."""
    return registry.run(record.analysis, record.parameters, catalog)


def again(id_: str, results: Results, catalog: Catalog) -> dict[str, Any]:
    """Run a recorded result on the layers as they are now, and on those it was computed from, where they are kept.

    `then` or `now` is null where it cannot be run, with the reason beside it. Raises NotFound for an unknown id.
    """
    record = results.read(id_)
    compared = [_layer(name, version, results, catalog) for name, version in record.layers.items()]
    layers = [layer.answer for layer in compared]
    changed = any(layer["changed"] for layer in layers)
    new, why_new = _attempt(record, catalog)
    old, why_old = (new, why_new) if not changed else _old(record, results, catalog)
    differences = (
        list(_differences(_comparable(old), _comparable(new), names=_asked(record))) if changed and old and new else []
    )
    return {
        "schema": SCHEMA,
        "result_id": record.id,
        "analysis": record.analysis,
        "parameters": dict(record.parameters),
        "asked_at": record.asked_at,
        "cited_at": record.cited_at,
        "code_version": {"then": record.code_version, "now": __version__},
        "status": "changed" if changed else "same",
        "values": "unknown" if old is None or new is None else "changed" if differences else "same",
        "layers": layers,
        "then": None if old is None else old.to_dict(),
        "then_reason": why_old,
        "now": None if new is None else new.to_dict(),
        "now_reason": why_new,
        "differences": _with_rows(differences[:MAX_SHOWN], compared),
        "differences_total": len(differences),
    }


def _asked(record: Record) -> frozenset[str]:
    """Return the ids that a question may name, without their layers."""
    texts = ";".join(value for value in record.parameters.values() if isinstance(value, str))
    return frozenset(part.strip().rpartition("/")[2] for part in re.split(r"[;|,]", texts))


def _attempt(record: Record, catalog: Catalog) -> tuple[Result | None, str | None]:
    try:
        return rerun(record, catalog), None
    except MasafaError as error:
        return None, str(error)


def _old(record: Record, results: Results, catalog: Catalog) -> tuple[Result | None, str | None]:
    try:
        return _attempt(record, then(record, results, catalog))
    except (NotFound, BadData) as error:
        return None, str(error)


@dataclass(frozen=True)
class _Compared:
    """What an answer says of a layer's change, and which of some ids are rows that changed."""

    answer: dict[str, Any]
    among: Callable[[Set[str]], Set[str]] = lambda ids: frozenset()


def _layer(name: str, version: str, results: Results, catalog: Catalog) -> _Compared:
    now = catalog.version(name)
    fields: dict[str, Any] = {
        "id": name,
        "then": version,
        "now": now,
        "changed": now != version,
        "kept": results.workspace.keeps(version),
        "features": [],
        "features_total": 0,
    }
    if not fields["changed"] or now is None or not fields["kept"]:
        return _Compared(fields)
    try:
        old, new = results.workspace.version(name, version), catalog.part(name)[0]
    except BadData:
        return _Compared({**fields, "kept": False})
    if old.stored is not None or new.stored is not None:
        return _large(fields, old, new)
    differences = list(changes(old, new))
    ids = frozenset(one["id"] for one in differences)
    return _Compared(
        {**fields, "features": differences[:MAX_SHOWN], "features_total": len(differences)}, ids.intersection
    )


def _large(fields: dict[str, Any], old: Layer, new: Layer) -> _Compared:
    # DuckDB is needed for large layers alone.
    from geodata.events import release_diff

    diff = release_diff.compared(old, new)
    features = [_change(item) for item in diff.items(None, 0, MAX_SHOWN)]
    return _Compared({**fields, "features": features, "features_total": diff.count(None)}, diff.among)


def _change(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a release's differences as a feature of `changes`."""
    fields = {"id": item["id"], "name": item["name"]}
    if item["kinds"][0] in ("added", "gone"):
        return {**fields, "change": "added" if item["kinds"][0] == "added" else "removed"}
    properties = [*(name for name in ("dates", "killed") if name in item)]
    properties += [one["name"] for one in item.get("properties", ())]
    moved = item.get("moved")
    return {
        **fields,
        "change": "moved" if moved else "changed",
        "moved_m": moved["moved_m"] if moved else None,
        "properties": sorted(properties),
    }


def _with_rows(differences: list[dict[str, Any]], compared: Sequence[_Compared]) -> list[dict[str, Any]]:
    """Return the values that differ, each with the changed rows (`layer/id`) that it is of or names.

    None of them where an aggregate does not name its rows.
    """
    names = frozenset[str]().union(*(difference["names"] for difference in differences))
    changed = {layer.answer["id"]: layer.among(names) for layer in compared}
    return [
        {
            **{key: value for key, value in difference.items() if key != "names"},
            "rows": [f"{layer}/{id_}" for layer, ids in changed.items() for id_ in sorted(ids & difference["names"])],
        }
        for difference in differences
    ]


def changes(old: Layer, new: Layer) -> Iterator[dict[str, Any]]:
    """Yield the features that differ between two versions of a layer, by id."""
    before = {feature.id: feature for feature in old.features}
    after = {feature.id: feature for feature in new.features}
    for id_ in sorted(before.keys() | after.keys()):
        was, is_ = before.get(id_), after.get(id_)
        named = is_ or was
        if named is None:
            continue
        fields = {"id": id_, "name": dict(named.properties.get("title") or named.name)}
        if was is None or is_ is None:
            yield {**fields, "change": "added" if was is None else "removed"}
            continue
        properties = sorted(
            key for key in {*was.properties, *is_.properties} if was.properties.get(key) != is_.properties.get(key)
        )
        moved = not _same(was, is_)
        if moved or properties:
            yield {
                **fields,
                "change": "moved" if moved else "changed",
                "moved_m": _moved(was, is_) if moved else None,
                "properties": properties,
            }


def _same(was: Feature, is_: Feature) -> bool:
    if was.geometry is None or is_.geometry is None:
        return was.geometry is is_.geometry
    return bool(shapely.equals_identical(was.geometry, is_.geometry))


def _moved(was: Feature, is_: Feature) -> float | None:
    a, b = was.geometry, is_.geometry
    if a is None or b is None or {a.geom_type, b.geom_type} != {"Point"}:
        return None
    return float(geodesy.inverse(a.x, a.y, b.x, b.y)[2])


def _comparable(result: Result | None) -> dict[str, Any]:
    document = {} if result is None else result.to_dict()
    return {key: value for key, value in document.items() if key not in _HEAD}


def _differences(was: Any, is_: Any, path: str = "", names: frozenset[str] = frozenset()) -> Iterator[dict[str, Any]]:
    """Yield the values that differ, each under the names that lead to it; items are paired by their id.

    `names` are the ids that the question names, those of the items that lead to a value and of their targets, and the
    texts of the value itself.
    """
    if isinstance(was, Mapping) and isinstance(is_, Mapping):
        own = {str(item[key]) for item in (was, is_) for key in ("id", "target") if item.get(key)}
        for key in [*was, *(key for key in is_ if key not in was)]:
            yield from _differences(was.get(key), is_.get(key), f"{path}/{key}", names | own)
    elif isinstance(was, list) and isinstance(is_, list) and _named(was) and _named(is_):
        before, after = ({item["id"]: item for item in items} for items in (was, is_))
        for id_ in [*before, *(id_ for id_ in after if id_ not in before)]:
            yield from _differences(before.get(id_), after.get(id_), f"{path}/{id_}", names | {str(id_)})
    elif was != is_:
        yield {"path": path, "then": was, "now": is_, "names": names.union(_texts(was), _texts(is_))}


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)


def _named(items: list[Any]) -> bool:
    ids = [item.get("id") for item in items if isinstance(item, Mapping)]
    return len(ids) == len(items) == len(set(ids)) and None not in ids
