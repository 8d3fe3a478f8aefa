"""What a new release changed, against a comparison row by row, for documents and large layers alike."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata import geodesy
from geodata.catalog import current, shipped, version_of, workspace
from geodata.cli import main
from geodata.errors import BadValue, NotFound
from geodata.events.release_diff import KINDS, ReleaseDiff, compared
from geodata.importing import ingest
from geodata.importing.options import ImportOptions
from geodata.model import COMMON, Feature, Layer
from geodata.store import event_schema, parquet_writer
from geodata.store.workspace import Workspace
from tests.importing.made import acled, acled_file
from tests.store.test_parquet import ENTRY

PROPERTIES = {
    "coordinateUncertaintyInMeters": st.sampled_from([None, 0.0, 500.0, 30_000.0]),
    "area": st.sampled_from([None, None, "governorates/iq-anbar"]),
    "date_start": st.sampled_from([None, "2020-01-01", "2020-02-01"]),
    "date_end": st.sampled_from([None, "2020-03-01"]),
    "killed": st.one_of(
        st.none(), st.fixed_dictionaries({end: st.sampled_from([None, 0, 7]) for end in ("low", "best", "high")})
    ),
    "category": st.sampled_from(["battle", "protest", "قصف"]),
    "actors": st.lists(st.sampled_from(["one", "آخر"]), max_size=2),
    "name_ar": st.sampled_from([None, "الحسكة"]),
}
SHAPES = st.sampled_from(
    [
        None,
        *(shapely.Point(40, 35), shapely.Point(40.000_000_01, 35), shapely.Point(40.1, 35.1), shapely.Point(180, 1)),
        *(shapely.Point(-180, 1), shapely.box(40, 35, 41, 36), shapely.box(40, 35, 41, 36).reverse()),
        shapely.LineString([(40, 35), (41, 36)]),
    ]
)


@st.composite
def states(draw: st.DrawFn) -> dict[int, Feature]:
    """Return a few features by number."""
    numbers = draw(st.sets(st.integers(0, 12), max_size=8))
    return {number: feature(number, draw(SHAPES), draw(st.fixed_dictionaries(PROPERTIES))) for number in numbers}


def feature(number: int, shape: shapely.Geometry | None, properties: Mapping[str, Any]) -> Feature:
    """Return a feature of the test layer; its row number is no content."""
    killed = properties["killed"]
    if killed is not None and set(killed.values()) == {None}:
        killed = None
    return Feature(f"many-{number}", "many", shape, {**COMMON, **properties, "killed": killed, "sources": []})


def layer(features: Mapping[int, Feature], large: Path | None, radius: float | None = None) -> Layer:
    """Return features as a layer: a document, or files in a folder."""
    entry, rows = {**ENTRY, "default_uncertainty_m": radius}, tuple(features.values())
    if large is None or not rows:
        return Layer("many", f"{hash(repr(rows)):x}", entry, rows)
    place = Workspace(large)
    with place.staging() as folder:
        parts = parquet_writer.write([event_schema.table(rows, [])], [], folder)
        manifest = parquet_writer.manifest_of("many", [], parts)
        version = place.put_large(entry, manifest, {part.sha256: part.path for part in parts})
    return place.version("many", version)


def position(shape: shapely.Geometry | None) -> Any:
    """Return what two geometries have in common that are the same position."""
    if shape is None or shape.geom_type == "Point":
        return shape and (abs(round(shape.x, 7)) if abs(shape.x) == 180 else round(shape.x, 7), round(shape.y, 7))
    return shapely.normalize(shape).wkt


def kinds(old: Feature | None, new: Feature | None) -> list[str]:
    """Return the kinds of a row's differences, compared in plain Python."""
    if old is None or new is None:
        return ["added" if old is None else "gone"]
    was, is_ = old.properties, new.properties
    found = {
        "moved": (position(old.geometry), was["area"]) != (position(new.geometry), is_["area"]),
        "redated": (was["date_start"], was["date_end"]) != (is_["date_start"], is_["date_end"]),
        "recounted": (was["killed"] or {}) != (is_["killed"] or {}),
        "changed": any(
            was[name] != is_[name] for name in ("coordinateUncertaintyInMeters", "category", "actors", "name_ar")
        ),
    }
    return [kind for kind, differs in found.items() if differs]


@pytest.mark.parametrize("large", ["neither", "old", "new", "both"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=states(), new=states(), same=st.booleans(), radius=st.sampled_from([None, 1_000.0]))
def test_differences_are_those_of_a_comparison_row_by_row(
    large: str, old: dict[int, Feature], new: dict[int, Feature], same: bool, radius: float | None, tmp_path: Path
) -> None:
    if same:
        new = {**new, **{number: old[number] for number in list(old)[::2]}}
    diff = ReleaseDiff(
        layer(old, tmp_path if large in ("old", "both") else None),
        layer(new, tmp_path if large in ("new", "both") else None, radius),
    )
    wanted = {
        f"many-{number}": names
        for number in sorted(old.keys() | new.keys())
        if (names := kinds(old.get(number), new.get(number)))
    }
    items = diff.items(None, 0, 100)
    assert {item["id"]: item["kinds"] for item in items} == wanted
    assert [item["id"] for item in items] == sorted(wanted)
    for kind in KINDS:
        of_kind = [id_ for id_ in sorted(wanted) if kind in wanted[id_]]
        assert diff.count(kind) == len(of_kind)
        assert [item["id"] for item in diff.items(kind, 1, 2)] == of_kind[1:3]
    assert diff.totals["unchanged"] == len(old.keys() & new.keys() - {int(id_[5:]) for id_ in wanted})
    rows = list(diff.csv_rows())
    assert [row[:2] for row in rows[1:]] == [(id_, " ".join(wanted[id_])) for id_ in sorted(wanted)]
    for item in items:
        _check_details(item, old.get(int(item["id"][5:])), new.get(int(item["id"][5:])), radius)


def _check_details(item: dict[str, Any], old: Feature | None, new: Feature | None, radius: float | None) -> None:
    assert set(item) - {"id", "name", "kinds"} == {
        {"redated": "dates", "recounted": "killed", "changed": "properties"}.get(kind, kind)
        for kind in item["kinds"]
        if kind not in ("added", "gone")
    }
    if old is None or new is None:
        return
    for one in item.get("properties", ()):
        assert (one["old"], one["new"]) == (old.properties[one["name"]], new.properties[one["name"]])
    if "killed" in item:
        ends = {side: one.properties["killed"] or {} for side, one in (("old", old), ("new", new))}
        assert item["killed"] == {
            side: {end: ends[side].get(end) for end in ("low", "best", "high")} for side in ("old", "new")
        }
    if "moved" in item:
        _check_move(item["moved"], old, new, radius)


def _check_move(move: dict[str, Any], old: Feature, new: Feature, radius: float | None) -> None:
    radii = [old.properties["coordinateUncertaintyInMeters"], new.properties["coordinateUncertaintyInMeters"]]
    if radii[1] is None and new.properties["area"] is None:
        radii[1] = radius
    assert [move[side]["uncertainty_m"] for side in ("old", "new")] == radii
    points = [one.geometry for one in (old, new) if one.geometry is not None and one.geometry.geom_type == "Point"]
    if len(points) < 2:
        assert move["moved_m"] is move["interval_m"] is move["beyond_uncertainty"] is None
        return
    metres = geodesy.inverse(points[0].x, points[0].y, points[1].x, points[1].y)[2]
    assert move["moved_m"] == pytest.approx(metres, abs=1e-6)
    if None in radii:
        assert move["interval_m"] is move["beyond_uncertainty"] is None
    else:
        assert move["interval_m"] == pytest.approx([max(0, metres - sum(radii)), metres + sum(radii)], abs=1e-6)
        assert move["beyond_uncertainty"] == (move["moved_m"] > sum(radii))


def test_two_layers_and_an_unknown_kind_are_refused() -> None:
    sites, events = shipped().layer("sites"), shipped().layer("events")
    with pytest.raises(BadValue, match="two versions of one layer"):
        ReleaseDiff(sites, events)
    with pytest.raises(BadValue, match="recounted"):
        compared(events, events).items("merged", 0, 10)


def test_a_document_of_ours_is_compared_with_all_its_properties() -> None:
    events = shipped().layer("events")
    first, *others = events.features
    summary = {**first.properties, "summary": {"en": "Other words", "ar": "كلمات أخرى"}}
    changed = dataclasses.replace(
        events, version="f" * 64, features=(dataclasses.replace(first, properties=summary), *others)
    )
    diff = compared(events, changed)
    assert diff is compared(events, changed)
    assert diff.totals["different"] == 1
    (item,) = diff.items("changed", 0, 10)
    assert item["properties"] == [{"name": "summary", "old": first.properties["summary"], "new": summary["summary"]}]


@pytest.fixture(params=[10_000, 1], ids=["small", "large"])
def releases(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layer:
    """A layer of two releases, small and large, in a workspace; the first one's version is in its releases."""
    monkeypatch.setenv("MASAFA_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(ingest, "LARGE", request.param)
    first = acled_file(acled("A1"), acled("A2", fatalities="3"), acled("A3"), acled("A4"))
    second = acled_file(acled("A1"), acled("A2", fatalities="5"), acled("A3", latitude="35.5"), acled("A5"))
    for name, data in (("1.csv", first), ("2.csv", second)):
        path = tmp_path / name
        path.write_bytes(data)
        ingest.load(path, name, ImportOptions(layer="attacks", replace=True), workspace(), current())
    return current().layer("attacks")


def test_a_release_is_compared_with_the_one_before(releases: Layer, capsys: pytest.CaptureFixture[str]) -> None:
    before = releases.entry["imported"]["releases"][0]["before"]
    old = version_of(releases, before[:12])
    assert old.version == before
    diff = compared(old, releases)
    counts = {kind: diff.totals[kind] for kind in (*KINDS, "unchanged")}
    assert counts == {"added": 1, "gone": 1, "moved": 1, "redated": 0, "recounted": 1, "changed": 2, "unchanged": 1}
    (moved,) = diff.items("moved", 0, 10)
    assert moved["moved"]["new"]["lat"] == 35.5
    (recounted,) = diff.items("recounted", 0, 10)
    assert recounted["killed"]["new"]["best"] == 5
    assert {"name": "original.fatalities", "old": 3, "new": 5} in recounted["properties"]
    assert main(["diff", f"attacks@{before[:12]}", "attacks", "--limit", "1"]) == 0
    said = capsys.readouterr().out
    assert "1 added, 1 gone, 1 moved, 0 re-dated, 1 recounted, 2 otherwise changed, 1 unchanged" in said
    assert "3 more rows" in said


def test_the_command_answers_in_json_and_csv(
    releases: Layer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = f"attacks@{releases.entry['imported']['releases'][0]['before'][:8]}"
    assert main(["diff", old, f"attacks@{releases.version[:10]}", "--kind", "moved", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["total"] == len(answer["items"]) == 1
    assert answer["versions"]["new"] == releases.version
    assert main(["diff", old, "attacks", "--csv", "-"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert main(["diff", old, "attacks", "--csv", str(tmp_path / "out.csv")]) == 0
    assert (tmp_path / "out.csv").read_text("utf-8").splitlines() == printed
    assert len(printed) == 5
    capsys.readouterr()
    assert main(["diff", "attacks@00000000", "attacks"]) == 2
    assert main(["diff", "attacks@xyz", "attacks"]) == 2
    assert main(["diff", "attacks", "sites"]) == 2
    with pytest.raises(NotFound):
        version_of(releases, "0" * 8)
