"""Made events in the columns of ACLED, as real sets are: few places many times, busy weeks, mostly few deaths.

`python -m scripts.bench.synthetic COUNT FILE` writes them as CSV. Nothing in them happened.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import shapely
from numpy.typing import NDArray

from scripts.bench.data import LAYERS, ROUNDED, SEED, ZIPF

_NAMES = (
    "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1 "
    "actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location "
    "latitude longitude geo_precision source source_scale notes fatalities tags timestamp"
)
COLUMNS = _NAMES.split()
FIRST, DAYS = np.datetime64("2018-01-01"), 2922
BATCH = 100_000
CENTROID, GROUPED, DOUBLED, ARABIC = 0.015, 0.057, 0.005, 1 / 3
"""Shares: on a country's point, on a governorate's or district's, the same event twice, notes in Arabic."""
TYPES = (
    ("Battles", "Armed clash", 0.34),
    ("Explosions/Remote violence", "Shelling/artillery/missile attack", 0.33),
    ("Violence against civilians", "Attack", 0.13),
    ("Protests", "Peaceful protest", 0.12),
    ("Riots", "Mob violence", 0.02),
    ("Strategic developments", "Change to group/activity", 0.06),
)
ACTORS = np.array([f"Made group {number:02}" for number in range(60)], dtype=object)
SOURCES = np.array([f"Made outlet {number:02}" for number in range(40)], dtype=object)
NOTES = {
    False: "Made event {at}: on {day}, {first} and {second} reported near {name}; {deaths} killed, one outlet says.",
    True: "حدث مصنوع {at}: في {day} أفيد عن {first} و{second} قرب {name}؛ وقُتل {deaths} بحسب مصدر واحد.",
}


@cache
def _places() -> tuple[NDArray[np.float64], list[dict[str, Any]]]:
    """Return positions (n, 2) of the shipped populated places, and name, country and governorate of each."""
    body = json.loads((LAYERS / "places.geojson").read_text("utf-8"))["features"]
    areas = json.loads((LAYERS / "governorates.geojson").read_text("utf-8"))["features"]
    names = {
        one["id"]: one["properties"]["name_en"]
        for one in json.loads((LAYERS / "countries.geojson").read_text("utf-8"))["features"]
    }
    shapes = shapely.STRtree([shapely.geometry.shape(one["geometry"]) for one in areas])
    points = np.array([one["geometry"]["coordinates"] for one in body])
    inside = dict(shapes.query(shapely.points(points), predicate="within").T.tolist())
    known = []
    for at, one in enumerate(body):
        message = one["properties"]
        area = areas[inside[at]]["properties"]["name_en"] if at in inside else ""
        both = {"en": message["name_en"] or message["name_ar"], "ar": message["name_ar"] or message["name_en"]}
        known.append({**both, "country": names[message["country"]], "admin1": area})
    return points, known


def _days(count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return a day for each event: a slow log-normal trend times a negative binomial."""
    trend = np.zeros(DAYS)
    for day in range(1, DAYS):
        trend[day] = 0.985 * trend[day - 1] + rng.normal(0, 0.09)
    rate = np.exp(trend)
    daily = rng.negative_binomial(14, 14 / (14 + 40 * rate / rate.mean())) + 1e-3
    return np.sort(rng.choice(DAYS, count, p=daily / daily.sum()))


def _deaths(count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    kind = rng.uniform(0, 1, count)
    some = np.clip(np.round(np.exp(rng.normal(0.95, 1.05, count))), 1, 19)
    many = np.minimum(20 * (1 - rng.uniform(0, 1, count)) ** (-1 / 1.46), 8000)
    return np.where(kind < 0.068, 0, np.where(kind < 0.123, many, some)).astype(np.int64)


@dataclass
class _Drawn:
    """What is drawn at random of so many events, a value a row."""

    place: NDArray[np.int64]
    lonlat: NDArray[np.float64]
    precision: NDArray[np.int64]
    day: NDArray[np.int64]
    deaths: NDArray[np.int64]
    kind: NDArray[np.int64]
    actors: NDArray[np.int64]
    arabic: NDArray[np.bool_]


def _drawn(count: int, rng: np.random.Generator) -> _Drawn:
    points, _ = _places()
    weight = np.arange(1, len(points) + 1) ** ZIPF
    order = np.random.default_rng(SEED).permutation(len(points))
    place = order[rng.choice(len(points), count, p=weight / weight.sum())]
    lonlat, share = points[place].round(4), rng.uniform(0, 1, count)
    country, group = share < CENTROID, (share >= CENTROID) & (share < CENTROID + GROUPED)
    lonlat[country] = (38.0, 35.0)
    lonlat[group] = lonlat[group].round()
    coarse = rng.uniform(0, 1, count) < ROUNDED
    lonlat[coarse] = lonlat[coarse].round(2)
    precision = np.where(country | group, 3, np.where(rng.uniform(0, 1, count) < 0.25, 2, 1))
    kind = rng.choice(len(TYPES), count, p=[one[2] for one in TYPES])
    result = _Drawn(
        place, lonlat, precision, _days(count, rng), _deaths(count, rng), kind,
        rng.integers(0, len(ACTORS), (count, 2)), rng.uniform(0, 1, count) < ARABIC,
    )  # fmt: skip
    twice = np.flatnonzero(rng.uniform(0, 1, count - 1) < DOUBLED) + 1
    for column in (
        result.place,
        result.lonlat,
        result.precision,
        result.day,
        result.deaths,
        result.kind,
        result.actors,
    ):
        column[twice] = column[twice - 1]
    return result


def table(count: int, first: int = 0, seed: int = SEED) -> pa.Table:
    """Return `count` events as a table of text in ACLED's columns, numbered from `first`."""
    rng = np.random.default_rng([seed, first])
    drawn, known = _drawn(count, rng), _places()[1]
    written = (FIRST + drawn.day).astype(str)
    place = [known[at] for at in drawn.place]
    one, other = ACTORS[drawn.actors].T
    columns: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {
        "event_id_cnty": [f"MADE{first + at}" for at in range(count)],
        "event_date": written,
        "year": [day[:4] for day in written],
        "time_precision": rng.choice(["1", "2", "3"], count, p=[0.9, 0.08, 0.02]),
        "disorder_type": "Political violence",
        "event_type": [TYPES[at][0] for at in drawn.kind],
        "sub_event_type": [TYPES[at][1] for at in drawn.kind],
        "actor1": one,
        "inter1": "Rebel group",
        "actor2": other,
        "inter2": "State forces",
        "interaction": "State forces-Rebel group",
        "iso": ["368" if at["country"] == "Iraq" else "760" for at in place],
        "region": "Middle East",
        "country": [at["country"] for at in place],
        "admin1": [at["admin1"] for at in place],
        "location": [at["en"] for at in place],
        "latitude": drawn.lonlat[:, 1].astype(str),
        "longitude": drawn.lonlat[:, 0].astype(str),
        "geo_precision": drawn.precision.astype(str),
        "source": SOURCES[rng.integers(0, len(SOURCES), count)],
        "source_scale": "National",
        "notes": [
            NOTES[bool(drawn.arabic[at])].format(
                at=first + at,
                day=written[at],
                first=one[at],
                second=other[at],
                name=place[at]["ar" if drawn.arabic[at] else "en"],
                deaths=drawn.deaths[at],
            )
            for at in range(count)
        ],
        "fatalities": drawn.deaths.astype(str),
        "timestamp": (1_700_000_000 + drawn.day).astype(str),
    }
    by_id = {name: [cells] * count if isinstance(cells, str) else cells for name, cells in columns.items()}
    return pa.table({name: pa.array(list(cells), pa.string()) for name, cells in by_id.items()})


def write(count: int, path: Path) -> Path:
    """Write so many events as CSV, a batch at a time; return the path."""
    schema = table(2).schema
    with pa.csv.CSVWriter(path, schema) as writer:
        for first in range(0, count, BATCH):
            writer.write_table(table(min(BATCH, count - first), first))
    return path


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
