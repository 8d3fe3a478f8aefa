"""How a file is to be imported: what the user states, everything else is decided by the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import available_timezones

from geodata.errors import BadValue
from geodata.formats.coordinates import Order
from geodata.importing import actors, dates, profiles, projected
from geodata.importing.profiles import Roles
from geodata.importing.source_file import ReadOptions
from geodata.messages import one_of
from geodata.model import SLUG
from geodata.settings import MAX_RADIUS
from geodata.store.workspace import RESERVED

ORDERS = ("lat,lon", "lon,lat")


@dataclass(frozen=True)
class ImportOptions:
    """How a file is to be imported; what is empty is detected."""

    layer: str = ""
    profile: str = ""
    roles: Roles | None = None
    """The columns of each role, as the user mapped them; None to guess."""
    read_options: ReadOptions = field(default_factory=ReadOptions)
    order: Order | None = None
    """The order of plain numbers in one column, `lat,lon` where nothing decides it."""
    crs: str = ""
    """The projected system of columns of metres, as pyproj names it; else what headings and countries decide."""
    dates: str = ""
    """The order of day, month and year in plain numbers, one of `dates.ORDERS`; else what the dates decide."""
    separators: str | None = None
    """The signs and words between the actors that one cell names (actors.py); "" leaves cells whole, None is the
    profile's own."""
    time_zone: str = ""
    """The IANA zone of the layer's civil days; else the one that the layer has, or UTC."""
    title: Mapping[str, str] = field(default_factory=dict)
    radius: float | None = None
    """Metres, the assumed uncertainty of every position of which the file says none; None leaves it unknown."""
    radius_reason: str = ""
    """Why it may be assumed, in the user's words."""
    unplaced: bool = False
    """Whether a file of which no row has a place is stored, as a table."""
    replace: bool = False
    """Whether rows of the layer that the file does not have go, as in a full new release."""

    def __post_init__(self) -> None:
        if self.layer and (not SLUG.match(self.layer) or self.layer in RESERVED):
            raise BadValue("layer", self.layer, "slug")
        if self.profile and self.profile not in profiles.PROFILES:
            raise BadValue("profile", self.profile, one_of(profiles.PROFILES))
        if self.order is not None and self.order not in ORDERS:
            raise BadValue("order", self.order, one_of(ORDERS))
        if self.crs:
            projected.checked(self.crs)
        if self.dates and self.dates not in dates.ORDERS:
            raise BadValue("dates", self.dates, one_of(dates.ORDERS))
        if self.time_zone and self.time_zone not in available_timezones():
            raise BadValue("time_zone", self.time_zone, "time_zone")
        if self.radius is not None and not 0 <= self.radius <= MAX_RADIUS:
            raise BadValue("radius", self.radius, "metres_between", least=0, most=MAX_RADIUS)
        actors.tokens(self.separators or "")
