"""One run of some test files in a process of its own, forked from one that has loaded what takes long."""

from __future__ import annotations

import gc
import importlib
import os
import resource
import shutil
import sys
import traceback
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import coverage
import pytest

PRELOADED = (
    "numpy numba shapely pyproj pyarrow pyarrow.parquet pyarrow.compute duckdb flask hypothesis openpyxl jsonschema"
)
"""Libraries that every session needs; nothing of the project's own, which is what changes."""
ROOM = 512 * 1024 * 1024
OPTIONS = ("-x", "-q", "--no-header", "--tb=native", "--assert=plain", "-p", "no:cacheprovider", "-m", "not torture")


def preload() -> None:
    """Import what every session needs, once."""
    for name in PRELOADED.split():
        importlib.import_module(name)
    gc.freeze()


def start(
    tree: Path,
    tests: Sequence[str],
    log: Path,
    *,
    environment: Mapping[str, str],
    seconds: int,
    deselected: Sequence[str] = (),
    traced: Sequence[str] = (),
    done: Callable[[dict[str, dict[int, list[str]]], dict[str, float]], None] | None = None,
    server: object = None,
) -> int:
    """Fork a process that runs test files of a tree, for at most so many seconds of CPU; return its id.

    It ends with pytest's exit code. Lines of the modules `traced` with the tests that ran them, and how long each took,
    are given to `done`, in that process. With a `server` the files are loaded all at once, and it decides what is run.
    """
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        os.setpgid(0, 0)
        _enter(tree, log, {**environment, "PYTHONPATH": str(tree)}, seconds)
        plugin = _Visits({str(tree / name): name for name in traced})
        options = [*OPTIONS, f"--basetemp={scratch(tree)}", *(f"--deselect={name}" for name in deselected)]
        # File by file: most mutants are killed by the first, and the others need not be loaded.
        for files in [[test] for test in tests] if server is None else [tests]:
            plugins = [plugin, _Order(), *([] if server is None else [server])]
            code = int(pytest.main([*options, *files], plugins=plugins))
            if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
                break
            code = 0
        if done is not None:
            done(plugin.lines(), plugin.spent)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def _enter(tree: Path, log: Path, environment: Mapping[str, str], seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(handle, stream)
    os.environ.update(environment)
    os.environ["PYTHONDONTWRITEBYTECODE"] = os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True
    os.chdir(tree)
    sys.path[:] = [str(tree), *(entry for entry in sys.path if entry not in ("", str(Path(__file__).parents[2])))]
    for name in [name for name in sys.modules if name.split(".")[0] in ("scripts", "geodata", "webapp", "tests")]:
        if name != __name__:
            del sys.modules[name]
    if "NUMBA_DISABLE_JIT" in environment:
        importlib.import_module("numba").config.DISABLE_JIT = 1
    _steady()


def scratch(tree: Path) -> Path:
    """Return where tests write: in memory where there is room, as a journal syncs at each of its writes."""
    # Made anew by pytest, for this user alone.
    memory = Path("/dev/shm")  # nosec B108
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory / f"mutants-{os.getuid()}-{tree.parents[2].name}-{tree.name}" if roomy else tree / ".venv" / "tmp"


def _steady() -> None:
    """Have hypothesis try the same values in every session, and not spend time on the smallest that fails."""
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutants")


class _Order:
    """Examples before properties: most mutants fail one, and it takes a hundredth of the time."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort the tests of each file."""
        files = {path: at for at, path in enumerate(dict.fromkeys(item.path for item in items))}
        items.sort(key=lambda item: (files[item.path], is_property(item)))


def is_property(item: pytest.Item) -> bool:
    """Tell whether a test is one of hypothesis."""
    return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


class _Visits:
    """Which lines of some files run, from collection on, and how long each test takes."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.spent: dict[str, float] = defaultdict(float)
        self.watched = coverage.Coverage(data_file=None, include=list(files), messages=False) if files else None
        if self.watched is not None:
            self.watched.set_option("run:dynamic_context", "test_function")
            self.watched.start()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how long a test took."""
        self.spent[report.nodeid] += report.duration

    def lines(self) -> dict[str, dict[int, list[str]]]:
        """Return the lines that ran, by the module's path, with the functions that test; "" is none of them."""
        if self.watched is None:
            return {}
        self.watched.stop()
        ran = self.watched.get_data()
        return {
            name: {line: sorted({test.rpartition(".")[2] for test in tests}) for line, tests in by_line.items()}
            for file, name in self.files.items()
            if (by_line := ran.contexts_by_lineno(file))
        }
