"""The desk of events as its page asks it: filters, pages, months and distances of 10⁵ and 10⁶ made events.

Whole answers of the app, JSON and all, in this process; seconds by the clock, the fastest of several turns. What
is asked twice is kept, so text and distances are asked for anew in every turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from geodata import editing
from geodata.catalog import current, workspace
from geodata.events.dataset import opened
from geodata.importing import ingest as importing
from scripts.bench import synthetic
from scripts.bench.report import Report
from scripts.bench.workspaces import temporary_workspace
from webapp import create_app
from webapp.config import Config

FILTER_MS, NEAR_S, PAGE_MS, MONTH_MS = 150, 1, 50, 150
BORDER = "border-iq-sy"
FILTERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("none", {}),
    ("a word", {"text": "Made {turn}"}),
    ("a word in Arabic", {"text": "حدث مصنوع {turn}"}),
    ("a kind of event", {"category": "Battles|Riots"}),
    ("an actor", {"actor": "Made group 01|Made group 02"}),
    ("an outlet", {"source": "Made outlet 03"}),
    ("a doubt", {"flag": "country_centroid|duplicate"}),
    ("a precision", {"precision": "vicinity"}),
    ("a country", {"country": "country-sy"}),
    ("a governorate", {"governorate": "gov-iq-an"}),
    ("deaths", {"deaths_min": "3", "deaths_max": "20"}),
    ("days", {"from": "2019-02-0{turn}", "to": "2021-03-31"}),
    ("a place", {"place": "gov-iq-an"}),
    ("a polygon", {"polygon": "40,33;44,33;43.{turn},37;40,36"}),
    ("within 25 km of the border", {"target": BORDER, "km": "25"}),
    ("all at once", {"text": "Made", "category": "Battles", "deaths_min": "1", "target": BORDER, "km": "5{turn}"}),
)


def run(report: Report) -> None:
    """Print how long filters, a page, months and distances take."""
    for count in (100_000,) if report.quick else (100_000, 1_000_000):
        report.title(f"The desk over {count:,} events")
        with temporary_workspace() as folder:
            _with(count, folder, report)


def _with(count: int, folder: Path, report: Report) -> None:
    path = synthetic.write(count, folder / "made.csv")
    importing.load(path, path.name, importing.ImportOptions(layer="made"), workspace(), current())
    client = create_app(Config()).test_client()

    def ask(what: str, given: dict[str, str]) -> Any:
        answer = client.get(f"/events/made/{what}.json?{urlencode({'lang': 'en', **given})}")
        if answer.status_code != 200:
            raise RuntimeError(f"{what} {given}: {answer.status_code}")
        return answer.get_json()

    report.say("opened, and asked for the first time", f"{_seconds(lambda _: ask('summary', {}), 1) * 1000:.0f} ms")
    _near(ask, count, report)
    _filters(ask, count, report)
    _pages(ask, count, report)
    report.say("an edit, written through", f"{_seconds(_edit, report.times) * 1000:.0f} ms")


def _near(ask: Callable[..., Any], count: int, report: Report) -> None:
    ask("time", {"target": BORDER, "km": "25"})

    def anew(_: int) -> None:
        opened("made", current()).table.answers.clear()
        ask("time", {"target": BORDER, "km": "25"})

    took = _seconds(anew, report.times)
    if count == 100_000:
        report.target("distances of all to the border", took, NEAR_S, " s")
    else:
        report.say("distances of all to the border", f"{took:.1f} s")


def _filters(ask: Callable[..., Any], count: int, report: Report) -> None:
    for name, given in FILTERS:
        worst = {}
        for what, more in (("summary", {}), ("items", {"limit": "100"}), ("time", {}), ("view", {"zoom": "6"})):

            def one(turn: int, what: str = what, more: dict[str, str] = more, given: dict[str, str] = given) -> None:
                ask(what, {**{key: value.format(turn=turn % 8 + 1) for key, value in given.items()}, **more})

            worst[what] = _seconds(one, report.times) * 1000
        what = max(worst, key=lambda key: worst[key])
        message = f"filter: {name} (slowest: {what})"
        if count == 100_000:
            report.target(message, worst[what], FILTER_MS, " ms")
        else:
            report.say(message, f"{worst[what]:.0f} ms")


def _pages(ask: Callable[..., Any], count: int, report: Report) -> None:
    pages = count // 100
    worst = {"sort": "-killed.best", "category": "Battles", "deaths_min": "{turn}"}
    for name, given in (
        ("the first page of 100", {}),
        ("a page of 100 in the middle", {"page": str(pages // 2)}),
        ("a page of 100 by deaths, filtered", {**worst, "page": "7"}),
        ("a page of 100 far on in that", {**worst, "page": str(pages // 20)}),
    ):

        def one(turn: int, given: dict[str, str] = given) -> None:
            ask("items", {"limit": "100", **{key: value.format(turn=turn % 8) for key, value in given.items()}})

        report.target(name, _seconds(one, report.times) * 1000, PAGE_MS, " ms")
    for name, given in (("events and deaths by month", {}), ("the same, filtered", {"category": "Battles"})):
        took = _seconds(lambda _, given=given: ask("time", {"by": "month", **given}), report.times)  # type: ignore[misc]
        report.target(name, took * 1000, MONTH_MS, " ms")


def _edit(turn: int) -> None:
    layer = current().layer("made")
    id_ = layer.features[len(layer.features) // 2].id
    seen = editing.tag(editing.read_feature("made", id_))
    editing.change("made", id_, {"properties": {"notes": f"Looked at {turn}"}}, seen, "Rana")


def _seconds(call: Callable[[int], Any], times: int) -> float:
    took = []
    for turn in range(times):
        start = time.perf_counter()
        call(turn)
        took.append(time.perf_counter() - start)
    return min(took)
