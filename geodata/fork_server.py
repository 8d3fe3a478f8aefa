"""Start processes by forking one that has their modules loaded: each is a process of its own, and starts at once.

`python -m geodata.fork_server SOCKET MODULE…` loads modules, never opens a file, and forks itself for every request
that it reads from the socket it inherited. What it forks has nothing of it but its memory: no socket, no file, the
environment and the folder of its own request.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import subprocess  # nosec B404: our own module in our own interpreter
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any, NoReturn


def _is_available() -> bool:
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return hasattr(socket, "send_fds")


AVAILABLE = _is_available()
"""Whether this system has what it takes: handles of processes, sent files."""
_REQUEST_BYTES = 65_536
_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux, the only system with handles of processes."""


class ForkedProcess:
    """A process that a server forked, with what its callers use of subprocess.Popen."""

    def __init__(self, stdout: IO[bytes], line: socket.socket) -> None:
        self.stdout = stdout
        self.returncode: int | None = None
        self._line = line

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code, negative for a signal, once it has ended; raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                code = self._line.recv(64)
            except TimeoutError:
                raise subprocess.TimeoutExpired("a forked process", timeout or 0.0) from None
            except OSError:
                code = b""
            # A server that ended without a word was killed, and what it forked with it.
            self.returncode = int(code) if code else -signal.SIGKILL
        return self.returncode

    def kill(self) -> None:
        """End it at once; nothing where it has ended."""
        with suppress(OSError):
            self._line.send(b"kill")

    def __enter__(self) -> ForkedProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self.wait()
        self._line.close()


class ForkServer:
    """A process that forks itself, started with this object and ended with this process or by `close`."""

    def __init__(self, modules: Sequence[str], environment: Mapping[str, str]) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # nosec B603: no shell, no text of the user
                [sys.executable, "-P", "-m", "geodata.fork_server", str(theirs.fileno()), *modules],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=dict(environment),
                cwd="/",
            )

    def start(self, module: str, words: Sequence[str], environment: Mapping[str, str], folder: str) -> ForkedProcess:
        """Call `start` of a module with some words in a process of its own; raises OSError where the server ended."""
        request = json.dumps({"module": module, "words": list(words), "env": dict(environment), "folder": folder})
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        read, write = os.pipe()
        try:
            socket.send_fds(self._control, [request.encode()], [write, theirs.fileno()])
        except OSError:
            os.close(read)
            ours.close()
            raise
        finally:
            os.close(write)
            theirs.close()
        return ForkedProcess(os.fdopen(read, "rb"), ours)

    def close(self) -> None:
        """End the server, and what it forked."""
        self._control.close()
        self._process.wait()


class _Server:
    """The loop of the server's own process."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._ready = selectors.DefaultSelector()
        self._ready.register(control, selectors.EVENT_READ, None)
        self._lines: dict[int, tuple[int, socket.socket]] = {}
        """The process and the line of each that runs, by its handle."""

    def run(self) -> None:
        """Fork for each request until the other side closes."""
        while True:
            for key, _ in self._ready.select():
                if key.data is None:
                    if not self._take():
                        return
                elif key.fd == key.data:
                    self._ended(key.data)
                elif key.data in self._lines:
                    # A word or the end of the line: nobody waits for it any longer.
                    signal.pidfd_send_signal(key.data, signal.SIGKILL)
                    self._ready.unregister(key.fileobj)

    def _take(self) -> bool:
        request, handles, _, _ = socket.recv_fds(self._control, _REQUEST_BYTES, 2)
        if not request:
            return False
        stdout, line = handles
        process = os.fork()
        if not process:
            _become(json.loads(request), stdout)
        os.close(stdout)
        handle, wire = os.pidfd_open(process), socket.socket(fileno=line)
        self._lines[handle] = process, wire
        self._ready.register(handle, selectors.EVENT_READ, handle)
        self._ready.register(wire, selectors.EVENT_READ, handle)
        return True

    def _ended(self, handle: int) -> None:
        process, wire = self._lines.pop(handle)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        self._ready.unregister(handle)
        with suppress(KeyError):
            self._ready.unregister(wire)
        with suppress(OSError):
            wire.send(str(code).encode())
        wire.close()
        os.close(handle)

    def kill_all(self) -> None:
        """End what still runs."""
        for handle in self._lines:
            with suppress(OSError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)


def _become(request: Mapping[str, Any], stdout: int) -> NoReturn:
    """Be the process of a request: nothing of the server's stays open; it never returns to the server's code."""
    code = 1
    try:
        # A server that is killed takes along what it forked.
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
        os.dup2(stdout, 1)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(request["env"])
        os.chdir(request["folder"])
        tempfile.tempdir = None
        importlib.import_module(request["module"]).start(request["words"])
        sys.stdout.flush()
        code = 0
    finally:
        os._exit(code)


def main(handle: int, modules: Sequence[str]) -> None:
    """Load modules and serve requests from an inherited socket until it is closed."""
    # Who asks is told of Ctrl-C itself, and ends what it asked for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for module in modules:
        importlib.import_module(module)
    gc.freeze()
    with socket.socket(fileno=handle) as control:
        server = _Server(control)
        try:
            server.run()
        finally:
            server.kill_all()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
