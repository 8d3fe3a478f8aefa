"""The proximity table: many positions at once, pasted or from a CSV, against lines or places; whole arrays, no loop.

The rows are held in the request and stored nowhere, so the answer has an id (a hash of the rows is in it) but cannot
be cited.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from geodata import geodesy
from geodata.analysis import result_builder
from geodata.analysis.base import Parameter
from geodata.analysis.country import countries_of, country_of, within
from geodata.analysis.linear.chainage_interval import kilometres_of
from geodata.analysis.measure import Floats, Measured
from geodata.analysis.nearest import nearest_of, to_nearest
from geodata.analysis.number_format import kilometres, stated
from geodata.analysis.places import Place
from geodata.analysis.targets import TARGET, Targets
from geodata.catalog import Catalog
from geodata.errors import Refused
from geodata.formats.point_table import Rows
from geodata.messages import same_in_all, texts
from geodata.model import Feature, Result, Text

Other = tuple[int, str, Place]
"""The line of a row, its name, and the place it stands for."""

BANDS = Parameter(
    "bands",
    texts("parameter.bands_km"),
    "kilometres",
    default="10,25,50,100",
    minimum=0.001,
    maximum=5000.0,
)
MAX_ITEMS = 250_000
MAX_MEASURES = 1_000_000
UNSURE: Text = texts("table.assumed_exact")
HELD: Text = texts("table.not_stored")
KINDS = ("category", "event_type", "kind")
GOVERNORATES = "governorates"


def table(
    rows: Rows,
    arguments: Mapping[str, Any],
    catalog: Catalog,
    others: Sequence[Other] = (),
    targets: Targets | None = None,
) -> Result:
    """Measure rows to the nearest of each target, and class them in bands; `arguments` are `target` and `bands`.

    `others` are places that are more than a point: an area, a placeholder, a line. `targets` are those of `arguments`
    where they have been resolved already.
    """
    targets = targets or Targets.read(arguments.get(TARGET.name, ""), catalog)
    bands: tuple[float, ...] = BANDS.read(arguments.get(BANDS.name) or BANDS.default)
    groups, places = targets.groups, targets.places
    count = len(rows) + len(others)
    if count * len(places) > MAX_MEASURES or count * len(groups) > MAX_ITEMS:
        raise Refused("table", rows=count, targets=len(places), measures=MAX_MEASURES, answers=MAX_ITEMS)
    lon, lat = np.array(rows.lon, dtype=float), np.array(rows.lat, dtype=float)
    radius = np.array(rows.uncertainty, dtype=float)
    where = _where(lon, lat, radius, catalog)
    items_by_target = {
        part: [*_items(rows, group, lon, lat, radius, bands, where), *_more(others, group, bands, catalog)]
        for part, group in groups.items()
    }
    items = [item for group_items in items_by_target.values() for item in group_items]
    if len(items_by_target) > 1 or others:
        items.sort(key=lambda item: item["line"])
    if len(items_by_target) > 1:
        items = [{**item, "id": f"{item['id']}-{n}"} for n, item in enumerate(items, start=1)]
    body = {
        "target": targets.text,
        "targets": [{"id": place.id, "name": dict(place.name)} for place in places],
        "bands": list(bands),
        "rows": count + len(rows.problems),
        "read": count,
        "columns": rows.columns,
        "problems": rows.problems,
        "warnings": rows.warnings,
        "summaries": [{"target": part, **summary(group_items, bands)} for part, group_items in items_by_target.items()],
        "items": items,
        "assumptions": [dict(text) for text in _assumptions(places, rows)],
    }
    parameters = {
        "bands": bands,
        "rows": count,
        "sha256": _digest(rows, lon, lat, radius, others),
        "target": targets.text,
    }
    used = {"countries", *([GOVERNORATES] if GOVERNORATES in catalog.ids() else [])}
    return result_builder.result("proximity", parameters, catalog, places, body, layers=used)


def _assumptions(targets: Sequence[Place], rows: Rows) -> list[Text]:
    notes = {text["en"]: text for place in targets for text in place.assumptions}
    radii = dict.fromkeys(assumed["radius_m"] for assumed in rows.assumed if assumed and assumed["by"] == "table")
    stated = [_assumed_radius(radius) for radius in radii if radius]
    return [*notes.values(), *(stated or [UNSURE]), HELD]


def _assumed_radius(radius: float) -> Text:
    return texts("table.assumed_radius", radius=same_in_all(f"{radius / 1000:g}"))


def _digest(rows: Rows, lon: Floats, lat: Floats, radius: Floats, others: Sequence[Other]) -> str:
    hashed = hashlib.sha256(np.column_stack([lon, lat, radius]).tobytes())
    hashed.update("\n".join(rows.name).encode())
    hashed.update("\n".join(place.id for _, _, place in others).encode())
    return hashed.hexdigest()


def _items(
    rows: Rows,
    targets: Sequence[Place],
    lon: Floats,
    lat: Floats,
    radius: Floats,
    bands: Sequence[float],
    where: Sequence[tuple[dict[str, Any] | None, str | None]],
) -> list[dict[str, Any]]:
    if not len(rows):
        return []
    best, feet, rivals = nearest_of(targets, lon, lat)
    at = np.arange(len(lon))
    picked = {
        name: np.array([getattr(near, name) for near in feet])[best, at].tolist()
        for name in ("distance", "lon", "lat", "azimuth", "chainage", "side", "beyond_end", "tied")
    }
    own = np.array([np.nan if place.uncertainty is None else place.uncertainty for place in targets])[best]
    vague = np.array([place.placeholder for place in targets])[best]
    distance = np.array(picked["distance"])
    low, high = geodesy.interval(distance, radius, own)
    words = [geodesy.classify(low, high, km * 1000, vague, distance).tolist() for km in bands]
    names = [_km(km) for km in bands]
    columns = zip(best.tolist(), low.tolist(), high.tolist(), *words, strict=True)
    return [
        _item(rows, i, targets[row[0]], picked, row[1:3], dict(zip(names, row[3:], strict=True)), i in rivals)
        | {"country": where[i][0], "governorate": where[i][1]}
        for i, row in enumerate(columns)
    ]


def _where(
    lon: Floats, lat: Floats, radius: Floats, catalog: Catalog
) -> list[tuple[dict[str, Any] | None, str | None]]:
    """Return the country of each row, with whether it is certain, and its governorate."""
    if not len(lon):
        return []
    countries, certain = countries_of(lon, lat, radius, catalog)
    containment = [
        None if id_ is None else {"id": id_, "certain": sure} for id_, sure in zip(countries, certain, strict=True)
    ]
    return list(zip(containment, _governorates(lon, lat, catalog), strict=True))


def _more(
    others: Sequence[Other], targets: Sequence[Place], bands: Sequence[float], catalog: Catalog
) -> list[dict[str, Any]]:
    """Return the items of places that are more than a point: an interval, and figures where they are not an area."""
    measurements = to_nearest([place for _, _, place in others], targets)
    return [
        _other(line, name, measurement, bands, catalog)
        for (line, name, _), measurement in zip(others, measurements, strict=True)
        if measurement is not None
    ]


def _other(line: int, name: str, measurement: Measured, bands: Sequence[float], catalog: Catalog) -> dict[str, Any]:
    place = measurement.subject
    point = place.shape if place.is_point else None
    value = measurement.shown_distance
    feature = place.feature
    area = (feature.area or "").partition("/") if feature else ("", "", "")
    return {
        "id": str(line),
        "line": line,
        "name": name,
        "kind": kind_of(feature) if feature else "",
        **_identity(feature),
        "lon": point.x if point else None,
        "lat": point.y if point else None,
        "uncertainty_m": place.uncertainty,
        "assumed": place.assumed,
        "target": measurement.target.id,
        "distance_m": value,
        "interval_m": None
        if measurement.low is None or measurement.high is None
        else [measurement.low, measurement.high],
        "foot": list(measurement.foot) if measurement.foot and value is not None else None,
        "azimuth_deg": measurement.azimuth if value is not None else None,
        "chainage_m": measurement.chainage if value is not None else None,
        "side": measurement.side if value is not None else None,
        "beyond_end": measurement.beyond_end,
        "tied": measurement.tied,
        "bands": {_km(km): measurement.within(km * 1000) for km in bands},
        "display": dict(kilometres(value, measurement.low, measurement.high)),
        "country": country_of(place, catalog),
        "governorate": area[2] if area[0] == GOVERNORATES else None,
    }


def _item(
    rows: Rows,
    i: int,
    target: Place,
    picked: Mapping[str, list[Any]],
    ends: Sequence[float],
    bands: dict[str, str],
    rival: bool,
) -> dict[str, Any]:
    bounded = ends[0] == ends[0]
    low, high = ends if bounded else (None, None)
    distance, on_line = picked["distance"][i], target.shape.geom_type == "LineString"
    tied = rival or picked["tied"][i]
    unclear = picked["beyond_end"][i] or tied or low is None or low <= 0 < distance
    return {
        "id": str(rows.number[i]),
        "line": rows.number[i],
        "name": rows.name[i],
        "kind": rows.kind[i],
        **_identity(rows.feature[i]),
        "lon": rows.lon[i],
        "lat": rows.lat[i],
        "uncertainty_m": rows.uncertainty[i],
        "assumed": rows.assumed[i],
        "target": target.id,
        "distance_m": distance,
        "interval_m": [low, high] if bounded else None,
        "foot": [picked["lon"][i], picked["lat"][i]],
        "azimuth_deg": picked["azimuth"][i] if distance > 0 else None,
        "chainage_m": picked["chainage"][i] if on_line else None,
        "side": ("unclear" if unclear else picked["side"][i]) if on_line else None,
        "beyond_end": picked["beyond_end"][i] if on_line else False,
        "tied": tied if on_line or rival else None,
        "bands": bands,
        "display": dict(kilometres(distance, low, high)),
    }


def kind_of(feature: Feature) -> str:
    """Return what a feature is: events of a file are all of the kind "event", and differ by category."""
    return next((str(kind) for name in KINDS if (kind := feature.properties.get(name))), "")


def _identity(feature: Feature | None) -> dict[str, str | None]:
    """Return what a row stands for and when that was, as its layer has it."""
    days = {name: feature.properties.get(name) if feature else None for name in ("date_start", "date_end")}
    return {
        "feature": feature.ref if feature else None,
        **{name: str(day) if day else None for name, day in days.items()},
    }


def along(item: Mapping[str, Any], targets: Targets) -> tuple[float, float] | None:
    """Return the interval of an item's chainage on its target in metres.

    None where it has none, or an uncertainty is not known.
    """
    radius = item["uncertainty_m"]
    if item["chainage_m"] is None or item["lon"] is None or radius is None or radius != radius:
        return None
    at = (item["lon"], item["lat"])
    row = Place("row", same_in_all(""), "", shapely.Point(at), radius)
    measurement = Measured(
        row, targets.by_id[item["target"]], item["distance_m"], None, None, start=at, chainage=item["chainage_m"]
    )
    return kilometres_of(measurement)


def _km(value: float) -> str:
    return stated(value)


def _governorates(lon: Floats, lat: Floats, catalog: Catalog) -> list[str | None]:
    governorates: list[str | None] = [None] * len(lon)
    if GOVERNORATES not in catalog.ids():
        return governorates
    free = np.ones(len(lon), dtype=bool)
    for feature in catalog.layer(GOVERNORATES).features:
        rows = np.flatnonzero(free)
        rows = rows[within(feature, lon[rows], lat[rows])]
        free[rows] = False
        for index in rows.tolist():
            governorates[index] = feature.id
    return governorates


def summary(items: Sequence[Mapping[str, Any]], bands: Sequence[float]) -> dict[str, Any]:
    """Count rows in each band, in all and by kind, governorate and country; bands hold all that is nearer."""
    words = {name: [item["bands"][name] for item in items] for name in map(_km, bands)}
    groups = {
        "by_kind": [item["kind"] or None for item in items],
        "by_governorate": [item["governorate"] for item in items],
        "by_country": [item["country"]["id"] if item["country"] else None for item in items],
    }
    counts_by_group: dict[str, Any] = {"by_band": {name: dict(Counter(classes)) for name, classes in words.items()}}
    for group, keys in groups.items():
        totals = Counter(keys)
        counts = {name: Counter(zip(keys, classes, strict=True)) for name, classes in words.items()}
        counts_by_group[group] = [
            {
                "id": key,
                "rows": totals[key],
                "bands": {
                    name: {word: count for (group_key, word), count in counted.items() if group_key == key}
                    for name, counted in counts.items()
                },
            }
            for key in sorted(totals, key=str)
        ]
    return counts_by_group
