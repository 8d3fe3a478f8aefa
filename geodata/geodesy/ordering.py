"""Keys that sort positions along a Hilbert curve, so that neighbours are answered together.

The turning of quadrants is that of J. Skilling, "Programming the Hilbert curve", AIP Conf. Proc. 707 (2004). Compiled
with `kernel.py`, by the same rules.
"""

# Types come with the arrays, when the functions are compiled.
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import math


def hilbert_keys(lon, lat, first, bits, shift, column, row, keys):
    """Write keys of positions in degrees: cells in the high bits, indices from `first` on in the low `shift` bits.

    `bits` says into how many halves the globe is cut, either way; `column` and `row` are room to write in. NaN comes
    first.
    """
    scale = (1 << bits) / 360.0
    most = (1 << bits) - 1
    for i in range(len(lon)):
        valid = not (math.isnan(lon[i]) or math.isnan(lat[i]))
        column[i] = min(most, int((lon[i] + 180.0) * scale)) if valid else 0
        row[i] = min(most, int((lat[i] + 180.0) * scale)) if valid else 0
        keys[i] = 0
    for bit in range(bits - 1, -1, -1):
        for i in range(len(lon)):
            x, y = column[i], row[i]
            right, up = (x >> bit) & 1, (y >> bit) & 1
            keys[i] = keys[i] << 2 | ((3 * right) ^ up)
            # Masks of all ones or all zeros: what is mirrored, what is turned.
            mirrored, turned = -(right & (1 - up)) & most, up - 1
            x, y = x ^ mirrored, y ^ mirrored
            swapped = (x ^ y) & turned
            column[i], row[i] = x ^ swapped, y ^ swapped
    for i in range(len(lon)):
        keys[i] = keys[i] << shift | (first + i)
