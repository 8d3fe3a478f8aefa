"""The web app: HTTP, pages and the browser. `create_app` wires, nothing else."""

from __future__ import annotations

from flask import Flask

from webapp import (
    analyses,
    api,
    assets,
    auth,
    digits,
    errors,
    events,
    exports,
    feature_edits,
    health,
    help,
    i18n,
    imports,
    ledger,
    matrix,
    pages,
    picker,
    records,
    release_diffs,
    report,
    results,
    search,
    security,
)
from webapp.config import Config
from webapp.proximity import views as proximity
from webapp.ruler import lines
from webapp.ruler import views as ruler


def create_app(config: Config | None = None) -> Flask:
    """Return the app for a configuration; by default that of the environment."""
    app = Flask(__name__, static_folder=None)
    app.extensions["masafa"] = config or Config.from_environment()
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    security.wire(app)
    i18n.wire(app)
    errors.wire(app)
    auth.wire(app)
    picker.wire(app)
    digits.wire(app)
    for blueprint in (
        assets.blueprint,
        pages.blueprint,
        feature_edits.blueprint,
        events.blueprint,
        exports.blueprint,
        release_diffs.blueprint,
        imports.blueprint,
        report.blueprint,
        results.blueprint,
        ledger.blueprint,
        lines.blueprint,
        records.blueprint,
        matrix.blueprint,
        analyses.blueprint,
        auth.blueprint,
        digits.blueprint,
        proximity.blueprint,
        ruler.blueprint,
        search.blueprint,
        api.blueprint,
        health.blueprint,
        help.blueprint,
    ):
        app.register_blueprint(blueprint)
    return app
