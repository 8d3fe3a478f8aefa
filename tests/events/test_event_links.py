"""Links between layers that may be one event, against all pairs compared one by one."""

from __future__ import annotations

import datetime
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata import geodesy
from geodata.catalog import current, workspace
from geodata.cli import main
from geodata.errors import BadValue, Refused
from geodata.events import event_links
from geodata.importing import ingest
from geodata.importing.options import ImportOptions
from geodata.model import COMMON, Feature, Layer
from geodata.store import event_schema, parquet_writer
from geodata.store.workspace import Workspace
from tests.importing.made import acled, acled_file
from tests.store.test_parquet import ENTRY

DAY = st.integers(0, 6).map(lambda days: (datetime.date(2020, 2, 27) + datetime.timedelta(days)).isoformat())
POINT = st.builds(
    shapely.Point, st.sampled_from([-180, -179.99, 40, 40.05, 179.98, 180]), st.sampled_from([-90, 35, 35.04, 89.99])
)
ROW = st.fixed_dictionaries(
    {
        "shape": st.one_of(st.none(), POINT, POINT, POINT),
        "radius": st.sampled_from([None, 0.0, 1_000.0, 5_000.0]),
        "days": st.one_of(st.tuples(st.none(), st.none()), st.tuples(DAY, st.none()), st.tuples(DAY, DAY).map(sorted)),
        "actors": st.lists(st.sampled_from(["one", "two", "آخر"]), max_size=2, unique=True),
        "killed": st.sampled_from([None, (None, 3, None), (1, 2, 4), (5, None, 9), (None, None, 4)]),
    }
)


def layer(name: str, rows: list[dict[str, Any]], radius: float | None, large: Path | None) -> Layer:
    """Return rows as a layer: a document, or files in a folder."""
    features = tuple(
        Feature(
            f"{name}-{number}",
            name,
            row["shape"],
            {
                **COMMON,
                "coordinateUncertaintyInMeters": row["radius"],
                "date_start": row["days"][0],
                "date_end": row["days"][1],
                "actors": row["actors"],
                "killed": row["killed"] and dict(zip(("low", "best", "high"), row["killed"], strict=True)),
            },
        )
        for number, row in enumerate(rows)
    )
    entry = {**ENTRY, "id": name, "default_uncertainty_m": radius}
    if large is None:
        return Layer(name, "0" * 64, entry, features)
    with Workspace(large).staging() as folder:
        parts = parquet_writer.write([event_schema.table(features, [])], [], folder)
        manifest = parquet_writer.manifest_of(name, [], parts)
        version = Workspace(large).put_large(entry, manifest, {part.sha256: part.path for part in parts})
    return Workspace(large).version(name, version)


def known(one: Layer) -> list[tuple[Feature, float, datetime.date, datetime.date]]:
    """Return the rows that can be compared, with radius and days."""
    rows = []
    for feature in one.features:
        radius, start = one.uncertainty(feature), feature.properties["date_start"]
        if feature.geometry is not None and radius is not None and start is not None:
            end = feature.properties["date_end"] or start
            rows.append((feature, radius, datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)))
    return rows


def deaths(feature: Feature) -> tuple[int, int] | None:
    """Return the interval of deaths, where both ends are stated."""
    killed = feature.properties["killed"] or {}
    low = killed.get("low") if killed.get("low") is not None else killed.get("best")
    high = killed.get("high") if killed.get("high") is not None else killed.get("best")
    return None if low is None or high is None else (low, high)


def one_by_one(layers: list[Layer], km: float, days: int) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the facts of all pairs that may be one event."""
    found = {}
    for one, other in itertools.combinations(layers, 2):
        for (a, radius_a, *days_a), (b, radius_b, *days_b) in itertools.product(known(one), known(other)):
            metres = geodesy.inverse(a.geometry.x, a.geometry.y, b.geometry.x, b.geometry.y)[2]
            between = [abs((x - y).days) for x in (days_a[0], days_a[1]) for y in (days_b[0], days_b[1])]
            meet = days_a[0] <= days_b[1] and days_b[0] <= days_a[1]
            least = 0 if meet else min(between)
            if metres > radius_a + radius_b + km * 1000 or least > days:
                continue
            figures = deaths(a), deaths(b)
            overlap = None
            if figures[0] is not None and figures[1] is not None:
                overlap = figures[0][0] <= figures[1][1] and figures[1][0] <= figures[0][1]
            found[a.ref, b.ref] = {
                "distance_m": pytest.approx(metres, abs=1e-6),
                "days_between": [least, max(between)],
                "shared_actors": sorted(set(a.properties["actors"]) & set(b.properties["actors"])),
                "overlap": overlap,
            }
    return found


def fewest(layers: list[Layer], links: set[tuple[str, str]]) -> int:
    """Return the fewest events that rows may be, grown group by group."""
    groups = [{feature.ref} for one in layers for feature in one.features]
    for a, b in links:
        joined = [group for group in groups if a in group or b in group]
        groups = [group for group in groups if group not in joined] + [set().union(*joined)]
    return sum(max(sum(ref.startswith(f"{one.id}/") for ref in group) for one in layers) for group in groups)


@pytest.mark.parametrize("large", [False, True])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(ROW, max_size=7), min_size=2, max_size=3),
    radius=st.sampled_from([None, 2_000.0]),
    km=st.sampled_from([0.0, 3.0]),
    days=st.sampled_from([0, 2]),
)
def test_links_are_those_of_all_pairs_one_by_one(
    large: bool, rows: list[list[dict[str, Any]]], radius: float | None, km: float, days: int, tmp_path: Path
) -> None:
    layers = [
        layer(name, part, radius, tmp_path if large and part else None)
        for name, part in zip(("some", "many", "more"), rows, strict=False)
    ]
    answer = event_links.links(layers, km, days, 10_000)
    wanted = one_by_one(layers, km, days)
    items = {(item["a"], item["b"]): item for item in answer["items"]}
    assert items.keys() == wanted.keys()
    assert answer["total"] == len(answer["items"]) == len(wanted)
    for pair, facts in wanted.items():
        item = items[pair]
        assert {
            **{name: item[name] for name in facts if name != "overlap"},
            "overlap": item["deaths"]["overlap"],
        } == facts
        assert item["interval_m"][0] <= km * 1000 + 1e-6
        assert item["interval_m"][1] >= item["distance_m"] - 1e-6
    assert answer["events"] == [fewest(layers, set(wanted)), sum(map(len, rows))]
    for one, said in zip(layers, answer["layers"], strict=True):
        assert said["compared"] == len(known(one)) == said["rows"] - sum(said["left_out"].values())
    agreeing = [bool(item["shared_actors"]) + (item["deaths"]["overlap"] is True) for item in answer["items"]]
    assert agreeing == sorted(agreeing, reverse=True)


def test_too_many_links_and_too_few_layers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"shape": shapely.Point(40, 35), "radius": 0.0, "days": ("2020-01-01", None), "actors": [], "killed": None}
    one, other = (layer(name, [row] * 3, None, None) for name in ("some", "many"))
    assert event_links.links([one, other], 0, 0, 2)["total"] == 9
    assert event_links.links([one, other], 0, 0, 2)["events"] == [3, 6]
    monkeypatch.setattr(event_links, "MOST", 8)
    with pytest.raises(Refused, match="8 links"):
        event_links.links([one, other], 0, 0, 2)
    for layers in ([one], [one, one]):
        with pytest.raises(BadValue, match="two or more"):
            event_links.links(layers, 0, 0, 2)


def test_the_command_proposes_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MASAFA_WORKSPACE", str(tmp_path / "workspace"))
    for name, rows in (("first", [acled("A1"), acled("A2", latitude="20")]), ("second", [acled("B1")])):
        path = tmp_path / f"{name}.csv"
        path.write_bytes(acled_file(*rows))
        ingest.load(path, path.name, ImportOptions(layer=name), workspace(), current())
    assert main(["links", "first", "second"]) == 0
    said = capsys.readouterr().out
    assert "1 link proposed: 2 to 3 events" in said
    assert "first/first-a1" in said
    assert main(["links", "first", "second", "--json", "--km", "5", "--days", "1"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["events"], answer["items"][0]["b"]) == ([2, 3], "second/second-b1")
    assert main(["links", "first", "second", "--km", "-1"]) == 2
    assert main(["links", "first", "second", "--days", "400"]) == 2
    assert main(["links", "first"]) == 2
