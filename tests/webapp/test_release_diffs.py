"""The page of what a release changed, and its data."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient

from geodata.model import Layer
from tests.events.test_release_diff import releases as releases
from webapp import release_diffs


def start_of(layer: Layer) -> str:
    """Return how the version of the first release begins."""
    return str(layer.entry["imported"]["releases"][0]["before"][:16])


def ask(client: FlaskClient, query: str) -> dict[str, object]:
    """Return the data of a comparison."""
    answer = client.get(f"/layers/attacks/diff.json?{query}")
    assert answer.status_code == 200
    return dict(json.loads(answer.get_data(as_text=True)))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("What changed in", "Moved", "1 row unchanged")),
        ("ar", ("ما تغيّر في", "تغيّر الموضع", "صف واحد بلا تغيير")),
    ],
)
def test_the_page_lists_what_changed(client: FlaskClient, releases: Layer, lang: str, said: tuple[str, ...]) -> None:
    text = client.get(f"/layers/attacks/diff?old={start_of(releases)}&lang={lang}").get_data(as_text=True)
    for words in said:
        assert words in text
    assert text.count("<tr><th scope") == 4
    assert "<del>" in text
    moved = client.get(f"/layers/attacks/diff?old={start_of(releases)}&kind=moved&lang={lang}").get_data(as_text=True)
    assert moved.count("<tr><th scope") == 1
    none = client.get(f"/layers/attacks/diff?old={start_of(releases)}&kind=redated&lang={lang}").get_data(as_text=True)
    assert none.count("<tr><th scope") == 0


def test_the_list_of_files_leads_to_what_each_changed(client: FlaskClient, releases: Layer) -> None:
    links = re.findall(r'href="(/layers/attacks/diff[^"]*)"', client.get("/import?lang=en").get_data(as_text=True))
    assert len(links) == 1
    assert "4 features" in client.get(links[0].replace("&amp;", "&")).get_data(as_text=True)


def test_the_data_comes_in_pages(client: FlaskClient, releases: Layer) -> None:
    old = start_of(releases)
    first = ask(client, f"old={old}&limit=3")
    second = ask(client, f"old={old}&new={releases.version[:8]}&limit=3&page=2")
    assert (first["total"], first["pages"], len(first["items"]), len(second["items"])) == (4, 2, 3, 1)  # type: ignore[arg-type]
    assert first["versions"] == {"old": releases.entry["imported"]["releases"][0]["before"], "new": releases.version}
    assert ask(client, f"old={old}&limit=3&page=9")["page"] == 2


def test_pages_of_the_list_lead_to_one_another(
    client: FlaskClient,
    releases: Layer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(release_diffs, "SHOWN", 3)
    text = client.get(f"/layers/attacks/diff?old={start_of(releases)}&page=1&lang=en").get_data(as_text=True)
    following = re.search(r'rel="next" href="([^"]*)"', text)
    assert following is not None
    text = client.get(following[1].replace("&amp;", "&")).get_data(as_text=True)
    assert text.count("<tr><th scope") == 1
    assert 'rel="prev"' in text
    assert "Rows 4 to 4 of 4" in text


@pytest.mark.parametrize(
    ("query", "status"),
    [("old=zz", 400), ("old=00000000", 404), ("old={old}&kind=merged", 400), ("old={old}&page=0", 400)],
)
def test_what_cannot_be_compared_is_said(client: FlaskClient, releases: Layer, query: str, status: int) -> None:
    query = query.format(old=start_of(releases))
    page = client.get(f"/layers/attacks/diff?{query}&lang=en")
    assert page.status_code == status
    assert 'role="alert"' in page.get_data(as_text=True)
    assert client.get(f"/layers/attacks/diff.json?{query}").status_code == status


def test_without_an_earlier_version_the_page_asks_for_one(client: FlaskClient) -> None:
    assert client.get("/layers/events/diff?lang=en").status_code == 200
    assert client.get("/layers/events/diff.json").status_code == 400
    assert client.get("/layers/nowhere/diff").status_code == 404
