"""Queries of a layer's features: filters in CQL2, boxes, dates, order. Independent of HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.model import Feature
from geodata.query import cql2, evaluate
from geodata.query.crs import CRS84, Crs
from geodata.query.table import Table
from geodata.query.tables import table as of

__all__ = ["CRS84", "Crs", "Table", "of", "where"]


def where(
    features: Sequence[Feature] | Table, text: str, lang: str = "cql2-text", crs: Crs = CRS84
) -> Sequence[Feature]:
    """Return the features, or those of a table, for which a CQL2 filter is true, in their order.

    `lang` is cql2-text or cql2-json; `crs` is that of the geometries in the filter. Raises BadValue, which names
    `filter`, for what cannot be read or is not allowed, and Refused for a filter that is too heavy.

    >>> from geodata.catalog import shipped
    >>> [site.id for site in where(shipped().layer("sites").features, "kind = 'prison' AND precision = 'locality'")]
    ['hasakah-prison']
    """
    table = features if isinstance(features, Table) else Table(features)
    return table.picked(evaluate.rows(cql2.parse(text, lang), table, crs))
