"""OGC's test data for CQL2 as it lies in the corpus: predicates, each with how many features it is true for."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import NamedTuple

import pytest

SUSPECT = frozenset(
    {
        # The data have three that begin so (Chișinău, Chicago, Chengdu), and one that begins with "chis".
        "ACCENTI(name) LIKE accenti('Ch%')",
        "ACCENTI(CASEI(name)) LIKE accenti(casei('Chiș%'))",
        "ACCENTI(CASEI(name)) LIKE accenti(casei('cHis%'))",
    }
)
"""The predicates whose expected number the data contradict."""


class Predicate(NamedTuple):
    """A filter on a collection, and the number of features that the standard expects."""

    collection: str
    text: str
    expected: int


def folder() -> Path:
    """Return where the data lie; skips the test where they do not."""
    corpus = os.environ.get("MASAFA_CORPUS")
    if not corpus or not (Path(corpus) / "cql2").is_dir():
        pytest.skip("MASAFA_CORPUS has no cql2: there are no predicates to try")
    return Path(corpus) / "cql2"


def geopackage() -> Path:
    """Return the GeoPackage that the predicates are asked of."""
    return folder() / "ne110m4cql2.gpkg"


def predicates() -> list[Predicate]:
    """Return all predicates and all combinations of them."""
    singles = [Predicate(row["collection"], row["predicate"], int(row["expected"])) for row in _rows("predicates")]
    combined = [Predicate(row["collection"], row["filter"], int(row["expected"])) for row in _rows("combinations")]
    assert (len(singles), len(combined)) == (274, 77)
    return [*singles, *combined]


def _rows(name: str) -> list[dict[str, str]]:
    with (folder() / f"{name}.tsv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
