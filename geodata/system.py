"""What only some systems offer: locks on files, limits on a process, wide pipes. This file alone knows which."""

from __future__ import annotations

from contextlib import suppress
from types import ModuleType
from typing import IO

from geodata.errors import Refused, Unwritable

try:
    import fcntl as _fcntl

    fcntl: ModuleType | None = _fcntl
except ImportError:
    fcntl = None
try:
    import resource as _resource

    resource: ModuleType | None = _resource
except ImportError:
    resource = None

SECONDS = 120
"""CPU seconds that a limited process may take."""
MEMORY = 4 * 1024**3
"""Bytes of memory that it may hold."""
FILE_BYTES = 2 * 1024**3
FILES = 128


def lock(handle: int, wait: bool = True, shared: bool = False) -> bool:
    """Lock an open file for this process until it is closed; False where another holds it and we do not wait.

    A shared lock keeps out only those that are not.

    Raises Unwritable on a system without such locks.
    """
    if fcntl is None:
        raise Unwritable("no_locks")
    try:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(handle, kind if wait else kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def widen(pipe: IO[bytes], size: int) -> None:
    """Enlarge the buffer of a pipe to `size` bytes where the system allows it."""
    if fcntl is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, size)


def check_limits(name: str) -> None:
    """Raise Refused, naming a file, on a system that cannot limit the process which is to read it."""
    if resource is None:
        raise Refused("no_limits", name=name)


def limit() -> None:
    """Limit CPU time, memory and files of this process."""
    check_limits("process")
    assert resource is not None  # nosec B101: for the type checker
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
