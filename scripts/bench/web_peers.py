"""The two servers of OGC API Features that Masafa is measured beside, each in an environment of its own.

MASAFA_PYGEOAPI and MASAFA_TIPG name the `bin` folders of those environments: pygeoapi with gunicorn, tipg with uvicorn.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess  # nosec B404
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import geopandas

from scripts.bench.postgis import database

PEERS = ("pygeoapi", "tipg")
READY = 60.0
"""Seconds a peer has to answer for the first time."""


@contextmanager
def served(name: str, folder: Path, features: Sequence[dict[str, Any]], processes: int) -> Iterator[str | None]:
    """Serve the features from a peer; give its address, or None where it is not there or does not start."""
    programs = os.environ.get(f"MASAFA_{name.upper()}")
    if not programs:
        yield None
        return
    members = {"pygeoapi": _pygeoapi, "tipg": _tipg}[name](Path(programs), folder, features, processes)
    if members is None:
        yield None
        return
    command, environment, port = members
    child = subprocess.Popen(  # nosec B603
        command,
        env={**os.environ, **environment},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield f"http://127.0.0.1:{port}" if _answers(port, child) else None
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait()


def paths(name: str, ids: Sequence[str], boxes: Sequence[str]) -> list[list[str]]:
    """Return the same questions as they are put to a peer: one item, 100 items, a box."""
    items = "/collections/many/items" if name == "pygeoapi" else "/collections/public.many/items"
    form = "f=json" if name == "pygeoapi" else "f=geojson"
    return [
        [f"{items}/{quote(id_)}?{form}" for id_ in ids],
        [f"{items}?limit=100&{form}"],
        [f"{items}?bbox={box}&limit=100&{form}" for box in boxes],
    ]


Made = tuple[list[str], dict[str, str], int]


def _pygeoapi(programs: Path, folder: Path, features: Sequence[dict[str, Any]], processes: int) -> Made:
    """Serve a GeoPackage: the quickest of its providers that come along."""
    path = folder / "many.gpkg"
    flat = [{**one, "properties": {"fid_": one["id"], **_flat(one["properties"])}} for one in features]
    geopandas.GeoDataFrame.from_features(flat, crs="EPSG:4326").to_file(path, layer="many", driver="GPKG")
    port = _free()
    provider = {"type": "feature", "name": "SQLiteGPKG", "data": str(path), "id_field": "fid_", "table": "many"}
    text = {"en": "many"}
    config = {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": {"default_items": 100, "max_items": 10_000},
            "map": {"url": "none", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                **dict.fromkeys(("title", "description"), text),
                "keywords": {"en": ["many"]},
                "terms_of_service": "none",
                "url": "none",
            },
            "license": {"name": "none", "url": "none"},
            "provider": {"name": "none", "url": "none"},
            "contact": {"name": "none"},
        },
        "resources": {
            "many": {
                "type": "collection",
                **dict.fromkeys(("title", "description"), text),
                "keywords": {"en": ["many"]},
                "links": [],
                "extents": {"spatial": {"bbox": [-180, -90, 180, 90]}},
                "providers": [provider],
            }
        },
    }
    # JSON is YAML too.
    (folder / "config.yml").write_text(json.dumps(config), "utf-8")
    environment = {"PYGEOAPI_CONFIG": str(folder / "config.yml"), "PYGEOAPI_OPENAPI": str(folder / "openapi.yml")}
    items = [str(programs / "pygeoapi"), "openapi", "generate", "config.yml", "--output-file", "openapi.yml"]
    subprocess.run(  # nosec B603
        items, env={**os.environ, **environment}, cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    serve = [str(programs / "gunicorn"), "-w", str(processes), "--threads", "4", "-b", f"127.0.0.1:{port}"]
    return [*serve, "pygeoapi.flask_app:APP"], environment, port


def _tipg(programs: Path, folder: Path, features: Sequence[dict[str, Any]], processes: int) -> Made | None:
    """Serve a table of PostGIS, with an index on its geometry and one on its id."""
    server = database()
    if isinstance(server, str):
        return None
    names = list(_flat(features[0]["properties"]))
    server.run(
        "CREATE TABLE public.many (id text PRIMARY KEY, geom geometry(Point, 4326), "
        + ", ".join(f"{name} text" for name in names)
        + "); CREATE INDEX ON public.many USING gist (geom)"
    )
    rows = []
    for one in features:
        lon, lat = one["geometry"]["coordinates"]
        values = [str(value) for value in _flat(one["properties"]).values()]
        rows.append("\t".join([one["id"], f"SRID=4326;POINT({lon!r} {lat!r})", *values]))
    server.copy("public.many", "\n".join(rows))
    port = _free()
    environment = {"DATABASE_URL": f"postgresql://bench:bench@127.0.0.1:{server.port}/postgres"}
    serve = [str(programs / "uvicorn"), "tipg.main:app", "--host", "127.0.0.1", "--port", str(port)]
    return [*serve, "--workers", str(processes), "--log-level", "critical"], environment, port


def _flat(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: json.dumps(value) if isinstance(value, dict | list) else value for name, value in properties.items()}


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(port: int, child: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + READY
    while time.monotonic() < until and child.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/collections", timeout=30):  # nosec B310
                return True
        except OSError:
            time.sleep(0.3)
    return False
