"""Read the import options that a form sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from geodata.formats.coordinates import Order
from geodata.importing.options import ImportOptions
from geodata.importing.source_file import ReadOptions

COLUMN = "as."
"""Before the name of a column, in the fields that say what it means."""


def read_options(form: Mapping[str, str]) -> ImportOptions:
    """Return the import options of a form; raises BadValue."""
    fields = {name: value.strip() for name, value in form.items() if not name.startswith(COLUMN)}
    delimiter = form.get("delimiter") or None
    return ImportOptions(
        layer=fields.get("layer", ""),
        profile=fields.get("profile", ""),
        roles=_roles(form) if fields.get("mapped") else None,
        read_options=ReadOptions(
            fields.get("format") or None,
            fields.get("encoding") or None,
            "\t" if delimiter == "tab" else delimiter,
            fields.get("part") or None,
        ),
        order=cast(Order, fields.get("order") or "lat,lon"),
        dates=fields.get("dates", ""),
        time_zone=fields.get("time_zone", ""),
        separators={"": None, "none": ""}.get(fields.get("separators", ""), fields.get("separators", "")),
        title={lang: text for lang in ("en", "ar") if (text := fields.get(f"title_{lang}", ""))},
        replace=bool(fields.get("replace")),
    )


def _roles(form: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    roles: dict[str, tuple[str, ...]] = {}
    for name, role in form.items():
        if name.startswith(COLUMN) and role:
            roles[role] = (*roles.get(role, ()), name.removeprefix(COLUMN))
    return roles
