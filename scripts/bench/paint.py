"""The page of 100,000 events beside the same page with 1,000 markers on Leaflet's canvas, in one headless Chromium."""

from __future__ import annotations

import logging
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.bench import importing, synthetic
from scripts.bench.report import Report

EVENTS = 100_000
MARKERS = 1_000
TIMES, FRAMES = 2.0, 90.0
DRAGS = 4
STEPS = 40
SCRIPT = "**/static/js/events/main.js"
PEER = """
import { load, show } from "/static/js/map/layers.js";
import { L, createMap } from "/static/js/map/leaflet.js";
const ground = ["backdrop", "countries", "governorates", "rivers", "borders", "wall"];
const map = createMap();
await load(map, () => {}, ground);
for (const id of ground) show(map, id, true);
const held = await (await fetch("/events/made/items.json?limit=%d&sort=id")).json();
const renderer = L.canvas();
const placed = held.items.filter((one) => one.lon !== null);
for (const one of placed) L.circleMarker([one.lat, one.lon], { renderer, radius: 5 }).addTo(map);
document.documentElement.dataset.ready = "true";
"""
FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"
COUNT = """() => {
  window.frames = [];
  const look = (at) => { frames.push(at); requestAnimationFrame(look); };
  requestAnimationFrame(look);
}"""


def run(report: Report) -> None:
    """Print how long the page takes to its first picture and under the mouse, and how many frames come."""
    report.title(f"{EVENTS:,} events in the page, beside {MARKERS:,} markers on a canvas")
    browser = os.environ.get("MASAFA_CHROMIUM")
    if not browser:
        report.skip("first paint and pan", "MASAFA_CHROMIUM names no Chromium")
        return
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="masafa-bench-") as folder:
        os.environ["MASAFA_WORKSPACE"] = folder
        importing.load(synthetic.write(EVENTS, Path(folder) / "made.csv"))
        with _served() as address, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
            turns = 3 if report.quick else 5
            # In turns, so that what else the machine does falls on both; the first of each fills the caches.
            items = [(_measured(chromium, address, True), _measured(chromium, address, False)) for _ in range(turns)][
                1:
            ]
            chromium.close()
    theirs, ours = (
        {name: statistics.median(one[who][name] for one in items) for name in items[0][0]} for who in (0, 1)
    )
    report.say("first paint: markers, then events", f"{theirs['paint']:.0f} ms, {ours['paint']:.0f} ms")
    report.target("times as long to the first paint", ours["paint"] / theirs["paint"], TIMES)
    report.say("work a pan: markers, then events", f"{theirs['work']:.0f} ms, {ours['work']:.0f} ms")
    report.target("times the work of a pan", ours["work"] / theirs["work"], TIMES)
    report.at_least("frames delivered while panning", ours["frames"], FRAMES, " %")
    report.say("frames delivered with the markers", f"{theirs['frames']:.0f} %")


def _measured(chromium: Any, address: str, peer: bool) -> dict[str, float]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    if peer:
        page.route(SCRIPT, lambda route: route.fulfill(body=PEER % MARKERS, content_type="text/javascript"))
    page.goto(f"{address}/events?layer=made&lang=en&map=7/34.5/41.5")
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    paint = page.evaluate(FRAME)
    page.wait_for_load_state("networkidle")
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate(COUNT)
    before = _work(session)
    shares = [_drag(page, number) for number in range(DRAGS)]
    work = (_work(session) - before) / DRAGS
    context.close()
    return {"paint": paint, "work": work, "frames": statistics.mean(shares)}


def _work(session: Any) -> float:
    """Return the milliseconds that the page's main thread has worked."""
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"]) * 1000


def _drag(page: Any, number: int) -> float:
    """Drag the map there or back, wait until it is drawn anew; return the share of frames that came meanwhile."""
    box = page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    way = 1 if number % 2 else -1
    page.mouse.move(x, y)
    page.mouse.down()
    begun = page.evaluate("() => { frames.length = 0; return performance.now(); }")
    for step in range(STEPS):
        page.mouse.move(x + way * step * 6, y + way * step * 3)
        time.sleep(0.016)
    delivered, ended = page.evaluate("() => [frames.length, performance.now()]")
    page.mouse.up()
    page.wait_for_timeout(600)
    return min(100.0, 100 * delivered / ((ended - begun) / 1000 * 60))


@contextmanager
def _served() -> Iterator[str]:
    from webapp import create_app
    from webapp.config import Config
    from webapp.server import serving

    logging.getLogger("masafa").setLevel(logging.ERROR)
    server = serving(create_app(Config()), 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=5)
