"""The limits of the interpreted kernel: up to where feet count as equally near, and a position as on the line."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from geodata.geodesy import jit, kernel, lanes
from geodata.geodesy.segments import Curve
from tests.geodesy.interpreted import FIELDS, ask, curve

GEOD = Geod(ellps="WGS84")


def test_the_kernel_changes_with_what_is_compiled_into_it() -> None:
    """numba keeps compiled code until the file of the function changes, and looks at no other file."""
    parts = [Path(str(module.__file__)).read_bytes() for module in jit.MODULES if module is not kernel]
    assert hashlib.sha256(b"".join(parts)).hexdigest().startswith(kernel.DEPENDENCIES)
    assert len(kernel.DEPENDENCIES) == 12


# Feet up to 1 mm apart are equally near, and each distance is good to 0.1 mm.
DIFFERENCES = [0.0, 0.5e-3, 1e-3, 1.15e-3, 1.25e-3, 1.5e-3, 0.05, 1.1]


@pytest.mark.parametrize("group", [1, 4])
@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("shape", ["points", "meridians"])
def test_feet_are_sifted_by_the_millimetre(shape: str, sign: int, group: int) -> None:
    west, east = 40.99, 41.01
    if shape == "points":
        paths = [np.array([[west, 35.0]]), np.array([[east, 35.0]])]
    else:
        paths = [np.array([[west, 34.98], [west, 35.02], [east, 35.02], [east, 34.98]])]
    of = Curve(paths, "geodesic")
    _, _, half = GEOD.inv(41.0, 35.0, east, 35.0)
    lon = 41.0 + sign * np.array(DIFFERENCES) / 2 * (0.01 / half)
    lengths = np.array([GEOD.inv(lon, np.full(8, 35.0), np.full(8, end), np.full(8, 35.0))[2] for end in (west, east)])
    assert np.abs(lengths[0] - lengths[1]) == pytest.approx(DIFFERENCES, abs=2e-6)
    near = ask(of, lon, np.full(8, 35.0), group)
    assert near.several.tolist() == [difference < 1.2e-3 for difference in DIFFERENCES]
    assert near.distance == pytest.approx(lengths.min(axis=0), abs=2e-6)


@pytest.mark.parametrize("group", [1, 3])
@pytest.mark.parametrize("beside", [0.5, 1e-3, 1e-5])
def test_a_position_beside_the_line_has_a_side_however_near_it_is(beside: float, group: int) -> None:
    of = Curve([np.array([[41.0, 35.0], [41.0, 35.02]])], "geodesic")
    lon, lat, _ = GEOD.fwd([41.0] * 3, [35.01] * 3, [90.0, 270.0, 0.0], [beside, beside, 0.0])
    near = ask(of, lon, lat, group)
    assert near.side.tolist() == [-1, 1, 0]
    assert near.distance == pytest.approx([beside, beside, 0.0], abs=1e-7)
    # Beyond an end as near: it is the end's all the same.
    lon, lat, _ = GEOD.fwd([41.0] * 2, [35.0, 35.02], [180.0, 0.0], [beside, beside])
    assert ask(of, lon, lat, group).end.tolist() == [True, True]


def test_a_position_within_a_thousandth_of_a_millimetre_is_on_the_line() -> None:
    of = Curve([np.array([[41.0, 35.0], [41.0, 35.02]])], "geodesic")
    lon, lat, _ = GEOD.fwd([41.0] * 4, [35.01, 35.01, 35.0, 35.02], [90.0, 270.0, 180.0, 0.0], [5e-7] * 4)
    near = ask(of, lon, lat, 4)
    assert ((near.distance > 1e-7) & (near.distance < 1e-6)).all()
    assert near.side.tolist() == [0] * 4
    assert not near.end.any()
    assert not near.several.any()


@pytest.mark.parametrize("name", ["wandering", "zigzag", "points"])
@pytest.mark.parametrize("reach", [1e-3, 0.01, 0.04])
def test_a_full_group_is_answered_as_each_of_it_alone(name: str, reach: float) -> None:
    of = curve(name)
    middle = of.ends[len(of) // 2, 0]
    lon, lat = middle[:, None] + np.random.default_rng(5).uniform(-reach, reach, (2, 2 * lanes.LANES + 3))
    together, alone = ask(of, lon, lat, lanes.LANES), ask(of, lon, lat, 1)
    for field in FIELDS:
        np.testing.assert_array_equal(getattr(together, field), getattr(alone, field))
