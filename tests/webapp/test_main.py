"""`python -m webapp` as a process: ready soon, deaf to slow clients, stopped in order, clear where it cannot start."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection

import pytest

from tests.tree import ROOT

START = 20.0
"""Seconds a start may take on a busy machine; README and docs speak of 3 on an idle one."""


def free_port() -> int:
    with socket.socket() as result:
        result.bind(("127.0.0.1", 0))
        return int(result.getsockname()[1])


def started(port: int | str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PORT": str(port)}
    return subprocess.Popen(
        [sys.executable, "-m", "webapp"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=START)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def wait_for(port: int) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not come up")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a running server, stopped by SIGTERM afterwards."""
    number = free_port()
    process = started(number)
    try:
        wait_for(number)
        yield number
        process.send_signal(signal.SIGTERM)
        _, message = process.communicate(timeout=START)
        assert process.returncode == 0
        assert "Traceback" not in message
        assert message.rstrip().endswith("masafa: stopped")
    finally:
        process.kill()
        process.communicate()


def test_the_first_page_comes_soon(port: int) -> None:
    status, page = get(port, "/?lang=en")
    assert status == 200
    assert "49 ± 3".encode() in page


def test_sixty_half_open_connections_stop_nobody(port: int) -> None:
    with ExitStack() as stack:
        for index in range(60):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port), 5))
            head = "POST /api/processes/claims/execution HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
            slow.sendall(head.encode() + (b"\r\n{" if index % 2 else b""))
        assert get(port, "/robots.txt")[0] == 200
        assert get(port, "/layers/sites.geojson")[0] == 200


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET //evil.example/a HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 300_000 + b"\r\n\r\n", 431),
    ],
)
def test_hostile_bytes(request_: bytes, status: int, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), START) as result:
        result.sendall(request_)
        result.shutdown(socket.SHUT_WR)
        output = result.recv(65536)
    line, _, rest = output.partition(b"\r\n")
    assert int(line.split()[1]) == status, line
    assert not re.search(rb"(?:/|:)/evil\.example", rest)
    assert b"waitress" not in rest.lower().split(b"\r\n\r\n")[0]


def test_a_port_in_use_is_said_in_one_line(port: int) -> None:
    process = started(port)
    _, message = process.communicate(timeout=START)
    assert process.returncode == 2
    assert message.count("\n") == 1
    assert f"port {port} cannot be used" in message


@pytest.mark.parametrize("number", ["0", "x", "99999"])
def test_a_bad_port_is_said_in_one_line(number: str) -> None:
    process = started(number)
    _, message = process.communicate(timeout=START)
    assert process.returncode == 2
    assert message == f"masafa: PORT: '{number}' is not allowed; allowed: a number from 1 to 65535\n"


def test_ctrl_c_stops_it_in_order() -> None:
    number = free_port()
    process = started(number)
    try:
        wait_for(number)
        process.send_signal(signal.SIGINT)
        _, message = process.communicate(timeout=START)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Traceback" not in message
