"""Which column of a file means what: guessed by a source's own names, HXL tags or the names people give."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geodata.errors import BadValue
from geodata.formats import headings
from geodata.importing.profiles import MANY, PLAIN, ROLES, Profile, Roles
from geodata.messages import one_of

POSITIONS = ("lat", "lon", "position", "wkt")
_LEVEL = re.compile(r"adm(?:in)?(\d)_?(pcode|code|en|ar|name1|name)\Z")
_LEVELLED = {"en": "name", "name": "name", "ar": "name_ar", "name1": "name_ar", "pcode": "id", "code": "id"}


def guessed(
    header: Sequence[str], profile: Profile = PLAIN, tags: Sequence[str] = (), shapes: bool = False
) -> dict[str, tuple[str, ...]]:
    """Return the columns of each role; a role without a column is left out.

    Where the file has `shapes`, no column takes their place: one called `lat` is that of a label, `geometry` a text.
    """
    roles: dict[str, tuple[str, ...]] = {}
    lower = {name.strip().lower(): name for name in reversed(header)}
    for role, names in profile.roles.items():
        columns = tuple(lower[name.lower()] for name in names if name.lower() in lower)
        if columns:
            roles[role] = columns
    if profile is not PLAIN:
        return roles
    folded = {headings.folded(name): name for name in reversed(header)}
    tagged = {tag.strip().lower(): name for tag, name in zip(tags, header, strict=False) if tag}
    known_names, known_tags = headings.names(), headings.tags()
    deepest = _deepest(header)
    located = any(name in folded for name in known_names["lat"])
    for role in ROLES:
        matches = tuple(tagged[tag] for tag in known_tags.get(role, ()) if tag in tagged)
        matches = matches or tuple(folded[name] for name in known_names.get(role, ()) if name in folded)
        matches = matches or ((deepest[role],) if role in deepest and not located else ())
        if matches:
            roles[role] = matches if role in MANY else matches[:1]
    if deepest and not located:
        # A file of boundaries: its date says when it was drawn.
        roles = {role: matches for role, matches in roles.items() if role not in ("date", "date_end")}
    if shapes:
        roles = {role: matches for role, matches in roles.items() if role not in POSITIONS}
    return _untangled(roles)


def _deepest(header: Sequence[str]) -> dict[str, str]:
    """Return the names and the code of the lowest administrative level that a file of boundaries has."""
    lowest: dict[str, tuple[int, str]] = {}
    for name in header:
        match = _LEVEL.match(name.strip().lower())
        if match:
            role = _LEVELLED[match[2]]
            lowest[role] = max(lowest.get(role, (0, "")), (int(match[1]), name))
    return {role: name for role, (_, name) in lowest.items()}


def _untangled(roles: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the roles with each column in one only, and no half of a pair."""
    if {"lat", "lon"} <= roles.keys():
        roles.pop("position", None)
    else:
        roles.pop("lat", None)
        roles.pop("lon", None)
    used: set[str] = set()
    for role in list(roles):
        roles[role] = tuple(name for name in roles[role] if name not in used)
        used |= set(roles[role])
        if not roles[role]:
            del roles[role]
    return roles


def checked(roles: Roles, header: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Validate a user's mapping of columns; raises BadValue for an unknown role or column, or two where one goes."""
    for role, names in roles.items():
        if role not in ROLES:
            raise BadValue("map", role, one_of(ROLES))
        for name in names:
            if name not in header:
                raise BadValue(role, name, "column_of_file", columns=list(header))
        if len(names) > 1 and role not in MANY:
            raise BadValue(role, ", ".join(names), "one_column")
    if ("lat" in roles) != ("lon" in roles):
        raise BadValue("map", "lat" if "lat" in roles else "lon", "latitude_and_longitude")
    return {role: tuple(names) for role, names in roles.items() if names}
