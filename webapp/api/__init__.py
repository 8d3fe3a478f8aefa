"""The API: analyses to execute. Every parameter is declared; what is not declared is refused."""

from __future__ import annotations

from flask import Blueprint

from webapp.api import processes

blueprint = Blueprint("api", __name__, url_prefix="/api")
processes.wire(blueprint)
