"""A layer of events made for the tests of its page: years, kinds, actors and places, and doubts of every kind."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from geodata.catalog import current, workspace
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from tests.importing.made import acled, acled_file

LAYER = "made"
SITES = (
    ("Hajin", "Deir ez Zor", "Syria", 34.69, 40.83),
    ("Al-Qaim", "Al Anbar", "Iraq", 34.37, 41.03),
    ("Rabia", "Ninewa", "Iraq", 36.80, 42.10),
    ("Shaddadi", "Al Hasakah", "Syria", 36.06, 40.73),
    ("Ain al-Asad", "Al Anbar", "Iraq", 33.80, 42.44),
)
CATEGORIES = ("Battles", "Explosions/Remote violence", "Strategic developments")
ACTORS = ("Islamic State", "Military Forces of Iraq", "QSD: Syrian Democratic Forces")
START = datetime.date(2022, 3, 1)
_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []
"""Workspaces that are copied; removed as this process ends."""


def rows(count: int) -> list[dict[str, str]]:
    """Return events: every 10th known to its province, every 12th to its month, each two days after the one before."""
    items = []
    for at in range(count):
        name, admin, country, lat, lon = SITES[at % len(SITES)]
        day = START + datetime.timedelta(days=2 * (at % 400))
        # Some places have many events, and each of them its own corner where there are thousands.
        shift = (at // 400) * 0.011 if count > 400 else 0.0
        items.append(
            {
                "id_": f"MADE{at}",
                "event_date": f"{day:%d %B %Y}",
                "year": str(day.year),
                "time_precision": "3" if at % 12 == 0 else "1",
                "geo_precision": "3" if at % 10 == 0 else "1",
                "event_type": CATEGORIES[at % 3],
                "actor1": ACTORS[at % 2],
                "actor2": ACTORS[2] if at % 4 == 0 else "",
                "country": country,
                "admin1": admin,
                "location": name,
                "latitude": f"{lat + shift:.4f}",
                "longitude": f"{lon + shift:.4f}",
                "source": "Reuters" if at % 3 else "Agence <b>France</b>",
                "notes": "قصفٌ على القاعدة" if at % 2 else 'An attack "near" the <i>crossing</i>',
                "fatalities": str(at % 7),
            }
        )
    return items


def bring(folder: Path, count: int = 240) -> None:
    """Bring made events into the workspace of the test; an empty one gets a copy of what was brought in once."""
    held = workspace().folder
    if held.is_dir() and any(held.iterdir()):
        _load(folder, count)
    else:
        shutil.copytree(_brought(count), held, dirs_exist_ok=True)


@cache
def _brought(count: int) -> Path:
    folder = tempfile.TemporaryDirectory(prefix="masafa-made-")
    _FOLDERS.append(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MASAFA_WORKSPACE", f"{folder.name}/workspace")
        _load(Path(folder.name), count)
    return Path(folder.name) / "workspace"


def _load(folder: Path, count: int) -> None:
    path = folder / "made.csv"
    path.write_bytes(acled_file(*(acled(**row) for row in rows(count))))
    title = {"ar": "أحداث مصنوعة", "en": "Made events"}
    load(path, path.name, ImportOptions(layer=LAYER, title=title), workspace(), current())
