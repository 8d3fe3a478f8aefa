"""Help on one sheet: the four ideas, each with a picture of live data, the legend, and the keyboard's shortcuts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template

from geodata.catalog import current
from geodata.claims.checks import VERDICTS
from geodata.geodesy import classify
from webapp import charts
from webapp.i18n import language
from webapp.page_context import MAIN_BORDER, as_of
from webapp.result_cache import ask

blueprint = Blueprint("help", __name__)

CLAIM = "prison-10km"
"""The claim that is explained: reported beside measured."""
WORDS = ("certainly", "possibly", "no")
SHORTCUTS = ("?", "/", "m", "Esc")
"""The keys, each explained by `help_key_…`; those of one letter can be switched off."""
_KEYS = {"?": "help", "/": "search", "m": "measure", "Esc": "close"}


@blueprint.get("/help")
def sheet() -> str:
    """The sheet as a page; a script shows it over the page that is read."""
    catalog = current()
    claims = ask("claims", {}).to_dict()
    claim = next(item for item in claims["items"] if item["id"] == CLAIM)
    places = ask("proximity", {"layer": "sites", "target": catalog.reference(MAIN_BORDER)}).to_dict()["items"]
    measured = [place for place in places if place["interval_m"] and place["distance_m"] is not None]
    place = next(item for item in measured if item["id"] == claim["features"][0])
    return render_template(
        "help.html",
        claim={**claim, **charts.of(claim)},
        place=place,
        interval=charts.intervals([_kilometres(place)]),
        within=_within(measured),
        counts=[(word, claims["counts"][word]) for word in ("disagrees", "agrees", "cannot_tell") if word in VERDICTS],
        total=len(claims["items"]),
        kinds=_kinds(),
        shortcuts=[(key, _KEYS[key]) for key in SHORTCUTS],
        sources=catalog.sources(),
        as_of=as_of(),
    )


def _kilometres(place: Mapping[str, Any]) -> tuple[float, float, float]:
    low, high = place["interval_m"]
    return low / 1000, high / 1000, place["distance_m"] / 1000


def _within(places: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return three places and a distance, within which one lies certainly, one possibly and one not."""
    near = [place for place in places if place["interval_m"][1] < 60_000]
    middle = min(near, key=lambda place: abs(place["distance_m"] - 15_000))
    km = round(middle["distance_m"] / 1000)
    by_word: dict[str, Mapping[str, Any]] = {}
    for place in [middle, *near]:
        low, high = place["interval_m"]
        by_word.setdefault(str(classify(low, high, km * 1000.0)), place)
    rows = [(word, by_word[word]) for word in WORDS if word in by_word]
    return {"km": km, "rows": rows, "drawing": charts.intervals([_kilometres(place) for _, place in rows], km)}


def _kinds() -> list[tuple[str, str]]:
    """Return what is drawn of sites and events: the word by which its sign is chosen, and its name."""
    catalog, lang = current(), language()
    vocabulary = catalog.vocabulary()
    sites = {feature.kind: vocabulary["kind"][feature.kind][lang] for feature in catalog.layer("sites").features}
    types = {str(feature.properties["event_type"]) for feature in catalog.layer("events").features}
    return [*sites.items(), *((f"event:{name}", vocabulary["event_type"][name][lang]) for name in sorted(types))]
