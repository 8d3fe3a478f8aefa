"""The one step of the build that pyproject.toml cannot say: a package carries the commit it was built from."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

PACKAGE = Path(__file__).resolve().parent / "geodata"


def write_commit(target: Path) -> None:
    """Write the commit of this tree into the package that is built, where it is known."""
    spec = importlib.util.spec_from_file_location("version", PACKAGE / "version.py")
    assert spec is not None
    assert spec.loader is not None
    version = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(version)
    commit = version.commit_of(PACKAGE)
    if commit:
        (target / version.COMMIT_FILE).write_text(commit + "\n", "ascii")


class BuildPy(build_py):
    """Copies the modules, and writes the commit beside them; an editable install reads its checkout."""

    def run(self) -> None:
        """Build."""
        super().run()
        if not self.editable_mode:
            write_commit(Path(self.build_lib) / "geodata")


class Sdist(sdist):
    """Packs the sources with the commit: what is built from them has no checkout."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        """Lay out the tree that is packed."""
        super().make_release_tree(base_dir, files)
        write_commit(Path(base_dir) / "geodata")


setup(cmdclass={"build_py": BuildPy, "sdist": Sdist})
