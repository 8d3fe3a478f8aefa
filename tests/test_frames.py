"""The Python way in: layers and results as GeoDataFrames, and maps that show themselves."""

from __future__ import annotations

import html
import re
from pathlib import Path

import geopandas
import nbformat
import pandas
import pytest
from nbclient import NotebookClient

import geodata
from geodata.catalog import shipped
from geodata.errors import BadValue, NotFound
from geodata.formats.columns import COLUMNS
from tests.tree import ROOT


@pytest.mark.parametrize("id_", shipped().ids())
def test_a_layer_is_a_frame_of_the_flat_columns(id_: str) -> None:
    frame = geodata.layer(id_)
    assert isinstance(frame, geopandas.GeoDataFrame)
    assert frame.crs.to_epsg() == 4326
    assert [frame.index.name, *frame.columns] == [*(column.name for column in COLUMNS), "geometry"]
    stored = shipped().layer(id_).features
    assert list(frame.index) == [feature.id for feature in stored]
    for shape, feature in zip(frame.geometry, stored, strict=True):
        assert shape == feature.geometry
    assert frame.attrs["masafa"]["version"] == shipped().layer(id_).version


def test_what_is_unknown_is_missing_and_what_is_counted_is_whole() -> None:
    sites, events = geodata.layer("sites"), geodata.layer("events")
    assert pandas.isna(sites.loc["akashat", "unc_m"])
    assert sites["unc_m"].dtype == "float64"
    assert events["killed_best"].dtype == "Int64"
    assert events.loc["event-strike-2024-01-04", "killed_best"] == 2
    assert pandas.isna(events.loc["event-mosul-2017", "killed_best"])


def test_a_question_gives_the_same_result_as_everywhere() -> None:
    answer = geodata.run("proximity", layer="hasakah-prison", target="border-iq-sy")
    assert answer.body["display"]["number"] == "49 ± 3"
    assert answer.id == answer.to_dict()["result_id"]
    frame = answer.to_gdf()
    assert set(frame["role"]) >= {"distance", "foot"}
    assert len(frame) == len(answer.geometries)
    assert frame.attrs["masafa"]["licence"]
    assert len(geodata.run("claims").to_gdf()) == len(geodata.run("claims").geometries)


def page_of(shown: str) -> str:
    """Return the page inside a notebook's frame."""
    found = re.fullmatch(
        r'<iframe sandbox="allow-scripts" title="[^"<]*" srcdoc="([^"]*)" style="[^"]*"></iframe>', shown
    )
    assert found is not None
    return html.unescape(found[1])


def test_a_result_and_layers_show_themselves() -> None:
    answer = geodata.run("buffer", layer="al-qaim", km="25")
    page = page_of(answer._repr_html_())
    assert page.startswith("<!DOCTYPE html>")
    assert '"id":"result"' in page
    assert '"role":"ring"' in page
    assert "Content-Security-Policy" in page
    assert '"id":"sites"' in page_of(geodata.show("sites")._repr_html_())


def test_a_map_is_saved_whole(tmp_path: Path) -> None:
    geodata.show("sites", "borders", lang="ar").save(tmp_path / "map.html")
    assert '<html lang="ar" dir="rtl">' in (tmp_path / "map.html").read_text("utf-8")
    assert len(geodata.show().page) <= 700_000
    with pytest.raises(NotFound, match="no layer"):
        geodata.show("nowhere")
    with pytest.raises(BadValue, match="en, ar"):
        geodata.show("sites", lang="fr")
    with pytest.raises(AttributeError, match="nothing"):
        geodata.nothing  # noqa: B018


@pytest.mark.filterwarnings("default")
def test_the_notebook_runs_and_says_what_it_says() -> None:
    notebook = nbformat.read(ROOT / "docs/notebook.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "committed without outputs"
    result = NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = [output for cell in result.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    shown = [output["data"] for output in outputs if "data" in output]
    assert sum("<iframe" in data.get("text/html", "") for data in shown) == 2
    assert any("49 ± 3 km" in data.get("text/plain", "") for data in shown)
