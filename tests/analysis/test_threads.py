"""Many threads of a server ask the same countries at once: none may end the process."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import threading, numpy as np
from geodata.analysis import country
from geodata.catalog import shipped

def ask(seed):
    random = np.random.default_rng(seed)
    for _ in range(20):
        lon, lat = random.uniform(36, 50, 300), random.uniform(29, 38, 300)
        country.countries_of(lon, lat, np.full(300, 500.0), shipped())

threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("answered")
"""


def test_countries_are_asked_by_many_threads() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "answered\n"), done.stderr[-1000:]
