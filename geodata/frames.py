"""Layers and results for Python and notebooks: GeoDataFrames, and maps with an HTML representation.

`geodata.layer`, `geodata.run` and `geodata.show` are these.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata import registry
from geodata.analysis.result_builder import NOTICE
from geodata.catalog import current
from geodata.errors import BadValue
from geodata.formats import columns
from geodata.formats.dataset import About, rows_of
from geodata.map_file import single_file
from geodata.messages import one_of
from geodata.model import Result
from geodata.store.geojson_store import write_whole

if TYPE_CHECKING:
    import geopandas

HEIGHT = 480
"""Pixels of a map in a notebook."""
BEHIND = ("countries", "rivers", "borders")
"""The layers a result is shown on."""


def layer(id_: str) -> geopandas.GeoDataFrame:
    """Return a layer as a GeoDataFrame (EPSG:4326, longitude first): the flat columns of docs/formats.md, by `id`.

    A cell is missing where nothing is known. `attrs` holds version, licence, attribution and sources. Raises NotFound.

    >>> layer("sites").loc["hasakah-prison", "unc_m"]
    np.float64(1500.0)
    """
    import geopandas

    catalog = current()
    source = catalog.layer(id_)
    about, rows = About.of(source, catalog.sources(), NOTICE), rows_of(source)
    data = {
        column.name: _series([column.value(row, about) for row in rows], column)
        for column in columns.COLUMNS
        if column is not columns.ID
    }
    index = [row.id for row in rows]
    frame = geopandas.GeoDataFrame(data, geometry=[row.geometry for row in rows], crs="EPSG:4326")
    frame.index = index
    frame.index.name = "id"
    frame.attrs["masafa"] = about.to_dict()
    return frame


def _series(values: list[Any], column: columns.Column) -> Any:
    import pandas

    kinds = {"text": "str", "number": "float64", "integer": "Int64"}
    return pandas.array(values, dtype=kinds[column.kind])


def run(name: str, **parameters: Any) -> Answer:
    """Run an analysis by its name on the layers as they are now (docs/api.md has the parameters).

    Raises NotFound for an unknown analysis, BadValue for a bad parameter, Refused for a question that is too heavy.

    >>> run("proximity", layer="hasakah-prison", target="border-iq-sy").body["display"]["number"]
    '49 ± 3'
    """
    result = registry.run(name, parameters, current())
    return Answer(**{attribute.name: getattr(result, attribute.name) for attribute in fields(result)})


@dataclass(frozen=True)
class Answer(Result):
    """A Result that gives its items and geometry as tables, and shows itself as a map in a notebook."""

    def to_gdf(self) -> geopandas.GeoDataFrame:
        """Return the measured geometries (feature, line, foot, ring …) as a GeoDataFrame (EPSG:4326)."""
        import geopandas

        if not self.geometries:
            return geopandas.GeoDataFrame({"role": []}, geometry=[], crs="EPSG:4326")
        frame = geopandas.GeoDataFrame.from_features(self.geometries, crs="EPSG:4326")
        frame.attrs["masafa"] = self.to_geojson()["masafa"]
        return frame

    def _repr_html_(self) -> str:
        catalog = current()
        names = dict.fromkeys([*BEHIND, *self.layers])
        page = single_file(catalog, [name for name in names if name in catalog.ids()], "en", self)
        return _frame(page, f"{self.analysis}, result {self.id}")


@dataclass(frozen=True)
class Map:
    """Layers as the single-file map: shows itself in a notebook, and can be saved."""

    layers: tuple[str, ...]
    lang: str = "en"
    page: bytes = field(default=b"", repr=False)

    def save(self, path: str | Path) -> None:
        """Write the map as one HTML file that opens from disk; whole, or not at all."""
        write_whole(Path(path), self.page)

    def _repr_html_(self) -> str:
        return _frame(self.page, ", ".join(self.layers))


def show(*layers: str, lang: str = "en") -> Map:
    """Return layers (all, where none is named) as a map in English (`en`) or Arabic (`ar`); raises NotFound."""
    if lang not in ("en", "ar"):
        raise BadValue("lang", lang, one_of(("en", "ar")))
    catalog = current()
    names = tuple(catalog.layer(name).id for name in layers) or catalog.ids()
    return Map(names, lang, single_file(catalog, names, lang))


def _frame(page: bytes, title: str) -> str:
    # A sandboxed page with its own policy: it cannot access the notebook.
    srcdoc = escape(page.decode(), quote=True)
    return (
        f'<iframe sandbox="allow-scripts" title="{escape(title, quote=True)}" srcdoc="{srcdoc}" '
        f'style="width:100%;height:{HEIGHT}px;border:0"></iframe>'
    )
