"""Commands that measure: distance, proximity, within, buffer, direction, claims, and run for any analysis."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geodata import analysis
from geodata.catalog import shipped
from geodata.commands import print_json, print_table
from geodata.errors import BadValue
from geodata.formats import geojson
from geodata.model import Result
from geodata.store.files import write_whole

PLACE = "a feature id, layer/id, a layer id, or LON,LAT"


def add(commands: Any) -> None:
    """Add the measuring commands."""
    pair = _command(commands, "distance", "How far two places are from each other")
    pair.add_argument("layer", metavar="A", help=PLACE)
    pair.add_argument("target", metavar="B", help=PLACE)
    near = _command(commands, "proximity", "The nearest point of a target to each place")
    near.add_argument("layer", metavar="A", help=PLACE)
    _target(near)
    inside = _command(commands, "within", "Which places lie within a distance: certainly, possibly or not")
    inside.add_argument("layer", metavar="A", help=PLACE)
    _target(inside)
    inside.add_argument("--km", required=True, metavar="X", help="the distance in kilometres")
    ring = _command(commands, "buffer", "Rings round places, and what lies inside")
    ring.add_argument("layer", metavar="A", help=PLACE)
    ring.add_argument("--km", required=True, metavar="R[,R…]", help="radii in kilometres; negative: into polygons")
    ring.add_argument("--dissolve", action="store_const", const="true", help="one ring a radius, merged")
    ring.add_argument("--of", metavar="LAYER[,LAYER…]", help="the layers to look for inside (default sites,events)")
    ring.add_argument("--tolerance", metavar="M", help="metres the ring may be off (default 1)")
    way = _command(commands, "direction", "In which direction of a country a place lies")
    way.add_argument("layer", metavar="A", help=PLACE)
    way.add_argument("--to", "--target", dest="target", metavar="COUNTRY", help="default country-iq")
    claims = _command(commands, "claims", "What was reported beside what is measured")
    claims.add_argument("of", nargs="?", metavar="CLAIM", help="one claim's id")
    any_ = commands.add_parser("run", help="Run any analysis of the registry by name")
    any_.add_argument("analysis", metavar="ANALYSIS", help=", ".join(analysis.registry()))
    for name in ("layer", "target", "km", "of", "dissolve", "tolerance"):
        any_.add_argument(f"--{name}", metavar=name.upper())
    _outputs(any_)
    any_.set_defaults(run=lambda asked: _ask(asked.analysis, asked))


def _command(commands: Any, name: str, help_: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_)
    _outputs(made)
    made.set_defaults(run=lambda asked: _ask(name, asked))
    return made


def _outputs(made: argparse.ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="answer in JSON")
    made.add_argument("--geojson", metavar="FILE", help="also write what was measured as GeoJSON; - for stdout")


def _target(made: argparse.ArgumentParser) -> None:
    made.add_argument("--to", "--target", dest="target", required=True, metavar="B", help=PLACE)


def _ask(name: str, asked: argparse.Namespace) -> int:
    known = ("layer", "target", "km", "of", "dissolve", "tolerance")
    given = {key: value for key in known if (value := getattr(asked, key, None)) is not None}
    result = analysis.run(name, given, shipped())
    if asked.geojson == "-":
        _write(result, asked.geojson)
        return 0
    if asked.geojson:
        _write(result, asked.geojson)
    if asked.json:
        print_json(result.to_dict())
    else:
        _say(result)
    return 0


def _write(result: Result, to: str) -> None:
    collection = result.to_geojson()
    data = geojson.write(collection["features"], {"masafa": collection["masafa"]})
    if to == "-":
        print(data.decode(), end="")
    elif Path(to).suffix not in (".geojson", ".json"):
        raise BadValue("--geojson", to, "a name that ends in .geojson or .json, or -")
    else:
        write_whole(Path(to), data)


def _say(result: Result) -> None:
    body = result.to_dict()
    if result.analysis == "claims":
        print_table([(item["verdict"], item["id"], item["reason"]["en"]) for item in body["items"]])
    elif result.analysis == "buffer":
        for ring in body["rings"]:
            for word in ("certainly", "possibly"):
                print(f"{word} within {ring['km']:g} km: {len(ring[word])}")
                print_table([("", item["id"], _shown(item["display"])) for item in ring[word]])
    else:
        print_table([_row(item) for item in body.get("items", [body])])
    print(f"result {result.id} · {body['notice']['en']}")


def _row(item: Mapping[str, Any]) -> tuple[str, ...]:
    along = ""
    if item.get("chainage_m") is not None:
        along = f"km {item['chainage_m'] / 1000:.0f}" + (", beyond the end" if item["beyond_end"] else "")
    country = item.get("country")
    held = "" if not country else country["id"] + ("" if country["certain"] else " (not certain)")
    return (
        item["id"],
        _shown(item["display"]) if item.get("display") else "no position",
        item.get("within") or "",
        f"to {item['target']}" if item.get("target") else "",
        along,
        held,
        "placeholder" if item.get("placeholder") else "",
    )


def _shown(display: Mapping[str, str]) -> str:
    return f"{display['number']} {display['unit']}".replace(" °", "°")
