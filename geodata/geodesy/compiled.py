"""The kernel, interpreted for small questions and compiled for large ones: the same functions, the same bits."""

from __future__ import annotations

import importlib.util
import sys
import threading
from types import ModuleType

from geodata.geodesy import kernel

SMALL = 50
"""Up to this many points nobody waits for a compiler."""

_NAME = "geodata.geodesy.kernel_compiled"
_lock = threading.Lock()


def kernel_for(points: int) -> ModuleType:
    """Return the kernel to use for so many points: the compiled one once it is there."""
    ready = sys.modules.get(_NAME)
    if ready is not None:
        return ready
    return kernel if points <= SMALL else compile_kernel()


def compile_kernel() -> ModuleType:
    """Return the compiled kernel; the first use on a machine takes seconds, later ones read numba's cache."""
    with _lock:
        ready = sys.modules.get(_NAME)
        if ready is not None:
            return ready
        import numba

        spec = importlib.util.spec_from_file_location(_NAME, kernel.__file__)
        if spec is None or spec.loader is None:
            return kernel
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        own = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == _NAME]
        for name in own:
            setattr(module, name, _jit(numba, getattr(module, name)))
        sys.modules[_NAME] = module
        return module


def _jit(numba: ModuleType, function: object) -> object:
    options = {"nogil": True, "error_model": "numpy"}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:
        # No folder that numba may write its cache to: compiled anew in every process.
        return numba.njit(**options)(function)
