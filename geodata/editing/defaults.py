"""What a new feature has where nothing was said: the properties that all of its layer have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geodata.messages import same_in_all, texts
from geodata.model import COMMON, Layer

ZONE = "Asia/Baghdad"
_EVENT: Mapping[str, Any] = {
    "kind": "event",
    "record_date": None,
    "time_zone": ZONE,
    "actors": [],
    "alleged_actors": [],
    "places": [],
    "killed": None,
    "wounded": None,
    "statements": [],
    "relations": [],
    "paragraphs": [],
}


def completed(properties: Mapping[str, Any], layer: Layer) -> dict[str, Any]:
    """Return the properties of a new feature of a layer with all that the others have."""
    common = {name: list(value) if value == () else value for name, value in COMMON.items()}
    if layer.kind != "event":
        return {**common, **properties}
    if layer.id != "events":
        return {**common, "kind": "event", "flags": [], **properties}
    names = {lang: properties.get(f"name_{lang}") for lang in ("en", "ar")}
    first, last = properties.get("date_start"), properties.get("date_end") or properties.get("date_start")
    derived = {
        "title_en": names["en"],
        "title_ar": names["ar"],
        "summary": {lang: text for lang, text in names.items() if text},
        "date_start": first,
        "date_end": last,
        "date_precision": "unknown" if first is None else "day" if first == last else "interval",
        "date_text": _date_text(first, last),
    }
    return {**common, **_EVENT, **derived, **{name: value for name, value in properties.items() if name not in derived}}


def _date_text(first: Any, last: Any) -> dict[str, str]:
    if first is None:
        return texts("dates.unknown")
    if first == last:
        return texts("dates.day", day=same_in_all(first))
    return texts("dates.days", first=same_in_all(first), last=same_in_all(last))
