"""What the kill harness kills: a process that edits and brings files in, and says so after each that is done.

Started once with all it needs in memory; for each line `FOLDER SEED` of its input it forks one that works till it dies.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from geodata import editing
from geodata.catalog import current, workspace
from geodata.importing import ingest as loading
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from tests.importing.made import acled, acled_file

LARGE = 60
"""Rows past which a layer is held as Parquet, here."""
SOURCE = "hussein-2024"


def say(*words: object) -> None:
    """Tell what is done, in one write: half a line is never read as one."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def site(id_: str, lon: float) -> dict[str, Any]:
    """Return a site as it is added."""
    fields = {"name_en": id_, "name_ar": "مركز", "kind": "outpost", "coordinateUncertaintyInMeters": 500}
    point = {"type": "Point", "coordinates": [round(lon, 4), 34.5]}
    return {"id": id_, "geometry": point, "properties": {**fields, "sources": [SOURCE]}}


def edit(turn: int, random: np.random.Generator) -> None:
    """Add a site, or change or delete one of those added before."""
    mine = [one.id for one in current().layer("sites").features if one.id.startswith("post-")]
    if not mine or random.random() < 0.5:
        id_ = f"post-{os.getpid()}-{turn}"
        result = editing.add("sites", site(id_, random.uniform(40, 44)), "Rana")
    else:
        id_ = str(random.choice(mine))
        seen = editing.tag(editing.read_feature("sites", id_))
        if random.random() < 0.3:
            result = editing.delete("sites", id_, seen, "Rana")
        else:
            result = editing.change("sites", id_, {"properties": {"priority": turn}}, seen, "Rana")
    say("edit", result.number, result.feature, editing.tag(result.after) or "-")


def bring(turn: int, layer: str, rows: int, folder: Path) -> None:
    """Bring a file in, its rows newer than any before."""
    path = folder / f"{layer}.csv"
    stamp = str(1_700_000_000 + os.getpid() * 1000 + turn)
    path.write_bytes(acled_file(*(acled(f"E{at}", timestamp=stamp, fatalities=str(turn)) for at in range(rows))))
    report = load(path, path.name, ImportOptions(layer=layer), workspace(), current())
    say("import", layer, report.version, report.counts["rows"])


def work(folder: Path, seed: int) -> None:
    """Edit and bring in, by turns, for ever."""
    os.environ["MASAFA_WORKSPACE"] = str(folder / "workspace")
    loading.LARGE = LARGE  # type: ignore[attr-defined]
    random = np.random.default_rng(seed)
    for turn in range(10_000):
        edit(turn, random)
        if turn % 3 == 2:
            bring(turn, "small", 20, folder)
        if turn % 3 == 1:
            bring(turn, "large", 200, folder)


def main() -> None:
    """Fork a worker for each line."""
    # What a first edit and a first import load is loaded here: the worker is killed at work, not at its start.
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MASAFA_WORKSPACE"] = f"{folder}/workspace"
        editing.add("sites", site("post", 41), "Rana")
        path = Path(folder) / "a.csv"
        path.write_bytes(acled_file(acled()))
        load(path, path.name, ImportOptions(layer="a"), workspace(), current())
    for line in sys.stdin:
        folder, seed = line.rsplit(maxsplit=1)
        child = os.fork()
        if not child:
            os.setpgid(0, 0)
            try:
                work(Path(folder), int(seed))
            except BaseException as error:
                say("error", type(error).__name__, error)
            os._exit(0)
        say("pid", child)
        os.waitpid(child, 0)
        say("over")


if __name__ == "__main__":
    main()
