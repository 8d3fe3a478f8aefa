"""The nearest place of every shipped line against all of its pieces, alone and in batches, to the last bit."""

from __future__ import annotations

import ast
import json
import os
import signal
from functools import cache
from pathlib import Path
from typing import Any

import coverage
import numpy as np
import pytest
from pyproj import Geod

from geodata import geodesy
from geodata.geodesy import batch, candidates, ecef_inverse, ellipsoid, jit, kernel, lanes, refine
from geodata.geodesy.segments import Curve, NearestPieces
from tests.geodesy.conftest import LINES, ROOT, around, wander
from tests.geodesy.exhaustive import every_piece

GEOD = Geod(ellps="WGS84")
FULL = "MASAFA_TORTURE" in os.environ
POSITIONS = 20_000 if FULL else 1_500
REACHES = (1e3, 1e5, 3e5, 6e5, 1.2e6)
FIELDS = ("distance", "lon", "lat", "chainage", "side", "piece", "beyond_end")


@cache
def shipped() -> dict[str, np.ndarray]:
    """Every line of the shipped layers."""
    lines = {}
    for layer in ("borders", "rivers", "wall"):
        for feature in json.loads((ROOT / f"geodata/layers/{layer}.geojson").read_text("utf-8"))["features"]:
            if feature["geometry"]["type"] == "LineString":
                lines[feature["id"]] = np.array(feature["geometry"]["coordinates"])
    return lines


def scattered(path: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return positions from near to far, in no order."""
    parts = [around(path, reach, count // len(REACHES), seed + i) for i, reach in enumerate(REACHES)]
    lon, lat = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.random.default_rng(seed).permutation(len(lon))
    return lon[order], lat[order]


@pytest.mark.parametrize("edges", ["lonlat", "geodesic"])
@pytest.mark.parametrize("name", sorted(shipped()))
def test_each_position_alone_and_all_together_are_answered_as_by_every_piece(name: str, edges: str) -> None:
    curve = Curve([shipped()[name]], edges)
    lon, lat = scattered(shipped()[name], POSITIONS, seed=17)
    true = NearestPieces.of(len(lon), feet=False)
    every_piece()(lon, lat, curve.pieces, curve.before, curve.bow, true.piece, true.t, true.distance)
    near = true.distance < ecef_inverse.NEAR
    assert near.sum() > 0.9 * len(lon)
    together = curve.nearest(lon, lat)
    alone = [curve.nearest(lon[i : i + 1], lat[i : i + 1]) for i in range(len(lon))]
    for field in ("piece", "t", "distance"):
        expected = getattr(true, field)
        np.testing.assert_array_equal(getattr(together, field)[near], expected[near])
        np.testing.assert_array_equal(getattr(together, field), [getattr(each, field)[0] for each in alone])
    np.testing.assert_array_equal(together.side, [each.side[0] for each in alone])


@pytest.mark.parametrize("name", sorted(shipped()))
def test_no_vertex_is_nearer_than_the_answer_and_the_foot_is_as_far(name: str) -> None:
    path = shipped()[name]
    lon, lat = scattered(path, 500 if FULL else 20, seed=29)
    near = geodesy.Line(path).nearest(lon, lat)
    tolerance = np.where(near.distance < 3e5, 1e-6, 1e-4)
    assert (np.abs(GEOD.inv(lon, lat, near.lon, near.lat)[2] - near.distance) < tolerance).all()
    every = [np.broadcast_to(part, (len(path), len(lon))) for part in (lon, lat)]
    to = [np.broadcast_to(part[:, None], (len(path), len(lon))) for part in path.T]
    least = np.asarray(GEOD.inv(*every, *to)[2]).min(axis=0)
    assert (least > near.distance - tolerance).all()


def test_where_a_shortcut_once_took_the_chord_for_the_distance() -> None:
    near = geodesy.Line(shipped()["border-iq-sy"]).nearest(44.975482, 34.893138)
    assert near.distance == pytest.approx(336_304.083, abs=1e-3)
    assert near.chainage == pytest.approx(596_643.2, abs=0.1)


@pytest.mark.parametrize("spread", [0.0, 1e-7, 1e-4, 0.02, 1.0])
def test_a_batch_is_answered_alike_whatever_lies_beside_a_position(spread: float) -> None:
    # So dense a line that a group has more candidates than there is room for.
    path = wander(12, 20_000, 41.0, 35.0, 0.002)
    line = geodesy.Line(path)
    centre = around(path, 300_000, 6, seed=3)
    rng = np.random.default_rng(9)
    lon, lat = (np.repeat(part, 100) + rng.normal(0, spread, 600) for part in centre)
    whole = line.nearest(lon, lat)
    jit.compile_kernel()
    alone = [line.nearest(x, y) for x, y in zip(lon, lat, strict=True)]
    order = rng.permutation(len(lon))
    mixed = line.nearest(lon[order], lat[order])
    for field in FIELDS:
        np.testing.assert_array_equal(getattr(whole, field), [getattr(each, field) for each in alone])
        np.testing.assert_array_equal(getattr(whole, field)[order], getattr(mixed, field))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_and_blocks_change_nothing(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    line = geodesy.Line(LINES["wandering"])
    lon, lat = scattered(LINES["wandering"], 3_000, seed=31)
    whole = line.nearest(lon, lat)
    monkeypatch.setattr(batch, "BLOCK", 257)
    monkeypatch.setattr(batch, "threads", lambda: threads)
    parts = line.nearest(lon, lat)
    for field in FIELDS:
        np.testing.assert_array_equal(getattr(whole, field), getattr(parts, field))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_process_asks_in_threads_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    line = geodesy.Line(LINES["wandering"])
    lon, lat = scattered(LINES["wandering"], 1_000, seed=37)
    monkeypatch.setattr(batch, "BLOCK", 257)
    monkeypatch.setattr(batch, "threads", lambda: 2)
    batch._pool.cache_clear()
    expected = line.nearest(lon, lat).distance
    pool = batch._pool()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        os._exit(0 if batch._pool() is not pool and (line.nearest(lon, lat).distance == expected).all() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def interpreted(curve: Curve, lon: Any, lat: Any, group: int, feet: bool = True) -> NearestPieces:
    """Ask the interpreted kernel, in groups."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    answers = NearestPieces.of(len(x), feet)
    kernel.nearest(x, y, np.arange(len(x)), -1, group, curve.arrays(True), feet, answers.arrays)
    return answers


def hard_cases() -> list[tuple[Curve, Any, Any, int]]:
    """Every way through the kernel: curve, positions, and how many are asked together."""
    dense = wander(12, 1_200, 41.0, 35.0, 0.0004)
    rng = np.random.default_rng(4)
    near = around(LINES["wandering"], 2e5, 70, seed=5)
    points = [np.array([[lon, lat]]) for lon, lat in rng.uniform([40, 34], [42, 36], (40, 2))]
    # Where coordinates are near 0, a joint's two ends may differ in their last bits.
    zigzag = np.column_stack([90 + 1.3e-7 + 1e-3 * (np.arange(40) % 2), 1e-3 * np.arange(-20, 20)])
    middle = np.array([41.0, 35.0])
    ring = np.column_stack(geodesy.direct(*middle, np.linspace(0, 350, 100), 10_000.0))
    crowd = np.column_stack(geodesy.direct(*middle, np.linspace(0, 359, 300), 10_000.0))
    still = np.full(3, 41.2), np.full(3, 35.3)
    return [
        (Curve([zigzag], "lonlat"), *(zigzag[::2] - [1e-5, 0]).T, 20),
        (Curve([ring], "geodesic"), *(middle[:, None] + rng.uniform(-1e-9, 1e-9, (2, 64))), 64),
        (Curve([crowd], "geodesic"), *(middle[:, None] + rng.uniform(-1e-9, 1e-9, (2, 5))), 4),
        (Curve([middle[None]], "lonlat"), [-139.0, 41.0], [-35.0, 35.0], 2),
        (Curve([LINES["wandering"]], "lonlat"), *near, kernel.LANES),
        (Curve([LINES["long edges"]], "geodesic"), *around(LINES["long edges"], 1e3, 8), 8),
        (Curve([dense], "lonlat"), *around(dense, 4e5, 24, seed=6), 24),
        (Curve([dense], "lonlat"), rng.normal(41.0, 1e-3, 64), rng.normal(35.0, 1e-3, 64), 64),
        (Curve(points, "lonlat"), [41.0, 41.5, np.nan, 41.5], [35.0, 35.5, 1.0, 35.5], 4),
        (Curve([LINES["spike"]], "lonlat"), [42.1, 42.1, 41.5, 41.5], [35.05, 34.95, 35.2, 34.8], 4),
        (Curve([LINES["spike"][::-1]], "lonlat"), [42.1, 42.1, 41.5, 41.5], [35.05, 34.95, 35.2, 34.8], 4),
        (Curve([LINES["closed"]], "lonlat"), [40.9, 41.0, 41.5, 41.0], [34.9, 35.0, 35.5, 35.5], 4),
        (Curve([LINES["wandering"][:20]], "lonlat"), [60.0, -139.0, 41.0, 100.0], [50.0, -35.0, -80.0, 10.0], 4),
        (Curve([np.array([[10.0, 90.0], [10.0, 89.0]])], "lonlat"), [-120.0, 10.0, 30.0], [40.0, -90.0, 60.0], 1),
        (Curve([LINES["wandering"]], "lonlat"), *still, 2),
        (Curve([LINES["wandering"]], "lonlat"), [np.nan, np.nan], [35.0, 35.0], 2),
    ]


def test_every_path_of_the_kernel_is_taken_and_gives_the_compiled_bits() -> None:
    files = [module.__file__ for module in (ecef_inverse, candidates, kernel, lanes, refine)]
    watched = coverage.Coverage(data_file=None, branch=True, include=files, messages=False)
    watched.start()
    try:
        answers = [interpreted(*case) for case in hard_cases()]
        interpreted(*hard_cases()[-2], feet=False)
        interpreted(*hard_cases()[-1], feet=False)
        wandering = Curve([LINES["wandering"]], "lonlat")
        tree = (wandering.pieces, wandering.leaf_order, wandering.boxes, wandering.levels)
        ends = np.ascontiguousarray(ellipsoid.ecef([41.0, 41.0, 60.0], [35.0, 35.2, 0.0]).T)
        for certain in (0.0, 1e4):
            candidates.chords_within(*tree, *ends, certain, 3e4, np.empty(3, dtype=np.int8))
        room = np.empty((2, 2))
        ecef_inverse.pairs(*np.eye(3)[:, :2] * ecef_inverse.A, *np.eye(3)[:, :2] * ecef_inverse.A, room)
    finally:
        watched.stop()
    for (curve, lon, lat, _), answer in zip(hard_cases(), answers, strict=True):
        x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
        fast = NearestPieces.of(len(x), feet=True)
        jit.compile_kernel().nearest(x, y, np.arange(len(x)), -1, kernel.LANES, curve.arrays(True), True, fast.arrays)
        for one, other in zip(answer.arrays, fast.arrays, strict=True):
            np.testing.assert_array_equal(one, other)
    assert {Path(file).name: unvisited(watched, file) for file in files} == {Path(file).name: [] for file in files}


def unvisited(watched: coverage.Coverage, file: str) -> list[str]:
    """Return the lines and the branches of a file's functions that were not taken."""
    functions = [
        node for node in ast.walk(ast.parse(Path(file).read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    ]
    inside = {line for node in functions for line in range(node.body[0].lineno, (node.end_lineno or 0) + 1)}
    analysis = watched._analyze(file)
    lines = [f"line {line}" for line in sorted(analysis.missing & inside)]
    branches = sorted(analysis.missing_branch_arcs().items())
    return lines + [f"{line} to {to}" for line, tos in branches for to in tos if line in inside]
