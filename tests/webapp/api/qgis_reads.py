"""Run by Debian's Python, which has QGIS: read every layer of an API and print what was read as JSON."""

from __future__ import annotations

import json
import sys

from qgis.core import QgsApplication, QgsVectorLayer


def main(base: str, layers: list[str]) -> None:
    """Print for each layer whether it is valid, and of each feature id, Arabic name and whether it has a geometry."""
    application = QgsApplication([], False)
    application.initQgis()
    found = {}
    for name in layers:
        layer = QgsVectorLayer(f"url='{base}' typename='{name}'", name, "OAPIF")
        features = [[feature["id"], feature["name_ar"], feature.hasGeometry()] for feature in layer.getFeatures()]
        found[name] = {"valid": layer.isValid(), "features": features}
        # QGIS falls over at its end where a layer is still held.
        del layer
    print(json.dumps(found))
    application.exitQgis()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
