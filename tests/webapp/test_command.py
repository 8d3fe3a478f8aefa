"""`geodata serve` as a process: one address, which signs in and is redirected to a clean one; bad options named."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from geodata.cli import main
from tests.tree import ROOT
from tests.webapp.test_main import START, free_port
from webapp import command
from webapp.config import Config


@pytest.fixture
def served() -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Return a running server on a free port, and that port."""
    port = free_port()
    words = [sys.executable, "-m", "geodata", "serve", "--port", str(port)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield port, process
    finally:
        process.kill()
        process.communicate()


def test_it_prints_one_address_that_signs_in_and_leads_to_a_clean_one(
    served: tuple[int, subprocess.Popen[str]],
) -> None:
    port, process = served
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith(f"http://127.0.0.1:{port}/sign-in?token=")
    parts = urlsplit(address)
    connection = HTTPConnection("127.0.0.1", port, timeout=START)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 303
    assert "token" not in str(answer.headers["Location"])
    cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
    connection.request("GET", str(answer.headers["Location"]), headers={"Cookie": cookie})
    page = connection.getresponse()
    assert page.status == 200
    assert b"<form" in page.read()
    connection.close()
    process.send_signal(signal.SIGTERM)
    printed, message = process.communicate(timeout=START)
    assert (process.returncode, printed) == (0, "")
    assert message.rstrip().endswith("masafa: stopped")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--port", "0"), "PORT: '0' is not allowed; allowed: a number from 1 to 65535"),
        (("--port", "x"), "PORT: 'x' is not allowed"),
        (("--host", "example.org"), "--host: 'example.org' is not allowed"),
    ],
)
def test_a_bad_option_is_named(options: tuple[str, ...], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", *options]) == 2
    printed = capsys.readouterr()
    assert (printed.out, reason in printed.err, printed.err.count("\n")) == ("", True, 1)


def announced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[str, str, list[str]]:
    """Return what is printed where nothing is served, on both streams, and what is opened."""
    opened: list[str] = []

    def run(config: Config, host: str, announce: object, another: str) -> int:
        announce("TOKEN")  # type: ignore[operator]
        return 0

    monkeypatch.setattr(command, "run", run)
    monkeypatch.setattr(command.webbrowser, "open", opened.append)
    assert main(["serve", *options]) == 0
    printed = capsys.readouterr()
    return printed.out, printed.err, opened


def test_open_opens_the_address(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    out, _, opened = announced(monkeypatch, capsys, "--port", "8123", "--open")
    assert opened == [out.strip()] == ["http://127.0.0.1:8123/sign-in?token=TOKEN"]
    out, _, opened = announced(monkeypatch, capsys, "--host", "::1", "--port", "8123", "--json")
    assert json.loads(out) == {"address": "http://[::1]:8123/sign-in?token=TOKEN"}
    assert opened == []


def test_on_another_address_the_token_is_not_printed_with_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MASAFA_BASE_URL", "https://map.example.org")
    out, err, _ = announced(monkeypatch, capsys, "--host", "0.0.0.0")
    assert out == "https://map.example.org/\n"
    assert err == "To write: https://map.example.org/sign-in?token=TOKEN\n"


def test_without_a_port_that_of_the_environment_is_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "8124")
    assert ":8124/" in announced(monkeypatch, capsys)[0]
    assert os.environ["PORT"] == "8124"
