"""How a person wants a file brought in, as the form sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from geodata.formats.coordinates import Order
from geodata.importing.ingest import ImportOptions
from geodata.importing.source_file import ReadOptions

COLUMN = "as."
"""Before the name of a column, in the fields that say what it means."""


def wish(form: Mapping[str, str]) -> ImportOptions:
    """Return what was asked for; raises BadValue."""
    given = {name: value.strip() for name, value in form.items() if not name.startswith(COLUMN)}
    delimiter = form.get("delimiter") or None
    return ImportOptions(
        layer=given.get("layer", ""),
        profile=given.get("profile", ""),
        roles=_roles(form) if given.get("mapped") else None,
        read_options=ReadOptions(
            given.get("format") or None,
            given.get("encoding") or None,
            "\t" if delimiter == "tab" else delimiter,
            given.get("part") or None,
        ),
        order=cast(Order, given.get("order") or "lat,lon"),
        dates=given.get("dates", ""),
        time_zone=given.get("time_zone", ""),
        separators={"": None, "none": ""}.get(given.get("separators", ""), given.get("separators", "")),
        title={lang: text for lang in ("en", "ar") if (text := given.get(f"title_{lang}", ""))},
        replace=bool(given.get("replace")),
    )


def _roles(form: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    made: dict[str, tuple[str, ...]] = {}
    for name, role in form.items():
        if name.startswith(COLUMN) and role:
            made[role] = (*made.get(role, ()), name.removeprefix(COLUMN))
    return made
