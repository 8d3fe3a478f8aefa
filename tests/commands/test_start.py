"""What a command loads: the help almost nothing, a question what it measures with, and no more."""

from __future__ import annotations

import subprocess
import sys

import pytest

MEASURING = {"numpy", "shapely", "pyproj"}
HEAVY = {
    "duckdb",
    "flask",
    "folium",
    "geopandas",
    "jsonschema",
    "mgrs",
    "numba",
    "openpyxl",
    "pandas",
    "pyarrow",
    "pyogrio",
    "setuptools",
    "waitress",
}


def loaded(*arguments: str) -> set[str]:
    """Return the modules that a command has loaded when it ends."""
    code = (
        "import sys\n"
        "from geodata.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_help_loads_no_library(arguments: tuple[str, ...]) -> None:
    names = loaded(*arguments)
    assert not names & (HEAVY | MEASURING | {"orjson"})
    ours = {name for name in names if name.startswith("geodata.")}
    assert ours <= {"geodata.cli", "geodata.errors", "geodata.messages", "geodata.registry", "geodata.version"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("proximity", "hasakah-prison", "--to", "border-iq-sy"),
        ("distance", "erbil", "mosul"),
        ("direction", "erbil"),
        ("show", "erbil"),
        ("layers",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_question_loads_what_it_measures_with(arguments: tuple[str, ...]) -> None:
    names = loaded(*arguments)
    # Coordinates may be a grid reference, which mgrs reads; it is small.
    assert not names & (HEAVY - {"mgrs"})
    assert "geodata.claims.analysis" not in names


def test_a_question_loads_no_other_analysis() -> None:
    names = loaded("proximity", "hasakah-prison", "--to", "border-iq-sy")
    others = ("buffer", "direction", "distance", "matrix", "proximity_table", "linear.gaps", "linear.coverage")
    assert not names & {f"geodata.analysis.{name}" for name in others}
