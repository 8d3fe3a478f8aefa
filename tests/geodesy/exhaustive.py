"""The nearest place of a curve by looking at every piece, without a tree: what the kernel must give to the last bit."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache

import numba
import numpy as np

from geodata.geodesy import jit, lanes


@cache
def every_piece() -> Callable[..., None]:
    """Return a loop over all pieces, without a tree: the least chord, then every piece that may be nearer than it."""
    module = jit.compile_kernel()
    place_lanes, chord_gap, refine_piece = module.place_lanes, module.chord_gap, module.refine_piece
    reach = sys.modules["geodata.geodesy.ecef_inverse_compiled"].reach

    @numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
    def every(lon, lat, pieces, before, bow, piece, t, distance):  # type: ignore[no-untyped-def]
        room = np.empty(lanes.ROWS * lanes.LANES)
        for i in range(len(lon)):
            room[lanes.LON], room[lanes.LAT] = lon[i], lat[i]
            place_lanes(room, 1)
            x, y, z = room[lanes.X], room[lanes.Y], room[lanes.Z]
            least = np.inf
            for k in range(len(pieces)):
                least = min(least, chord_gap(pieces, k, x, y, z))
            limit = reach(np.sqrt(least), bow)
            distance[i] = np.inf
            for k in range(len(pieces)):
                if chord_gap(pieces, k, x, y, z) <= limit * limit:
                    at, s = refine_piece(pieces, k, x, y, z)
                    if s < distance[i]:
                        piece[i], t[i], distance[i] = k, at, s
            if t[i] == 0 and piece[i] > 0 and before[piece[i]] == piece[i] - 1:
                piece[i], t[i] = piece[i] - 1, 1.0

    return every  # type: ignore[no-any-return]
