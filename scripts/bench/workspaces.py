"""A workspace of a measurement, empty at first and gone at its end."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def temporary_workspace() -> Iterator[Path]:
    """Give the folder beside a new workspace, which the library uses until the end; what it used before comes back."""
    before = os.environ.get("MASAFA_WORKSPACE")
    with tempfile.TemporaryDirectory(prefix="masafa-bench-") as folder:
        os.environ["MASAFA_WORKSPACE"] = f"{folder}/workspace"
        try:
            yield Path(folder)
        finally:
            del os.environ["MASAFA_WORKSPACE"]
            if before is not None:
                os.environ["MASAFA_WORKSPACE"] = before
