"""`geodata sources` and `geodata actors`: record, attach, grade, merge, and what is refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from geodata.cli import main

SOURCE = ["--set", "title=A report", "--set", "says_en=A strike", "--set", "says_ar=غارة", "--by", "A"]
ACTOR = [
    *("--set", "name_en=River Brigade", "--set", "name_ar=لواء النهر", "--set", "kind=armed_group"),
    *("--set", "sources=hussein-2024", "--by", "A"),
]


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """Return the JSON answer of a command that succeeds."""
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_source_from_recording_to_the_second_reader(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    copy = tmp_path / "page.html"
    copy.write_bytes(b"<p>strike</p>")
    result = told(capsys, "sources", "a-report", "--add", *SOURCE, "--file", str(copy))
    assert result["file"] == {"name": "page.html", "bytes": 13, "sha256": hashlib.sha256(copy.read_bytes()).hexdigest()}
    assert told(capsys, "sources", "a-report", "--attach", "al-qaim", "--by", "A")["supports"] == ["al-qaim"]
    told(capsys, "sources", "a-report", "--grade", "b2", "--note", "seen before", "--by", "A")
    message = told(capsys, "sources", "a-report", "--second", "B2", "--by", "B")["verification"]
    assert (message["status"], message["note"], message["second"]["by"]) == ("confirmed", "seen before", "B")
    done = told(capsys, "sources", "a-report", "--history")["items"]
    assert [one["what"] for one in done] == ["second", "graded", "attached", "recorded"]
    assert main(["sources", "a-report", "--history"]) == 0
    assert "second" in capsys.readouterr().out
    assert main(["sources"]) == 0
    assert "B2 confirmed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sources", "x", "--add", *SOURCE[:-2]], "by: '' is not allowed"),
        (["sources", "x", "--add", *SOURCE, "--set", "colour=red"], "--set: 'colour=red' is not allowed"),
        (["sources", "no-such", "--grade", "A1", "--by", "A"], "no-such"),
        (["sources", "hussein-2024", "--grade", "Z9", "--by", "A"], "reliability: 'Z'"),
        (["sources", "hussein-2024", "--grade", "good", "--by", "A"], "--grade: 'good'"),
        (["sources", "hussein-2024", "--note", "x", "--by", "A"], "--note"),
        (["sources", "--grade", "A1", "--by", "A"], "ID"),
        (["sources", "hussein-2024", "--grade", "A1", "--second", "A1", "--by", "A"], "one change at a time"),
        (["actors", "coalition", "--merge-into", "coalition", "--by", "A"], "into: 'coalition'"),
        (["actors", "no-such"], "no-such"),
    ],
)
def test_what_is_refused(capsys: pytest.CaptureFixture[str], words: list[str], said: str, workspace: Path) -> None:
    assert main(words) == 2
    assert said in capsys.readouterr().err
    assert not (workspace / "sources" / "sources.json").exists()


def test_actors_are_merged_and_set_apart(capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "actors", "river-brigade", "--add", *ACTOR)
    told(capsys, "actors", "twin", "--add", *ACTOR, "--set", "name_en=Brigade River")
    alike = told(capsys, "actors", "--alike")["items"]
    assert ("river-brigade", "twin") in {(one["actor"], one["other"]) for one in alike}
    assert (
        told(capsys, "actors", "twin", "--merge-into", "river-brigade", "--by", "B")["merged_into"] == "river-brigade"
    )
    assert main(["actors"]) == 0
    assert "merged into river-brigade" in capsys.readouterr().out
    assert "merged_into" not in told(capsys, "actors", "twin", "--unmerge", "--by", "B")
    assert told(capsys, "actors", "twin", "--alias", "RB", "--by", "B")["aliases"] == ["RB"]
    assert main(["actors", "--alike"]) == 0
    assert "river-brigade" in capsys.readouterr().out
