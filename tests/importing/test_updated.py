"""Which rows of a newer file count as updated: all that say anything else, whatever it is that changed them."""

from __future__ import annotations

import json
import random
from typing import Any

import pyarrow as pa
import pytest

from geodata.importing import ingest as loading
from geodata.importing.columns import joined
from geodata.importing.merge import Tally
from geodata.model import Feature, Layer
from tests.importing.conftest import Bring

HEADER = ("id", "date", "lat", "lon", "place", "killed", "actor", "notes", "more")
ROWS = 40


@pytest.fixture(params=[10_000, 1], ids=["small", "large"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Both ways in which a layer is held: as GeoJSON, and as Parquet."""
    monkeypatch.setattr(loading, "LARGE", request.param)
    return int(request.param)


def rows(draw: random.Random) -> list[dict[str, str]]:
    """Return events that a machine chose; some lack a position, a day or a number."""
    items = []
    for number in range(ROWS):
        row = {
            "id": f"E{number}",
            "date": f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            "lat": f"{draw.uniform(33, 37):.5f}",
            "lon": f"{draw.uniform(38, 44):.5f}",
            "place": draw.choice(["Hajin", "Rabia", "Al-Qaim"]),
            "killed": str(draw.randint(0, 30)),
            "actor": draw.choice(["Group A", "Group B"]),
            "notes": f" shelling {number}\u00a0" if draw.random() < 0.8 else "",
            "more": f"more {number}" if draw.random() < 0.5 else "",
        }
        for name in ("date", "killed"):
            if draw.random() < 0.1:
                row[name] = ""
        if draw.random() < 0.1:
            row["lat"] = row["lon"] = ""
        items.append(row)
    return items


def csv(made: list[dict[str, str]]) -> str:
    """Return rows as a file."""
    lines = [",".join(f'"{row[name]}"' for name in HEADER) for row in made]
    return "\n".join([",".join(HEADER), *lines]) + "\n"


def stored(layer: Layer) -> dict[str, Any]:
    """Return what a reader sees of each feature, without what says which file and row it is from."""
    features: list[Feature] = list(layer.features)
    return {
        one.id: json.dumps(
            [
                None if one.geometry is None else one.geometry.normalize().wkt,
                {key: value for key, value in one.properties.items() if key not in ("row", "sources")},
            ],
            sort_keys=True,
            default=str,
            ensure_ascii=False,
        )
        for one in features
    }


def check(tally: Tally, before: dict[str, Any], after: dict[str, Any]) -> int:
    """See that the tally counts what really differs; return how many rows that is."""
    both = before.keys() & after.keys()
    different = sum(before[id_] != after[id_] for id_ in both)
    assert (tally.updated, tally.unchanged) == (different, len(both) - different)
    return different


@pytest.mark.parametrize("seed", range(2))
def test_cells_that_a_machine_changed(bring: Bring, size: int, seed: int) -> None:
    draw = random.Random(seed)
    result = rows(draw)
    _, layer = bring(csv(result), layer="a")
    before = stored(layer)
    changed = draw.sample(range(ROWS), draw.randint(1, ROWS - 1))
    for number in changed:
        name = draw.choice(HEADER[1:])
        result[number][name] = {"date": "2023-05-06", "lat": "34.12345", "lon": "41.54321", "killed": "77"}.get(
            name, "other"
        )
    report, layer = bring(csv(result), "newer.csv", layer="a")
    assert check(report.tally, before, stored(layer)) == len(changed)


ROLES: dict[str, tuple[str, ...]] = {
    "id": ("id",),
    "date": ("date",),
    "lat": ("lat",),
    "lon": ("lon",),
    "name": ("place",),
    "deaths_best": ("killed",),
    "actor": ("actor",),
    "notes": ("notes",),
}


@pytest.mark.parametrize(
    ("change", "turned"),
    [
        ({"lat": (), "lon": ()}, False),
        ({"date": ()}, True),
        ({"deaths_best": ()}, False),
        ({"actor": ()}, True),
        ({"notes": ("notes", "more")}, False),
        ({"notes": ("notes", "more")}, True),
        ({"notes": ("more",)}, False),
        ({"notes": ()}, True),
        ({"name": ("actor",), "actor": ("place",)}, False),
        ({"lat": ("lon",), "lon": ("lat",)}, False),
    ],
    ids=str,
)
def test_the_same_cells_read_otherwise(bring: Bring, change: dict[str, tuple[str, ...]], turned: bool) -> None:
    """The file is the same to the last byte: what its columns mean is what changes."""
    other = {role: names for role, names in {**ROLES, **change}.items() if names}
    first, second = (other, ROLES) if turned else (ROLES, other)
    data = csv(rows(random.Random(7)))
    _, layer = bring(data, layer="a", roles=first)
    before = stored(layer)
    report, layer = bring(data, layer="a", roles=second)
    assert check(report.tally, before, stored(layer)) > 0
    again, layer = bring(data, layer="a", roles=second)
    assert (again.tally.updated, again.tally.unchanged) == (0, ROWS)


def test_rows_that_are_newly_placed_are_updated(bring: Bring, size: int) -> None:
    data = csv(rows(random.Random(3)))
    first, _ = bring(
        data, layer="a", roles={role: names for role, names in ROLES.items() if role not in ("lat", "lon")}
    )
    report, layer = bring(data, layer="a", roles=ROLES)
    placed = sum(one.geometry is not None for one in layer.features)
    assert first.counts["points"] == 0
    assert placed == report.counts["points"] > ROWS // 2
    assert report.tally.updated >= placed


@pytest.mark.parametrize("seed", range(1))
def test_shapes_that_moved(bring: Bring, size: int, seed: int) -> None:
    """Of a GeoJSON file the geometry is in no cell."""
    draw = random.Random(seed)

    def shape() -> dict[str, Any]:
        x, y, w = draw.uniform(38, 43), draw.uniform(33, 36), draw.uniform(0.1, 1)
        ring = [[x, y], [x + w, y], [x + w, y + w], [x, y]]
        kinds = [
            {"type": "LineString", "coordinates": ring[:3]},
            {"type": "Polygon", "coordinates": [ring]},
            {"type": "MultiPoint", "coordinates": ring[:2]},
        ]
        return draw.choice(kinds)

    features = [
        {"type": "Feature", "id": f"s{at}", "geometry": shape(), "properties": {"id": f"s{at}", "name": f"Shape {at}"}}
        for at in range(20)
    ]
    _, layer = bring(json.dumps({"type": "FeatureCollection", "features": features}), "shapes.geojson", layer="a")
    before = stored(layer)
    moved = draw.sample(range(20), 7)
    for number in moved:
        features[number]["geometry"] = shape()
    report, layer = bring(json.dumps({"type": "FeatureCollection", "features": features}), "moved.geojson", layer="a")
    assert check(report.tally, before, stored(layer)) == len(moved)


@pytest.mark.parametrize("seed", range(5))
def test_joined_texts_keep_their_rows(seed: int) -> None:
    """Where all columns are null the row stays, and is null."""
    draw = random.Random(seed)
    columns = [
        pa.array([draw.choice([None, "a", "b c"]) for _ in range(30)], pa.string()) for _ in range(draw.randint(2, 4))
    ]
    items = [column.dictionary_encode() if draw.random() < 0.5 else column for column in columns]
    texts = [
        " · ".join(one for one in row if one is not None) or None
        for row in zip(*(c.to_pylist() for c in columns), strict=True)
    ]
    assert joined(items, " · ").to_pylist() == texts
