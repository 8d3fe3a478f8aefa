"""The Euphrates and the Tigris, walked through the unnamed river segments of GSHHG from waypoint to waypoint."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import h5py
import numpy as np
import shapely
from shapely.geometry import LineString

from scripts.layers.packages import deb_member
from scripts.layers.write import DECIMALS, feature

Vertex = tuple[float, float]
Graph = dict[Vertex, dict[Vertex, float]]

# Bins of one degree, by their south-west corner.
SOUTH, NORTH, WEST, EAST = 29, 41, 36, 50

# Levels 0, 1 and 2 of WDBII are the permanent rivers; canals and intermittent streams cost more, so that they are only
# taken where nothing else connects.
MAIN, BYWAY = 1.0, 5.0

# Degrees: ends of segments this close are taken for one river (reservoirs and bin edges leave gaps), at a price.
GAP, GAP_PRICE = 0.06, 10.0

RIVERS = (
    (
        "euphrates",
        "Euphrates",
        "الفرات",
        [
            (38.80, 38.72),
            (37.98, 37.03),
            (38.55, 35.87),
            (40.15, 35.34),
            (40.92, 34.45),
            (42.38, 34.14),
            (43.30, 33.43),
            (44.29, 32.78),
            (45.28, 31.31),
            (46.26, 31.04),
            (47.43, 31.00),
        ],
    ),
    (
        "tigris",
        "Tigris",
        "دجلة",
        [
            (40.20, 37.90),
            (42.35, 37.10),
            (43.13, 36.35),
            (43.70, 34.60),
            (44.39, 33.34),
            (45.80, 32.50),
            (47.15, 31.83),
            (47.43, 31.00),
        ],
    ),
)
NOTE = {
    "en": "Segments of the World Data Bank II, which have no names; which of them make this river is our reading. Good "
    "to about 1 km.",
    "ar": "مقاطع من World Data Bank II بلا أسماء؛ واختيار ما يؤلف هذا النهر منها قراءتنا. الدقة نحو كيلومتر واحد.",
}


def _segments() -> Iterator[tuple[int, list[Vertex]]]:
    path = deb_member("gmt-gshhg-full", "usr/share/gmt-gshhg/binned_river_f.nc")
    with h5py.File(path) as file:
        first, count = file["Id_of_first_segment_in_a_bin"][:], file["N_segments_in_a_bin"][:]
        start, points = file["Id_of_first_point_in_a_segment"][:], file["N_points_for_a_segment"][:]
        level = file["Hierarchial_level_of_a_segment"][:]
        east, north = (
            file[f"Relative_{axis}_from_SW_corner_of_bin"][:].astype(np.uint16) / 65535.0
            for axis in ("longitude", "latitude")
        )
    for south in range(SOUTH, NORTH):
        for west in range(WEST, EAST):
            in_bin = (90 - south - 1) * 360 + west
            for segment in range(first[in_bin], first[in_bin] + count[in_bin]):
                part = slice(start[segment], start[segment] + points[segment])
                pairs = np.column_stack((west + east[part], south + north[part])).round(DECIMALS)
                yield int(level[segment]), [(float(x), float(y)) for x, y in pairs]


def _apart(one: Vertex, other: Vertex) -> float:
    return float(np.hypot((one[0] - other[0]) * 0.83, one[1] - other[1]))


@cache
def _graph() -> Graph:
    graph: Graph = defaultdict(dict)
    ends: list[Vertex] = []
    for level, path in _segments():
        price = MAIN if level <= 2 else BYWAY
        ends += [path[0], path[-1]]
        for one, other in itertools.pairwise(path):
            cost = price * _apart(one, other)
            graph[one][other] = min(cost, graph[one].get(other, cost))
            graph[other][one] = graph[one][other]
    nodes = list(graph)
    tree = shapely.STRtree(shapely.points(nodes))
    for end in sorted(set(ends)):
        for index in sorted(tree.query(shapely.Point(end).buffer(GAP))):
            cost = GAP_PRICE * _apart(end, nodes[index])
            if nodes[index] != end and nodes[index] not in graph[end]:
                graph[end][nodes[index]] = graph[nodes[index]][end] = cost
    return graph


def _leg(graph: Graph, start: Vertex, goal: Vertex) -> list[Vertex]:
    """Return the cheapest path through the graph (Dijkstra)."""
    came: dict[Vertex, Vertex] = {}
    cost = {start: 0.0}
    queue = [(0.0, start)]
    while queue:
        so_far, here = heapq.heappop(queue)
        if here == goal:
            break
        if so_far > cost[here]:
            continue
        for there, step in graph[here].items():
            if so_far + step < cost.get(there, np.inf):
                cost[there], came[there] = so_far + step, here
                heapq.heappush(queue, (cost[there], there))
    path = [goal]
    while path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]


def course(waypoints: list[Vertex]) -> LineString:
    """Return the river through the vertices nearest to the waypoints, in their order."""
    graph = _graph()
    via = [min(graph, key=lambda node, point=point: _apart(node, point)) for point in waypoints]
    items = [via[0]]
    for start, goal in itertools.pairwise(via):
        items += _leg(graph, start, goal)[1:]
    line = LineString(items)
    return line if line.is_simple else _without_loops(line)


def _without_loops(line: LineString) -> LineString:
    """Return a line that crosses itself without the loops between its crossings."""
    graph: Graph = defaultdict(dict)
    for part in shapely.get_parts(shapely.node(line)):
        for one, other in itertools.pairwise(part.coords):
            graph[one][other] = graph[other][one] = _apart(one, other)
    return LineString(_leg(graph, line.coords[0], line.coords[-1]))


def build() -> list[dict[str, Any]]:
    """Return the two rivers, each in the direction it flows."""
    return [
        feature(
            id_,
            course(waypoints),
            name_en=english,
            name_ar=arabic,
            kind="river",
            coordinateUncertaintyInMeters=1000,
            precision="vicinity",
            sources=["data-gshhg-debian", "data-gshhg-noaa"],
            derived=NOTE,
            as_of="2017-06-15",
            aliases=[f"{english} River", f"نهر {arabic}"],
            priority=3,
        )
        for id_, english, arabic, waypoints in RIVERS
    ]
