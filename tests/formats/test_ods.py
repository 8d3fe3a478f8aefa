"""OpenDocument spreadsheets: sheets, cells and their types, what is repeated, and what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import BadData
from geodata.formats import ods

SPACES = " ".join(
    f'xmlns:{prefix}="urn:{name}"'
    for prefix, name in (
        ("office", "oasis:names:tc:opendocument:xmlns:office:1.0"),
        ("table", "oasis:names:tc:opendocument:xmlns:table:1.0"),
        ("text", "oasis:names:tc:opendocument:xmlns:text:1.0"),
        ("style", "oasis:names:tc:opendocument:xmlns:style:1.0"),
        ("calcext", "org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"),
    )
)
HIDDEN = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'


def book(path: Path, *sheets: str, before: str = "", member: str = "content.xml", after: str = "") -> Path:
    """Write a book of sheets, each the rows of a table."""
    named = [
        f'<table:table table:name="s{number}">{rows}</table:table>' if not rows.startswith("<table:table ") else rows
        for number, rows in enumerate(sheets, start=1)
    ]
    content = (
        f"{before}<office:document-content {SPACES}><office:automatic-styles>{HIDDEN}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(named)}{after}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, content)
    return path


def text(value: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{value}</text:p></table:table-cell>'


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def read(path: Path, number: int = 0) -> list[tuple[int, dict[int, Any]]]:
    with ods.opened(path) as sheets:
        return list(ods.rows(ods.tables(sheets)[number]))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.ods"


CELLS = {
    'office:value-type="float" office:value="12"': 12,
    'office:value-type="float" office:value="12.5"': 12.5,
    'office:value-type="float" office:value="1234567890123456789"': 1234567890123456789.0,
    'office:value-type="percentage" office:value="0.5"': 0.5,
    'office:value-type="currency" office:value="7"': 7,
    'office:value-type="date" office:date-value="2024-05-01"': "2024-05-01",
    'office:value-type="date" office:date-value="2024-05-01T00:00:00"': "2024-05-01",
    'office:value-type="date" office:date-value="2024-05-01T10:30:00"': "2024-05-01T10:30:00",
    'office:value-type="time" office:time-value="PT9H05M07S"': "09:05:07",
    'office:value-type="time" office:time-value="PT9H05M07.250S"': "09:05:07.250",
    'office:value-type="time" office:time-value="PT30H00M00S"': "PT30H00M00S",
    'office:value-type="boolean" office:boolean-value="true"': True,
    'office:value-type="boolean" office:boolean-value="false"': False,
    'office:value-type="string" office:string-value="exact"': "exact",
    'office:value-type="string"': "shown",
    "": "shown",
    'office:value-type="string" calcext:value-type="error"': None,
    'office:value-type="date"': None,
}


@pytest.mark.parametrize(("attributes", "value"), CELLS.items())
def test_a_cell_is_its_value_and_not_how_it_is_shown(attributes: str, value: Any, path: Path) -> None:
    note = "<office:annotation><text:p>a note</text:p></office:annotation>"
    cell = f"<table:table-cell {attributes}>{note}<text:p>shown</text:p></table:table-cell>"
    found = read(book(path, row(cell, text("x"))))
    assert found == [(1, {1: value, 2: "x"} if value is not None else {2: "x"})]
    assert type(found[0][1].get(1)) is type(value)


def test_paragraphs_spaces_and_links_are_one_text(path: Path) -> None:
    inner = (
        "<table:table-cell><text:p>a<text:s text:c='3'/>b<text:tab/>c</text:p><text:p><text:a>القائم</text:a> "
        "<text:span>d</text:span><text:line-break/>e</text:p></table:table-cell>"
    )
    assert read(book(path, row(inner))) == [(1, {1: "a   b\tc\nالقائم d\ne"})]


def test_what_is_repeated_is_there_as_often(path: Path) -> None:
    gap = '<table:table-cell table:number-columns-repeated="2"/>'
    covered = "<table:covered-table-cell/>"
    twice = row(text("d"), attributes='table:number-rows-repeated="2"')
    rows = [
        row(text("a", 'table:number-columns-repeated="2"'), gap, text("b"), covered, text("c")),
        row("<table:table-cell/>", attributes='table:number-rows-repeated="1000000"'),
        f"<table:table-row-group>{twice}</table:table-row-group>",
    ]
    assert read(book(path, "".join(rows))) == [
        (1, {1: "a", 2: "a", 5: "b", 7: "c"}),
        (1_000_002, {1: "d"}),
        (1_000_003, {1: "d"}),
    ]


def test_sheets_are_in_order_and_say_whether_they_are_seen(path: Path) -> None:
    hidden = f'<table:table table:name="secret" table:style-name="ta2">{row(text("x"))}</table:table>'
    linked = f"<table:table>{row(text('no'))}</table:table>"
    link = f"<table:dde-links><table:dde-link>{linked}</table:dde-link></table:dde-links>"
    book(path, row(text("first")), hidden, row(text("third")), after=link)
    with ods.opened(path) as sheets:
        found = [(sheet.title, sheet.sheet_state) for sheet in ods.tables(sheets)]
    assert found == [("s1", "visible"), ("secret", "hidden"), ("s3", "visible")]
    assert [read(path, number)[0][1][1] for number in range(3)] == ["first", "x", "third"]


def test_a_sheet_is_a_table_whose_first_row_names_the_columns(path: Path) -> None:
    number = '<table:table-cell office:value-type="float" office:value="{}"/>'
    rows = row(text("lat"), text("lon"), text("name"), text("name"))
    rows += row(text("#geo+lat"), text("#geo+lon"))
    rows += row(number.format(33.5), number.format(44), text("a"), text("b"), text("beyond the header"))
    book(path, rows, row(text("alone")))
    [part] = ods.as_tables(path)
    assert part.metadata.layer == "s1"
    assert [(one.geometry, one.properties) for one in part.rows] == [
        (None, {"lat": 33.5, "lon": 44, "name": "a", "name (2)": "b"})
    ]
    [located] = ods.load(path)
    assert [one.geometry for one in located.rows] == [shapely.Point(44, 33.5)]
    with pytest.raises(BadData, match="no sheet"):
        ods.as_tables(book(path, row(text("alone"))))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (row(text("a"), attributes='table:number-rows-repeated="9999999"'), "more than 1,?048,?576 rows"),
        (row(text("a", 'table:number-columns-repeated="99999"')), "16,?384 columns"),
        (row(text("a", 'table:number-columns-repeated="x"')), "can be read"),
        (row('<table:table-cell office:value-type="float" office:value="x"/>'), "can be read"),
        ("<table:table-cell>" * 70 + "</table:table-cell>" * 70, "nested deeper"),
    ],
)
def test_a_sheet_that_is_none_is_refused(rows: str, said: str, path: Path) -> None:
    with pytest.raises(BadData, match=said):
        read(book(path, rows))


def test_what_is_no_book_is_refused(path: Path) -> None:
    book(path, row(text("&b;")), before=LAUGHS)
    with pytest.raises(BadData, match="can be read"):
        read(path)
    with pytest.raises(BadData, match=r"no content\.xml"):
        read(book(path, row(text("a")), member="other.xml"))
    for data in (b"", b"PK\x03\x04", b"<office/>"):
        path.write_bytes(data)
        with pytest.raises(BadData, match="zip"):
            read(path)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("content.xml", "<a>")
    path.write_bytes(stream.getvalue())
    with pytest.raises(BadData, match="can be read"):
        read(path)


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="<&\r", exclude_categories=["Cc"]), min_size=1).filter(
    lambda word: not any(ord(letter) in (0xFFFE, 0xFFFF) for letter in word)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(st.none() | WORDS, max_size=4), max_size=4))
def test_every_text_stands_where_it_was(path: Path, grid: list[list[str | None]]) -> None:
    rows = [row(*("<table:table-cell/>" if cell is None else text(cell) for cell in cells)) for cells in grid]
    expected = [
        (number, {column: cell for column, cell in enumerate(cells, start=1) if cell is not None})
        for number, cells in enumerate(grid, start=1)
    ]
    assert read(book(path, "".join(rows))) == [(number, cells) for number, cells in expected if cells]
