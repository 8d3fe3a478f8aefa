"""Distances between vectors: by the equations they are written from, term by term, and by an independent library."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from pyproj import Geod

from geodata.geodesy import ecef_inverse, ellipsoid

GEOD = Geod(ellps="WGS84")
A, FLATTENING = 6378137.0, 1 / 298.257223563
B = A * (1 - FLATTENING)
E2 = FLATTENING * (2 - FLATTENING)
Vector = tuple[float, float, float]


def vector(lon: float, lat: float) -> Vector:
    """Return the earth-centred vector of a position, by the textbook."""
    lam, phi = math.radians(lon), math.radians(lat)
    normal = A / math.sqrt(1 - E2 * math.sin(phi) ** 2)
    level = normal * math.cos(phi)
    return level * math.cos(lam), level * math.sin(lam), normal * (1 - E2) * math.sin(phi)


def pairs(
    count: int, least: float, most: float, seed: int
) -> Iterator[tuple[float, float, float, float, float, float]]:
    """Yield machine-chosen pairs of positions all over the globe: both, the azimuth at the first, the length."""
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(-180, 180, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
    azimuth, length = rng.uniform(0, 360, count), rng.uniform(least, most, count)
    to_lon, to_lat, _ = GEOD.fwd(lon, lat, azimuth, length)
    yield from zip(*(part.tolist() for part in (lon, lat, to_lon, to_lat, azimuth, length)), strict=True)


def euler(p: Vector, q: Vector) -> float:
    """Return the arc over a chord by Euler's curvature in its middle and the term of the curvature's change."""
    first, last = np.array(p), np.array(q)
    chord, up = last - first, (first + last) * [1, 1, 1 / (1 - E2)]
    # The ray through the middle leaves the ellipsoid where x² + y² + z²a²/b² = a².
    middle = (first + last) / math.sqrt(((first + last) * up).sum()) * A
    normal = up / np.linalg.norm(up)
    tangent = chord - (chord @ normal) * normal
    tangent /= np.linalg.norm(tangent)
    gradient = middle * [1, 1, 1 / (1 - E2)]
    curvature = (tangent * tangent * [1, 1, 1 / (1 - E2)]).sum() / np.linalg.norm(gradient)
    half = math.sqrt(float(chord @ chord)) * curvature / 2
    change = half**4 * E2 / 10 * (tangent[2] ** 2 - normal[2] ** 2)
    return float(2 / curvature * math.asin(half) * (1 - change))


def test_an_arc_is_that_of_the_curvature_in_the_middle() -> None:
    for least, most in ((1.0, 1e4), (1e5, 3e5), (6e5, 7.2e5)):
        for lon, lat, to_lon, to_lat, _, _ in pairs(40, least, most, seed=5):
            p, q = vector(lon, lat), vector(to_lon, to_lat)
            assert ecef_inverse.arc(*p, *q) == pytest.approx(euler(p, q), rel=1e-14, abs=1e-9)
    assert ecef_inverse.arc(*vector(41, 36), *vector(41, 36)) == 0


def test_distances_are_two_arcs_that_meet_on_the_ellipsoid() -> None:
    for lon, lat, to_lon, to_lat, _, length in pairs(150, 1e3, 1.39e6, seed=6):
        p, q = vector(lon, lat), vector(to_lon, to_lat)
        tolerance = 1e-8 if length < 1e5 else 1e-7 if length < 3e5 else 1e-4
        assert ecef_inverse.distance(*p, *q) == pytest.approx(length, abs=tolerance)
        # By the foot of the chord's middle on the ellipsoid, as PROJ finds it.
        x, y, z = ((a + b) / 2 for a, b in zip(p, q, strict=True))
        inside = ((x * x + y * y) / A**2 + z * z / B**2) - 1
        middle = ecef_inverse.lifted(x, y, z, inside)
        assert (middle[0] ** 2 + middle[1] ** 2) / A**2 + middle[2] ** 2 / B**2 == pytest.approx(
            1, abs=3e-14 + inside**2 / 50
        )
        up = np.array([x, y, z / (1 - E2)])
        assert np.linalg.norm(np.cross(np.array(middle) - [x, y, z], up / np.linalg.norm(up))) < 1e-6
        by_arcs = euler(p, middle) + euler(middle, q)
        assert ecef_inverse.distance(*p, *q) == pytest.approx(by_arcs, rel=1e-13, abs=1e-8)


def vincenty(lon: float, lat: float, to_lon: float, to_lat: float) -> tuple[float, float]:
    """Return length and azimuth by Vincenty's equations (3 to 15 of his paper), in his own symbols."""
    u1, u2 = (math.atan((1 - FLATTENING) * math.tan(math.radians(each))) for each in (lat, to_lat))
    difference = math.radians(to_lon - lon)
    lam = difference
    for _ in range(1_000):
        over = math.hypot(
            math.cos(u2) * math.sin(lam),
            math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(lam),
        )
        under = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(lam)
        sigma = math.atan2(over, under)
        alpha = math.asin(max(-1.0, min(1.0, math.cos(u1) * math.cos(u2) * math.sin(lam) / over)))
        square = math.cos(alpha) ** 2
        middle = under - 2 * math.sin(u1) * math.sin(u2) / square if square > 1e-12 else 0.0
        c = FLATTENING / 16 * square * (4 + FLATTENING * (4 - 3 * square))
        inner = sigma + c * over * (middle + c * under * (-1 + 2 * middle**2))
        before, lam = lam, difference + (1 - c) * FLATTENING * math.sin(alpha) * inner
        if abs(lam - before) < 1e-14:
            break
    u = Fraction(square * (A**2 - B**2) / B**2)
    a = float(1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u))))
    b = float(u / 1024 * (256 + u * (-128 + u * (74 - 47 * u))))
    third = b / 6 * middle * (-3 + 4 * over**2) * (-3 + 4 * middle**2)
    off = b * over * (middle + b / 4 * (under * (-1 + 2 * middle**2) - third))
    north = math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(lam)
    return B * a * (sigma - off), math.atan2(math.cos(u2) * math.sin(lam), north)


SPECIAL = [
    (0.0, 0.0, 90.0, 0.0),
    (10.0, 0.0, -20.0, 0.0),
    (30.0, 80.0, 30.0, -70.0),
    (30.0, -80.0, 30.0, 70.0),
    (30.0, 60.0, -150.0, 50.0),
    (0.0, 89.9999, 90.0, 10.0),
    (0.0, 0.0, 179.0, 30.0),
    (170.0, 10.0, -170.0, -10.0),
]


def test_far_distances_are_vincenty_s_to_the_last_digits() -> None:
    chosen = [each[:4] for each in pairs(120, 1.2e6, 1.85e7, seed=8)]
    for lon, lat, to_lon, to_lat in [*chosen, *SPECIAL]:
        s, east, north = ecef_inverse.inverse(*vector(lon, lat), *vector(to_lon, to_lat))
        length, azimuth = vincenty(lon, lat, (to_lon - lon + 180) % 360 - 180 + lon, to_lat)
        assert s == pytest.approx(length, abs=1e-6)
        assert (east, north) == pytest.approx((math.sin(azimuth), math.cos(azimuth)), abs=1e-9)
        true, _, far = GEOD.inv(lon, lat, to_lon, to_lat)
        assert s == pytest.approx(far, abs=1e-4)
        assert (east, north) == pytest.approx((math.sin(math.radians(true)), math.cos(math.radians(true))), abs=1e-8)


@pytest.mark.parametrize(
    ("lon", "lat"), [(180.0, 0.0), (179.9, 0.1), (-179.95, -0.05), (180.0, 1e-9), (179.5, 0.0), (179.7, 0.2)]
)
def test_near_the_antipodes_nothing_is_told(lon: float, lat: float) -> None:
    s, east, north = ecef_inverse.inverse(*vector(0.0, 0.0), *vector(lon, lat))
    assert math.isnan(s)
    assert (east, north) == (0.0, 0.0)


@pytest.mark.parametrize("length", [1.7e7, 1.8e7, 1.9e7, 1.95e7, 1.97e7])
def test_what_is_told_of_almost_the_antipodes_is_right(length: float) -> None:
    settled = 0
    for lon, lat, to_lon, to_lat, _, _ in pairs(40, length, length + 1e4, seed=9):
        s = ecef_inverse.inverse(*vector(lon, lat), *vector(to_lon, to_lat))[0]
        settled += not math.isnan(s)
        assert math.isnan(s) or s == pytest.approx(GEOD.inv(lon, lat, to_lon, to_lat)[2], abs=2e-4)
    assert settled > 30


def test_a_place_from_itself() -> None:
    for lon, lat in ((41.0, 36.0), (0.0, 0.0), (7.0, 90.0)):
        assert math.isnan(ecef_inverse.inverse(*vector(lon, lat), *vector(lon, lat))[0])


@pytest.mark.parametrize("bow", [0.0, 1e-3, 250.0])
def test_how_much_farther_a_nearer_place_s_chord_may_be(bow: float) -> None:
    curved = 0.0213 / (24 * 6.37e6**2)
    for chord in (0.0, 1.0, 1e5, 1e6, 1.3e6, 1_999_999.0):
        assert ecef_inverse.reach(chord, bow) == pytest.approx(chord + bow + curved * chord**3, rel=1e-15, abs=1e-12)
    for chord in (2e6, 5e6, 1e7, 1.2e7):
        # The chord on the largest sphere of the arc over it on the smallest.
        arc = 2 * 6.335e6 * math.asin(chord / (2 * 6.335e6))
        assert ecef_inverse.reach(chord, bow) == pytest.approx(2 * 6.4e6 * math.sin(arc / (2 * 6.4e6)) + bow, rel=1e-14)
    for chord in (1.2e7 + 1, 1.27e7, 2e7, math.inf):
        assert ecef_inverse.reach(chord, bow) == math.inf


def test_chords_within_reach_hold_the_nearest_by_geodesics() -> None:
    for lon, lat, _, _, azimuth, length in pairs(60, 1e3, 1.5e7, seed=12):
        lengths = []
        for turn in (0, 60, 90, 150):
            to_lon, to_lat, _ = GEOD.fwd(lon, lat, azimuth + turn, length)
            lengths.append(math.dist(vector(lon, lat), vector(to_lon, to_lat)))
        assert max(lengths) <= ecef_inverse.reach(min(lengths), 1e-6)


@pytest.mark.parametrize(("least", "most"), [(1e-3, 1.0), (1.0, 1e5), (1e5, 1.99e6), (2.01e6, 1e7), (1.9e7, 2e7)])
def test_no_geodesic_is_longer_than_its_chord_says(least: float, most: float) -> None:
    for lon, lat, to_lon, to_lat, _, length in pairs(60, least, most, seed=13):
        chord = math.dist(vector(lon, lat), vector(to_lon, to_lat))
        bound = ecef_inverse.far_along(chord)
        # Distances are good to 0.1 mm, each; vectors to a few nanometres.
        assert bound > length + 2e-4
        # Up to 2,000 km the bound tells places apart, beyond it holds for half the globe.
        assert bound < (length * 1.001 + 1.1e-3 if chord < 2e6 else chord * 1.65)
    assert ecef_inverse.far_along(0.0) > 2e-4


def test_a_matrix_holds_each_distance_in_its_place() -> None:
    lon, lat = np.array([40.0, 41.0, 45.0]), np.array([30.0, 36.0, 31.0])
    to_lon, to_lat = np.array([40.5, 44.0]), np.array([35.0, 33.0])
    out = np.full((3, 2), -1.0)
    ecef_inverse.pairs(*ellipsoid.ecef(lon, lat).T, *ellipsoid.ecef(to_lon, to_lat).T, out)
    for i in range(3):
        for j in range(2):
            assert out[i, j] == pytest.approx(GEOD.inv(lon[i], lat[i], to_lon[j], to_lat[j])[2], abs=1e-6)


def test_the_constants_are_those_of_wgs84() -> None:
    assert (ecef_inverse.A, ecef_inverse.A2, ecef_inverse.F) == (A, A * A, FLATTENING)
    assert pytest.approx(B, abs=1e-9) == ecef_inverse.B
    assert pytest.approx(E2, rel=1e-15) == ecef_inverse.E2
    assert pytest.approx(A**2 / B**2, rel=1e-15) == ecef_inverse.STRETCH
    assert ecef_inverse.NEAR < ecef_inverse.CHORD
