"""A report as PDF: the page as one file, printed by a headless Chromium that can reach nothing."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import signal
import subprocess  # nosec B404
from base64 import b64encode
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore

import pikepdf
from werkzeug.exceptions import ServiceUnavailable

from webapp.report.pdf_text import mended

STATIC = Path(__file__).resolve().parents[1] / "static"
SHEETS = ("base.css", "ruler.css", "report.css")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

TIME_LIMIT = 30.0
"""Seconds one document may take."""
PATIENCE = 10.0
"""Seconds a document waits for those before it."""

log = logging.getLogger("masafa")
_turns = BoundedSemaphore(2)
_FONT = re.compile(r'url\("\.\./fonts/([a-z0-9-]+\.woff2)"\)')


@cache
def chromium() -> str | None:
    """Return the path of a Chromium that answers: that of MASAFA_CHROMIUM, else a known name; None without one."""
    configured = os.environ.get("MASAFA_CHROMIUM")
    for path in (configured, *(shutil.which(name) for name in NAMES)):
        if path and os.access(path, os.X_OK) and _answers(path):
            return path
    return None


def _answers(path: str) -> bool:
    # A chromium-browser may be a stub that only asks for another package: it must answer to --version.
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=20, check=False)  # nosec B603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@cache
def styles() -> str:
    """Return the style sheets of a report with their fonts inside."""
    text = "\n".join((STATIC / "css" / name).read_text("utf-8") for name in SHEETS)
    # A printed page is not drawn again when its font comes: it waits for it.
    text = text.replace("font-display: swap", "font-display: block")
    return _FONT.sub(lambda match: f'url("data:font/woff2;base64,{_font(match[1])}")', text)


def running(text: str) -> str:
    """Return the style that prints a text at the head of every page; each character escaped, so that it stays text."""
    if not text:
        return ""
    escaped = "".join(f"\\{ord(sign):06x}" for sign in text)
    font = '600 9pt "Masafa Sans", "Masafa Sans Arabic", sans-serif'
    box = f'content: "{escaped}"; font: {font}; color: #22262a;'
    # The cover says it in a frame of its own.
    cover = "@page :first { @top-center { content: none } }"
    return f"@page {{ @top-center {{ {box} }} @bottom-center {{ {box} }} }} {cover}"


def _font(name: str) -> str:
    return b64encode((STATIC / "fonts" / name).read_bytes()).decode("ascii")


def make(html: str, rtl: bool = False) -> bytes:
    """Return a page, which needs no other file, as PDF; raises ServiceUnavailable with the reason.

    `rtl`: whether every page of it is read from right to left.
    """
    browser = chromium()
    if browser is None:
        raise ServiceUnavailable("PDF: no Chromium was found here; the browser's print dialogue makes one of the page")
    if not _turns.acquire(timeout=PATIENCE):
        raise ServiceUnavailable("PDF: other documents are being made; ask again", retry_after=10)
    try:
        with TemporaryDirectory(prefix="masafa-report-", ignore_cleanup_errors=True) as folder:
            printed = _printed(browser, html, Path(folder))
    finally:
        _turns.release()
    try:
        return mended(printed, rtl)
    except (pikepdf.PdfError, LookupError, TypeError, ValueError):
        # What another Chromium may print: a document whose text is hard to copy is better than none.
        log.exception("the text of a report's PDF was left as Chromium prints it")
        return printed


def _printed(browser: str, html: str, folder: Path) -> bytes:
    page, output = folder / "report.html", folder / "report.pdf"
    page.write_text(html, "utf-8")
    command = [browser, *_switches(folder), f"--print-to-pdf={output}", page.as_uri()]
    # No variable of the server's reaches the browser, and its home is the folder that goes with it.
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "TMPDIR": str(folder)}
    child = subprocess.Popen(  # nosec B603
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        child.wait(TIME_LIMIT)
    except subprocess.TimeoutExpired:
        raise ServiceUnavailable(f"PDF: not made within {TIME_LIMIT:g} seconds", retry_after=10) from None
    finally:
        _end(child)
    if not output.is_file() or not output.stat().st_size:
        raise ServiceUnavailable("PDF: the browser made none; the print dialogue makes one of the page")
    return output.read_bytes()


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the browser and the processes it started, which are a group of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _switches(folder: Path) -> list[str]:
    switches = [
        "--headless",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-extensions",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--no-default-browser-check",
        "--no-pdf-header-footer",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={folder / 'profile'}",
    ]
    # Chromium's sandbox refuses to start for root, as in a container.
    return [*switches, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else switches
