"""What a fork server starts is a process of its own, has nothing of the server's, and ends with who asked for it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from geodata import fork_server, sandbox
from geodata.errors import Refused
from geodata.fork_server import ForkedProcess, ForkServer
from geodata.formats.registry import FORMATS
from tests.tree import ROOT

pytestmark = pytest.mark.skipif(not fork_server.AVAILABLE, reason="this system has no fork servers")
ENVIRONMENT = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "SERVER": "1"}
SLEEP = "import time; print(1, flush=True); time.sleep(600)"


@pytest.fixture
def server() -> Iterator[ForkServer]:
    """A server with the tests' module loaded."""
    made = ForkServer(["tests.forked"], ENVIRONMENT)
    yield made
    made.close()


def begun(server: ForkServer, code: str, folder: str = "/", **environment: str) -> ForkedProcess:
    """Start some code."""
    return server.start("tests.forked", [code], environment, folder)


def answered(server: ForkServer, expression: str, folder: str = "/", **environment: str) -> Any:
    """Return the value of an expression there."""
    code = f"import json, os, sys, threading\nprint(json.dumps({expression}))"
    with begun(server, code, folder, **environment) as process:
        value = json.loads(process.stdout.read())
        assert process.wait() == 0
    return value


def ended(pid: int) -> bool:
    """Wait until a process that is no child of ours has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 60)[0])
    finally:
        os.close(handle)


def test_each_is_a_process_of_its_own(server: ForkServer) -> None:
    first, second = (answered(server, "[os.getpid(), os.getppid(), seen.append('x'), seen]") for _ in range(2))
    assert first[0] != second[0]
    assert first[1] == second[1] == server._process.pid
    # What one left behind in memory the next does not see.
    assert first[3] == second[3] == ["x"]


def test_it_has_nothing_of_the_server_and_nothing_of_another(server: ForkServer, tmp_path: Path) -> None:
    with begun(server, SLEEP) as other:
        assert other.stdout.readline() == b"1\n"
        expression = "[os.listdir('/proc/self/fd'), dict(os.environ), os.getcwd(), os.listdir('/proc/self/task')]"
        handles, environment, folder, tasks = answered(server, expression, str(tmp_path), OWN="2")
        other.kill()
    # The fourth is the folder that is listed.
    assert sorted(handles) == ["0", "1", "2", "3"]
    assert environment == {"OWN": "2"}
    assert folder == str(tmp_path)
    assert len(tasks) == 1


def test_the_sandbox_of_one_is_not_that_of_the_next(server: ForkServer) -> None:
    limited = "from geodata import sandbox; sandbox.limit(); import resource, socket, json\n"
    for _ in range(2):
        with begun(server, limited + "print(json.dumps(resource.getrlimit(resource.RLIMIT_CPU)))") as process:
            assert json.loads(process.stdout.read())[0] == sandbox.system.SECONDS
        assert answered(server, "__import__('resource').getrlimit(__import__('resource').RLIMIT_CPU)[0]") < 0


def test_an_ordinary_user_has_no_network_in_it_though_readers_are_loaded() -> None:
    ordinary = "import os; os.getuid() or os.setuid(65534)\n"
    bare = ordinary + "import ctypes; raise SystemExit(ctypes.CDLL(None).unshare(0x50000000) != 0)"
    if subprocess.run([sys.executable, "-c", bare], check=False).returncode:
        pytest.skip("this system lets no process take its own network away")
    code = "from geodata import sandbox; import socket\n" + ordinary
    code += "sandbox.limit(); print(*(name for _, name in socket.if_nameindex()))"
    # Loading Arrow begins a thread, and what has two can take nothing away from itself; what is forked has one.
    loaded = ForkServer([*sandbox.MODULES, "tests.forked"], ENVIRONMENT)
    with begun(loaded, code) as process:
        assert process.stdout.read() == b"lo\n"
    loaded.close()


def test_what_is_loaded_before_is_not_gdal() -> None:
    loaded = "import sys; print(*(name for name in ('pyogrio', 'pandas', 'pyproj') if name in sys.modules))"
    code = f"import importlib\nfor name in {sandbox.MODULES}: importlib.import_module(name)\n{loaded}"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(("name", "driver"), [("gpkg", ["GPKG"]), ("flatgeobuf", ["FlatGeobuf"]), ("csv", [])])
def test_each_has_the_driver_of_its_own_format(
    server: ForkServer, name: str, driver: list[str], tmp_path: Path
) -> None:
    environment = sandbox._environment(name, str(tmp_path))
    assert answered(server, "list(__import__('pyogrio').list_drivers())", **environment) == driver


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("pass", 0),
        ("import os; os._exit(7)", 7),
        ("raise RuntimeError", 1),
        ("raise SystemExit(3)", 1),
        ("import os; os.abort()", -signal.SIGABRT),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
    ],
)
def test_how_it_ended_is_told(server: ForkServer, code: str, expected: int) -> None:
    with begun(server, code) as process:
        assert process.stdout.read() == b""
        assert [process.wait(), process.wait(), process.returncode] == [expected] * 3


def test_it_is_killed_and_waited_for(server: ForkServer) -> None:
    with begun(server, SLEEP) as process:
        assert process.stdout.readline() == b"1\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        process.kill()


@pytest.mark.parametrize("who", ["line", "server", "killed", "control"])
def test_it_ends_with_who_asked_for_it(server: ForkServer, who: str) -> None:
    process = begun(server, "import os; print(os.getpid(), flush=True)\n" + SLEEP)
    pid = int(process.stdout.readline())
    if who == "line":
        process._line.close()
    elif who in ("server", "killed"):
        server.close() if who == "server" else server._process.kill()
        assert process.wait() == -signal.SIGKILL
    else:
        # As where this process is killed: the socket closes, and the server ends what it forked.
        server._control.close()
        assert server._process.wait(60) == 0
    assert ended(pid)
    process.stdout.close()
    process._line.close()


def test_many_are_started_at_once(server: ForkServer) -> None:
    with ThreadPoolExecutor(16) as threads:
        pids = list(threads.map(lambda _: answered(server, "os.getpid()"), range(64)))
    assert len(set(pids)) == 64


def test_a_server_that_was_killed_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,lon,lat\na,41,34\n")
    first = read(path)
    held = sandbox._fork_server()
    held._process.kill()
    held._process.wait()
    assert read(path) == first == 1
    assert sandbox._fork_server() is not held


def test_a_file_whose_server_is_killed_meanwhile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{SLEEP}\n")
    with pytest.raises(Refused, match="SIGKILL"):
        broken_off(path)


def broken_off(path: Path) -> None:
    """Kill the server while a file is read."""
    with sandbox.running("tests.forked", path, ".csv", "csv") as process:
        assert process.stream.readline() == b"1\n"
        sandbox._fork_server()._process.kill()
        raise process.broken(path.name)


def read(path: Path) -> int:
    """Return how many rows a file has, read in the sandbox."""
    [layer] = sandbox.read(FORMATS["csv"], path)
    return len(list(layer.rows))
