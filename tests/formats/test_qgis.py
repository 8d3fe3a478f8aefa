"""QGIS itself opens a GeoPackage of ours and takes its style: circles of uncertainty, placeholders without a point."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from geodata.formats.registry import FORMATS
from tests.formats.parts import part, saved

SYSTEM_PYTHON = "/usr/bin/python3"
ASK = """
import json, sys
from qgis.core import QgsApplication, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
found = {}
for name in sys.argv[2:]:
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    rules = layer.renderer().rootRule().children()
    found[name] = {
        "count": layer.featureCount(),
        "arabic": [feature["name_ar"] for feature in layer.getFeatures()],
        "rules": {rule.filterExpression(): [one.layerType() for one in rule.symbol().symbolLayers()] for rule in rules},
    }
print(json.dumps(found))
"""


def test_qgis_takes_the_style(tmp_path: Path) -> None:
    try:
        subprocess.run([SYSTEM_PYTHON, "-c", "import qgis.core"], check=True, capture_output=True, timeout=120)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("QGIS is not here (Debian: python3-qgis)")
    path, _ = saved(FORMATS["gpkg"], [part("sites"), part("wall"), part("countries")], folder=tmp_path)
    completed = subprocess.run(
        [SYSTEM_PYTHON, "-c", ASK, str(path), "sites", "wall", "countries"],
        env={"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    body = json.loads(completed.stdout.splitlines()[-1])
    for layer in ("sites", "wall"):
        rows = list(part(layer).rows)
        assert body[layer]["count"] == len(rows)
        assert body[layer]["arabic"] == [row.properties["name_ar"] for row in rows]
    rules = body["sites"]["rules"]
    assert rules["\"pos_status\" = 'placeholder'"] == ["GeometryGenerator"]
    assert rules["ELSE"] == ["GeometryGenerator", "SimpleMarker"]
    assert body["wall"]["rules"]["ELSE"] == ["SimpleLine"]
    assert body["countries"]["rules"]["ELSE"] == ["SimpleFill"]
