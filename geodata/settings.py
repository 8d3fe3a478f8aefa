"""Where the shipped data lies, and the limits that protect a reader from hostile input."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
LAYERS = PACKAGE / "layers"
SOURCES = PACKAGE / "sources"
SCHEMAS = PACKAGE / "schemas"

LARGE = 10_000
"""Features past this are held in sorted GeoParquet, not in one GeoJSON file."""

MAX_DEPTH = 64
"""Nesting of JSON beyond this is refused before it is parsed: deep nesting crashes parsers and GEOS."""

MAX_BYTES = 128 * 1024 * 1024
"""The largest GeoJSON file read into memory."""

MAX_VERTICES = 1_000_000
"""The most vertices one feature may have."""
MAX_RADIUS = 5_000_000
"""Metres, the largest radius of uncertainty of a position."""

MAX_DECIMALS = 7
"""RFC 7946 section 11.2: more than 7 decimals of a degree (1 cm) is no information."""
