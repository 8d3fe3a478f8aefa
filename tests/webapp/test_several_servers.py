"""Two servers of one workspace: either sees, reads and ends the jobs of the other, and outlives its death."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from geodata import catalog
from geodata.errors import MasafaError
from tests.tree import ROOT
from tests.webapp.test_imports import over, sent
from tests.webapp.test_jobs import until
from webapp import create_app
from webapp.config import Config
from webapp.error_messages import localized_message
from webapp.jobs import BROKEN_OFF

FORM = {"layer": "attacks", "action": "load", "rows": "3"}
RUN = "/api/processes/proximity/execution"
GOOD = {"inputs": {"layer": "hasakah-prison", "target": "border-iq-sy"}}
PATIENCE = 120


class Server:
    """A server in a process of its own, and a client of it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.webapp.another_server"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.address, self.token = self.line().split()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.strip())

    def line(self) -> str:
        """Return the next line that it writes."""
        return self._lines.get(timeout=PATIENCE)

    def go_on(self) -> None:
        """Let the job that waits go on."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        with closing(http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return answer, answer.read()

    def begin(self) -> str:
        """Begin an execution there; return the address of its job."""
        answer, _ = self.request(
            "POST",
            RUN,
            json.dumps(GOOD).encode(),
            {"Content-Type": "application/json", "Prefer": "respond-async"},
        )
        assert answer.status == 201
        return urlsplit(answer.headers["Location"]).path

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)


@pytest.fixture
def another(workspace: Path) -> Iterator[Server]:
    server = Server()
    yield server
    server.kill()
    for stream in (server.process.stdin, server.process.stdout):
        assert stream
        stream.close()


@pytest.fixture
def writer(another: Server) -> FlaskClient:
    """A client of a server of this process, signed in by the link of the other one."""
    client = create_app(Config()).test_client()
    assert client.get(f"/sign-in?token={another.token}").status_code == 303
    return client


def load(another: Server, writer: FlaskClient) -> str:
    """Send a file to this server, and let the other one import it; return its address."""
    address = sent(writer)
    cookie = writer.get_cookie("masafa")
    assert cookie
    form = "&".join(f"{name}={value}" for name, value in FORM.items()).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"masafa={cookie.value}"}
    answer, _ = another.request("POST", address, form, kind)
    assert answer.status == 303
    return address


def status(client: FlaskClient, address: str) -> Any:
    return client.get(f"{address}/job.json").get_json()


def test_an_import_of_one_server_is_seen_and_read_at_the_other(another: Server, writer: FlaskClient) -> None:
    address = load(another, writer)
    assert [another.line(), status(writer, address)["state"]] == ["read", "running"]
    another.go_on()
    assert another.line() == "read 3"
    assert status(writer, address) == {"schema": 3, "state": "running", "step": "read", "rows": 3, "total": 3}
    page = writer.get(f"{address}/job?lang=en").get_data(as_text=True)
    assert 'value="3"' in page
    stranger = writer.application.test_client()
    assert stranger.get(f"{address}/job.json").status_code == 403
    assert stranger.get("/api/jobs").get_json()["jobs"] == []
    for step in ("sort", "sort 3", "write", "write 3"):
        another.go_on()
        assert another.line() == step
    another.go_on()
    assert over(writer, address)["state"] == "done"
    report = writer.get(f"{address}/job?lang=en").get_data(as_text=True)
    assert "NOWHERE" in report
    assert len(catalog.current().layer("attacks").features) == 3


def test_an_import_of_one_server_is_cancelled_at_the_other(
    another: Server, writer: FlaskClient, workspace: Path
) -> None:
    address = load(another, writer)
    assert another.line() == "read"
    assert writer.post(f"{address}/cancel").status_code == 303
    assert status(writer, address)["state"] == "running"
    another.go_on()
    assert over(writer, address)["state"] == "cancelled"
    assert catalog.current() is catalog.shipped()
    assert list((workspace / "incoming").iterdir()) == []


@pytest.mark.parametrize("step", ["read", "read 3", "sort 3", "write", "write 3"])
def test_an_import_whose_server_is_killed_has_failed_and_left_nothing(
    another: Server, writer: FlaskClient, workspace: Path, step: str
) -> None:
    address = load(another, writer)
    while another.line() != step:
        another.go_on()
    assert status(writer, address)["state"] == "running"
    another.kill()
    failed = status(writer, address)
    reason = str(localized_message(MasafaError(BROKEN_OFF), "en"))
    assert (failed["state"], failed["said"]["en"]) == ("failed", reason)
    assert reason in writer.get(f"{address}/job?lang=en").get_data(as_text=True)
    assert catalog.current() is catalog.shipped()
    assert list((workspace / "layers").iterdir()) == []
    # The file that was sent is still there, and whoever sent it begins again.
    assert writer.post(address, data=FORM).status_code == 303
    assert over(writer, address)["state"] == "done"
    assert list((workspace / "incoming").iterdir()) == []
    assert len(catalog.current().layer("attacks").features) == 3


def test_an_execution_of_one_server_is_listed_dismissed_and_read_at_the_other(
    another: Server, client: FlaskClient
) -> None:
    kept, dropped = another.begin(), another.begin()
    assert [another.line(), another.line()] == ["proximity", "proximity"]
    listed = client.get("/api/jobs").get_json()["jobs"]
    assert [f"/api/jobs/{job['jobID']}" for job in listed] == [dropped, kept]
    assert {job["status"] for job in listed} == {"running"}
    assert client.get(f"{kept}/results").status_code == 404
    assert client.delete(dropped).get_json()["status"] == "dismissed"
    another.go_on()
    another.go_on()
    until(lambda: client.get(kept).get_json()["status"] == "successful")
    assert json.loads(another.request("GET", dropped)[1])["status"] == "dismissed"
    for form in ("json", "geojson"):
        answer, body = another.request("GET", f"{kept}/results?f={form}", headers={"Host": "localhost"})
        mine = client.get(f"{kept}/results?f={form}")
        assert (answer.status, body) == (mine.status_code, mine.data)
    another.kill()
    assert client.get(f"{kept}/results").status_code == 200


def test_an_execution_whose_server_is_killed_has_failed(another: Server, client: FlaskClient) -> None:
    begun = [another.begin() for _ in range(3)]
    assert [another.line(), another.line()] == ["proximity", "proximity"]
    assert [client.get(job).get_json()["status"] for job in begun] == ["running", "running", "accepted"]
    another.kill()
    for job in begun:
        assert client.get(job).get_json()["status"] == "failed"
        answer = client.get(f"{job}/results")
        assert (answer.status_code, answer.get_json()["detail"]) == (400, str(BROKEN_OFF))


def test_a_server_that_starts_anew_takes_the_link_and_the_cookie(another: Server, writer: FlaskClient) -> None:
    cookie = writer.get_cookie("masafa")
    assert cookie
    another.kill()
    client = create_app(Config()).test_client()
    assert client.get(f"/sign-in?token={another.token}").status_code == 303
    again = create_app(Config()).test_client()
    again.set_cookie("masafa", cookie.value)
    assert again.get("/edits/history.json").status_code == 200
    assert os.environ["MASAFA_WORKSPACE"]
