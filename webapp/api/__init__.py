"""OGC API Features, Tiles and Processes. Every parameter is declared; what is not declared is refused."""

from __future__ import annotations

from flask import Blueprint

from webapp import cors
from webapp.api import collections, functions, items, jobs, landing, openapi, processes, tiles

blueprint = Blueprint("api", __name__, url_prefix="/api")
for room in (landing, openapi, collections, functions, items, tiles, processes, jobs, cors):
    room.wire(blueprint)
