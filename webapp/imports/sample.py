"""A small file of events to try an import with: those of the shipped layer whose day and position are known."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import cache

from geodata.catalog import shipped
from geodata.model import Feature

NAME = "masafa-sample.csv"
HEADER = ("id", "date", "date_end", "name", "name_ar", "type", "actors", "latitude", "longitude", "killed", "source")


@cache
def rows() -> Sequence[Sequence[str]]:
    """Return the cells of the sample, its header first."""
    return (HEADER, *(_row(feature) for feature in shipped().layer("events").features if _is_known(feature)))


@cache
def content() -> bytes:
    """Return the sample as CSV in UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows())
    return text.getvalue().encode()


def _is_known(feature: Feature) -> bool:
    return feature.geometry is not None and bool(feature.properties["date_start"])


def _row(feature: Feature) -> Sequence[str]:
    catalog, properties = shipped(), feature.properties
    event_type = catalog.vocabulary()["event_type"][properties["event_type"]]["en"]
    actors = "; ".join(catalog.actors()[id_]["name_en"] for id_ in properties["actors"])
    killed = (properties["killed"] or {}).get("best")
    outlets = [outlet for id_ in feature.sources if (outlet := catalog.sources()[id_]["outlet"])]
    point = feature.geometry.centroid  # type: ignore[union-attr]
    return (
        *(feature.id, properties["date_start"], properties["date_end"] or ""),
        *(feature.name["en"], feature.name["ar"], event_type, actors),
        *(f"{point.y:.5f}", f"{point.x:.5f}"),
        *("" if killed is None else str(killed), outlets[0] if outlets else ""),
    )
