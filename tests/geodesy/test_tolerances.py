"""The tolerances in docs/accuracy.md are those the tests use."""

from __future__ import annotations

import re

from tests.geodesy import tolerances
from tests.geodesy.conftest import ROOT

DOCUMENT = (ROOT / "docs/accuracy.md").read_text("utf-8")


def test_the_table_of_the_document_is_that_of_the_tests() -> None:
    table = DOCUMENT.split("## Tolerances", 1)[1].split("\n## ", 1)[0]
    cells = [tuple(part.strip() for part in line.strip("|").split("|")) for line in table.splitlines() if "|" in line]
    assert cells[2:] == tolerances.rows()


def test_what_the_document_names_is_there() -> None:
    for path in set(re.findall(r"`((?:geodata|tests|scripts)/[\w/]+\.?\w*)`", DOCUMENT)):
        assert (ROOT / path).exists(), path
