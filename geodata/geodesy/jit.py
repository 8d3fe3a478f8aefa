"""The kernel, interpreted for small questions and compiled for large ones: the same functions, the same bits."""

from __future__ import annotations

import importlib.util
import os
import sys
import threading
from types import FunctionType, ModuleType

from geodata.geodesy import candidates, ecef_inverse, kernel, lanes, ordering, refine

INLINE = frozenset({"arc", "clamped", "distance", "lifted", "newton_step", "refine_foot", "towards"})
"""Functions without a branch, called in loops that the compiler turns into wide instructions once they are inline."""
SMALL = 50
"""Up to this many points nobody waits for a compiler."""

MODULES = (ecef_inverse, candidates, refine, ordering, lanes, kernel)
"""What is compiled, each after what it uses."""
ENTRIES = frozenset({"chords_within", "hilbert_keys", "nearest", "pairs"})
"""What of them is called from outside, and kept in numba's cache, everything it uses included."""
_SUFFIX = "_compiled"
_lock = threading.Lock()


def kernel_for(points: int) -> ModuleType:
    """Return the kernel to use for so many points: the compiled one once it is there."""
    ready = sys.modules.get(kernel.__name__ + _SUFFIX)
    if ready is not None:
        return ready
    return kernel if points <= SMALL else compile_kernel()


def arcs_for(pairs: int) -> ModuleType:
    """Return the distances between vectors to use for so many pairs, as `kernel_for`."""
    return ecef_inverse if kernel_for(pairs) is kernel else sys.modules[ecef_inverse.__name__ + _SUFFIX]


def compile_kernel() -> ModuleType:
    """Return the compiled kernel; the first use on a machine takes seconds, later ones read numba's cache."""
    with _lock:
        ready = sys.modules.get(kernel.__name__ + _SUFFIX)
        if ready is not None:
            return ready
        for module in MODULES:
            _twin(module)
        return sys.modules[kernel.__name__ + _SUFFIX]


def twin(module: ModuleType) -> ModuleType:
    """Return a module of plain loops with its functions compiled."""
    with _lock:
        if module.__name__ + _SUFFIX not in sys.modules:
            _twin(module)
        return sys.modules[module.__name__ + _SUFFIX]


def _twin(module: ModuleType) -> None:
    """Load a module a second time, its functions compiled; what it imports from another of them comes from its twin."""
    # Intel's library of vector functions rounds otherwise than the interpreter's.
    os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")
    import numba

    name = module.__name__ + _SUFFIX
    spec = importlib.util.spec_from_file_location(name, module.__file__)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    twin = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(twin)
    homes = {each.__name__ for each in MODULES}
    for key, value in list(vars(twin).items()):
        home = getattr(value, "__module__", "")
        if home == name:
            setattr(twin, key, _jit(numba, value, keep=key in ENTRIES or module not in MODULES))
        elif home in homes:
            setattr(twin, key, getattr(sys.modules[home + _SUFFIX], key))
    sys.modules[name] = twin


def _jit(numba: ModuleType, function: FunctionType, keep: bool) -> object:
    """Return a function compiled when it is first called; where to `keep`, the machine code stays in numba's cache."""
    options = {"nogil": True, "error_model": "numpy", "forceinline": function.__name__ in INLINE}
    try:
        return numba.njit(cache=keep, **options)(function)
    except RuntimeError:
        # No folder that numba may write its cache to: compiled anew in every process.
        return numba.njit(**options)(function)
