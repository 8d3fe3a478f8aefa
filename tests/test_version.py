"""Which code this is: the release and the commit, from a checkout in all its forms, a package, or neither."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import geodata
from geodata import registry
from geodata.catalog import current, workspace
from geodata.citations import rerun
from geodata.citations.cite import cite
from geodata.citations.records import Results
from geodata.version import RELEASE, commit_of, version_of
from tests.tree import ROOT

SHAS = st.text("0123456789abcdef", min_size=40, max_size=40)
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def git(folder: Path, *words: str) -> str:
    """Run git in a folder, as somebody."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_the_version_is_that_of_this_checkout() -> None:
    head = git(ROOT, "rev-parse", "HEAD")
    assert geodata.__version__ == f"{RELEASE}+g{head[:9]}"
    answer = registry.run("distance", {"layer": "erbil", "target": "mosul"}).to_dict()
    assert answer["code_version"] == geodata.__version__


def test_every_form_of_a_checkout_is_read(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    package = clone / "geodata"
    package.mkdir(parents=True)
    git(tmp_path, "init", "-q", "-b", "main", str(clone))
    assert commit_of(package) == ""
    git(clone, "commit", "-q", "--allow-empty", "-m", "one")
    first = git(clone, "rev-parse", "HEAD")
    assert commit_of(package) == first
    git(clone, "pack-refs", "--all")
    assert commit_of(package) == first
    git(clone, "worktree", "add", "-q", "-b", "area/other", str(tmp_path / "tree"))
    assert commit_of(tmp_path / "tree" / "geodata") == first
    git(tmp_path / "tree", "commit", "-q", "--allow-empty", "-m", "two")
    second = git(tmp_path / "tree", "rev-parse", "HEAD")
    assert (commit_of(tmp_path / "tree" / "geodata"), commit_of(package)) == (second, first)
    git(clone, "checkout", "-q", "--detach", second)
    assert commit_of(package) == second


@given(SHAS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_a_package_says_the_commit_that_its_build_wrote(tmp_path: Path, sha: str) -> None:
    (tmp_path / "commit.txt").write_text(sha + "\n")
    assert version_of(tmp_path) == f"{RELEASE}+g{sha[:9]}"


@pytest.mark.parametrize("text", ["", "x" * 40, COMMIT[:-1], f"{COMMIT}0", "ref: refs/heads/main"])
def test_what_is_no_commit_is_not_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "commit.txt").write_text(text)
    assert version_of(tmp_path) == RELEASE


@pytest.mark.parametrize("text", ["gitdir: /nowhere/at/all", "", "nonsense"])
def test_a_damaged_checkout_has_no_commit(tmp_path: Path, text: str) -> None:
    (tmp_path / ".git").write_text(text)
    assert version_of(tmp_path / "geodata") == RELEASE


def test_a_record_of_older_code_runs_again_and_says_which_code_wrote_it() -> None:
    result = registry.run("distance", {"layer": "erbil", "target": "mosul"})
    results = Results(workspace())
    record = results.remember(result)
    path = results.folder / f"{record.id}.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "code_version": "0.1.0"}))
    comparison = rerun.again(record.id, results, current())
    assert (comparison["status"], comparison["values"]) == ("same", "same")
    assert comparison["code_version"] == {"then": "0.1.0", "now": geodata.__version__}
    assert "Masafa 0.1.0. " in cite(record.id, results, current())["text"]["en"]
