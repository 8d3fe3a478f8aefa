"""Which column of a file means what: a source's own names, HXL tags, headings and cells weighed together.

A usual name or a tag is a meaning at once, as long as the cells are not of another kind. Any other column is weighed:
how well the words of its heading say the meaning, and which share of its cells read as it. A position, a geometry or a
date is also known by its cells alone. Nothing is guessed where two columns have the same weight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from geodata.errors import BadValue
from geodata.formats import headings
from geodata.importing.cell_kinds import CERTAIN, Kinds
from geodata.importing.located_columns import Located, Weighed, located
from geodata.importing.profiles import MANY, PLAIN, ROLES, Profile, Roles
from geodata.messages import Message, one_of

POSITIONS = ("lat", "lon", "position", "wkt", "easting", "northing", "zone")
LEAST = 0.25
"""The weight below which nothing is guessed."""
NEAR = 0.02
"""A difference of weights that decides nothing."""
SEVERAL = 0.85
"""The weight of a further column of a role that may have several."""
OF_EVENT = 0.2
"""What a date gains whose heading names the event."""
AXES = ("lat", "lon", "easting", "northing")
BARE_AXES = ("x", "y", "e", "n", "point x", "point y")
"""Names of axes that are also those of plans, ranks and counts."""
LEVEL = 0.96
"""The weight of the lowest administrative level: after usual names, before words."""
DATED = 0.3
"""The weight of a column of dates whose heading says nothing."""
_LEVEL = re.compile(r"adm(?:in)?(\d)_?(pcode|code|en|ar|name1|name)\Z")
_LEVELLED = {"en": "name", "name": "name", "ar": "name_ar", "name1": "name_ar", "pcode": "id", "code": "id"}
_CONCEPTS: Mapping[str, str] = {
    **dict.fromkeys(("deaths_best", "deaths_low", "deaths_high"), "deaths"),
    "date_end": "date",
    "name_ar": "name",
}
"""Meanings of headings that roles share."""
_KINDS: Mapping[str, tuple[str, ...]] = {
    "radius": ("radius",),
    "date": ("date", "date_number"),
    "date_end": ("date", "date_number"),
    "deaths_best": ("figure",),
    "deaths_low": ("figure",),
    "deaths_high": ("figure",),
    **dict.fromkeys(("name", "name_ar", "category", "actor", "country", "admin1", "notes"), ("words",)),
}
"""What the cells of a role must read as; of a role that is not here, anything."""
_FREE = ("category", "name", "name_ar", "admin1", "country", "actor")
"""Roles of words, which are no dates, positions or links."""


@dataclass(frozen=True)
class Mapped:
    """The columns of each role, why each was taken for it, and what nothing decides."""

    roles: Roles
    reasons: Mapping[str, Message] = field(default_factory=dict)
    """By the name of the column."""
    candidates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a role that has no column: those between which a person must choose, pairs written `lat + lon`."""
    either: tuple[str, ...] = ()
    """Two columns of degrees of which one is the latitude."""


def guessed(
    header: Sequence[str],
    profile: Profile = PLAIN,
    tags: Sequence[str] = (),
    shapes: bool = False,
    kinds: Mapping[str, Kinds] | None = None,
) -> Mapped:
    """Return the columns of each role; a role without a column is left out.

    Where the file has `shapes`, no column takes their place: one called `lat` is that of a label, `geometry` a text.
    `kinds` are those of the first cells; without them the headings alone decide.
    """
    lower = {name.strip().lower(): name for name in reversed(header)}
    roles: dict[str, tuple[str, ...]] = {}
    for role, names in profile.roles.items():
        columns = tuple(lower[name.lower()] for name in names if name.lower() in lower)
        if columns:
            roles[role] = columns
    if profile is not PLAIN:
        reason = Message("guess.profile", profile=profile.title)
        return Mapped(roles, {name: reason for names in roles.values() for name in names})
    positioned = any(headings.folded(name) in headings.names()["lat"] for name in header)
    levels = {} if positioned else _deepest(header)
    weighed = _Weighing(header, tags, kinds or {}, levels)
    place = Located() if shapes else located(header, weighed.weighed())
    roles = dict(place.roles)
    used = {name for names in roles.values() for name in names} | set(place.either)
    candidates = dict(place.candidates)
    # A file of boundaries: its date says when it was drawn.
    open_roles = [role for role in ROLES if role not in POSITIONS and not (levels and role in ("date", "date_end"))]
    for role, names, rivals in weighed.assigned(open_roles, used):
        if rivals:
            candidates[role] = rivals
        else:
            roles[role] = names
    return Mapped(_ended(roles), weighed.reasons(roles, place), candidates, place.either)


@dataclass
class _Weighing:
    """The weight of each role for each column."""

    header: Sequence[str]
    tags: Sequence[str]
    kinds: Mapping[str, Kinds]
    levels: Mapping[str, str]
    """The columns of the lowest administrative level, by role, of a file of boundaries."""

    def __post_init__(self) -> None:
        self._why: dict[tuple[str, str], Message] = {}
        self._weights = {role: dict(self._role(role)) for role in ROLES}

    def weighed(self) -> Weighed:
        """Return the weights and the reasons of all roles."""
        return Weighed(self._weights, self._why, self.kinds)

    def assigned(self, roles: Sequence[str], used: set[str]) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        """Yield roles with their columns, the heaviest first, or with rivals; `used` columns are taken by others."""
        open_, assigned = list(roles), set(used)
        while open_:
            ranked = {role: self._ranked(role, assigned) for role in open_}
            role = max(open_, key=lambda one: ranked[one][0][1] if ranked[one] else 0.0)
            open_.remove(role)
            if not ranked[role] or ranked[role][0][1] < LEAST:
                continue
            first, *others = ranked[role]
            rivals = [name for name, weight in others if first[1] - weight <= NEAR and first[1] < headings.BEST]
            if role in MANY:
                names = tuple(name for name in self.header if dict(ranked[role]).get(name, 0) >= min(SEVERAL, first[1]))
            elif rivals and role in ("date", "radius"):
                yield role, (), (first[0], *rivals)
                continue
            else:
                names = (first[0],)
            assigned |= set(names)
            yield role, names, ()

    def reasons(self, roles: Roles, place: Located) -> dict[str, Message]:
        """Return why each column has its role."""
        reasons = {name: _reason(self._why[role, name], role, self.kinds.get(name))
                   for role, names in roles.items() for name in names if (role, name) in self._why}  # fmt: skip
        return {**reasons, **place.reasons}

    def _ranked(self, role: str, assigned: set[str]) -> list[tuple[str, float]]:
        weights = {name: weight for name, weight in self._weights[role].items() if name not in assigned}
        return sorted(weights.items(), key=lambda pair: -pair[1])

    def _role(self, role: str) -> Iterator[tuple[str, float]]:
        names, tags = headings.names().get(role, ()), headings.tags().get(role, ())
        for name, tag in zip(self.header, [*self.tags, *[""] * len(self.header)], strict=False):
            folded, kinds = headings.folded(name), self.kinds.get(name)
            fit = _fit(role, kinds)
            tagged = tag.strip().lower()
            if tagged in tags:
                # The earlier of two names or tags is the more usual one.
                weight, why = 2.0 - tags.index(tagged) / 100, Message("guess.tag", tag=tagged)
            elif folded in names:
                weight, why = headings.EXACT - names.index(folded) / 1000, Message("guess.name")
                weight *= 1.0 if fit is None or role in MANY else 0.3 + 0.7 * fit
            elif name in self.levels.values():
                weight, why = LEVEL * (self.levels.get(role) == name), Message("guess.name")
            else:
                weight, why = self._by_words(role, name, fit), Message("guess.words")
            if role == "date" and kinds and weight < DATED and kinds.share("date") >= CERTAIN:
                weight, why = DATED * _event_date(name), Message("guess.cells")
            if role == "date" and weight >= DATED and headings.says(name, "event") and _event_date(name) == 1.0:
                # The date of the attack, beside a plain one of the record.
                weight += OF_EVENT
            if role == "date" and fit == 0.0 and kinds and kinds.share("number") >= CERTAIN:
                # A day of the month, a rank: no date by itself.
                weight = 0.0
            if role == "date_end" and kinds and kinds.share("date") >= CERTAIN and _is_end(name):
                weight, why = max(weight, DATED), Message("guess.words")
            if role in AXES and folded in BARE_AXES and kinds and kinds.share("fine", "metres") < 0.5:
                weight = 0.0
            if role == "id" and kinds and not kinds.unique:
                weight = 0.0
            if weight > 0:
                self._why[role, name] = why
                yield name, weight

    def _by_words(self, role: str, name: str, fit: float | None) -> float:
        match = headings.matches(name).get(_CONCEPTS.get(role, role))
        if match is None:
            return 0.0
        score = match.score * _modified(role, name)
        if fit is not None and role in _KINDS and fit < 0.5:
            return 0.0
        return score if fit is None else score * (0.3 + 0.7 * fit)


def _fit(role: str, kinds: Kinds | None) -> float | None:
    """Return the share of cells that read as what a role needs; None where nothing is known of the cells."""
    if kinds is None or not kinds.count:
        return None
    if role in _FREE and (kinds.share("date", "geometry", "lat") >= 0.5 or kinds.share("link") >= 0.5):
        return 0.0
    return kinds.share(*_KINDS[role]) if role in _KINDS else 1.0


def _modified(role: str, name: str) -> float:
    """Return what other words of a heading leave of the weight of a role (0 to 1)."""
    says = {word for word in ("low", "high", "end", "start", "partial", "arabic", "date", "elsewhere", "radius")
            if headings.says(name, word)}  # fmt: skip
    if role.startswith("deaths"):
        wanted = {"deaths_low": {"low"}, "deaths_high": {"high"}}.get(role, set())
        return float(says & {"low", "high"} == wanted and "partial" not in says)
    if role in ("name", "name_ar"):
        return float(("arabic" in says) == (role == "name_ar"))
    if role == "date":
        return _event_date(name)
    if role == "date_end":
        return float("end" in says)
    if role == "radius":
        return float("date" not in says)
    if role in ("category", "actor", "country", "admin1") and says & {"date", "arabic", "radius"}:
        return 0.0
    return 0.5 if "elsewhere" in says else 1.0


def _event_date(name: str) -> float:
    """Return how far a heading of a date is that of the event itself, not of its end or of a record about it."""
    if headings.says(name, "end") and not headings.says(name, "start"):
        return 0.4
    return 0.4 if headings.says(name, "administrative") else 1.0


def _is_end(name: str) -> bool:
    """Tell whether a heading says that something ends, and nothing else: `To`, `bis`, `hasta`."""
    match = headings.matches(name).get("end")
    return match is not None and not match.rest


def _reason(why: Message, role: str, kinds: Kinds | None) -> Message:
    """Return a reason, with the share of the cells that read as what the role needs."""
    if kinds is None or role not in _KINDS or _KINDS[role] == ("words",):
        return why
    kind = max(_KINDS[role], key=kinds.share)
    return Message("guess.read", why=why, share=round(100 * kinds.share(kind)), kind=Message(f"cell.{kind}"))


def _deepest(header: Sequence[str]) -> dict[str, str]:
    """Return the names and the code of the lowest administrative level that a file of boundaries has."""
    lowest: dict[str, tuple[int, str]] = {}
    for name in header:
        match = _LEVEL.match(name.strip().lower())
        if match:
            role = _LEVELLED[match[2]]
            lowest[role] = max(lowest.get(role, (0, "")), (int(match[1]), name))
    return {role: name for role, (_, name) in lowest.items()}


def _ended(roles: Roles) -> dict[str, tuple[str, ...]]:
    """Return the roles without an end of dates that has no beginning, or is that of something else."""
    first, last = roles.get("date"), roles.get("date_end")
    known = headings.names()["date_end"]
    paired = first and last and (headings.folded(last[0]) in known or _of_what(first[0]) == _of_what(last[0]))
    return {role: names for role, names in roles.items() if role != "date_end" or paired}


def _of_what(heading: str) -> frozenset[str]:
    """Return the words of a heading beside those for dates, beginning and end."""
    return frozenset(
        word for word in headings.words(heading) if not any(headings.says(word, of) for of in ("date", "start", "end"))
    )


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
    if ("easting" in roles) != ("northing" in roles):
        raise BadValue("map", "easting" if "easting" in roles else "northing", "easting_and_northing")
    return {role: tuple(names) for role, names in roles.items() if names}
