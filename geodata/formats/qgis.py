"""The style that QGIS takes from a GeoPackage: uncertainty as a circle, placeholders hatched and without a point."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr  # nosec B406: this writes

_INK, _PALE, _LINE = "34,38,42,255", "92,90,82,30", "63,58,51,255"
# Web Mercator stretches by 1/cos φ: a circle of so many metres on the ground.
_CIRCLE = (
    "transform(buffer(transform($geometry, @layer_crs, 'EPSG:3857'), "
    "coalesce(\"unc_m\", 0) / cos(radians(y(transform($geometry, @layer_crs, 'EPSG:4326')))), 24), "
    "'EPSG:3857', @layer_crs)"
)
_PLACEHOLDER = "\"pos_status\" = 'placeholder'"
_VAGUE = "\"pos_status\" IN ('area', 'none')"


def style(dimension: int) -> str:
    """Return a QML document for points (0), lines (1) or areas (2)."""
    kind = ("marker", "line", "fill")[dimension]
    if dimension == 0:
        circle = _fill(_PALE, "solid", _INK)
        point = _layer("SimpleMarker", color=_INK, outline_color="255,255,255,255", size="2.6", name="circle")
        hollow = _layer("SimpleMarker", color="0,0,0,0", outline_color=_INK, size="2.2", name="circle")
        rules: tuple[tuple[str, str, str], ...] = (
            ("placeholder: somewhere there", _PLACEHOLDER, _generated(_fill(_INK, "b_diagonal", _INK, "dash"), 0)),
            ("known to an area only", _VAGUE, hollow),
            ("position and uncertainty", "ELSE", _generated(circle, 2) + point),
        )
    else:
        solid = _line(_LINE, "solid") if dimension == 1 else _fill(_PALE, "solid", _LINE)
        loose = _line(_LINE, "dash") if dimension == 1 else _fill(_INK, "b_diagonal", _INK, "dash")
        rules = (("placeholder", _PLACEHOLDER, loose), ("as recorded", "ELSE", solid))
    listed = "".join(
        f"<rule key={quoteattr(f'rule{at}')} symbol={quoteattr(str(at))} label={quoteattr(label)}"
        f" filter={quoteattr(rule)}/>"
        for at, (label, rule, _) in enumerate(rules)
    )
    symbols = "".join(
        f'<symbol type="{kind}" name="{at}" alpha="1" clip_to_extent="1" force_rhr="0">{drawn}</symbol>'
        for at, (_, _, drawn) in enumerate(rules)
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.22" styleCategories="Symbology"><renderer-v2 type="RuleRenderer" symbollevels="0"'
        f' forceraster="0" enableorderby="0"><rules key="rules">{listed}</rules><symbols>{symbols}</symbols>'
        "</renderer-v2></qgis>"
    )


def _layer(kind: str, **options: str) -> str:
    items = "".join(
        f'<Option type="QString" name={quoteattr(key)} value={quoteattr(text)}/>' for key, text in options.items()
    )
    return f'<layer class="{kind}" enabled="1" locked="0" pass="0"><Option type="Map">{items}</Option></layer>'


def _fill(colour: str, pattern: str, outline: str, dashes: str = "solid") -> str:
    return _layer(
        "SimpleFill", color=colour, style=pattern, outline_color=outline, outline_style=dashes, outline_width="0.26"
    )


def _line(colour: str, dashes: str) -> str:
    return _layer("SimpleLine", line_color=colour, line_style=dashes, line_width="0.6")


def _generated(fill: str, name: int) -> str:
    """Return a symbol layer that draws the circle of uncertainty in place of the point."""
    options = (
        '<Option type="QString" name="SymbolType" value="Fill"/>'
        f'<Option type="QString" name="geometryModifier" value={quoteattr(_CIRCLE)}/>'
        '<Option type="QString" name="units" value="MapUnit"/>'
    )
    inner = f'<symbol type="fill" name="@{name}@0" alpha="1" clip_to_extent="1" force_rhr="0">{fill}</symbol>'
    return (
        '<layer class="GeometryGenerator" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{options}</Option>{inner}</layer>'
    )
