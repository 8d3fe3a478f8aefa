"""Batches of rows: the same columns, positions and places from memory and from the files of a large layer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geodata.analysis.batches import Batch, census
from geodata.analysis.places import resolve
from geodata.analysis.subjects import rows_of
from geodata.catalog import Catalog, shipped
from geodata.model import Layer
from geodata.store import event_schema
from tests.analysis import random_layers

EMPTY = {"notes", "reported_by", "country", "admin1", "country_id", "governorate"}
"""Columns that the layers of a machine's choice leave empty."""
NO_PROPERTIES = {"lon", "lat", "search", "row", "category", "actors", "flags"}
"""Columns that a feature of theirs does not have."""
COLUMNS = tuple(name for name in event_schema.NARROW if name not in NO_PROPERTIES)


def catalogs(folder: Path, uncertainty: float | None) -> list[Catalog]:
    """Return two catalogues with the same layer of 60 places, in files and in memory."""
    items = random_layers.features(np.random.default_rng(11), "one", 60)
    large = random_layers.stored(random_layers.layer("one", items, uncertainty), folder)
    layers: list[Layer] = [large, random_layers.in_memory(large)]
    return [random_layers.catalog([*random_layers.background(), layer], shipped()) for layer in layers]


def batches(folder: Path, uncertainty: float | None) -> list[Batch]:
    """Return the same 48 rows from files and from memory."""
    rows = [rows_of("layer", "one", catalog)[0] for catalog in catalogs(folder, uncertainty)]
    (stored,), (held,) = (list(source.batches(7, 55, (*event_schema.NARROW, "geometry"), 100)) for source in rows)
    return [stored, held]


@pytest.mark.parametrize("uncertainty", [None, 900.0])
def test_columns_and_positions_are_the_same_from_files_and_from_memory(
    uncertainty: float | None, tmp_path: Path
) -> None:
    stored, held = batches(tmp_path, uncertainty)
    assert (len(stored), stored.first) == (len(held), held.first) == (48, 107)
    for name in COLUMNS:
        assert list(stored.column(name)) == list(held.column(name)), name
        assert any(value is not None for value in stored.column(name)) == (name not in EMPTY), name
    for name in ("lon", "lat", "radius", "placeholder"):
        np.testing.assert_array_equal(getattr(stored.positions, name), getattr(held.positions, name))
    assert dict(stored.positions.shapes) == dict(held.positions.shapes)
    for batch in (stored, held):
        refs = [None if at < 0 else batch.positions.refs[at] for at in batch.positions.areas]
        assert refs == list(batch.column("area"))
        assert all(np.isnan(batch.positions.lon[row]) for row in batch.positions.shapes)


@pytest.mark.parametrize("uncertainty", [None, 900.0])
def test_places_and_what_they_rest_on_are_the_same(uncertainty: float | None, tmp_path: Path) -> None:
    stored, held = batches(tmp_path, uncertainty)
    for rows in ([3, 0], [], list(range(48))):
        assert stored.take(rows) == held.take(rows)
        assert stored.basis(rows) == held.basis(rows)
    assert stored.places == held.places
    radii = [place.uncertainty for place in stored.places]
    np.testing.assert_array_equal(stored.positions.radius, np.array(radii, dtype=float))


def test_the_census_counts_what_can_be_measured(tmp_path: Path) -> None:
    for catalog in catalogs(tmp_path, None):
        places = resolve("layer", "one", catalog)[0]
        points = sum(place.is_point for place in places)
        anywhere = sum(place.has_extent for place in places)
        rows, many = rows_of("layer", "one", catalog)
        assert many
        assert census(rows) == (points, anywhere - points, len(places) - anywhere)
        assert points > 10
        assert anywhere < len(places)
