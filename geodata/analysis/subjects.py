"""The rows that an analysis works through: what a text names, or the features of a layer that a filter takes."""

from __future__ import annotations

from geodata.analysis import predicates
from geodata.analysis.base import Parameter
from geodata.analysis.batches import PlaceRows, Rows, StoredRows
from geodata.analysis.places import of_feature, resolve
from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.messages import texts
from geodata.query import cql2

WHERE = Parameter("where", texts("parameter.where"), "filter", metavar="CQL2", length=cql2.MAX_LENGTH)
"""A filter of the features of whole layers, in CQL2 text."""


def rows_of(parameter: str, text: str, catalog: Catalog, where: str | None = None) -> tuple[Rows, bool]:
    """Return the rows that `text` names, and whether it named a whole layer or several places.

    `where` is a filter in CQL2 text, which takes a whole layer. Errors as `resolve` and `predicates.features`, which
    name `where`.
    """
    if where is not None:
        return _filtered(parameter, text, catalog, where), True
    if text in catalog.ids() and catalog.layer(text).stored is not None:
        return StoredRows(catalog.layer(text), catalog), True
    places, many = resolve(parameter, text, catalog)
    return PlaceRows(places), many


def _filtered(parameter: str, text: str, catalog: Catalog, where: str) -> Rows:
    if text not in catalog.ids():
        raise BadValue(WHERE.name, where, "filter_of_layer", parameter=parameter, value=text)
    layer = catalog.layer(text)
    with cql2.naming(WHERE.name):
        features = predicates.features(layer, where, catalog)
        used = {layer.id} | predicates.layers_of(where, catalog)
    return PlaceRows([of_feature(feature, layer, catalog) for feature in features], frozenset(used))
