"""The names on a report's map: each where it meets no other and stays inside the frame, the important ones first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from webapp.i18n import word
from webapp.report.frame import HEIGHT, LEFT, TOP, WIDTH

Box = tuple[float, float, float, float]

LETTER = 6.3
"""About how wide a letter of a name of 11 px is, in either script."""


class Names:
    """Labels placed greedily: what asks first has the room."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.placed: list[dict[str, Any]] = []
        # The corners hold the north arrow and the scale bar.
        self._occupied: list[Box] = [
            (LEFT + WIDTH - 40, TOP, LEFT + WIDTH, TOP + 52),
            (LEFT, TOP + HEIGHT - 36, LEFT + 190, TOP + HEIGHT),
        ]

    def block(self, x: float, y: float, radius: float) -> None:
        """Keep names off a sign."""
        self._occupied.append((x - radius, y - radius, x + radius, y + radius))

    def figure(self, x: float, y: float, number: str, unit: str) -> None:
        """Name a measured figure beside its line: number and unit in the direction of the sentence."""
        text = f"\u2066{number}\u2069 {word('unit_km', self.lang) if unit == 'km' else unit}"
        self._first(text, "figure", [(x, y - 10, "middle"), (x, y + 18, "middle"), *_beside(x, y)], 13)

    def mark(self, x: float, y: float, text: str) -> None:
        """Name a kilometre mark."""
        self._first(text, "km", _beside(x, y), 10)

    def site(self, x: float, y: float, name: Mapping[str, str], about: bool) -> None:
        """Name a site on a free side of its sign."""
        self._first(name[self.lang], "site about" if about else "site", _beside(x, y), 11.5 if about else 11)

    def town(self, x: float, y: float, name: Mapping[str, str]) -> int:
        """Name a populated place with its dot; return 1 where there was room."""
        if any(_meet((x - 3, y - 3, x + 3, y + 3), other) for other in self._occupied):
            return 0
        if not self._first(name[self.lang], "town", _beside(x, y, 6), 10):
            return 0
        self.placed[-1]["dot"] = {"x": round(x, 1), "y": round(y, 1)}
        self.block(x, y, 3)
        return 1

    def area(self, spots: Iterable[tuple[float, float]], name: Mapping[str, str], kind: str) -> None:
        """Name a country, a river or a governorate at one of some points of it."""
        size = {"country": 16, "river": 11, "gov": 10.5}[kind]
        self._first(name[self.lang], kind, [(x, y + 4, "middle") for x, y in spots], size)

    def wall(self, spots: Iterable[tuple[float, float]]) -> None:
        """Say beside the announced wall that it is an illustration."""
        wanted = [at for x, y in spots for at in _beside(x, y, 14)]
        self._first(word("legend_wall", self.lang), "wall-name", wanted, 11)

    def _first(self, text: str, kind: str, spots: Iterable[tuple[float, float, str]], size: float) -> bool:
        wide = len(text.strip("\u2066\u2069")) * LETTER * size / 11 * (1.25 if kind == "country" else 1) + 4
        for x, y, anchor in spots:
            left = x - (wide if anchor == "end" else wide / 2 if anchor == "middle" else 0)
            box = (left, y - size, left + wide, y + 4)
            inside = box[0] > LEFT + 2 and box[2] < LEFT + WIDTH - 2 and box[1] > TOP + 2 and box[3] < TOP + HEIGHT - 2
            if inside and not any(_meet(box, other) for other in self._occupied):
                turned = f"\u2067{text}\u2069" if self.lang == "ar" else text
                self.placed.append(
                    {"x": round(x, 1), "y": round(y, 1), "anchor": anchor, "text": turned, "class": kind}
                )
                self._occupied.append(box)
                return True
        return False


def _beside(x: float, y: float, off: float = 11) -> list[tuple[float, float, str]]:
    rows = (4, 16, -9, 28, -21, 40, -33)
    return [(x + side * off, y + row, anchor) for row in rows for side, anchor in ((1, "start"), (-1, "end"))]


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
