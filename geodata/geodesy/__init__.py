"""Exact measuring on the WGS84 ellipsoid: arrays in, arrays out; longitude before latitude, degrees and metres."""

from __future__ import annotations

from geodata.geodesy.areas import centroid, extent
from geodata.geodesy.buffer import buffer
from geodata.geodesy.distance import Distance, distance, matrix
from geodata.geodesy.geodesics import direct, inverse
from geodata.geodesy.line import Line, Nearest
from geodata.geodesy.target import Target
from geodata.geodesy.uncertainty import classify, either_of, interval, nearest_of

__all__ = [
    "Distance",
    "Line",
    "Nearest",
    "Target",
    "buffer",
    "centroid",
    "classify",
    "direct",
    "distance",
    "either_of",
    "extent",
    "interval",
    "inverse",
    "matrix",
    "nearest_of",
]
