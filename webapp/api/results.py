"""The answer of an analysis as a response: JSON with whether it can be cited, GeoJSON as a download."""

from __future__ import annotations

import json

from flask import Response, jsonify

from geodata.formats import geojson
from geodata.model import Result
from webapp.result_cache import remember

FORMS = {"json": "application/json", "geojson": "application/geo+json"}


def answered(result: Result, form: str, document: bool = False) -> Response:
    """Return a result in a format; `document`: a JSON object with it under the name of the output."""
    if form == "json":
        why_not = remember(result)
        body = {**result.to_dict(), "citable": why_not is None, "not_citable": why_not}
        answer = jsonify({"result": body} if document else body)
    else:
        collection = result.to_geojson()
        data = geojson.write(collection["features"], {"masafa": collection["masafa"]})
        if document:
            answer = jsonify({"result": {"mediaType": FORMS[form], "value": json.loads(data)}})
        else:
            answer = Response(data, content_type=FORMS[form])
            name = f"masafa-{result.analysis}-{result.id}.geojson"
            answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
