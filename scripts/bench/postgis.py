"""A PostGIS server of our own in a temporary folder, where PostgreSQL and PostGIS are installed."""

from __future__ import annotations

import atexit
import os
import pwd
import re
import shutil
import socket
import subprocess  # nosec B404
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import shapely

OPTIONS = (
    "-c listen_addresses=127.0.0.1 -c max_parallel_workers_per_gather=0 -c jit=off -c fsync=off -c shared_buffers=512MB"
)


class Server:
    """Runs SQL on a server through psql."""

    def __init__(self, folder: Path, programs: Path, user: list[str]) -> None:
        self.folder, self.programs, self.user = folder, programs, user
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.command("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "bench")
        self.command(
            "pg_ctl",
            "-D",
            f"{folder}/data",
            "-w",
            "-l",
            f"{folder}/log",
            "-o",
            f"{OPTIONS} -p {self.port} -k {folder}",
            "start",
        )
        atexit.register(self.stop)
        self.run("CREATE EXTENSION postgis")

    def command(self, program: str, *arguments: str, text: str = "") -> str:
        """Run a program of PostgreSQL's, and return what it prints."""
        completed = subprocess.run(  # nosec B603
            [*self.user, str(self.programs / program), *arguments],
            input=text,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            cwd=self.folder,
            check=True,
        )
        return completed.stdout

    def run(self, statement: str) -> str:
        """Return the rows of a statement, bare."""
        return self.command(
            "psql",
            "-h",
            str(self.folder),
            "-p",
            str(self.port),
            "-U",
            "bench",
            "-d",
            "postgres",
            "-qAt",
            text=statement,
        )

    def copy(self, table: str, rows: str) -> None:
        """Load rows, columns apart by tabs."""
        self.run(f"COPY {table} FROM STDIN;\n{rows}\n\\.\nANALYZE {table};")

    def time(self, query: str) -> float:
        """Return the seconds a query takes in the server."""
        found = re.search(r"Execution Time: ([\d.]+) ms", self.run(f"EXPLAIN (ANALYZE, TIMING OFF) {query}"))
        return float(found[1]) / 1000 if found else float("nan")

    def geography(self, shape: Any) -> str:
        """Return the SQL of a shape."""
        return f"ST_GeogFromText('SRID=4326;{shape.wkt}')"

    def buffer(self, shape: Any, radius: float) -> tuple[float, Any]:
        """Return the seconds of the fastest of three buffers, and what it is."""
        self.run(f"DROP TABLE IF EXISTS b; CREATE TABLE b AS SELECT {self.geography(shape)} AS g")
        ring = f"ST_Buffer(g, {radius})"
        seconds = min(self.time(f"SELECT {ring} FROM b") for _ in range(3))  # nosec B608
        text = self.run(f"SELECT encode(ST_AsBinary({ring}::geometry), 'hex') FROM b")  # nosec B608
        return seconds, shapely.from_wkb(text.strip())

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self.command("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


@cache
def database() -> Server | str:
    """Return a running server, or a word why there is none."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        return "PostgreSQL is not installed"
    if not list(Path("/usr/share/postgresql").glob(f"{programs[-1].parent.name}/extension/postgis.control")):
        return "PostGIS is not installed"
    folder = Path(tempfile.mkdtemp(prefix="masafa-bench-"))
    user: list[str] = []
    if os.geteuid() == 0:
        # The server refuses to run as root.
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            return "there is no user postgres to run the server"
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        user = ["runuser", "-u", "postgres", "--"]
    try:
        return Server(folder, programs[-1], user)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"the server does not start ({type(error).__name__})"
