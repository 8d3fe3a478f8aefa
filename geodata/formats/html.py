"""Layers as one HTML file: a map that opens from disk, with no network, in both languages.

folium makes the map's shell. Its files from other hosts are emptied out, Leaflet is written into the page, and every
text of the data reaches the page as JSON and is shown by `textContent`: nothing in an attribute can run. A content
security policy with the hash of each script says so to the browser too.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, cast

import folium
from branca.element import Figure, MacroElement
from jinja2 import Template

from geodata.model import Layer, Text

CENTRE = (34.9, 41.4)
ZOOM = 7
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_SHOWN = (
    "name_en",
    "name_ar",
    "kind",
    "coordinateUncertaintyInMeters",
    "placeholder",
    "illustration",
    "identification",
    "derived",
    "note",
    "sources",
    "date_text",
    "date_start",
    "date_end",
    "as_of",
    "role",
    "shown",
    "shown_unit",
)
FINENESS = 1000
"""Parts of a degree that lines and areas are drawn to: 0.1 km, where their display copies are simplified to 0.45."""


@dataclass(frozen=True)
class Sheet:
    """A layer with the features to draw (GeoJSON, display geometry)."""

    layer: Layer
    features: Sequence[Mapping[str, Any]]
    visible: bool = True
    exact: bool = False
    """Whether lines and areas keep every digit, as what was measured does."""


class _Sheets(MacroElement):
    """The layers, their style and the script that draws them, as a child of folium's map."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}
        <style>{{ this.styles }}</style>
        {% for script in this.scripts %}<script>{{ script }}</script>{% endfor %}
        {% endmacro %}
        {% macro html(this, kwargs) %}
        <aside id="panel"></aside>
        <script type="application/json" id="masafa-data">{{ this.data }}</script>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        masafaSheets({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Sheets"
        self.data = _in_script(data)
        self.styles = _leaflet_css() + _own("html_map.css")
        self.scripts = [_leaflet("leaflet.js").decode().split("//# sourceMappingURL")[0]]
        self.scripts += [_own("html_map_style.js"), _own("html_map.js")]


def write(
    sheets: Sequence[Sheet],
    vocabulary: Mapping[str, Mapping[str, Text]],
    sources: Mapping[str, Mapping[str, Any]],
    strings: Mapping[str, Text],
    lang: str = "ar",
) -> bytes:
    """Return the page in UTF-8.

    `sheets` are drawn in their order; `vocabulary` labels kinds, `sources` holds the records that
    features name, `strings` the sentences of the page itself, all in English and Arabic.
    """
    shell = folium.Map(location=CENTRE, zoom_start=ZOOM, tiles=None, control_scale=False, prefer_canvas=True)
    shell.default_js, shell.default_css = [], []
    shell.add_child(_Sheets(_data(sheets, vocabulary, sources, strings, lang)))
    figure = cast(Figure, shell.get_root())
    figure.title = "Masafa · مسافة"
    return _sealed(figure.render(), lang).encode()


def _data(
    sheets: Sequence[Sheet],
    vocabulary: Mapping[str, Mapping[str, Text]],
    sources: Mapping[str, Mapping[str, Any]],
    strings: Mapping[str, Text],
    lang: str,
) -> dict[str, Any]:
    used = {id_ for sheet in sheets for item in sheet.features for id_ in (item["properties"].get("sources") or ())}
    return {
        "lang": lang,
        "strings": strings,
        "kinds": vocabulary["kind"],
        "sources": {
            id_: {key: record.get(key) for key in ("title", "supplied_title", "outlet", "published_on")}
            for id_, record in sources.items()
            if id_ in used
        },
        "layers": [_layer(sheet) for sheet in sheets],
    }


def _layer(sheet: Sheet) -> dict[str, Any]:
    cited = Counter(tuple(item["properties"].get("sources") or ()) for item in sheet.features)
    common = list(cited.most_common(1)[0][0]) if cited else []
    return {
        "id": sheet.layer.id,
        "title": sheet.layer.title,
        "version": sheet.layer.version,
        "licence": sheet.layer.licence,
        "attribution": sheet.layer.attribution,
        "visible": sheet.visible,
        "sources": common,
        "features": [_compact(item, common, sheet.exact) for item in sheet.features],
    }


def _compact(item: Mapping[str, Any], common: Sequence[str], exact: bool) -> dict[str, Any]:
    """Return the properties that the map shows of a feature; sources only where they are not the common ones."""
    properties = {
        key: item["properties"][key] for key in _SHOWN if item["properties"].get(key) not in (None, "", [], False)
    }
    if properties.get("sources") == common:
        del properties["sources"]
    return {"geometry": item["geometry"] if exact else _coarse(item["geometry"]), "properties": properties}


def _coarse(geometry: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return lines and areas as whole steps of 1/FINENESS degree from vertex to vertex: a third of their length."""
    if geometry is None or geometry["type"].endswith("Point"):
        return geometry
    return {"type": geometry["type"], "steps": _steps(geometry["coordinates"])}


def _steps(value: Any) -> Any:
    if not isinstance(value[0][0], int | float):
        return [_steps(item) for item in value]
    at = [(round(lon * FINENESS), round(lat * FINENESS)) for lon, lat, *_ in value]
    moves = [(x - before[0], y - before[1]) for before, (x, y) in pairwise([(0, 0), *at])]
    # A step that leads nowhere draws nothing; a ring keeps its four positions.
    steps = [move for number, move in enumerate(moves) if move != (0, 0) or number == 0]
    return [part for move in (steps if len(steps) > 3 else moves) for part in move]


def _in_script(value: Mapping[str, Any]) -> str:
    """Return JSON that no text in it can end the script element with."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _sealed(page: str, lang: str) -> str:
    """Name the language, let people zoom, and allow exactly the scripts that are in the page."""
    page = page.replace("<html>", f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">', 1)
    page = re.sub(r",\s*maximum-scale=1\.0, user-scalable=no", "", page)
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _SCRIPT.findall(page)
    )
    policy = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {hashes}; base-uri 'none'"
    return page.replace(
        "<head>",
        f'<head>\n<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">',
        1,
    )


@cache
def _own(name: str) -> str:
    return resources.files("geodata.formats").joinpath(name).read_text("utf-8")


@cache
def _leaflet(name: str) -> bytes:
    return resources.files("js_lib_leaflet").joinpath("static", "js_lib_leaflet", *name.split("/")).read_bytes()


def _leaflet_css() -> str:
    """Return Leaflet's style sheet with its pictures written into it."""

    def picture(match: re.Match[str]) -> str:
        return f"url(data:image/png;base64,{base64.b64encode(_leaflet(match[1])).decode()})"

    return re.sub(r"url\((images/[\w-]+\.png)\)", picture, _leaflet("leaflet.css").decode())
