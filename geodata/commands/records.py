"""Commands that record: sources with their grades, actors with their names."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from geodata.catalog import Catalog, current, workspace
from geodata.commands import json_option, print_json, print_table
from geodata.errors import BadValue, NotFound
from geodata.messages import Message
from geodata.model import SCHEMA
from geodata.records import actors as actor_records
from geodata.records import sources as source_records
from geodata.store.geojson_store import digest
from geodata.store.workspace import Workspace

Do = Callable[[str, Mapping[str, str], Workspace, Catalog], Mapping[str, Any]]


def sources(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `sources`."""
    parser.add_argument("--attach", metavar="ID[,ID…]", help="features and claims that it speaks of")
    parser.add_argument("--detach", metavar="ID[,ID…]", help="features and claims that it does not speak of")
    parser.add_argument("--grade", metavar="A1…F6", help="reliability and credibility, by a first reader")
    parser.add_argument("--second", metavar="A1…F6", help="the same by a second reader, of another name")
    parser.add_argument("--note", metavar="TEXT", help="what a reader says of the grade")
    parser.add_argument(
        "--file", metavar="FILE", help="the copy that was read: its name, bytes and sha256 are recorded"
    )
    _record(parser, "source")
    parser.set_defaults(run=_sources)


def actors(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `actors`."""
    parser.add_argument("--alias", metavar="NAME", help="one more name of the actor")
    parser.add_argument("--merge-into", metavar="ID", help="say that it is the same actor as this one")
    parser.add_argument("--unmerge", action="store_true", help="say that it is an actor of its own again")
    parser.add_argument("--alike", action="store_true", help="list the names that look alike; nothing is merged")
    _record(parser, "actor")
    parser.set_defaults(run=_actors)


def _record(parser: argparse.ArgumentParser, what: str) -> None:
    """Add what the commands about records have in common."""
    parser.add_argument("id", nargs="?", metavar="ID", help=f"a {what}")
    parser.add_argument("--add", action="store_true", help=f"record a new {what} of this id")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a field; repeated")
    parser.add_argument("--by", metavar="NAME", help="who does this")
    parser.add_argument("--why", metavar="TEXT", help="why; kept in the history")
    parser.add_argument("--history", action="store_true", help="what was done to it, the newest first")
    json_option(parser)


def _sources(arguments: argparse.Namespace) -> int:
    file = _copy(Path(arguments.file)) if arguments.file else None

    def added(id_: str, form: Mapping[str, str], place: Workspace, catalog: Catalog) -> Mapping[str, Any]:
        return source_records.add({**form, "id": id_}, place, catalog, file)

    def changed(id_: str, form: Mapping[str, str], place: Workspace, catalog: Catalog) -> Mapping[str, Any]:
        return source_records.change(id_, form, place, catalog, file)

    changes: list[tuple[Any, Do, Mapping[str, str]]] = [
        (arguments.add, added, {}),
        (not arguments.add and (arguments.set or arguments.file), changed, {}),
        (arguments.attach, source_records.attach, {"supports": arguments.attach or ""}),
        (arguments.detach, source_records.detach, {"supports": arguments.detach or ""}),
        (arguments.grade, source_records.grade, _scales("--grade", arguments.grade)),
        (arguments.second, source_records.second, _scales("--second", arguments.second)),
    ]
    if arguments.note is not None and not (arguments.grade or arguments.second):
        raise BadValue("--note", arguments.note, "note_with_grade")
    extra = {"note": arguments.note} if arguments.note else {}
    return _recorded(arguments, changes, "sources", source_records.FIELDS, extra)


def _actors(arguments: argparse.Namespace) -> int:
    if arguments.alike:
        return _alike(arguments.json)

    def added(id_: str, form: Mapping[str, str], place: Workspace, catalog: Catalog) -> Mapping[str, Any]:
        return actor_records.add({**form, "id": id_}, place, catalog)

    changes: list[tuple[Any, Do, Mapping[str, str]]] = [
        (arguments.add, added, {}),
        (not arguments.add and arguments.set, actor_records.change, {}),
        (arguments.alias, actor_records.alias, {"alias": arguments.alias or ""}),
        (arguments.merge_into, actor_records.merge, {"into": arguments.merge_into or ""}),
        (arguments.unmerge, actor_records.unmerge, {}),
    ]
    return _recorded(arguments, changes, "actors", actor_records.FIELDS, {})


def _recorded(
    arguments: argparse.Namespace,
    changes: list[tuple[Any, Do, Mapping[str, str]]],
    name: str,
    fields: tuple[str, ...],
    extra: Mapping[str, str],
) -> int:
    """Apply the requested changes to one record and print it; without an id, list all of them."""
    wanted = [(do, values) for requested, do, values in changes if requested]

    def stored() -> Mapping[str, Mapping[str, Any]]:
        catalog = current()
        return catalog.sources() if name == "sources" else catalog.actors()

    if arguments.id is None:
        if wanted or arguments.history:
            raise BadValue("ID", "", "id_of_kind", kind=Message(f"records.{name}"))
        return _list(list(stored().values()), name, arguments.json)
    if len(wanted) > 1:
        raise BadValue("options", len(wanted), "one_change")
    form = {
        **_assignments(arguments.set, (*fields, "supports")),
        **extra,
        "by": arguments.by or "",
        "why": arguments.why or "",
    }
    for do, values in wanted:
        do(arguments.id, {**form, **values}, workspace(), current())
    if arguments.id not in stored():
        raise NotFound(name.removesuffix("s"), arguments.id, stored())
    if arguments.history:
        return _history(source_records.history(arguments.id, workspace(), name), arguments.json)
    record = stored()[arguments.id]
    if arguments.json:
        print_json({"schema": SCHEMA, **record})
    else:
        print_table([(key, _short(value)) for key, value in record.items() if value not in (None, [], "")])
    return 0


def _list(records: list[Mapping[str, Any]], name: str, as_json: bool) -> int:
    if as_json:
        print_json({"schema": SCHEMA, "items": records})
    elif name == "sources":
        print_table([(record["id"], _graded(record), _titled(record)) for record in records])
    else:
        rows = [(record["id"], record["kind"], record["name_en"], record["name_ar"]) for record in records]
        merged = [f"merged into {record['merged_into']}" if record.get("merged_into") else "" for record in records]
        print_table([(*row, merge_note) for row, merge_note in zip(rows, merged, strict=True)])
    return 0


def _titled(source: Mapping[str, Any]) -> str:
    """Return a source's title; in brackets our description of one that has none, else its author."""
    supplied = source.get("supplied_title")
    return str(source["title"] or (f"[{supplied['en']}]" if supplied else source["author"] or ""))


def _graded(source: Mapping[str, Any]) -> str:
    status = str(source["verification"]["status"])
    return f"{source_records.marks(source)} {status}".strip()


def _history(entries: Any, as_json: bool) -> int:
    if as_json:
        print_json({"schema": SCHEMA, "items": list(entries)})
    else:
        print_table(
            [(str(entry["number"]), entry["at"], entry["by"], entry["what"], entry["why"]) for entry in entries]
        )
    return 0


def _alike(as_json: bool) -> int:
    pairs = actor_records.alike(current())
    if as_json:
        print_json({"schema": SCHEMA, "items": pairs})
    else:
        used = [f"{pair['events']} events of {pair['layer']}" if pair["layer"] else pair["other"] for pair in pairs]
        print_table([(y["actor"], y["name"], x, y["why"]) for x, y in zip(used, pairs, strict=True)])
    return 0


def _assignments(pairs: list[str], fields: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or name not in fields:
            raise BadValue("--set", pair, "assignment_of", names=list(fields))
        values[name] = value
    return values


def _scales(option: str, text: str | None) -> dict[str, str]:
    if text is None:
        return {}
    if len(text) != 2:
        raise BadValue(option, text, "grade")
    return {"reliability": text[0].upper(), "credibility": text[1]}


def _copy(path: Path) -> dict[str, Any]:
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest(path)}


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 160 else text[:159] + "…"
