"""The tree is the architecture: imports point down, and some libraries belong to one room only."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.tree import ROOT, tracked

# Lowest first. A room may import from itself and from rooms below it.
ORDER = (
    ("messages", "version"),
    ("errors",),
    ("settings", "system", "timestamps", "fork_server"),
    ("geodesy", "text"),
    ("model",),
    ("formats",),
    ("sandbox", "store"),
    ("query", "catalog"),
    ("validation",),
    ("analysis", "records"),
    ("claims",),
    ("registry",),
    ("citations", "importing", "events", "search"),
    ("editing", "exporting", "map_file"),
    ("frame_layers",),
    ("frames",),
    ("__init__",),
    ("commands",),
    ("cli", "__main__"),
)
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}

FILES = tracked("geodata/*.py", "webapp/*.py", "scripts/*.py")


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the dotted names that a file imports, those inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(path.relative_to(ROOT).parts[: -node.level])
            base = f"{package}.{node.module}" if node.module else package
            found |= {f"{base}.{alias.name}" for alias in node.names} | {base}
    return frozenset(found)


def room(path: Path) -> str:
    """Return the room of a file in geodata: the module, or the package it lies in."""
    return path.relative_to(ROOT / "geodata").parts[0].removesuffix(".py")


def test_there_are_files_to_look_at() -> None:
    assert len(FILES) > 40


@pytest.mark.parametrize("path", tracked("geodata/*.py"), ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_point_down(path: Path) -> None:
    here = RANK[room(path)]
    for name in imports(path):
        parts = name.split(".")
        if parts[0] in ("webapp", "scripts", "tests"):
            pytest.fail(f"{path.name} imports {name}: nothing in geodata knows {parts[0]}")
        if parts[0] == "geodata" and len(parts) > 1 and parts[1] in RANK:
            assert RANK[parts[1]] <= here, f"{path.relative_to(ROOT)} imports {name}, which lies above it"


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("flask", ("webapp", "scripts/bench/web.py")),
        ("waitress", ("webapp/server.py", "scripts/bench/web.py")),
        ("folium", ("geodata/formats/html.py",)),
        ("branca", ("geodata/formats/html.py",)),
        ("numba", ("geodata/geodesy", "geodata/text/fold_kernel.py")),
        ("mgrs", ("geodata/formats/coordinates.py",)),
        ("jsonschema", ("geodata/validation.py",)),
        ("cql2", ("geodata/query/cql2.py",)),
        ("mapbox_vector_tile", ("webapp/api/tiles.py",)),
        ("pyogrio", ("geodata/formats", "geodata/sandbox.py")),
        ("openpyxl", ("geodata/formats/xlsx.py", "scripts/bench/extremes.py")),
        ("sqlite3", ("geodata/store/journal.py", "geodata/formats", "webapp/jobs.py", "webapp/server_state.py")),
        ("fcntl", ("geodata/system.py",)),
        ("resource", ("geodata/system.py", "scripts")),
        ("duckdb", ("geodata/events", "geodata/importing")),
        ("defusedxml", ("geodata/formats",)),
        ("geopandas", ("geodata/frames.py", "geodata/frame_layers.py", "scripts")),
    ],
)
def test_libraries_stay_in_their_rooms(library: str, homes: tuple[str, ...]) -> None:
    for path in FILES:
        if any(name.split(".")[0] == library for name in imports(path)):
            where = str(path.relative_to(ROOT))
            assert where.startswith(homes), f"{where} imports {library}, which belongs to {', '.join(homes)}"


def test_no_file_imports_itself_by_way_of_others() -> None:
    """Imports within functions count, too; a package stands for what is imported from its own file."""
    paths = tracked("geodata/*.py", "webapp/*.py")
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths}
    graph = TopologicalSorter[str]()
    for path in paths:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = set()
            if isinstance(node, ast.Import):
                targets = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                targets = {one if one in modules else str(node.module) for one in whole}
            graph.add(name, *(targets & modules - {name}))
    graph.prepare()


def test_geodesy_knows_no_layer() -> None:
    for path in tracked("geodata/geodesy/*.py"):
        used = {name for name in imports(path) if name.startswith("geodata.")}
        allowed = ("geodata.geodesy", "geodata.errors", "geodata.messages")
        assert all(name.startswith(allowed) for name in used), f"{path.name} imports {used}"


def test_the_data_rooms_hold_no_code() -> None:
    for path in tracked("geodata/layers/*", "geodata/sources/*", "geodata/schemas/*"):
        assert path.suffix in (".json", ".geojson", ".md", ".txt"), path


def test_importing_the_library_is_cheap() -> None:
    asked = "import sys, geodata, geodata.cli, geodata.formats.registry; print(*sys.modules)"
    completed = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    heavy = {"geopandas", "pandas", "folium", "pyogrio", "pyarrow", "openpyxl", "numba", "jsonschema"}
    assert not heavy & set(completed.stdout.split())
    bare = subprocess.run(
        [sys.executable, "-c", "import sys, geodata; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    assert not (heavy | {"numpy", "shapely", "pyproj"}) & set(bare.stdout.split())


def test_nothing_is_called_utils() -> None:
    assert not [path for path in FILES if path.stem in ("utils", "util", "helpers", "misc", "common")]


# What each room of the web app may know of the others; everything may know geodata. The factory wires all of them.
WEBAPP = {
    "__main__": {"command", "config", "server"},
    "command": {"__init__", "config", "page_context", "result_cache", "ruler", "server"},
    "server": {"auth", "security"},
    "__init__": {
        "analyses",
        "api",
        "assets",
        "auth",
        "config",
        "digits",
        "errors",
        "events",
        "exports",
        "feature_edits",
        "health",
        "help",
        "i18n",
        "imports",
        "ledger",
        "matrix",
        "pages",
        "picker",
        "proximity",
        "records",
        "release_diffs",
        "report",
        "result_figures",
        "results",
        "ruler",
        "search",
        "security",
    },
    "analyses": {"errors", "i18n", "page_context", "picker", "result_cache"},
    "base_url": set(),
    "cors": set(),
    "api": {"api", "auth", "base_url", "cors", "i18n", "jobs", "page_context", "result_cache"},
    "pages": {"auth", "charts", "cors", "feature_edits", "i18n", "page_context", "result_cache", "source_groups"},
    "help": {"charts", "i18n", "page_context", "result_cache"},
    "digits": {"auth", "i18n"},
    "picker": {"i18n"},
    "source_groups": set(),
    "ruler": {"auth", "errors", "i18n", "page_context", "picker", "proximity", "result_cache", "ruler"},
    "report": {"charts", "i18n", "page_context", "report", "result_cache", "ruler"},
    "result_figures": {"charts", "i18n"},
    "results": {"auth", "base_url", "i18n", "page_context", "result_cache", "result_figures"},
    "ledger": {"auth", "errors", "i18n", "page_context", "picker"},
    "records": {"auth", "errors", "i18n", "page_context", "picker", "record_forms"},
    "record_forms": {"i18n", "picker"},
    "exports": {"cors", "errors", "i18n", "page_context"},
    "release_diffs": {"cors", "errors", "page_context"},
    "feature_edits": {"auth", "errors", "page_context"},
    "events": {"auth", "events", "i18n", "page_context"},
    "imports": {"auth", "error_messages", "errors", "i18n", "imports", "jobs", "page_context", "report", "security"},
    "matrix": {"errors", "i18n", "page_context", "picker", "proximity", "result_cache"},
    "auth": {"server_state"},
    "jobs": {"server_state"},
    "server_state": set(),
    "proximity": {"auth", "errors", "i18n", "page_context", "proximity"},
    "page_context": {"i18n"},
    "errors": {"auth", "error_messages", "i18n"},
    "error_messages": {"i18n"},
    "security": {"auth"},
    "i18n": {"bidi", "language_parts"},
    "language_parts": set(),
    "bidi": set(),
    "result_cache": set(),
    "assets": set(),
    "charts": set(),
    "config": set(),
    "health": set(),
    "search": {"i18n", "picker"},
}


def rooms_of_webapp(path: Path) -> set[str]:
    """Return which other rooms of the web app a file of it imports."""
    found = set()
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "webapp":
            room_ = parts[1] if len(parts) > 1 else ""
            found.add(room_ if room_ in WEBAPP else "__init__" if room_ == "create_app" else "")
    return found - {""}


@pytest.mark.parametrize("path", tracked("webapp/*.py"), ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_of_the_web_app_know_only_their_own(path: Path) -> None:
    here = path.relative_to(ROOT / "webapp").parts[0].removesuffix(".py")
    assert here in WEBAPP, f"{path.name} is no room of the web app yet: say in WEBAPP what it may know"
    assert rooms_of_webapp(path) <= WEBAPP[here]


def test_only_one_file_knows_the_server() -> None:
    for path in tracked("webapp/*.py"):
        serves = any(name.split(".")[0] == "waitress" for name in imports(path))
        assert serves == (path.name == "server.py"), path.name


@pytest.mark.parametrize("path", tracked("webapp/static/js/*.js"), ids=lambda path: path.name)
def test_no_number_decides_whether_an_element_is_there(path: Path) -> None:
    """A 0 that stands before && is not left out but written: "23:23" and a count of nothing made "23:230"."""
    found = re.findall(r"\b\w*(?:length|size|count)\s*&&\s*(?:element|svg)\(", path.read_text("utf-8"))
    assert found == []
