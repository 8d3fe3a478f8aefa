"""What a filter leaves of features that lie in no layer."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.model import Feature
from geodata.query import cql2, evaluate
from geodata.query.crs import CRS84, Crs
from geodata.query.table import Table


def where(
    features: Sequence[Feature] | Table, text: str, lang: str = "cql2-text", crs: Crs = CRS84
) -> Sequence[Feature]:
    """Return the features, or those of a table, for which a filter is true, in their order."""
    table = features if isinstance(features, Table) else Table(features)
    return table.picked(evaluate.rows(cql2.parse(text, lang), table, crs))
