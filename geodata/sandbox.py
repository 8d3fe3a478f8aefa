"""Read untrusted files in a sandboxed process: no network, bounded time, memory and files, one driver of GDAL.

The child (`python -m geodata.sandbox FORMAT FILE`) sends GeoJSON features, a line each, which this process checks
as strictly as any other GeoJSON. Whatever happens to the child is an error message here.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import re
import signal
import subprocess  # nosec B404: our own module in our own interpreter
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import IO, Any, NoReturn, cast

from geodata import fork_server, system
from geodata.errors import BadData, MasafaError, Refused
from geodata.fork_server import ForkedProcess, ForkServer
from geodata.formats import geojson, geojson_text, strict_json
from geodata.formats.dataset import Dataset, Metadata, Options, Row
from geodata.formats.registry import READABLE, Format, extension_of
from geodata.messages import Message

_DRIVERS = {
    "gpkg": "GPKG",
    "shapefile": "ESRI Shapefile",
    "flatgeobuf": "FlatGeobuf",
    "filegdb": "OpenFileGDB",
    "gml": "GML",
}
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
MODULES = ("geodata.importing.worker", "geodata.sandbox")
"""What is loaded before it is forked; none of them loads GDAL, which reads at its start which drivers it may have."""
PIPE_BYTES = 1024 * 1024
_MAX_LINE = 256 * 1024 * 1024
_servers: list[ForkServer] = []
"""One, once a file was read."""
_starting = threading.Lock()


def read(file_format: Format, path: Path) -> list[Dataset]:
    """Return the layers of a file; raises BadData where it is not what it should be, Refused past a limit.

    GeoJSON is read by a strict parser in this process, all else in a sandboxed process with limits.
    """
    if file_format.strict:
        return list(file_format.module.load(path))
    with running("geodata.sandbox", path, extension_of(file_format, path.name), file_format.name) as process:
        return list(_received(process.stream, process.stem))


@dataclass
class SandboxedProcess:
    """A process that reads a file: its output, and the name it uses for the file."""

    child: subprocess.Popen[bytes] | ForkedProcess
    stem: str
    enough: bool = False
    """Set it where the rest of the output is not needed."""

    @property
    def stream(self) -> IO[bytes]:
        return cast("IO[bytes]", self.child.stdout)

    def broken(self, name: str) -> Refused:
        """Return the error to raise where the process ended before its output was complete."""
        with suppress(subprocess.TimeoutExpired):
            self.child.wait(1)
        how, gibibytes = _ended(self.child.returncode), system.MEMORY // 1024**3
        return Refused(
            "sandbox_ended" if how else "sandbox", name=name, seconds=system.SECONDS, gibibytes=gibibytes, how=how
        )


def _ended(code: int | None) -> Message | None:
    if not code:
        return None
    try:
        return Message("sandbox.signal", name=signal.Signals(-code).name)
    except ValueError:
        return Message("sandbox.exit_code", code=code)


@contextmanager
def running(module: str, path: Path, extension: str, *words: str) -> Iterator[SandboxedProcess]:
    """Run one of our modules on a file in a sandboxed process.

    It is called with the words, the first of them the name of a format, and the file's path. Raises BadData where there
    is no file, Refused where the process passed a limit or broke off.
    """
    if not path.is_file():
        raise BadData("", "no_such_file", name=path.name)
    system.check_limits(path.name)
    with tempfile.TemporaryDirectory(prefix="masafa-") as folder:
        # Our own name: no driver interprets it as a URL or an option.
        stem = re.sub(r"[^\w-]", "-", path.name.removesuffix("".join(path.suffixes[-2:])))[:60] or "layer"
        link = Path(folder) / f"{stem}{extension}"
        link.symlink_to(path.resolve())
        with _started(module, [*words, str(link)], _environment(words[0], folder), folder) as child:
            process = SandboxedProcess(child, stem)
            system.widen(process.stream, PIPE_BYTES)
            try:
                yield process
            except BaseException:
                child.kill()
                raise
            if process.enough:
                child.kill()
            code = child.wait()
    if code and not process.enough:
        raise process.broken(path.name)


def _started(
    module: str, words: Sequence[str], environment: Mapping[str, str], folder: str
) -> subprocess.Popen[bytes] | ForkedProcess:
    """Start a module: forked from a process that has it loaded, where the system can, else from nothing."""
    # A server that was killed is replaced, once.
    for _ in range(2 if fork_server.AVAILABLE else 0):
        server = _fork_server()
        try:
            return server.start(module, words, environment, folder)
        except OSError:
            stop(server)
    return subprocess.Popen(  # nosec B603: no shell, no text of the user but the link's name
        [sys.executable, "-m", module, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=dict(environment),
        cwd=folder,
    )


def _fork_server() -> ForkServer:
    with _starting:
        if not _servers:
            _servers.append(ForkServer(MODULES, _environment("", tempfile.gettempdir())))
        return _servers[0]


def stop(server: ForkServer | None = None) -> None:
    """End the process that is forked for each file, where it runs; the next file starts another."""
    with _starting:
        for held in [one for one in _servers if server in (None, one)]:
            _servers.remove(held)
            held.close()


atexit.register(stop)


def _environment(name: str, folder: str) -> dict[str, str]:
    others: list[str] = []
    # A table of text is none of them, and is read without GDAL.
    if name in READABLE:
        import pyogrio

        others = [driver for driver in pyogrio.list_drivers() if driver != _DRIVERS.get(name)]
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "TMPDIR": folder,
        "HOME": folder,
        "OGR_SKIP": ",".join(sorted(others)),
        "PROJ_NETWORK": "OFF",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _received(stream: IO[bytes], stem: str) -> Iterator[Dataset]:
    metadata: Metadata | None = None
    rows: list[Row] = []
    for line in stream:
        if len(line) > _MAX_LINE:
            raise Refused("feature_bytes", size=len(line), most=_MAX_LINE)
        if line.startswith(b'{"type":"Feature"'):
            try:
                rows += map(geojson.row, geojson.read(line))
            except BadData as error:
                raise BadData(f"/{len(rows)}{error.pointer}", error.reason) from None
            continue
        if line == b"\n":
            continue
        message = strict_json.parse(line)
        if "error" in message:
            raise BadData(str(message["error"]["pointer"]), reason_of(message["error"]["reason"]))
        if metadata is not None:
            yield Dataset(metadata, rows)
        metadata, rows = Metadata.from_dict(message["about"], stem), []
    if metadata is not None:
        yield Dataset(metadata, rows)


def reason_of(value: Any) -> Message:
    """Return the message that a sandboxed process sent; what is none, as its file may have taken it over, is said."""
    try:
        message = Message.from_dict(value)
        message.texts()
    except (KeyError, TypeError, AttributeError) as error:
        return Message("data.failed", error=type(error).__name__)
    return message


class WithoutPandas(MetaPathFinder):
    """Hides pandas: pyarrow looks for it at its first array, and importing it takes longer than all else here."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        """Raise ModuleNotFoundError for pandas, and leave every other module to the finders behind."""
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is hidden", name=fullname)


def limit() -> None:
    """Limit the resources of this process, and disable its network where the system allows it."""
    sys.meta_path.insert(0, WithoutPandas())
    system.limit()
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None and unshare(_NEW_NETWORK) != 0:
        unshare(_NEW_USER | _NEW_NETWORK)


def leave(stream: IO[bytes]) -> NoReturn:
    """Send what is still to be sent and end this process at once.

    Threads of a library that are still at work while an interpreter is taken down can break it off, and with it what
    was not yet sent.
    """
    stream.flush()
    os._exit(0)


def main(name: str, path: Path, stream: IO[bytes]) -> None:
    """Read a file and send its features; an error of the file is sent as an error message."""
    try:
        for part in READABLE[name].module.load(path):
            stream.write(json.dumps({"about": part.metadata.to_dict()}).encode() + b"\n")
            geojson_text.pour(part, Options(), stream, b"\n")
            stream.write(b"\n")
    except BadData as error:
        _complain(stream, error.pointer, error.reason)
    except (MasafaError, MemoryError) as error:
        _complain(stream, "", error.message if isinstance(error, MasafaError) else Message("data.memory"))
    except Exception as error:
        # A library failed on the file: report the type of the error without a traceback.
        _complain(stream, "", Message("data.failed", error=type(error).__name__))


def _complain(stream: IO[bytes], pointer: str, reason: Message) -> None:
    problem: Mapping[str, Any] = {"error": {"pointer": pointer, "reason": reason.to_dict()}}
    stream.write(json.dumps(problem).encode() + b"\n")


def start(words: Sequence[str]) -> NoReturn:
    """Limit this process, read a file in a format, send its features, and end."""
    limit()
    main(words[0], Path(words[1]), sys.stdout.buffer)
    leave(sys.stdout.buffer)


if __name__ == "__main__":
    start(sys.argv[1:])
