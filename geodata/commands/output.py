"""Answers as lines for people, one function a shape of answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from geodata.analysis.number_format import kilometres, length, stated
from geodata.claims import quotes
from geodata.commands import print_table
from geodata.model import Result

Body = Mapping[str, Any]


def say(result: Result) -> None:
    """Print an answer for people, with its id and the notice."""
    body = result.to_dict()
    _SAYERS.get(result.analysis, _items)(body)
    print(f"result {result.id} · {body['notice']['en']}")


def _items(body: Body) -> None:
    if "problems" in body:
        _rows(body)
        return
    print_table([_row(item) for item in body.get("items", [body])])
    _sensitivity(body.get("items", [body]))


def _rows(body: Body) -> None:
    named = [(item, item["name"] or f"line {item['line']}") for item in body["items"]]
    print_table(
        [
            (name, shown(item["display"]), *(f"{km} km {word}" for km, word in item["bands"].items()))
            for item, name in named
        ]
    )
    for what in ("warnings", "problems"):
        for entry in body[what]:
            print(f"line {entry['line']}: {entry['reason']['en']}")
    print(f"{body['read']} of {body['rows']} rows could be read")
    for entry in body["summaries"]:
        for km, counts in entry["by_band"].items():
            words = ", ".join(f"{counts.get(word, 0)} {word}" for word in ("certainly", "possibly", "no"))
            print(f"within {km} km of {entry['target']}: {words}")


def _sensitivity(items: list[Body]) -> None:
    rows = [(item["id"], row) for item in items for row in item.get("sensitivity") or ()]
    print_table([("", id_, f"by {row['line_name']['en']}", shown(row["display"])) for id_, row in rows])


def _claims(body: Body) -> None:
    rows: list[tuple[str, ...]] = []
    for item in body["items"]:
        rows.append((item["verdict"], item["id"], item["reason"]["en"]))
        rows += [("", "", reading["text"]["en"]) for reading in item["readings"]]
        rows += [("", f"¶ {part['paragraph'] or '?'}", quotes.line(part)) for part in item["quotes"]]
    print_table(rows)


def _rings(body: Body) -> None:
    for layer in body["left_out"]:
        print(f"not looked in: {layer['layer']}, {layer['features']} features; name it with --of")
    for ring in body["rings"]:
        for area in ring["areas"]:
            of = f" round {area['around']}" if isinstance(area["around"], str) and len(ring["areas"]) > 1 else ""
            size = shown(area["display"]) if area["display"] else "nothing is left of the area"
            print(f"{stated(ring['km'])} km{of}: {size}")
        if ring["certainty_note"]:
            print(f"  {ring['certainty_note']['en']}")
        for word in ("certainly", "possibly") if ring["totals"] else ():
            _ring_list(ring, word)


def _ring_list(ring: Body, word: str) -> None:
    """Print how many a ring holds by one word, and those that no smaller ring has named, by layer."""
    print(f"{word} within {stated(ring['km'])} km: {totals(ring['totals'][word])}")
    wide = [item for item in ring[word] if item["country_wide"]]
    for layer in sorted({item["layer"] for item in ring[word] if not item["country_wide"]}):
        print(f"  {layer}:")
        items = [item for item in ring[word] if item["layer"] == layer and not item["country_wide"]]
        print_table([("", "", item["id"], shown(item["display"]), _placeholder(item)) for item in items])
    if wide:
        print(f"  known to a whole country only: {', '.join(item['id'] for item in wide)}")
    if ring["unlisted"][word]:
        print(f"  and {ring['unlisted'][word]} more, farther away")


def _placeholder(item: Body) -> str:
    return "placeholder" if item.get("placeholder") else ""


def totals(counted: Body) -> str:
    """Return how many features, events and killed were counted, as one text."""
    parts = [str(counted["features"])]
    if counted["events"]:
        parts.append(f"events {counted['events']}")
    if counted["killed"]:
        killed = counted["killed"]
        high = (
            ""
            if killed["high"] == killed["low"]
            else f"–{killed['high']}"
            if killed["high"] is not None
            else " or more"
        )
        parts.append(f"killed {killed['low']}{high}")
    return ", ".join(parts)


def line_of(body: Body) -> None:
    """Print the line that an answer runs along, with what must be known of it."""
    line = body["line"]
    print(f"{line['name']['en']}: {shown(line['display'])}, {line['vertices']} vertices; {', '.join(line['sources'])}")
    for assumption in body["assumptions"]:
        print(f"  {assumption['en']}")
    for loop in body["loops"]:
        ends = (kilometres(at, at, at, is_length=False)["number"] for at in (loop["start_m"], loop["end_m"]))
        print(f"  loop from km {' to km '.join(ends)}")


def _ruler(body: Body) -> None:
    line_of(body)
    print_table([(item["id"], item["within"], item["side"], item["words"]["en"]) for item in body["items"]])
    _sensitivity(body["items"])
    for item in body["areas"]:
        print(f"{item['id']}: {item['within']}, {shown(item['display'])}, known to an area: at no kilometre")
    for item in body["unplaced"]:
        print(f"{item['id']}: no position")


def _gaps(body: Body) -> None:
    line_of(body)
    print(body["meaning"]["en"])
    for item in body["items"]:
        between = f"{item['from'] or 'the line begins'} … {item['to'] or 'the line ends'}"
        print(f"{'certain' if item['certain'] else 'possible'}  {item['words']['en']}  ({between})")


def _coverage(body: Body) -> None:
    line_of(body)
    of = f"{shown(body['display'])} of {shown(length(body['length_m']))}"
    print(f"{body['cover']['name']['en']} covers {of}: {shown(body['share_display'])}")
    for claim in body["claims"]:
        shares = (
            f"{shown(share['display'])} of {shown(length(share['denominator']['length_m']))}"
            for share in claim["shares"]
        )
        length_km = stated(*(metres / 1000 for metres in claim["length_m"]))
        print(f"{claim['date'] or 'undated'}  {length_km} km  {claim['source']}: {'; '.join(shares)}")
    for word in ("inside", "unclear", "outside"):
        print(f"behind, {word}: {', '.join(item['id'] for item in body['behind'][word]) or 'nothing'}")


def _profile(body: Body) -> None:
    line_of(body)
    rows = [row for row in body["items"] if row["count"] or row["possible"]]
    print_table(
        [
            (
                f"km {stated(row['start_m'] / 1000, row['end_m'] / 1000)}",
                f"{row['count']} (possibly {row['possible']})",
                ", ".join(f"{period}: {count}" for period, count in row["periods"].items()),
                ", ".join(row["ids"]),
            )
            for row in rows
        ]
    )
    print(f"events without a recorded {body['by']}: {body['unknown_dates']}")


def _matrix(body: Body) -> None:
    head = ("km", *(column["id"] for column in body["columns"]))
    rows = zip(body["rows"], body["display"], strict=True)
    print_table([head, *((row["id"], *(cell or "" for cell in cells)) for row, cells in rows)])


def _row(item: Body) -> tuple[str, ...]:
    along = ""
    if item.get("chainage_m") is not None:
        along = f"km {item['chainage_display']['number']}" + (", beyond the end" if item["beyond_end"] else "")
    if item.get("tied") and item.get("ties"):
        feet = [_tie(foot, item) for foot in item["ties"]]
        if item["ties_more"]:
            feet.append(f"{item['ties_more']} more")
        along = f"{along} (also as near: {', '.join(feet)})".lstrip()
    country = item.get("country")
    country_text = "" if not country else country["id"] + ("" if country["certain"] else " (not certain)")
    return (
        item["id"],
        shown(item["display"]) if item.get("display") else "no position",
        item.get("within") or "",
        f"to {item['target']}" if item.get("target") else "",
        along,
        country_text,
        "placeholder" if item.get("placeholder") else "",
    )


def _tie(foot: Body, item: Body) -> str:
    along = f"km {foot['chainage_display']['number']}" if foot["chainage_display"] else ""
    return along if foot["target"] == item["target"] else f"{foot['target']} {along}".rstrip()


def shown(display: Mapping[str, str]) -> str:
    """Return number and unit as one text."""
    return f"{display['number']} {display['unit']}".replace(" °", "°").replace("km2", "km²")


_SAYERS: Mapping[str, Callable[[Body], None]] = {
    "claims": _claims,
    "buffer": _rings,
    "ruler": _ruler,
    "gaps": _gaps,
    "coverage": _coverage,
    "profile": _profile,
    "matrix": _matrix,
}
