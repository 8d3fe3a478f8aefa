"""The small map of an import's preview: where the rows of a file would be placed, on the countries around them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.catalog import Catalog
from webapp.report.frame import HEIGHT, LEFT, TOP, WIDTH, Frame
from webapp.report.svgmap import land_of, lines_of

PIXELS = 2.0
"""Positions that are drawn within the same square of so many pixels are one dot."""
DIGITS = 3
"""Decimals of a degree to which positions are told apart before they are drawn."""


def drawn(points: NDArray[np.float64], catalog: Catalog) -> dict[str, Any] | None:
    """Return the drawing of positions (n, 2: longitude, latitude); None where there are none."""
    distinct = np.unique(points.round(DIGITS), axis=0)
    if not len(distinct):
        return None
    frame = Frame([shapely.MultiPoint(distinct)])
    pixels = shapely.get_coordinates(frame.pixels(shapely.MultiPoint(distinct)))
    dots = np.unique((pixels / PIXELS).round(), axis=0) * PIXELS
    return {
        "frame": {"x": LEFT, "y": TOP, "width": WIDTH, "height": HEIGHT},
        "land": [one for one in land_of(frame, catalog) if one["class"] != "backdrop" or _covered(frame, catalog)],
        "lines": lines_of(frame, catalog),
        "dots": dots[np.isfinite(dots).all(axis=1)].tolist(),
        "scale": frame.scale(),
    }


def _covered(frame: Frame, catalog: Catalog) -> bool:
    """Tell whether the backdrop covers all that is in view: its edge must not look like a coast."""
    shapes = [feature.geometry for feature in catalog.layer("backdrop").features if feature.geometry is not None]
    return bool(shapely.box(*shapely.total_bounds(shapes)).contains(shapely.box(*frame.around)))
