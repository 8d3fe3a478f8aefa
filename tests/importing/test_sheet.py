"""Sheets of spreadsheets as people keep them: titles, gaps, cells far away, several sheets, errors and dates."""

from __future__ import annotations

import datetime
import re
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.catalog import current
from geodata.errors import BadData, NotFound
from geodata.importing import sheet
from geodata.importing.ingest import ImportOptions
from geodata.importing.preview import TABLE, preview
from geodata.importing.table_header import MAX_COLUMNS
from tests.importing.conftest import Bring
from tests.importing.test_table_header import HEADERS, TITLES

Cells = list[list[Any]]
ROWS: Cells = [[1, "Al-Qaim", 34.37, 41.03], [2, "Hajin", 34.69, 40.83]]
HEADER = ["id", "place", "lat", "lon"]


def book(path: Path, **sheets: Cells) -> Path:
    """Write a book of sheets and return its path."""
    target = openpyxl.Workbook()
    target.remove(target.active)
    for title, rows in sheets.items():
        page = target.create_sheet(title)
        for row in rows:
            page.append(row)
    target.save(path)
    return path


def read(path: Path, wanted: str | None = None) -> tuple[dict[str, Any], list[tuple[str | None, ...]]]:
    """Return a sheet's metadata, and its rows without their numbers and marks, which are checked."""
    metadata, batches = sheet.read(path, wanted)
    rows = [tuple(row.values()) for batch in batches for row in batch.to_pylist()]
    assert [row[-2] for row in rows] == list(range(1, len(rows) + 1))
    return metadata, [row[:-2] for row in rows]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    above=st.lists(st.sampled_from([*TITLES, ""]), max_size=5),
    header=st.sampled_from(HEADERS),
    left=st.integers(0, 3),
    count=st.integers(1, 20),
    gap=st.integers(0, 3),
)
def test_the_table_is_read_wherever_it_stands(
    above: list[str], header: tuple[str, ...], left: int, count: int, gap: int, tmp_path: Path
) -> None:
    rows = [[n, "Al-Qaim", 34 + n / 100, 41 + n / 100, datetime.date(2024, 5, n)] for n in range(1, count + 1)]
    blank = [None] * left
    lines = [[text or None] for text in above] + [[*blank, *header]]
    lines += (
        [[*blank, *row] for row in rows[: count // 2]] + [[]] * gap + [[*blank, *row] for row in rows[count // 2 :]]
    )
    metadata, cells = read(book(tmp_path / "a.xlsx", Incidents=lines))
    assert metadata["header"] == list(header)
    assert (metadata["header_row"], metadata["headerless"]) == (len(above) + 1, False)
    assert len(metadata["title"]) == len([text for text in above if text])
    assert cells == [(str(n), "Al-Qaim", str(lat), str(lon), day.isoformat()) for n, _, lat, lon, day in rows]


def test_merged_cells_are_groups(tmp_path: Path) -> None:
    target = openpyxl.Workbook()
    page = target.active
    page.append(["Weekly report"])
    page.append(["No.", "From", None, "To", None])
    page.append([None, "lat", "lon", "lat", "lon"])
    page.append([1, 34.1, 41.1, 35.2, 42.2])
    page.append([2, 34.3, 41.4, 35.5, 42.6])
    for cells in ("A1:E1", "A2:A3", "B2:C2", "D2:E2"):
        page.merge_cells(cells)
    target.save(tmp_path / "a.xlsx")
    metadata, rows = read(tmp_path / "a.xlsx")
    assert metadata["header"] == ["No.", "From / lat", "From / lon", "To / lat", "To / lon"]
    assert (metadata["header_row"], metadata["title"]) == (3, ["Weekly report"])
    assert rows[0] == ("1", "34.1", "41.1", "35.2", "42.2")


def test_the_first_sheet_with_a_table_is_read(tmp_path: Path) -> None:
    table = [HEADER, *ROWS]
    path = book(tmp_path / "a.xlsx", Empty=[], Cover=[["Report"]], Notes=[["a"], ["b"]], Data=table, More=[HEADER])
    metadata, rows = read(path)
    assert (metadata["part"], metadata["parts"]) == ("Data", ["Cover", "Notes", "Data", "More"])
    assert len(rows) == 2
    metadata, rows = read(path, "Notes")
    assert (metadata["part"], metadata["header"], rows) == ("Notes", ["a"], [("b",)])
    with pytest.raises(NotFound, match="Empty"):
        read(path, "Empty")
    with pytest.raises(BadData):
        read(book(tmp_path / "b.xlsx", Empty=[], Blank=[[" "]]))


def test_a_hidden_sheet_is_read_last(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", Lists=[HEADER, *ROWS], Data=[HEADER, *ROWS])
    target = openpyxl.load_workbook(path)
    target["Lists"].sheet_state = "hidden"
    target.save(path)
    assert read(path)[0]["part"] == "Data"


def test_cells_keep_what_they_say(tmp_path: Path) -> None:
    day, noon = datetime.date(2024, 5, 1), datetime.datetime(2024, 5, 1, 12, 30)
    cells = [1, 2.5, "007", True, day, noon, datetime.time(9, 5), "=1/0", "#N/A", None, "x\ny"]
    names = [f"c{number}" for number, _ in enumerate(cells)]
    path = book(tmp_path / "a.xlsx", Data=[names, cells, [5] * 11])
    data = path.read_bytes()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for member in old.namelist():
            text = old.read(member)
            # As a spreadsheet saves an error: beside the formula, and as the value itself.
            text = text.replace(b"<f>1/0</f><v/>", b"<f>1/0</f><v>#DIV/0!</v>").replace(b"<f>1/0</f><v />", b"")
            new.writestr(member, text)
    assert data != (tmp_path / "b.xlsx").read_bytes()
    _, rows = read(tmp_path / "b.xlsx")
    assert rows[0] == (
        "1", "2.5", "007", "true", "2024-05-01", "2024-05-01T12:30:00", "09:05:00", None, None, None, "x\ny"
    )  # fmt: skip


def test_a_cell_far_away_makes_no_rows_and_no_columns(tmp_path: Path) -> None:
    target = openpyxl.Workbook()
    target.active["XFD1048576"] = "x"
    target.save(tmp_path / "far.xlsx")
    metadata, rows = read(tmp_path / "far.xlsx")
    assert (metadata["header"], metadata["header_row"], rows) == (["x"], 1_048_576, [])
    path = book(tmp_path / "a.xlsx", Data=[HEADER, *ROWS])
    target = openpyxl.load_workbook(path)
    target["Data"]["XFD1048576"] = "x"
    target.save(path)
    metadata, rows = read(path)
    # Among the first rows it is a column, though all between have no cells.
    assert metadata["header"] == [*HEADER, "column 16384"]
    assert rows[-1] == (None, None, None, None, "x")


def test_a_cell_beside_the_table_is_kept_with_its_row(bring: Bring, tmp_path: Path) -> None:
    rows = [[number, "Al-Qaim", 34.37, 41.03] for number in range(1, 6_000)]
    rows[5_500] = [*rows[5_500], "a note", None, "another"]
    rows[5_501] = [5_502, "Al-Qaim", 34.37, None, "alone"]
    metadata, cells = read(book(tmp_path / "a.xlsx", Data=[HEADER, *rows]))
    assert metadata["header"] == HEADER
    assert cells[5_500][-1] == "41.03 | a note | another"
    assert cells[5_501][-1] == "alone"
    report, layer = bring(tmp_path / "a.xlsx", layer="data")
    assert (report.rows, layer.stored) == (5_999, None)
    ragged = [one.properties["row"] for one in layer.features if "ragged" in one.properties["flags"]]
    assert ragged == [5_501, 5_502]


def test_a_preview_says_where_the_table_is(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", Cover=[["Report"]], Data=[["Report"], [], HEADER, *ROWS])
    answer = preview(path, path.name, ImportOptions(layer="data"), current()).to_dict()
    assert {name: answer[name] for name in TABLE} == {
        "part": "Data", "parts": ["Cover", "Data"], "header_row": 3, "title": ["Report"], "headerless": False
    }  # fmt: skip


def test_a_title_without_a_header_is_not_said_to_stand_above_one(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", Data=[["Report"], [], *ROWS])
    notices = preview(path, path.name, ImportOptions(layer="data"), current()).notices
    said = [str(notice) for notice in notices]
    assert any("no header" in text for text in said)
    assert not any("None" in text for text in said)


def test_a_sheet_of_too_many_columns_is_refused(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(MAX_COLUMNS + 1)]
    with pytest.raises(BadData) as error:
        read(book(tmp_path / "a.xlsx", Data=[names, names]))
    assert re.search("2,?000", str(error.value.reason))


def test_a_sheet_without_a_header_has_numbered_columns(tmp_path: Path) -> None:
    rows = [[None, None, *row] for row in ROWS]
    metadata, cells = read(book(tmp_path / "a.xlsx", Data=[["Report"], *rows]))
    assert (metadata["headerless"], metadata["header_row"], metadata["title"]) == (True, None, ["Report"])
    # By their place in the sheet.
    assert metadata["header"] == ["column 3", "column 4", "column 5", "column 6"]
    assert len(cells) == 2


def test_tags_of_hxl_are_read(tmp_path: Path) -> None:
    tags = ["#meta+id", "#loc+name", "#geo+lat", "#geo+lon"]
    metadata, rows = read(book(tmp_path / "a.xlsx", Data=[["Report"], HEADER, tags, *ROWS]))
    assert (metadata["header"], metadata["tags"], len(rows)) == (HEADER, tags, 2)


# openpyxl warns of what it leaves out.
@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_book_is_refused_or_read(data: st.DataObject, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    if not path.exists():
        book(path, Data=[["Report"], HEADER, *ROWS], More=[HEADER])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name.startswith("xl/")}
        others = {name: archive.read(name) for name in archive.namelist() if not name.startswith("xl/")}
    name = data.draw(st.sampled_from(sorted(members)))
    content, other = (
        members[name],
        data.draw(st.sampled_from([b"", b"<", b'"', b"-1", b"ZZZ9", b"\xff", b"9" * 9, b"e"])),
    )
    at = data.draw(st.integers(0, len(content) - 1))
    members[name] = content[:at] + other + content[at + data.draw(st.integers(0, 9)) :]
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        for name, text in {**others, **members}.items():
            archive.writestr(name, text)
    raw = bytearray((tmp_path / "b.xlsx").read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=2)):
        raw[place] ^= 0x55
    (tmp_path / "b.xlsx").write_bytes(raw)
    with suppress(BadData):
        read(tmp_path / "b.xlsx")
