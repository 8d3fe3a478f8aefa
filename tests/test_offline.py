"""Nothing the product serves or writes names another host as something to load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tree import ROOT, tracked

# What makes a browser fetch: attributes, CSS urls and imports, script requests. Addresses of sources are plain data.
LOADS = (
    re.compile(r"""(?:src|srcset|href|action|poster|data)\s*=\s*["']?\s*(?:https?:)?//""", re.IGNORECASE),
    re.compile(r"""url\(\s*["']?\s*(?:https?:)?//""", re.IGNORECASE),
    re.compile(r"""(?:import|from|fetch\(|importScripts\(|new Worker\(|new WebSocket\()\s*["'`](?:https?:|wss?:)?//"""),
)
SERVED = tracked(
    "webapp/templates/*", "webapp/static/*.js", "webapp/static/*.css", "geodata/formats/*.js", "geodata/formats/*.css"
)


def test_there_is_something_served() -> None:
    assert len(SERVED) > 10


@pytest.mark.parametrize("path", SERVED, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_loads_from_another_host(path: Path) -> None:
    text = path.read_text("utf-8")
    for pattern in LOADS:
        assert not pattern.search(text), f"{path.relative_to(ROOT)}: {pattern.search(text)}"


def test_the_code_opens_no_connection() -> None:
    clients = re.compile(
        r"^\s*(?:import|from)\s+(requests|urllib\.request|httpx|aiohttp|http\.client|ftplib|socket)\b", re.M
    )
    for path in tracked("geodata/*.py"):
        text = path.read_text("utf-8")
        if path == ROOT / "geodata/fork_server.py":
            # Between two processes of this machine, which hand files on to each other.
            assert set(re.findall(r"\bAF_\w+", text)) <= {"AF_UNIX"}
            text = text.replace("import socket\n", "")
        assert not clients.search(text), path.relative_to(ROOT)
