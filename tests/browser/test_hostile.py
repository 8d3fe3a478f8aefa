"""Text from data is text: a layer with markup planted in every attribute runs nothing, on no page."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from geodata import settings
from tests.browser.conftest import Visit
from tests.browser.waiting import until
from tests.tree import ROOT

pytestmark = pytest.mark.browser
PAGES = [
    *("/claims", "/sources", "/layers/sites", "/layers/events", "/about", "/actors"),
    *("/layers/sites/export?format=gpkg", "/api/collections?f=html", "/api/collections/sites/items?f=html"),
    *("/lines", "/matrix", "/ruler", "/proximity?layer=sites"),
]
PLANTED = '"><img src=x onerror="window.ran=1"><script>window.ran=1</script></title>{{7*7}}\u202e'
# What the code reads as a word of its own, not as text to show.
KEPT = {
    "type", "id", "kind", "event_type", "precision", "date_precision", "area", "sources", "source", "places", "layer",
    "to", "on", "country", "border", "edges", "actors", "alleged_actors", "time_zone", "features", "candidates",
    "lines", "line", "river", "within", "feature", "direction", "and_within", "events", "event", "relation", "test",
    "word", "part_of", "date_start", "date_end", "date", "start", "end", "as_of", "published_on", "valid_from",
    "valid_to", "left", "right", "quantity", "schema", "unit", "modality", "against", "contradicted_by", "path",
    "from_river",
}  # fmt: skip


def planted(value: Any, name: str = "") -> Any:
    """Return JSON with markup at the head of every text that is shown."""
    if isinstance(value, dict):
        return {
            key: item if key in KEPT and not isinstance(item, dict | list) else planted(item, key)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [item if name in KEPT and isinstance(item, str) else planted(item, name) for item in value]
    return PLANTED + value if isinstance(value, str) else value


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app whose layers and records bear the markup."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, source in (("layers", settings.LAYERS), ("sources", settings.SOURCES)):
        shutil.copytree(source, folder / name)
        for path in (folder / name).rglob("*.*json"):
            path.write_text(json.dumps(planted(json.loads(path.read_text("utf-8")))), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = (
        "import sys; from pathlib import Path; from geodata import settings; "
        f"settings.LAYERS, settings.SOURCES = Path({str(folder / 'layers')!r}), Path({str(folder / 'sources')!r}); "
        "from webapp.__main__ import main; sys.exit(main([]))"
    )
    environment = {**os.environ, "PORT": str(port), "MASAFA_WORKSPACE": str(folder / "workspace")}
    server = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/healthz", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    # Generous: a busy machine may take a minute for the first answer.
    for _ in range(1_200):
        assert server.poll() is None, "the server ended"
        try:
            with urlopen(address, timeout=120):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_it(visit: Visit, lang: str, hostile: str, path: str) -> None:
    page = visit(f"{path}{'&' if '?' in path else '?'}lang={lang}", address=hostile)
    # Names on a map come after the page.
    until(page, "document.body.innerText.includes('onerror')")
    expect(page.locator("img")).to_have_count(0)
    assert page.evaluate("window.ran") is None
    assert "49" not in page.title()
    expect(page.locator("body")).not_to_contain_text("\u202e", use_inner_text=True)


def test_the_map_runs_none_of_it(visit: Visit, lang: str, hostile: str) -> None:
    page = visit(f"/?lang={lang}&on=borders-alternatives", address=hostile)
    for row in page.locator("#list [data-row], #events [data-row]").all():
        row.click()
        page.locator(".leaflet-popup").wait_for()
        # All at once: one popup may follow another while they are opened.
        page.evaluate("document.querySelectorAll('.popup summary').forEach((one) => one.click())")
    expect(page.locator(".leaflet-popup")).to_contain_text("onerror", use_inner_text=True)
    page.goto(f"{hostile}/?lang={lang}&m=rings*al-qaim*25,50~border*hasakah-prison*border-iq-sy")
    page.wait_for_selector("html[data-ready]")
    page.locator("#results .big").first.wait_for(state="attached")
    page.locator("#search-text").fill("onerror")
    expect(page.locator("#hits [data-row]").nth(3)).to_be_attached()
    expect(page.locator("body")).not_to_contain_text("\u202e", use_inner_text=True)
    expect(page.locator("img")).to_have_count(0)
    assert page.evaluate("window.ran") is None
