"""Curves cut into short pieces, with a tree over them: what every question about lines and outlines is asked of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.geodesy import ellipsoid
from geodata.geodesy.batch import answer_batch
from geodata.geodesy.candidates import LEAF, WIDE
from geodata.geodesy.ecef_inverse import NEAR, STRETCH
from geodata.geodesy.ellipsoid import Floats
from geodata.geodesy.nearest_far import nearest_far
from geodata.geodesy.validation import work
from geodata.messages import Message

Ints = NDArray[np.int64]

PIECE = 250.0
"""Metres: a parabola through three points of a piece this long leaves the curve by less than 1e-8 m."""
TURN = 1.25e-4
"""Metres: near a pole, where the curve turns within a piece, 0.008·ρ·Δλ³ ≤ 1e-6 m (ρ: radius of the parallel)."""
STRIP = 32
"""Paths fewer than this keep their order in the tree; as many lie beside one another in its lowest groups."""
MAX_PIECES = 5_000_000


@dataclass(frozen=True)
class NearestPieces:
    """Answers to many points: piece, place on it (0 to 1), distance in metres, and 1 left, -1 right, 0 on.

    Where feet were wanted, also their edges of the input, whether they are ends of the line, whether several places
    may be as near (`ties.confirmed` tells), their longitudes and latitudes in degrees and chainages in metres; else
    empty arrays.
    """

    piece: Ints
    t: Floats
    distance: Floats
    side: NDArray[np.int8]
    edge: Ints
    end: NDArray[np.bool_]
    several: NDArray[np.bool_]
    lon: Floats
    lat: Floats
    chainage: Floats

    @classmethod
    def of(cls, count: int, feet: bool) -> NearestPieces:
        """Return room for so many answers."""
        kinds = (np.int64, float, float, np.int8), (np.int64, np.bool_, np.bool_, float, float, float)
        return cls(*(np.empty(count, kind) for kind in kinds[0]), *(np.empty(count * feet, kind) for kind in kinds[1]))

    @property
    def arrays(self) -> tuple[Any, ...]:
        """All of them, in order."""
        return tuple(getattr(self, each.name) for each in fields(self))


class Curve:
    """Pieces of one or several paths, of points (pieces without length) too, and the box tree over them.

    `ends` (n, 2, 2) holds each piece's longitude and latitude at its start and end; `edge` says which edge of the
    input it belongs to, counted over all paths; `starts` and `counts` which pieces an edge has; `runs` (n, 2) each
    path's first and last piece; `before` and `after` are a piece's neighbours, -1 at an open end.
    """

    def __init__(self, paths: Sequence[Floats], edges: str) -> None:
        self.edges = edges
        cut = [_cut(path, edges) for path in paths]
        sizes = [len(part[0]) for part in cut]
        self.ends = np.concatenate([part[0] for part in cut])
        firsts = np.cumsum([0, *[max(1, len(path) - 1) for path in paths[:-1]]])
        self.edge = np.concatenate([part[2] + first for part, first in zip(cut, firsts, strict=True)])
        self.counts = np.bincount(self.edge, minlength=int(firsts[-1]) + max(1, len(paths[-1]) - 1))
        self.starts = np.cumsum(self.counts) - self.counts
        middle = np.concatenate([part[1] for part in cut])
        start = ellipsoid.ecef(self.ends[:, 0, 0], self.ends[:, 0, 1])
        chord = ellipsoid.ecef(self.ends[:, 1, 0], self.ends[:, 1, 1]) - start
        bow = ellipsoid.ecef(middle[:, 0], middle[:, 1]) - start - chord / 2
        square = (chord * chord).sum(axis=1)
        bow[square == 0] = 0.0
        inverse = np.divide(1.0, square, out=np.zeros_like(square), where=square > 0)
        self.pieces = np.ascontiguousarray(np.column_stack([start, chord, bow, inverse]))
        self.bow = 1e-6 + 2.0 * float(np.sqrt((bow * bow).sum(axis=1).max()))
        last = np.cumsum(sizes) - 1
        self.runs = np.column_stack([last - np.array(sizes) + 1, last])
        self.before, self.after = _links(sizes, [_closed(path) for path in paths])
        self.leaf_order = _leaf_order(self.runs, self.ends[:, 0])
        self.boxes, self.levels = _boxes(start[self.leaf_order], chord[self.leaf_order], bow[self.leaf_order])

    def __len__(self) -> int:
        return len(self.pieces)

    @cached_property
    def bend(self) -> float:
        """The most that an edge's own geodesic curvature can be, 1/m."""
        if self.edges == "geodesic":
            return 0.0
        return float(ellipsoid.bend(self.ends[:, :, 1]).max())

    @cached_property
    def chainages(self) -> Floats:
        """Metres along the pieces from the start of the first, one more than there are pieces."""
        (lon1, lat1), (lon2, lat2) = self.ends[:, 0].T, self.ends[:, 1].T
        lengths = ellipsoid.inverse(lon1, lat1, lon2, lat2)[2]
        # A flat arch of height b over a base L is longer than it by 8b²/3L.
        up = self.pieces[:, :3] * [1, 1, STRETCH]
        up /= np.sqrt((up * up).sum(axis=1))[:, None]
        bow = self.pieces[:, 6:9]
        arch = (bow * bow).sum(axis=1) - (bow * up).sum(axis=1) ** 2
        lengths += np.divide(8 * arch, 3 * lengths, out=np.zeros_like(lengths), where=lengths > 0)
        return np.concatenate([[0.0], np.cumsum(lengths)])

    @cached_property
    def _swing(self) -> Floats:
        """How unevenly metres pass along each piece: s(t)/L = t + swing·t(1 - t)."""
        chord, bow = self.pieces[:, 3:6], 4 * self.pieces[:, 6:9]
        first, last = (np.sqrt(((chord + sign * bow) ** 2).sum(axis=1)) for sign in (1, -1))
        total = first + last
        return np.asarray(np.divide(first - last, total, out=np.zeros_like(total), where=total > 0))

    @cached_property
    def _track(self) -> Floats:
        """Of each piece (n, 7): longitude and latitude of start and end, chainage, length and skewness."""
        rows = np.zeros((len(self), 7))
        rows[:, :4] = self.ends.reshape(-1, 4)
        return rows

    @cached_property
    def _measured_track(self) -> Floats:
        rows = self._track.copy()
        rows[:, 4], rows[:, 5], rows[:, 6] = self.chainages[:-1], np.diff(self.chainages), self._swing
        return rows

    def arrays(self, measured: bool) -> tuple[Any, ...]:
        """Return what the kernel works on: pieces, tree, neighbours, edges, track, bow, whether edges are lonlat."""
        tree = (self.pieces, self.leaf_order, self.boxes, self.levels, self.before, self.after, self.edge)
        return (*tree, self._measured_track if measured else self._track, self.bow, self.edges == "lonlat")

    def nearest(self, lon: Floats, lat: Floats, feet: bool = False, measured: bool = False) -> NearestPieces:
        """Find the nearest piece for each of the positions (n,) in degrees; NaN positions get piece -1.

        `feet` gives the feet's positions too, and `measured` their chainages.
        """
        count = len(lon)
        lon, lat = np.ascontiguousarray(lon, dtype=float), np.ascontiguousarray(lat, dtype=float)
        answers = NearestPieces.of(count, feet)
        answer_batch(self.arrays(measured), lon, lat, feet, answers.arrays)
        # A position that the kernel leaves unsettled is infinitely far.
        far = np.flatnonzero(answers.distance > NEAR)
        unsettled = far[np.isnan(answers.t[far])]
        if len(unsettled):
            nearest_far(self, lon, lat, unsettled, answers.piece, answers.t, answers.distance, answers.side)
            far = np.flatnonzero(answers.distance > NEAR)
        if len(far):
            piece, t = answers.piece[far], answers.t[far]
            x, y = self.position(piece, t)
            answers.distance[far] = ellipsoid.inverse(lon[far], lat[far], x, y)[2]
            if feet:
                answers.lon[far], answers.lat[far], answers.edge[far] = x, y, self.edge[piece]
                answers.end[far] = ((t == 0) & (self.before[piece] < 0)) | ((t == 1) & (self.after[piece] < 0))
            if measured:
                answers.chainage[far] = self.chainage(piece, t)
        return answers

    def position(self, piece: Ints, t: Floats) -> tuple[Floats, Floats]:
        """Return longitude and latitude in degrees of places on pieces; piece -1 gives NaN."""
        valid = piece >= 0
        if self.edges == "lonlat":
            ends = self.ends[piece]
            place = ends[:, 0] + (ends[:, 1] - ends[:, 0]) * t[:, None]
            # The very end, not a rounding away from it: vertices come back as they were given.
            lon, lat = np.where((t == 1)[:, None], ends[:, 1], place).T
        else:
            row = self.pieces[piece]
            share = t[:, None]
            lon, lat = ellipsoid.geodetic(row[:, :3] + share * row[:, 3:6] + 4 * share * (1 - share) * row[:, 6:9])
            for at, end in ((t == 0, 0), (t == 1, 1)):
                lon, lat = (np.where(at, self.ends[piece, end, i], now) for i, now in enumerate((lon, lat)))
        return np.where(valid, lon, np.nan), np.where(valid, lat, np.nan)

    def chainage(self, piece: Ints, t: Floats) -> Floats:
        """Return metres from the start of the curve to places on pieces; piece -1 gives NaN."""
        start, length = self.chainages[piece], self.chainages[piece + 1] - self.chainages[piece]
        return np.where(piece >= 0, start + length * (t + self._swing[piece] * t * (1 - t)), np.nan)

    def at(self, chainage: Floats) -> tuple[Ints, Floats]:
        """Return the pieces and places on them at metres from the start."""
        piece = np.clip(np.searchsorted(self.chainages, chainage, side="right") - 1, 0, len(self) - 1)
        length = self.chainages[piece + 1] - self.chainages[piece]
        share = np.divide(chainage - self.chainages[piece], length, out=np.zeros(len(piece)), where=length > 0)
        share = np.clip(share, 0.0, 1.0)
        swing = self._swing[piece]
        t = share - swing * share * (1 - share)
        # One step of Newton on s(t): what is left is of the order of swing³.
        t -= (t + swing * t * (1 - t) - share) / (1 + swing * (1 - 2 * t))
        return piece, np.clip(t, 0.0, 1.0)


def _closed(path: Floats) -> bool:
    return len(path) > 2 and bool((path[0] == path[-1]).all())


def _cut(path: Floats, edges: str) -> tuple[Floats, Floats, Ints]:
    """Return the pieces' ends (n, 2, 2), their middles (n, 2) and the edge each belongs to."""
    if len(path) == 1:
        return np.stack([path, path], axis=1), path, np.zeros(1, dtype=np.int64)
    start, end = path[:-1], path[1:]
    azimuth, _, length = ellipsoid.inverse(*start.T, *end.T)
    if edges == "lonlat":
        span = np.radians(np.abs(end - start))
        radius = ellipsoid.A * np.cos(np.radians(np.minimum(np.abs(start[:, 1]), np.abs(end[:, 1]))))
        radius = np.where(start[:, 1] * end[:, 1] < 0, ellipsoid.A, radius)
        length = np.maximum(length, np.hypot(ellipsoid.A * span[:, 1], radius * span[:, 0]))
        pieces_by_turn = span[:, 0] * np.cbrt(radius / TURN)
        count = np.ceil(np.maximum(length / PIECE, pieces_by_turn)).astype(np.int64)
    else:
        count = np.ceil(length / PIECE).astype(np.int64)
    # A vertex that repeats is no edge: it has no direction, and nothing lies to its left.
    count = np.where((start == end).all(axis=1), 0, np.maximum(count, 1))
    work(int(count.sum()), MAX_PIECES, Message("work.pieces", metres=f"{PIECE:g}"))
    edge = np.repeat(np.arange(len(start)), count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    shares = [(step + part) / count[edge] for part in (0.0, 0.5, 1.0)]
    if edges == "lonlat":
        first, middle, last = (start[edge] + (end - start)[edge] * share[:, None] for share in shares)
    else:
        first, middle, last = (
            np.column_stack(ellipsoid.direct(start[edge, 0], start[edge, 1], azimuth[edge], length[edge] * share))
            for share in shares
        )
        first = np.where((step == 0)[:, None], start[edge], first)
    last = np.where((step == count[edge] - 1)[:, None], end[edge], last)
    return np.stack([first, last], axis=1), middle, edge


def _links(sizes: Sequence[int], closed: Sequence[bool]) -> tuple[Ints, Ints]:
    total = sum(sizes)
    before, after = np.arange(-1, total - 1), np.arange(1, total + 1)
    first = 0
    for size, ring in zip(sizes, closed, strict=True):
        last = first + size - 1
        before[first], after[last] = (last, first) if ring else (-1, -1)
        first = last + 1
    return before.astype(np.int64), after.astype(np.int64)


def _leaf_order(runs: Ints, start: Floats) -> Ints:
    """Return the order in which pieces fill the tree's leaves: by paths, those beside one another in strips."""
    if len(runs) < STRIP:
        return np.arange(runs[-1, 1] + 1)
    lon, lat = start[runs[:, 0]].T
    rank = np.empty(len(runs), dtype=np.int64)
    rank[np.argsort(lon, kind="stable")] = np.arange(len(runs))
    path = np.lexsort((lat, rank // int(np.sqrt(len(runs) * STRIP))))
    count = (runs[:, 1] - runs[:, 0] + 1)[path]
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.asarray(np.repeat(runs[path, 0], count) + step)


def _boxes(start: Floats, chord: Floats, bow: Floats) -> tuple[Floats, Ints]:
    """Return the tree, groups of boxes (groups, 6, WIDE), and where each level's groups begin, the leaves' first.

    A leaf holds LEAF pieces, in order; box c of a level's group g is round group WIDE·g + c of the level below, the
    least corner and the greatest. What is missing of the last group is a box at infinity.
    """
    ends = np.stack([start, start + chord])
    margin = np.abs(bow)
    low, high = ends.min(axis=0) - margin, ends.max(axis=0) + margin
    size = LEAF
    levels: list[int] = []
    groups: list[Floats] = []
    while True:
        low, high = (_padded(part, size, fill) for part, fill in ((low, np.inf), (high, -np.inf)))
        low, high = low.min(axis=1), high.max(axis=1)
        size = WIDE
        sides = [_padded(part, WIDE, fill) for part, fill in ((low, np.inf), (high, -np.inf))]
        levels.append(sum(len(part) for part in groups))
        groups.append(_centred(*sides))
        if len(groups[-1]) == 1:
            return np.ascontiguousarray(np.concatenate(groups)), np.array(levels)


def _centred(low: Floats, high: Floats) -> Floats:
    """Return boxes as centres and half sides (groups, 6, WIDE), a hair larger; those without a content are nowhere."""
    empty = low > high
    low, high = np.where(empty, 0.0, low), np.where(empty, 0.0, high)
    half = np.where(empty, -np.inf, (high - low) / 2 + 1e-6)
    return np.concatenate([(low + high) / 2, half], axis=2).transpose(0, 2, 1)


def _padded(rows: Floats, size: int, fill: float) -> Floats:
    """Return rows (n, 3) in groups of a size, (groups, size, 3), the last filled up."""
    full = -(-len(rows) // size) * size
    padded = np.full((full, 3), fill)
    padded[: len(rows)] = rows
    return padded.reshape(-1, size, 3)
