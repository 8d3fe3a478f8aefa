"""Geometries in cells: WKT with or without the number of its system, GeoJSON, and WKB in hexadecimal digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

_SRID = re.compile(r"\s*SRID=(\d+);", re.IGNORECASE)
WGS84 = (0, 4326)


def read(texts: Sequence[str | None]) -> NDArray[np.object_]:
    """Return the geometries of texts in WGS84 (n); None for None and for a text that is no geometry."""
    wkt = [text if text is not None and text.lstrip()[:1].isalpha() else None for text in texts]
    shapes: NDArray[np.object_] = shapely.from_wkt(np.array([*wkt, None], dtype=object), on_invalid="ignore")[:-1]
    for at in np.flatnonzero(shapely.is_missing(shapes)).tolist():
        text = texts[at]
        shapes[at] = None if text is None else _other(text)
    return shapes


def _other(text: str) -> BaseGeometry | None:
    """Read a text that is no plain WKT."""
    match = _SRID.match(text)
    bare = text[match.end() :] if match else text
    try:
        if bare.lstrip().startswith("{"):
            shape = shapely.from_geojson(bare)
        elif match:
            shape = shapely.from_wkt(bare)
        else:
            shape = shapely.from_wkb(bare)
        srid = int(match[1]) if match else int(shapely.get_srid(shape))
        return shape if srid in WGS84 else shapely.transform(shape, _system(srid).transform, interleaved=False)
    except (shapely.errors.GEOSException, CRSError, ValueError, TypeError):
        return None


@lru_cache(maxsize=16)
def _system(srid: int) -> Transformer:
    return Transformer.from_crs(CRS.from_epsg(srid), "EPSG:4326", always_xy=True)
