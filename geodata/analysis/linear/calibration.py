"""Official kilometres: a line calibrated on boundary pillars, linear between them (linear referencing)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from geodata.analysis.base import Parameter
from geodata.analysis.measure import line_of
from geodata.analysis.places import Place
from geodata.errors import BadValue
from geodata.messages import texts
from geodata.text.plain_digits import plain_digits

PILLARS = Parameter(
    "pillars",
    texts("parameter.pillars"),
    "pillars",
    length=20_000,
    help="boundary pillars with their official kilometres",
    metavar="LON,LAT,KM;…",
)
REACH = 1000.0
"""Metres a pillar may stand from the line, where the line's own uncertainty is not greater."""
MAX_PILLARS = 500


@dataclass(frozen=True)
class Calibration:
    """Pillars in the order of the line: metres from its start, official kilometre, metres from the line."""

    chainages: tuple[float, ...]
    kilometres: tuple[float, ...]
    offsets: tuple[float, ...]

    def kilometre(self, chainage: float) -> float | None:
        """Return the official kilometre at metres from the line's start; None beyond the outermost pillars."""
        if not self.chainages[0] - 1e-6 <= chainage <= self.chainages[-1] + 1e-6:
            return None
        return float(np.interp(chainage, self.chainages, self.kilometres))

    def marks(self, step: int) -> list[tuple[float, float]]:
        """Return round official kilometres with their metres from the line's start."""
        low, high = sorted((self.kilometres[0], self.kilometres[-1]))
        wanted = np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1) * float(step)
        order = np.argsort(self.kilometres)
        at = np.interp(wanted, np.array(self.kilometres)[order], np.array(self.chainages)[order])
        return sorted(zip(wanted.tolist(), at.tolist(), strict=True), key=lambda row: row[1])

    def to_dict(self, zero: float) -> dict[str, Any]:
        """Return the pillars, and between each two the official metres to one metre of this line."""
        pillars = [
            {"chainage_m": chainage - zero, "official_km": km, "distance_m": offset}
            for chainage, km, offset in zip(self.chainages, self.kilometres, self.offsets, strict=True)
        ]
        ratios = np.abs(np.diff(self.kilometres)) * 1000 / np.diff(self.chainages)
        return {"pillars": pillars, "official_per_measured": ratios.tolist()}


def calibrated(text: str, line: Place) -> Calibration:
    """Return the calibration of a line on pillars; raises BadValue that names the pillar and what is wrong with it."""
    rows = [_pillar(part) for part in plain_digits(text).replace("؛", ";").split(";") if part.strip()]
    if not 2 <= len(rows) <= MAX_PILLARS:
        raise BadValue(PILLARS.name, text, "pillars_at_most", most=MAX_PILLARS)
    lon, lat, km = np.array(rows).T
    near = line_of(line.shape, line.edges).nearest(lon, lat)
    reach = max(REACH, line.uncertainty or 0.0)
    for row, distance in zip(rows, near.distance, strict=True):
        if distance > reach:
            raise BadValue(
                PILLARS.name,
                ",".join(f"{number:.10g}" for number in row),
                "pillars_near_line",
                reach=f"{reach:g}",
                distance=f"{distance:.0f}",
            )
    order = np.argsort(near.chainage, kind="stable")
    chainages, kilometres = np.asarray(near.chainage)[order], km[order]
    steps, metres = np.diff(kilometres), np.diff(chainages)
    if (metres <= 0).any() or not ((steps > 0).all() or (steps < 0).all()):
        at = int(np.argmax((metres <= 0) | (np.sign(steps) != np.sign(kilometres[-1] - kilometres[0]))))
        wrong = [rows[order[i]] for i in (at, at + 1)]
        shown = "; ".join(",".join(f"{number:.10g}" for number in row) for row in wrong)
        raise BadValue(PILLARS.name, shown, "monotonic_kilometres")
    return Calibration(
        tuple(chainages.tolist()), tuple(kilometres.tolist()), tuple(np.asarray(near.distance)[order].tolist())
    )


def _pillar(text: str) -> tuple[float, float, float]:
    try:
        lon, lat, km = (float(part) for part in text.split(","))
    except ValueError:
        raise BadValue(PILLARS.name, text.strip(), "pillars") from None
    if not (abs(lon) <= 180 and abs(lat) <= 90 and math.isfinite(km) and abs(km) <= 100_000):
        raise BadValue(PILLARS.name, text.strip(), "pillar_ranges")
    return lon, lat, km
