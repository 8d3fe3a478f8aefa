"""Addresses in the cells of a file: links that are safe, images among them, and nothing of another host is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from geodata.catalog import current, workspace
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

CELLS = {
    "page": "https://example.org/a?b=1&c=2",
    "photo": "https://example.org/strike.jpg",
    "video": "see http://example.org/v.mp4, and more.",
    "wiki": "(https://example.org/Raid_(2024))",
    "script": "javascript:alert(1)",
    "phish": "https://masafa.example@evil.example/",
    "markup": "<a href='https://example.org/x'>x</a>",
    "arabic": "المصدر: https://example.org/خبر، انتهى",
}
LINKS = [
    "https://example.org/a?b=1&c=2",
    "https://example.org/strike.jpg",
    "http://example.org/v.mp4",
    "https://example.org/Raid_(2024)",
    "https://example.org/x",
    "https://example.org/%D8%AE%D8%A8%D8%B1",
]


def test_addresses_in_cells_are_safe_links(app: tuple[Flask, str], visit: Visit, lang: str, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    header = ",".join(["date,lat,lon", *CELLS])
    row = ",".join(["2024-05-01,33.5,44.5", *(f'"{cell}"' for cell in CELLS.values())])
    file.write_text(f"{header}\n{row}\n", "utf-8")
    load(file, file.name, ImportOptions(layer="links"), workspace(), current())
    page = visit(f"/events?layer=links&lang={lang}&at=links-row-1", address=app[1])
    hosts = set[str]()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    original = page.locator("#event-card .original")
    expect(original).to_be_attached()
    page.locator("#event-card summary").last.click()
    links = original.locator("a")
    assert [link.get_attribute("href") for link in links.all()] == LINKS
    for link in links.all():
        assert set(str(link.get_attribute("rel")).split()) == {"noopener", "noreferrer", "nofollow"}
    assert original.locator("img, video, iframe").count() == 0
    page.wait_for_load_state("networkidle")
    assert all(app[1].endswith(host) for host in hosts)
