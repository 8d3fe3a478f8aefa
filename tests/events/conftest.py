"""A made layer of events with everything in it that a filter can ask for, held small and held large."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geodata.catalog import Catalog, current, workspace
from geodata.events.dataset import Opened, opened
from geodata.importing import ingest as loading
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from tests.importing.made import acled, acled_file

COUNT = 400


def made_file() -> bytes:
    """Return events round the border: some exact, some of a governorate or country, some without place or date."""
    random = np.random.default_rng(20_240_203)
    rows = []
    for number in range(COUNT):
        lon, lat = random.uniform(38, 44), random.uniform(33, 37)
        given = {"latitude": f"{lat:.4f}", "longitude": f"{lon:.4f}", "geo_precision": str(random.choice([1, 1, 2, 3]))}
        given |= {"event_date": f"{random.integers(1, 29):02} January 202{random.integers(0, 4)}"}
        given |= {"time_precision": str(random.choice([1, 1, 2, 3])), "fatalities": str(random.integers(0, 30))}
        given |= {"event_type": str(random.choice(["Battles", "Riots", "Protests"])), "source": f"Outlet {number % 7}"}
        given |= {"actor1": f"Group {number % 5}", "actor2": f"Group {number % 3}" if number % 4 else ""}
        given |= {
            "notes": "قصفٌ قرب القائم" if number % 3 else 'Shelling near "Hajin"',
            "country": "Syria",
            "admin1": "",
        }
        if number % 29 == 0:
            given |= {"latitude": "", "longitude": "", "country": ""}
        if number % 31 == 0:
            given |= {"event_date": ""}
        rows.append(acled(f"M{number}", **given))
    return acled_file(*rows)


def brought(folder: Path, large: int) -> Path:
    """Bring the made events into a workspace of its own; returns it."""
    path = folder / "made.csv"
    path.write_bytes(made_file())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MASAFA_WORKSPACE", str(folder / "workspace"))
        patch.setattr(loading, "LARGE", large)
        load(path, path.name, ImportOptions(layer="made"), workspace(), current())
    return folder / "workspace"


@pytest.fixture(scope="session", params=[10_000, 1], ids=["small", "large"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Opened, Catalog]:
    """The made layer, opened, and its catalogue."""
    place = brought(tmp_path_factory.mktemp("desk"), request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MASAFA_WORKSPACE", str(place))
        catalog = current()
        events = opened("made", catalog)
    assert (events.layer.stored is not None) == (request.param == 1)
    return events, catalog
