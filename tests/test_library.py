"""The library by itself: what it exports, what it needs, and that a package of it carries what the tree has."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

import geodata
from tests.tree import ROOT, tracked

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OTHERS = ("flask", "waitress", "werkzeug", "duckdb", "pyarrow", "openpyxl", "pyogrio", "geopandas", "pandas", "folium")


def names(lines: list[str]) -> set[str]:
    """Return the requirements of a list, those on the project's own extras left out."""
    return {line for line in lines if not line.startswith("masafa[")}


@pytest.mark.parametrize("module", [geodata, importlib.import_module("geodata.geodesy")], ids=lambda one: one.__name__)
def test_exported_members(module: ModuleType) -> None:
    """Each name of `__all__` is there, in order, and nothing else is that could be taken for public."""
    assert list(module.__all__) == sorted(module.__all__, key=lambda name: (not name.startswith("_"), name))
    exported = {name: getattr(module, name) for name in module.__all__}
    assert all(value is not None for value in exported.values())
    public = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, ModuleType) and name not in ("annotations", "Any")
    }
    assert public - set(module.__all__) <= {"TYPE_CHECKING"}
    for name, value in exported.items():
        assert name == "__version__" or value.__doc__, name


def test_importing_star_gives_what_is_exported() -> None:
    code = "from geodata import *; print(sorted(name for name in dir() if name != '__builtins__'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(geodata.__all__) <= set(re.findall(r"'(\w+)'", done.stdout))


def test_geodesy_measures_without_the_other_libraries() -> None:
    code = (
        f"import sys\nfor name in {OTHERS}: sys.modules[name] = None\n"
        "from geodata import geodesy\nimport numpy, shapely\n"
        "line = geodesy.Line(numpy.array([[40.0, 30.0], [40.0, 34.0]]))\n"
        "assert abs(float(line.nearest(40.1, 32.0).distance) - 9449.3) < 1\n"
        "points = numpy.linspace(39, 41, 200)\n"
        "assert geodesy.Target(shapely.box(40, 31, 41, 33)).nearest(points, points - 8).distance.shape == (200,)\n"
        "assert geodesy.buffer(shapely.Point(40, 32), 1000.0).area > 0\n"
        "print(*(name for name in sys.modules if name.startswith('geodata')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    allowed = ("geodata.geodesy", "geodata.errors", "geodata.messages", "geodata.version")
    assert all(name == "geodata" or name.startswith(allowed) for name in done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        (("import", "a.csv"), "import"),
        (("serve",), "web"),
    ],
)
def test_a_command_names_the_extra_that_it_needs(arguments: tuple[str, ...], missing: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,lon,lat\nx,41,36\n")
    code = (
        f"import sys\nfor name in {OTHERS}: sys.modules[name] = None\n"
        "from geodata.cli import main\nsys.exit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 2
    assert re.fullmatch(rf"geodata: [\w.]+ is not installed; pip install 'masafa\[{missing}\]'\n", done.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ("proximity", "hasakah-prison", "--to", "border-iq-sy"),
        ("claims", "prison-10km"),
        ("buffer", "al-qaim", "--km", "25,50", "--geojson", "rings.geojson"),
        ("export", "sites", "--to", "sites.geojson"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_commands_of_the_readme_need_no_extra(arguments: tuple[str, ...], tmp_path: Path) -> None:
    extras = [re.split(r"[<>=]", one)[0] for part in PROJECT["optional-dependencies"].values() for one in names(part)]
    code = (
        f"import sys\nfor name in {extras}: sys.modules[name.replace('-', '_')] = None\n"
        "from geodata.cli import main\nsys.exit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


def test_the_extras_together_are_what_the_app_needs() -> None:
    lines = (ROOT / "requirements.in").read_text("utf-8").splitlines()
    extras = PROJECT["optional-dependencies"]
    parts = [PROJECT["dependencies"], *(extras[name] for name in ("import", "web", "notebook"))]
    declared = [line for part in parts for line in names(part)]
    assert len(declared) == len(set(declared))
    assert set(declared) == {line for line in lines if line and not line.startswith("#")}
    developing = set((ROOT / "requirements-dev.in").read_text("utf-8").splitlines())
    assert names(extras["dev"]) <= developing


def test_nothing_needs_setuptools_at_run_time() -> None:
    assert not any(line.startswith("setuptools") for line in (ROOT / "requirements.in").read_text("utf-8").splitlines())
    for path in tracked("geodata/*.py", "webapp/*.py"):
        assert not re.search(r"^\s*(import|from) (setuptools|pkg_resources)", path.read_text("utf-8"), re.MULTILINE)


def test_a_package_carries_its_commit_types_and_data(tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    tree = tmp_path / "tree"
    for path in tracked("geodata/*", "webapp/*", "pyproject.toml", "setup.py", "README.md", "LICENSE"):
        target = tree / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    (tree / ".git").mkdir()
    (tree / ".git" / "HEAD").write_text(commit + "\n")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index", "-w"]
    subprocess.run([*build, str(tmp_path), str(tree)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("masafa-*.whl")
    with zipfile.ZipFile(wheel) as package:
        content = set(package.namelist())
        assert package.read("geodata/commit.txt").decode().strip() == commit
        package.extractall(tmp_path / "site")
    assert {"geodata/py.typed", "webapp/py.typed"} <= content
    for path in tracked("geodata/layers/*", "geodata/schemas/*", "webapp/templates/*", "webapp/static/*"):
        assert str(path.relative_to(ROOT)) in content
    code = "import geodata; print(geodata.__version__, geodata.__file__)"
    site = {"PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=site, cwd=tmp_path
    )
    assert done.stdout.split()[0].endswith("+g" + commit[:9])
    assert str(tmp_path) in done.stdout
