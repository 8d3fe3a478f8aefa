"""A newer file of the same layer: updated by id, older left out, deleted honoured, versions kept, nothing merged."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata import editing
from geodata.catalog import current, workspace
from geodata.errors import BadValue, Refused
from geodata.importing import ingest as loading
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from geodata.model import Layer
from tests.importing.conftest import Bring
from tests.importing.made import acled, acled_file


def deaths(layer: Layer) -> dict[str, int]:
    if layer.stored is not None:
        items = [one for batch in layer.stored.batches() for one in batch.select(["id", "killed.best"]).to_pylist()]
        return {one["id"]: one["killed.best"] for one in items}
    return {one.id: one.properties["killed"]["best"] for one in layer.features}


@pytest.fixture(params=[10_000, 1], ids=["small", "large"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Both ways in which a layer is held: as GeoJSON, and as Parquet."""
    monkeypatch.setattr(loading, "LARGE", request.param)
    return int(request.param)


def test_a_newer_release_updates_by_id(bring: Bring, size: int) -> None:
    first, before = bring(acled_file(acled("A"), acled("B"), acled("C")), layer="events-a")
    assert (before.stored is not None) == (size == 1)
    newer = acled_file(
        acled("B", fatalities="9", timestamp="1704800000"),
        acled("C", fatalities="8", timestamp="1604700000"),
        acled("D", fatalities="7"),
    )
    report, layer = bring(newer, "newer.csv", layer="events-a")
    tally = report.tally
    assert (tally.added, tally.updated, tally.unchanged, tally.kept, tally.older) == (1, 1, 0, 1, 1)
    assert deaths(layer) == {"events-a-a": 2, "events-a-b": 9, "events-a-c": 2, "events-a-d": 7}
    old = workspace().version("events-a", first.version)
    assert deaths(old) == {"events-a-a": 2, "events-a-b": 2, "events-a-c": 2}
    assert [one["file"] for one in layer.entry["imported"]["releases"]] == ["newer.csv", "days.csv"]
    assert layer.entry["imported"]["releases"][0]["before"] == first.version


def test_the_same_file_once_more_changes_nothing(bring: Bring, size: int) -> None:
    data = acled_file(acled("A"), acled("B"))
    first, _ = bring(data, layer="a")
    again, layer = bring(data, layer="a")
    assert again.version == first.version
    assert (again.tally.unchanged, again.tally.updated, again.tally.added) == (2, 0, 0)
    assert len(layer.entry["imported"]["releases"]) == 1


def test_a_full_release_takes_away_what_it_does_not_have(bring: Bring, size: int) -> None:
    bring(acled_file(acled("A"), acled("B")), layer="a")
    report, layer = bring(acled_file(acled("B"), acled("C")), layer="a", replace=True)
    assert set(deaths(layer)) == {"a-b", "a-c"}
    assert (report.tally.deleted, report.tally.kept) == (1, 0)


def test_deletions_are_honoured_and_never_a_newer_row(bring: Bring, size: int) -> None:
    first, _ = bring(acled_file(acled("A"), acled("B"), acled("C", timestamp="1804700000")), layer="a")
    deleted = "event_id_cnty,deleted_timestamp\nA,1704700001\nC,1704700001\nX,1704700001\n"
    report, layer = bring(deleted, "deleted.csv", layer="a")
    assert set(deaths(layer)) == {"a-b", "a-c"}
    assert (report.tally.deleted, report.tally.older, report.tally.kept) == (1, 1, 2)
    assert len(layer.entry["imported"]["columns"]) == 31
    assert set(deaths(workspace().version("a", first.version))) == {"a-a", "a-b", "a-c"}
    with pytest.raises(BadValue, match="deleted events"):
        bring(deleted, "deleted.csv", layer="elsewhere")


def test_ids_twice_in_one_file_are_both_kept_and_said(bring: Bring, size: int) -> None:
    report, layer = bring(acled_file(acled("A"), acled("A", fatalities="3"), acled("B")), layer="a")
    assert deaths(layer) == {"a-a": 2, "a-a-row-2": 3, "a-b": 2}
    assert report.tally.repeated == 1
    assert [one["row"] for one in report.problems if one["flag"] == "duplicate_id"] == [1, 2]


def test_events_that_may_be_one_are_shown_and_never_merged(bring: Bring, size: int) -> None:
    report, layer = bring(
        acled_file(acled("A"), acled("B", notes="told otherwise"), acled("C", fatalities="5")), layer="a"
    )
    assert len(deaths(layer)) == 3
    assert report.tally.duplicates == 2
    assert report.counts["flagged"] == 0
    again, _ = bring(acled_file(acled("B", fatalities="6", timestamp="1904700000")), layer="a")
    assert again.tally.duplicates == 0


def test_columns_that_come_and_go_are_all_kept(bring: Bring, size: int) -> None:
    bring("id,lat,lon,killed,old\n1,34,41,1,x\n2,34,42,2,y\n", layer="a")
    _, layer = bring("id,lat,lon,killed,new\n2,34,42,5,z\n", layer="a")
    assert deaths(layer) == {"a-1": 1, "a-2": 5}
    assert set(layer.entry["imported"]["columns"]) == {"id", "lat", "lon", "killed", "old", "new"}


def test_no_other_layer_is_written_over(bring: Bring) -> None:
    for layer in ("sites", "events"):
        with pytest.raises(BadValue, match="layer"):
            bring("lat,lon\n34,41\n", layer=layer)
    for name in ("UPPER", "a b", "claims", "../x"):
        with pytest.raises(BadValue):
            bring("lat,lon\n34,41\n", layer=name)


def test_a_layer_that_changed_meanwhile_is_not_written_over(bring: Bring, tmp_path: Path, size: int) -> None:
    bring(acled_file(acled("A")), layer="a")
    path = tmp_path / "slow.csv"
    path.write_bytes(acled_file(acled("B")))
    seen = current()
    bring(acled_file(acled("C")), layer="a")
    with pytest.raises(Refused, match="changed while the file was read"):
        load(path, path.name, ImportOptions(layer="a"), workspace(), seen)
    assert set(deaths(current().layer("a"))) == {"a-a", "a-c"}
    assert not list((workspace().folder / "incoming").iterdir())


def test_what_was_edited_by_hand_stays_as_it_is(bring: Bring, size: int) -> None:
    bring(acled_file(*map(acled, "ABCDE")), layer="a")

    def seen(id_: str) -> str:
        return editing.tag(editing.read_feature("a", id_))

    for id_ in ("a-b", "a-e"):
        editing.change("a", id_, {"properties": {"killed": {"best": 40, "low": 40, "high": 40}}}, seen(id_), "Rana")
    editing.delete("a", "a-c", seen("a-c"), "Rana")
    undone = editing.delete("a", "a-d", seen("a-d"), "Rana")
    editing.undo(undone.number, "Rana")
    newer = acled_file(*(acled(id_, fatalities="7", timestamp="1704800000") for id_ in "ABCDF"))
    for replaced in (False, True):
        report, layer = bring(newer, "newer.csv", layer="a", replace=replaced)
        assert deaths(layer) == {"a-a": 7, "a-b": 40, "a-d": 7, "a-e": 40, "a-f": 7}
        assert (report.tally.edited, report.tally.deleted, report.tally.kept) == (2, 0, 0)
        assert [one["row"] for one in report.problems if one["flag"] == "edited_by_hand"] == [2, 3]
        assert sum(len(batch) for batch in layer.stored.batches()) == 5 if layer.stored else len(layer.features) == 5
    assert [one.operation for one in editing.history(current(), "a", "a-c")] == ["delete"]
    gone = "event_id_cnty,deleted_timestamp\n" + "".join(f"{id_},1804800000\n" for id_ in "ABC")
    report, layer = bring(gone, "gone.csv", layer="a")
    assert set(deaths(layer)) == {"a-b", "a-d", "a-e", "a-f"}
    assert (report.tally.deleted, report.tally.edited) == (1, 1)
    assert [one["row"] for one in report.problems if one["flag"] == "edited_by_hand"] == [2]
