"""Profiles of sources: the columns that identify the files of each, and what its columns and codes mean."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from geodata import settings
from geodata.messages import same_in_all, texts
from geodata.model import Text

Roles = Mapping[str, tuple[str, ...]]

ROLES: Mapping[str, Text] = MappingProxyType(
    {
        "id": texts("role.id"),
        "lat": texts("role.lat"),
        "lon": texts("role.lon"),
        "position": texts("role.position"),
        "wkt": texts("role.wkt"),
        "easting": texts("role.easting"),
        "northing": texts("role.northing"),
        "zone": texts("role.zone"),
        "radius": texts("role.radius"),
        "place_code": texts("role.place_code"),
        "date": texts("role.date"),
        "date_end": texts("role.date_end"),
        "date_code": texts("role.date_code"),
        "name": texts("role.name"),
        "name_ar": texts("role.name_ar"),
        "category": texts("role.category"),
        "actor": texts("role.actor"),
        "source": texts("role.source"),
        "country": texts("role.country"),
        "admin1": texts("role.admin1"),
        "pcode": texts("role.pcode"),
        "notes": texts("role.notes"),
        "deaths_best": texts("role.deaths_best"),
        "deaths_low": texts("role.deaths_low"),
        "deaths_high": texts("role.deaths_high"),
    }
)
"""What a column can be; a column that is none of these is kept all the same."""
MANY = ("actor", "notes")
"""Roles that several columns may have."""

_PERSON = "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code"
_GEO = "Type FullName CountryCode ADM1Code ADM2Code Lat Long FeatureID"
GDELT: tuple[str, ...] = (
    *["GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"],
    *(f"Actor{number}{name}" for number in (1, 2) for name in _PERSON.split()),
    *["IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass"],
    *["GoldsteinScale", "NumMentions", "NumSources", "NumArticles", "AvgTone"],
    *(f"{whose}Geo_{name}" for whose in ("Actor1", "Actor2", "Action") for name in _GEO.split()),
    *["DATEADDED", "SOURCEURL"],
)
"""The columns of GDELT 2.0 events, whose files have no header."""


@dataclass(frozen=True)
class Profile:
    """A source: the columns that identify its files, its roles, its codes and its licence."""

    name: str
    title: Text
    marks: frozenset[str]
    """Lower-case names of columns that a file of this source has, all of them."""
    roles: Roles
    categories: Mapping[str, str] = field(default_factory=dict)
    """The words that codes of the type of event stand for; other texts stay as they are."""
    separators: str = ";|"
    """The signs between the actors that one cell names."""
    newer: str | None = None
    """The column that says which of two rows of one id is the newer."""
    licence: str = "LicenseRef-own-data"
    attribution: Text | None = None


def _columns(**roles: str) -> Roles:
    return {role: tuple(names.split(",")) for role, names in roles.items()}


ACLED = Profile(
    "acled",
    same_in_all("ACLED"),
    frozenset({"event_id_cnty", "event_date", "latitude", "longitude"}),
    _columns(
        id="event_id_cnty",
        date="event_date",
        date_code="time_precision",
        category="event_type",
        actor="actor1,assoc_actor_1,actor2,assoc_actor_2",
        country="country",
        admin1="admin1",
        name="location",
        lat="latitude",
        lon="longitude",
        place_code="geo_precision",
        source="source",
        notes="notes",
        deaths_best="fatalities",
    ),
    newer="timestamp",
    licence="LicenseRef-ACLED-terms",
    attribution=texts("profile_credit.acled"),
)
ACLED_DELETED = Profile(
    "acled-deleted",
    texts("profile_title.acled_deleted"),
    frozenset({"event_id_cnty", "deleted_timestamp"}),
    _columns(id="event_id_cnty"),
    newer="deleted_timestamp",
)
UCDP = Profile(
    "ucdp",
    same_in_all("UCDP GED"),
    frozenset({"type_of_violence", "side_a", "side_b", "where_prec", "date_prec", "best", "low", "high"}),
    _columns(
        id="id",
        date="date_start",
        date_end="date_end",
        date_code="date_prec",
        category="type_of_violence",
        actor="side_a,side_b",
        country="country",
        admin1="adm_1",
        name="where_coordinates",
        lat="latitude",
        lon="longitude",
        place_code="where_prec",
        source="source_office",
        notes="source_headline",
        deaths_best="best",
        deaths_low="low",
        deaths_high="high",
    ),
    {"1": "state-based violence", "2": "non-state violence", "3": "one-sided violence"},
    separators=",",
    licence="CC-BY-4.0",
    attribution=texts("profile_credit.ucdp"),
)
GDELT_EVENTS = Profile(
    "gdelt",
    texts("profile_title.gdelt"),
    frozenset({"globaleventid", "sqldate", "actiongeo_lat", "actiongeo_long"}),
    _columns(
        id="GLOBALEVENTID",
        date="SQLDATE",
        category="EventRootCode",
        actor="Actor1Name,Actor2Name",
        name="ActionGeo_FullName",
        lat="ActionGeo_Lat",
        lon="ActionGeo_Long",
        place_code="ActionGeo_Type",
        source="SOURCEURL",
    ),
    {f"{code:02}": f"CAMEO {code:02}" for code in range(1, 21)},
    attribution=texts("profile_credit.gdelt"),
)
AIRWARS = Profile(
    "airwars",
    same_in_all("Airwars"),
    frozenset({"unique_reference_code", "latitude", "longitude", "civilians_killed_min", "civilians_killed_max"}),
    _columns(
        id="unique_reference_code",
        date="date",
        country="country",
        lat="latitude",
        lon="longitude",
        place_code="geolocation_accuracy",
        source="permalink",
        deaths_low="civilians_killed_min",
        deaths_high="civilians_killed_max",
    ),
    attribution=texts("profile_credit.airwars"),
)
"""Columns after the table that the site of Airwars fills (`aw_civilian_casualties`)."""
ATLOS = Profile(
    "atlos",
    same_in_all("Atlos"),
    frozenset({"slug", "inserted_at", "updated_at", "latitude", "longitude", "sensitive", "date"}),
    _columns(
        id="slug",
        date="date",
        category="event",
        lat="latitude",
        lon="longitude",
        source="source_1",
        notes="description,more_info",
    ),
)
"""Columns after the export of Atlos (`ExportController`), where attributes lose their `attr_`. Only the project says
whose the data are."""
VIINA = Profile(
    "viina",
    same_in_all("VIINA"),
    frozenset({"event_id", "report_id", "latitude", "longitude", "geo_precision", "geo_api"}),
    _columns(
        id="event_id",
        date="date",
        name="address",
        lat="latitude",
        lon="longitude",
        place_code="geo_precision",
        source="source",
        notes="text",
    ),
    attribution=texts("profile_credit.viina"),
)
"""Columns after the codebook in the README of VIINA; the day is that of the report."""
PLAIN = Profile("plain", texts("profile_title.plain"), frozenset(), {})
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {profile.name: profile for profile in (ACLED_DELETED, ACLED, UCDP, GDELT_EVENTS, AIRWARS, ATLOS, VIINA, PLAIN)}
)


def recognised(header: Sequence[str]) -> Profile:
    """Return the profile of the source that a file with these columns comes from."""
    names = {name.strip().lower() for name in header}
    return next(profile for profile in PROFILES.values() if profile.marks <= names)


@dataclass(frozen=True)
class Precision:
    """What a code for the precision of a place means: a word, the kind of area, a radius in metres."""

    word: str
    area: str | None = None
    radius: float | None = None


@cache
def place_precisions(scheme: str) -> Mapping[str, Precision]:
    """Return the meaning of each code of a source; empty where it has none."""
    table: dict[str, Any] = json.loads((settings.SCHEMAS / "place-precision.json").read_bytes())
    return {
        code: Precision(entry["precision"], entry.get("area"), entry.get("radius_m"))
        for code, entry in table["schemes"].get(scheme, {}).items()
    }
