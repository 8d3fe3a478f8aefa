"""Commands that record: sources with their grades, actors with their names."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from geodata.catalog import Catalog, current, workspace
from geodata.commands import print_json, print_table
from geodata.errors import BadValue, NotFound
from geodata.model import SCHEMA
from geodata.records import actors as actor_records
from geodata.records import sources as source_records
from geodata.store.geojson_store import digest
from geodata.store.workspace import Workspace

Do = Callable[[str, Mapping[str, str], Workspace, Catalog], Mapping[str, Any]]


def add(commands: Any) -> None:
    """Add the commands."""
    sources = commands.add_parser("sources", help="List the sources, show one, record, attach and grade them")
    sources.add_argument("--attach", metavar="ID[,ID…]", help="features and claims that it speaks of")
    sources.add_argument("--detach", metavar="ID[,ID…]", help="features and claims that it does not speak of")
    sources.add_argument("--grade", metavar="A1…F6", help="reliability and credibility, by a first reader")
    sources.add_argument("--second", metavar="A1…F6", help="the same by a second reader, of another name")
    sources.add_argument("--note", metavar="TEXT", help="what a reader says of the grade")
    sources.add_argument(
        "--file", metavar="FILE", help="the copy that was read: its name, bytes and sha256 are recorded"
    )
    sources.set_defaults(run=_sources)
    actors = commands.add_parser("actors", help="List the actors, show one, record, merge and set them apart")
    actors.add_argument("--alias", metavar="NAME", help="one more name of the actor")
    actors.add_argument("--merge-into", metavar="ID", help="say that it is the same actor as this one")
    actors.add_argument("--unmerge", action="store_true", help="say that it is an actor of its own again")
    actors.add_argument("--alike", action="store_true", help="list the names that look alike; nothing is merged")
    actors.set_defaults(run=_actors)
    for made, what in ((sources, "source"), (actors, "actor")):
        made.add_argument("id", nargs="?", metavar="ID", help=f"a {what}")
        made.add_argument("--add", action="store_true", help=f"record a new {what} of this id")
        made.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a field; repeated")
        made.add_argument("--by", metavar="NAME", help="who does this")
        made.add_argument("--why", metavar="TEXT", help="why; kept in the history")
        made.add_argument("--history", action="store_true", help="what was done to it, the newest first")
        made.add_argument("--json", action="store_true", help="answer in JSON")


def _sources(asked: argparse.Namespace) -> int:
    file = _copy(Path(asked.file)) if asked.file else None

    def added(id_: str, given: Mapping[str, str], place: Workspace, catalog: Catalog) -> Mapping[str, Any]:
        return source_records.add({**given, "id": id_}, place, catalog, file)

    def changed(id_: str, given: Mapping[str, str], place: Workspace, catalog: Catalog) -> Mapping[str, Any]:
        return source_records.change(id_, given, place, catalog, file)

    wishes: list[tuple[Any, Do, Mapping[str, str]]] = [
        (asked.add, added, {}),
        (not asked.add and (asked.set or asked.file), changed, {}),
        (asked.attach, source_records.attach, {"supports": asked.attach or ""}),
        (asked.detach, source_records.detach, {"supports": asked.detach or ""}),
        (asked.grade, source_records.grade, _scales("--grade", asked.grade)),
        (asked.second, source_records.second, _scales("--second", asked.second)),
    ]
    if asked.note is not None and not (asked.grade or asked.second):
        raise BadValue("--note", asked.note, "a note beside --grade or --second")
    extra = {"note": asked.note} if asked.note else {}
    return _recorded(asked, wishes, "sources", source_records.FIELDS, extra)


def _actors(asked: argparse.Namespace) -> int:
    if asked.alike:
        return _alike(asked.json)

    def added(id_: str, given: Mapping[str, str], place: Workspace, catalog: Catalog) -> Mapping[str, Any]:
        return actor_records.add({**given, "id": id_}, place, catalog)

    wishes: list[tuple[Any, Do, Mapping[str, str]]] = [
        (asked.add, added, {}),
        (not asked.add and asked.set, actor_records.change, {}),
        (asked.alias, actor_records.alias, {"alias": asked.alias or ""}),
        (asked.merge_into, actor_records.merge, {"into": asked.merge_into or ""}),
        (asked.unmerge, actor_records.unmerge, {}),
    ]
    return _recorded(asked, wishes, "actors", actor_records.FIELDS, {})


def _recorded(
    asked: argparse.Namespace,
    wishes: list[tuple[Any, Do, Mapping[str, str]]],
    name: str,
    fields: tuple[str, ...],
    extra: Mapping[str, str],
) -> int:
    """Do what is asked of one record, and show it; without an id, list them all."""
    wanted = [(do, values) for wish, do, values in wishes if wish]

    def held() -> Mapping[str, Mapping[str, Any]]:
        catalog = current()
        return catalog.sources() if name == "sources" else catalog.actors()

    if asked.id is None:
        if wanted or asked.history:
            raise BadValue("ID", "", f"the id of one of the {name}")
        return _list(list(held().values()), name, asked.json)
    if len(wanted) > 1:
        raise BadValue("options", len(wanted), "one change at a time, so that the history says which")
    given = {**_given(asked.set, (*fields, "supports")), **extra, "by": asked.by or "", "why": asked.why or ""}
    for do, values in wanted:
        do(asked.id, {**given, **values}, workspace(), current())
    if asked.id not in held():
        raise NotFound(name.removesuffix("s"), asked.id, held())
    if asked.history:
        return _history(source_records.history(asked.id, workspace(), name), asked.json)
    record = held()[asked.id]
    if asked.json:
        print_json({"schema": SCHEMA, **record})
    else:
        print_table([(key, _short(value)) for key, value in record.items() if value not in (None, [], "")])
    return 0


def _list(records: list[Mapping[str, Any]], name: str, as_json: bool) -> int:
    if as_json:
        print_json({"schema": SCHEMA, "items": records})
    elif name == "sources":
        print_table([(one["id"], _graded(one), _titled(one)) for one in records])
    else:
        rows = [(one["id"], one["kind"], one["name_en"], one["name_ar"]) for one in records]
        merged = [f"merged into {one['merged_into']}" if one.get("merged_into") else "" for one in records]
        print_table([(*row, said) for row, said in zip(rows, merged, strict=True)])
    return 0


def _titled(source: Mapping[str, Any]) -> str:
    """Return a source's title; in brackets our description of one that has none, else its author."""
    supplied = source.get("supplied_title")
    return str(source["title"] or (f"[{supplied['en']}]" if supplied else source["author"] or ""))


def _graded(source: Mapping[str, Any]) -> str:
    status = str(source["verification"]["status"])
    return f"{source_records.marks(source)} {status}".strip()


def _history(found: Any, as_json: bool) -> int:
    if as_json:
        print_json({"schema": SCHEMA, "items": list(found)})
    else:
        print_table([(str(one["number"]), one["at"], one["by"], one["what"], one["why"]) for one in found])
    return 0


def _alike(as_json: bool) -> int:
    found = actor_records.alike(current())
    if as_json:
        print_json({"schema": SCHEMA, "items": found})
    else:
        used = [f"{one['events']} events of {one['layer']}" if one["layer"] else one["other"] for one in found]
        print_table([(y["actor"], y["name"], x, y["why"]) for x, y in zip(used, found, strict=True)])
    return 0


def _given(pairs: list[str], fields: tuple[str, ...]) -> dict[str, str]:
    made: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or name not in fields:
            raise BadValue("--set", pair, f"NAME=VALUE, of: {', '.join(fields)}")
        made[name] = value
    return made


def _scales(option: str, text: str | None) -> dict[str, str]:
    if text is None:
        return {}
    if len(text) != 2:
        raise BadValue(option, text, "a letter A to F and a digit 1 to 6, as B2")
    return {"reliability": text[0].upper(), "credibility": text[1]}


def _copy(path: Path) -> dict[str, Any]:
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest(path)}


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 160 else text[:159] + "…"
