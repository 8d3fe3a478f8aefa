"""The figures of a result as rows of a table: what each is of, what it was then, and what it is now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from geodata.analysis.number_format import stated
from webapp import charts
from webapp.i18n import LANGUAGES, catalogue

SHOWN = ("display", "chainage_display", "interval_display", "azimuth_display")
"""Where an answer writes its figures for people."""

Answer = Mapping[str, Any]


def figures(then: Answer | None, now: Answer | None) -> Iterator[dict[str, Any]]:
    """Yield, for each thing an answer is about, its name and its figures then and now as people read them."""
    before, after = ({id_: (name, figure) for id_, name, figure in _rows(answer)} for answer in (then, now))
    for id_ in after | before:
        was, is_ = before.get(id_, (None, None)), after.get(id_, (None, None))
        if was[1] or is_[1]:
            yield {"name": is_[0] or was[0], "then": was[1], "now": is_[1], "changed": was[1] != is_[1]}


def _rows(answer: Answer | None) -> Iterator[tuple[str, Mapping[str, str], Answer | None]]:
    """Yield an id, a name and the figure to show for each row of an answer."""
    if answer is None:
        return
    if "rings" in answer:
        yield from _of_rings(answer)
    elif "rows" in answer and "columns" in answer:
        yield from _of_matrix(answer)
    else:
        yield from _of_items(answer)


def _of_items(answer: Answer) -> Iterator[tuple[str, Mapping[str, str], Answer | None]]:
    items = answer.get("items")
    for item in items if isinstance(items, list) else [answer]:
        name = item.get("name") or item.get("title") or item.get("words")
        if name:
            yield str(item.get("id", item.get("start_m"))), name, _shown(item)


def _shown(item: Answer) -> Answer | None:
    if item.get("verdict"):
        return {**item, **charts.of(item)}
    return next((item[key] for key in SHOWN if item.get(key)), None)


def _of_rings(answer: Answer) -> Iterator[tuple[str, Mapping[str, str], Answer | None]]:
    """Yield the area of each ring, and how many features lie in it certainly and possibly."""
    places = {place["id"]: place["name"] for place in answer["around"]}
    for ring in answer["rings"]:
        km = stated(ring["km"])
        for area in ring["areas"]:
            place = places.get(area["around"])
            yield f"{km} {area['around']}", _name(km, "rings_area_of_ring", place), area["display"]
        for likely, total in (ring["totals"] or {}).items():
            yield f"{km} {likely}", _name(km, f"rings_{likely}"), {"count": total["features"]}


def _name(km: str, key: str, place: Mapping[str, str] | None = None) -> dict[str, str]:
    names = {}
    for lang in LANGUAGES:
        words = catalogue(lang)
        parts = [f"\u2066{km}\u2069\u00a0{words['unit_km']}", place[lang] if place else "", words[key]]
        names[lang] = " · ".join(filter(None, parts))
    return names


def _of_matrix(answer: Answer) -> Iterator[tuple[str, Mapping[str, str], Answer | None]]:
    rows: Sequence[Answer] = answer["rows"]
    for row, cells in zip(rows, answer["display"], strict=True):
        for column, number in zip(answer["columns"], cells, strict=True):
            name = {lang: f"{row['name'][lang]} – {column['name'][lang]}" for lang in LANGUAGES}
            figure = None if number is None else {"number": number, "unit": answer["unit"]}
            yield f"{row['id']} {column['id']}", name, figure
