"""Sources of one's own: checked at the door, attached, graded by two readers of two names; every change is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geodata import catalog
from geodata.claims import add
from geodata.errors import BadValue, NotFound
from geodata.records import sources
from geodata.store.workspace import Workspace
from tests.claims.test_add import NEAR

REPORT = {
    "id": "wire-report",
    "title": "غارة قرب القائم",
    "title_en": "Strike near al-Qaim",
    "outlet": "A wire",
    "published_on": "2024-02-03",
    "accessed_on": "2024-02-05",
    "url": "https://example.org/strike",
    "archived_url": "https://archive.example.org/strike",
    "says_en": "A strike near al-Qaim",
    "says_ar": "غارة قرب القائم",
    "supports": "al-qaim, prison-10km",
    "by": "Reader One",
}
FILE = {"name": "strike.html", "bytes": 3, "sha256": "0" * 64}
B2 = {"reliability": "B", "credibility": "2"}


def current_catalog() -> catalog.Catalog:
    """Return the catalogue as it is now."""
    return catalog.current()


@pytest.fixture
def place(workspace: Path) -> Workspace:
    """Return a workspace with one source of its own."""
    result = Workspace(workspace)
    sources.add(REPORT, result, current_catalog(), FILE)
    return result


def test_a_source_is_kept_with_its_file_and_who_recorded_it(place: Workspace) -> None:
    result = current_catalog().sources()["wire-report"]
    assert result["collected_by"] == "Reader One"
    assert result["file"] == FILE
    assert result["supports"] == ["al-qaim", "prison-10km"]
    assert result["verification"]["status"] == "read"
    assert sources.supporting(current_catalog())["al-qaim"][-1] == "wire-report"
    first = sources.history("wire-report", place)[0]
    assert (first["by"], first["what"], first["before"], first["after"]) == ("Reader One", "recorded", None, result)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "Wire Report"),
        ("id", "wire-report"),
        ("id", "new"),
        ("says_ar", "in Latin"),
        ("published_on", "2024-02-30"),
        ("published_on", "03/02/2024"),
        ("accessed_on", "2024-02-01"),
        ("accessed_on", "2999-01-01"),
        ("url", "javascript:alert(1)"),
        ("archived_url", "ftp://example.org"),
        ("url", "https://example.org/\nx"),
        ("kind", "rumour"),
        ("supports", "no-such-place"),
        ("by", ""),
        ("by", "12"),
        ("by", "x" * 101),
        ("title", "x" * 3000),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_nothing_is_written(place: Workspace, name: str, value: str) -> None:
    before = (place.sources / "sources.json").read_bytes()
    with pytest.raises(BadValue) as caught:
        sources.add({**REPORT, "id": "another", name: value}, place, current_catalog())
    assert caught.value.parameter == name
    assert (place.sources / "sources.json").read_bytes() == before


def test_a_change_keeps_what_was(place: Workspace) -> None:
    sources.change("wire-report", {"outlet": "Another", "by": "B", "why": "misread"}, place, current_catalog())
    result = current_catalog().sources()["wire-report"]
    assert (result["outlet"], result["title"]) == ("Another", REPORT["title"])
    last = sources.history("wire-report", place)[0]
    assert (last["by"], last["why"], last["before"]["outlet"]) == ("B", "misread", "A wire")
    sources.change("wire-report", {"outlet": "Another", "by": "B"}, place, current_catalog())
    assert len(sources.history("wire-report", place)) == 2, "what changes nothing is no change"


def test_a_shipped_source_is_changed_in_the_workspace_alone(place: Workspace) -> None:
    shipped = catalog.shipped().sources()["hussein-2024"]
    sources.grade("hussein-2024", {**B2, "by": "A"}, place, current_catalog())
    assert current_catalog().sources()["hussein-2024"]["verification"]["reliability"] == "B"
    assert "reliability" not in catalog.shipped().sources()["hussein-2024"]["verification"]
    assert sources.history("hussein-2024", place)[0]["before"] == shipped
    assert len(current_catalog().sources()) == len(catalog.shipped().sources()) + 1


def test_two_readers_of_two_names(place: Workspace) -> None:
    mark: dict[str, Any] = {**B2, "by": "  Reader   One "}
    with pytest.raises(BadValue, match="a first reader has graded"):
        sources.second("wire-report", mark, place, current_catalog())
    sources.grade("wire-report", mark, place, current_catalog())
    with pytest.raises(BadValue, match="another reader than the first"):
        sources.second("wire-report", {**mark, "by": "reader one"}, place, current_catalog())
    message = sources.second("wire-report", {**mark, "by": "قارئ ثانٍ"}, place, current_catalog())["verification"]
    assert (message["status"], message["second"]["by"]) == ("confirmed", "قارئ ثانٍ")
    message = sources.second("wire-report", {**mark, "credibility": "5", "by": "C"}, place, current_catalog())[
        "verification"
    ]
    assert (message["status"], message["credibility"], message["second"]["credibility"]) == ("disputed", "2", "5")
    message = sources.grade("wire-report", {**mark, "reliability": "E"}, place, current_catalog())["verification"]
    assert message["status"] == "graded"
    assert "second" not in message
    assert len(sources.history("wire-report", place)) == 5


@pytest.mark.parametrize(
    ("name", "value"), [("reliability", "G"), ("credibility", "0"), ("reliability", ""), ("by", "")]
)
def test_a_mark_off_the_scale_is_refused(place: Workspace, name: str, value: str) -> None:
    with pytest.raises(BadValue) as caught:
        sources.grade("wire-report", {**B2, "by": "A", name: value}, place, current_catalog())
    assert caught.value.parameter == name


def test_attached_and_detached(place: Workspace) -> None:
    sources.attach("wire-report", {"supports": "sites/erbil", "by": "A"}, place, current_catalog())
    assert current_catalog().sources()["wire-report"]["supports"] == ["al-qaim", "prison-10km", "erbil"]
    sources.detach("wire-report", {"supports": "al-qaim", "by": "A"}, place, current_catalog())
    assert current_catalog().sources()["wire-report"]["supports"] == ["prison-10km", "erbil"]
    for do, supports in ((sources.detach, "al-qaim"), (sources.attach, "")):
        with pytest.raises(BadValue):
            do("wire-report", {"supports": supports, "by": "A"}, place, current_catalog())
    with pytest.raises(NotFound):
        sources.attach("no-such", {"supports": "erbil", "by": "A"}, place, current_catalog())


def test_a_claim_added_later_keeps_the_history(place: Workspace) -> None:
    add.add(NEAR, place, current_catalog())
    kept = json.loads((place.sources / "sources.json").read_bytes())
    assert [one["id"] for one in kept["history"]] == ["wire-report", "test-report"]
    assert [one["number"] for one in kept["history"]] == [1, 2]
