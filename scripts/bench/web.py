"""The API over 100,000 points beside bare Flask that serves the same bytes ready made: requests a second, as shares."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess  # nosec B404
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
from flask import Flask, Response
from waitress.server import create_server

from geodata.store.workspace import Workspace
from scripts.bench import data, web_peers
from scripts.bench.report import Report
from webapp import create_app
from webapp.config import Config

POINTS = 100_000
PROCESSES, THREADS, CLIENTS = 2, 4, 16
BOX = 0.3
ROUNDS = 5
"""Of which the one in the middle counts."""
ITEMS = "/api/collections/many/items"
LUA = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
local at = 0
request = function() at = at %% #paths + 1; return wrk.format("GET", paths[at]) end
"""
ASKED = (("one item", 40.0), ("100 items", 25.0), (f"a random {BOX}° box", 15.0))


def run(report: Report) -> None:
    """Print all rows."""
    report.title(f"The API over {POINTS:,} points, {PROCESSES} processes, shares of bare Flask")
    logging.getLogger("waitress").setLevel(logging.ERROR)
    wrk = shutil.which("wrk")
    if wrk is None:
        report.skip("requests a second", "wrk is not installed (Debian: wrk)")
        return
    seconds = 1 if report.quick else 3
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder))
        os.environ["MASAFA_WORKSPACE"] = folder
        ids, boxes = _asked()
        paths = [[f"{ITEMS}/{id_}" for id_ in ids], [f"{ITEMS}?limit=100"], [_box(box) for box in boxes]]
        rates: list[float] = []
        with _served(lambda: _warm(create_app(Config()), paths)) as ours:
            bodies = [
                sorted((_body(ours, path) for path in these[:51]), key=len)[len(these[:51]) // 2] for these in paths
            ]
            with _served(lambda: _bare(bodies)) as bare:
                _body(bare, "/0")
                for at, (name, least) in enumerate(ASKED):
                    # In turns, so that what else the machine does slows both.
                    rounds = [
                        (_load(wrk, ours, paths[at], seconds), _load(wrk, bare, [f"/{at}"], seconds))
                        for _ in range(ROUNDS)
                    ]
                    share, rate, most = sorted((100 * a.rate / b.rate, a.rate, b.rate) for a, b in rounds)[ROUNDS // 2]
                    busy = sorted(100 * b.busy / a.busy for a, b in rounds)[ROUNDS // 2]
                    rates.append(rate)
                    report.at_least(f"{name}: {rate:,.0f} of {most:,.0f} a second", share, least, " %")
                    report.say(f"{name}: share by CPU time, whatever else runs", f"{busy:.3g} %")
    _beside(report, wrk, seconds, rates, ids, boxes)


def _beside(
    report: Report, wrk: str, seconds: int, rates: Sequence[float], ids: Sequence[str], boxes: Sequence[str]
) -> None:
    """Put the same questions to the peers that are there; the better of them is what counts."""
    best = [0.0] * len(ASKED)
    for name in web_peers.PEERS:
        with (
            tempfile.TemporaryDirectory() as folder,
            web_peers.served(name, Path(folder), _features(), PROCESSES) as address,
        ):
            if address is None:
                report.skip(name, f"no environment of it (MASAFA_{name.upper()})")
                continue
            server = Server(address, ())
            for at, these in enumerate(web_peers.paths(name, ids, boxes)):
                rate = _load(wrk, server, these, seconds, strict=False).rate
                best[at] = max(best[at], rate)
                report.say(f"{name}, {ASKED[at][0]}", f"{rate:,.1f} a second")
    if any(best):
        for (name, _), ours, theirs in zip(ASKED, rates, best, strict=True):
            report.at_least(f"{name}: times the better peer", ours / theirs, 10.0, " ×")


def _features() -> list[dict[str, Any]]:
    lon, lat = data.sensors(POINTS)
    return [_feature(at, round(float(lon[at]), 5), round(float(lat[at]), 5)) for at in range(POINTS)]


def _fill(folder: Path) -> None:
    """Write the layer: points as sensors give them, each with ten properties and an Arabic name."""
    entry: dict[str, Any] = {name: {"en": "Many", "ar": "كثير"} for name in ("title", "description", "attribution")}
    entry |= {"id": "many", "kind": "site", "licence": "CC0-1.0", "edges": "lonlat", "default_uncertainty_m": 100}
    text = json.dumps({"type": "FeatureCollection", "features": _features()}, ensure_ascii=False)
    Workspace(folder).put_layer(entry, text.encode())


def _feature(at: int, lon: float, lat: float) -> dict[str, Any]:
    properties = {
        "name_en": f"Report {at}",
        "name_ar": f"تقرير {at}",
        "kind": ("town", "camp", "outpost")[at % 3],
        "precision": "locality",
        "coordinateUncertaintyInMeters": 100 + at % 900,
        "date_start": f"20{10 + at % 15}-0{1 + at % 9}-11",
        "killed": {"best": at % 7, "low": 0, "high": at % 11},
        "sources": ["made"],
        "placeholder": False,
        "note": None,
    }
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": f"report-{at}", "geometry": geometry, "properties": properties}


def _asked() -> tuple[list[str], list[str]]:
    """Return ids and boxes that are asked for, at random."""
    rng = np.random.default_rng(data.SEED)
    lon, lat = data.sensors(POINTS)
    ids = [f"report-{at}" for at in rng.integers(0, POINTS, 1000)]
    boxes = []
    for at in rng.integers(0, POINTS, 1000):
        west, south = lon[at] - rng.uniform(0, BOX), lat[at] - rng.uniform(0, BOX)
        boxes.append(",".join(f"{number:.5f}" for number in (west, south, west + BOX, south + BOX)))
    return ids, boxes


def _box(corners: str) -> str:
    return f"{ITEMS}?{urlencode({'bbox': corners})}"


def _bare(bodies: Sequence[bytes]) -> Flask:
    """Return an app that does nothing but serve bytes."""
    app = Flask("bare")
    for at, body in enumerate(bodies):
        view = lambda body=body: Response(body, content_type="application/geo+json")  # noqa: E731
        app.add_url_rule(f"/{at}", str(at), view)
    return app


def _warm(app: Flask, paths: Sequence[Sequence[str]]) -> Flask:
    """Return an app that has answered every address once: each process reads the layer for itself."""
    client = app.test_client()
    for these in paths:
        for path in these:
            client.get(path)
    return app


@dataclass(frozen=True)
class Server:
    """An address and the processes that answer there."""

    address: str
    processes: Sequence[int]

    def seconds(self) -> float:
        """Return the CPU seconds its processes have used."""
        used = [
            Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13] for process in self.processes
        ]
        return sum(int(ticks) for both in used for ticks in both) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """Requests a second, and CPU seconds a request."""

    rate: float
    busy: float


@contextmanager
def _served(make: Callable[[], Any]) -> Iterator[Server]:
    """Serve an app from some processes on one socket."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(256)
    listening.setblocking(False)
    port = listening.getsockname()[1]
    children = [_child(listening, make) for _ in range(PROCESSES)]
    try:
        yield Server(f"http://127.0.0.1:{port}", children)
    finally:
        for child in children:
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
        listening.close()


def _child(listening: socket.socket, make: Callable[[], Any]) -> int:
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        create_server(make(), sockets=[listening], threads=THREADS).run()
        os._exit(1)
    return child


def _body(server: Server, path: str) -> bytes:
    """Return the answer of an address, once the server answers."""
    until = time.monotonic() + 120
    while True:
        try:
            # An address of this machine that was put together here.
            with urlopen(server.address + path, timeout=120) as answer:  # nosec B310
                return bytes(answer.read())
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _load(wrk: str, server: Server, paths: Sequence[str], seconds: int, strict: bool = True) -> Load:
    """Ask as fast as is answered; raises where an answer is no success, but of a peer under load counts it too."""
    before = server.seconds()
    with tempfile.TemporaryDirectory() as folder:
        listed, script = Path(folder) / "paths", Path(folder) / "wrk.lua"
        listed.write_text("\n".join(paths) + "\n")
        script.write_text(LUA % listed)
        command = [wrk, "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", str(script), server.address]
        # A program named by its path, with addresses that were put together here.
        completed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout  # nosec B603
    if strict and "Non-2xx" in completed:
        raise RuntimeError(completed)
    rate, count = re.search(r"Requests/sec:\s+([\d.]+)", completed), re.search(r"(\d+) requests in", completed)
    if rate is None or count is None:
        raise RuntimeError(completed)
    return Load(float(rate[1]), (server.seconds() - before) / int(count[1]))
