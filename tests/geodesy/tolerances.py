"""How far off each answer may be: the one table that the tests hold the code to, and docs/accuracy.md shows."""

from __future__ import annotations

NEAREST = {1e3: (1e-6, 0.01), 1e5: (1e-6, 0.01), 3e5: (1e-6, 0.1), 1e6: (1e-4, 1.0), 2e6: (1e-3, 2.0)}
"""Up to so many metres from a line: the distance, and the foot, may be off by (m)."""
FAR = 1e-4
"""A distance beyond, to the antipodes (m)."""
CHAINAGE = 0.01
"""A chainage, up to 100 km from the line (m)."""
LENGTH = 1e-3
"""A line's length (m)."""
BETWEEN = 1e-4
"""The distance between two lines or areas, up to 300 km (m)."""
MATRIX = {5e5: 1e-6, 1.4e6: 1e-4, 2e7: 1e-6}
"""Up to so many metres: an entry of a matrix (m); beyond 1,400 km it is Karney's."""
GEODTEST = 1e-8
"""A distance of Karney's test set (m)."""
BUFFER = 1.0
"""Of the tolerance asked: what an edge of a buffer, or a position on the wrong side of it, may be off."""
EXTENT = 0.01
"""Of the distance: how much the farthest distance of an area is over the truth, beside half a metre."""
CENTROID = 0.01
"""A centroid (m)."""


def rows() -> list[tuple[str, str, str]]:
    """Return the table as the document writes it: question, where, tolerance."""
    items = [("inverse, direct", "GeodTest", metres(GEODTEST))]
    for reach, (distance, along) in NEAREST.items():
        items.append(("nearest: distance", f"to {reach / 1000:,.0f} km", metres(distance)))
        items.append(("nearest: foot", f"to {reach / 1000:,.0f} km", metres(along)))
    items.append(("nearest: distance", "to the antipodes", metres(FAR)))
    items.append(("nearest: chainage", "to 100 km", metres(CHAINAGE)))
    items.append(("within", "any radius", "as nearest: distance"))
    items.append(("length, point_at, slice", "any line", metres(LENGTH)))
    items.append(("distance", "to 300 km", metres(BETWEEN)))
    for reach, tolerance in MATRIX.items():
        items.append(("matrix", f"to {reach / 1000:,.0f} km", metres(tolerance)))
    items.append(("buffer", "every edge, every position", f"{BUFFER:g} × the tolerance asked"))
    items.append(("extent: farthest", "any area", f"0 … +{EXTENT:.0%} and 0.5 m"))
    items.append(("centroid", "any polygon", metres(CENTROID)))
    return items


def metres(value: float) -> str:
    """Return a length as the table writes it."""
    for unit, size in (("m", 1.0), ("cm", 1e-2), ("mm", 1e-3), ("µm", 1e-6), ("nm", 1e-9)):
        if value >= size * (1 - 1e-9):
            return f"{value / size:g} {unit}"
    return f"{value:g} m"
