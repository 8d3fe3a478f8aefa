"""Layers and results for Python and notebooks: GeoDataFrames, and maps with an HTML representation.

`geodata.layer`, `geodata.run` and `geodata.show` are these.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata import frame_layers, registry
from geodata.analysis.result_builder import NOTICE
from geodata.catalog import current
from geodata.errors import BadValue
from geodata.formats import columns
from geodata.formats.dataset import Metadata, rows_of
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
    about, rows = Metadata.of(source, catalog.sources(), NOTICE), rows_of(source)
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


def run(name: str, **parameters: Any) -> Answer | geopandas.GeoDataFrame:
    """Run an analysis by its name on the layers as they are now (docs/analyses.md has the parameters).

    Parameters
    ----------
    name : str
        The analysis.
    **parameters
        Its parameters, as text, numbers, booleans or lists. In place of a place or a layer: a GeoDataFrame, a GeoSeries
        or a shapely geometry, reprojected from their CRS (a shapely geometry is longitude and latitude, degrees). The
        column `unc_m` of a frame holds each row's radius of uncertainty in metres; without it that is unknown.

    Returns
    -------
    Answer or GeoDataFrame
        An answer; for `layer` as a frame, where the analysis answers about each place, one row for each row in, with
        its index, order, geometry and CRS. Where nothing could be measured, as without a geometry, cells are NaN or
        None. `attrs["masafa"]` holds method, sources, licences and the id of the result.

    Raises
    ------
    NotFound
        For an unknown analysis.
    BadValue
        For a bad parameter, a frame without a CRS or with coordinates that are not on the globe.
    Refused
        For a question that is too heavy.

    Examples
    --------
    >>> run("proximity", layer="hasakah-prison", target="border-iq-sy").body["display"]["number"]
    '49 ± 3'
    """
    catalog = current()
    frames = {key: value for key, value in parameters.items() if frame_layers.is_geometry(value)}
    if not frames:
        return _answer(registry.run(name, parameters, catalog))
    rows = {
        key: frame_layers.rows_of(key, value, catalog, number) for number, (key, value) in enumerate(frames.items())
    }
    catalog = frame_layers.with_layers(catalog, [each.layer for each in rows.values()])
    named = {key: frame_layers.reference(each) for key, each in rows.items()}
    result = registry.run(name, {**parameters, **named}, catalog)
    table = frame_layers.answered(rows["layer"], result) if "layer" in rows else None
    return _answer(result) if table is None else table


def _answer(result: Result) -> Answer:
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


def show(*layers: Any, lang: str = "en") -> Map:
    """Return layers (all, where none is named) as a map in English (`en`) or Arabic (`ar`).

    A layer is an id, a GeoDataFrame, a GeoSeries or a shapely geometry. Raises NotFound, and BadValue as `run` does.
    """
    if lang not in ("en", "ar"):
        raise BadValue("lang", lang, one_of(("en", "ar")))
    catalog = current()
    shapes = [value for value in layers if frame_layers.is_geometry(value)]
    more = [frame_layers.rows_of("layers", value, catalog, number).layer for number, value in enumerate(shapes)]
    ids = tuple(catalog.layer(name).id for name in layers if not frame_layers.is_geometry(name))
    names = ids if layers else catalog.ids()
    return Map((*names, *(layer.id for layer in more)), lang, single_file(catalog, names, lang, more=more))


def _frame(page: bytes, title: str) -> str:
    # A sandboxed page with its own policy: it cannot access the notebook.
    srcdoc = escape(page.decode(), quote=True)
    return (
        f'<iframe sandbox="allow-scripts" title="{escape(title, quote=True)}" srcdoc="{srcdoc}" '
        f'style="width:100%;height:{HEIGHT}px;border:0"></iframe>'
    )
