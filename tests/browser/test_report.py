"""The report as PDF, made by the Chromium that people have: whole, in both languages, and without a request."""

from __future__ import annotations

import io
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pikepdf
import pytest

from tests.programs import program
from webapp.report import pdf

pytestmark = pytest.mark.skipif(pdf.chromium() is None, reason="no Chromium here")


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine that notes what is asked of it."""
    asked: list[str] = []

    class Note(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = HTTPServer(("127.0.0.1", 0), Note)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def made(base: str, claim: str, **query: str) -> bytes:
    with urlopen(f"{base}/report/claims/{claim}.pdf?{urlencode(query)}") as answer:
        assert answer.headers["Content-Type"] == "application/pdf"
        stored: bytes = answer.read()
    return stored


@pytest.mark.parametrize(("claim", "lang", "most"), [("prison-10km", "both", 8), ("wall-160km", "ar", 4)])
def test_a_report_is_a_short_document_with_its_fonts(base: str, claim: str, lang: str, most: int) -> None:
    data = made(base, claim, lang=lang)
    assert data.startswith(b"%PDF-")
    assert len(data) < 3_000_000
    with pikepdf.open(io.BytesIO(data)) as file:
        assert 2 <= len(file.pages) <= most
        described = [one for one in file.objects if isinstance(one, pikepdf.Dictionary) and "/FontFile2" in one]
        assert len(described) > 1


def test_the_text_stands_in_both_languages(base: str, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(made(base, "prison-10km", lang="both", author="Planning desk", handling="Official"))
    text = subprocess.run(
        [program("pdftotext", "poppler-utils"), str(path), "-"], capture_output=True, check=True
    ).stdout.decode("utf-8")
    for part in ("Planning desk", "Official", "49 ± 3", "Disagrees", "الحدود", "المصادر"):
        assert part in text, part


def test_hostile_text_asks_nothing_of_anybody(base: str, listener: tuple[str, list[str]]) -> None:
    address, asked = listener
    host = address.removeprefix("http://")
    made(base, "wall-160km", lang="en", author=f"<img src=//{host}/a>", handling=f"<script src=//{host}/b></script>")
    # Even where it were markup: the printed page may load nothing.
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
    pdf.make(f"<!DOCTYPE html>{policy}<img src='{address}/c'><script src='{address}/d'></script>text")
    assert asked == []
