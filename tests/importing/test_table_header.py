"""Where a table begins: titles, comments, groups, units and blank rows around its header, in tables of text."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import BadData
from geodata.importing import delimited
from geodata.importing.delimited import Dialect, detect_dialect
from geodata.importing.table_header import MAX_COLUMNS, columns_in_use, joined, locate
from geodata.importing.value_kinds import column_kind, kind_of

HEADERS = (
    ("id", "place", "lat", "lon", "date"),
    ("Nr", "Ort", "Breite", "Länge", "Datum"),
    ("الرقم", "المكان", "خط العرض", "خط الطول", "التاريخ"),
    ("№", "место", "широта", "долгота", "дата"),
    ("S.No.", "Place name", "Y coord 2", "X coord 2", "Date of the incident"),
    ("_id", "grp/where it happened?", "_GPS_latitude", "_GPS_longitude", "end"),
)
TITLES = (
    "Weekly security report",
    "Prepared for training only, 3 May 2024, by A, B",
    "تقرير أسبوعي",
    "Stand: 31.05.2024",
    "Total: 12",
    "Source; URL; note",
)
SHAPES = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass
class Read:
    """A table as it was read."""

    how: Dialect
    rows: list[tuple[str, ...]]
    numbers: list[int]
    ragged: list[bool]


def read_text(text: str, folder: Path, encoding: str = "utf-8") -> Read:
    """Return a table of text as the sandboxed process reads it."""
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    how = detect_dialect(path, Dialect())
    rows = [tuple(row.values()) for batch in delimited.batches(path, how) for row in batch.to_pylist()]
    rows.sort(key=lambda row: row[-2])
    return Read(how, [row[:-2] for row in rows], [row[-2] for row in rows], [row[-1] for row in rows])


def as_csv(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


@st.composite
def cells(draw: st.DrawFn, delimiter: str) -> list[list[str]]:
    """Rows of an id, a name, a position and a date, some of their cells empty but never all."""
    point = draw(st.sampled_from([".", ","] if delimiter != "," else ["."]))
    date = draw(st.sampled_from(["2024-05-{:02}", "{:02}.05.2024", "{} May 2024", "{:02}/05/24"]))
    count = draw(st.integers(2, 12))
    names = st.sampled_from(["Al-Qaim", "هجين", "Харків", "Deir ez-Zor, east", "a; b"])
    rows = []
    for number in range(1, count + 1):
        lat, lon = (f"{draw(st.floats(low, low + 9)):.4f}".replace(".", point) for low in (30, 40))
        rows.append([str(number), draw(names), lat, lon, date.format(draw(st.integers(1, 28)))])
    for row in rows[1:]:
        row[draw(st.integers(1, 4))] = draw(st.sampled_from(["", row[1]])) if draw(st.booleans()) else row[1]
    return [[number, *others] for (number, *others) in rows]


above = st.lists(st.sampled_from([*TITLES, "", "# made on 2024-05-31, by hand, for all", "# id"]), max_size=5)


@SHAPES
@given(data=st.data(), delimiter=st.sampled_from(",;\t|"), header=st.sampled_from(HEADERS), above=above)
def test_the_header_is_read_beneath_whatever_stands_above_it(
    data: st.DataObject, delimiter: str, header: tuple[str, ...], above: list[str], tmp_path: Path
) -> None:
    rows = data.draw(cells(delimiter))
    start = data.draw(st.sampled_from(["", "", f"sep={delimiter}\n"]))
    # A title is a line as somebody typed it, or a row of a spreadsheet saved as text.
    wide = data.draw(st.booleans())
    lines = as_csv([[text, *[""] * 4] for text in above], delimiter) if wide else "".join(f"{t}\n" for t in above)
    read = read_text(start + lines + as_csv([header, *rows], delimiter), tmp_path)
    assert (read.how.header, read.how.delimiter, read.how.headerless) == (list(header), delimiter, False)
    assert read.how.header_row == len(above) + 1 + bool(start)
    assert len(read.how.title) == len([text for text in above if text])
    assert (read.rows, read.numbers) == ([*map(tuple, rows)], [*range(1, len(rows) + 1)])
    assert not any(read.ragged)


@SHAPES
@given(data=st.data(), delimiter=st.sampled_from(",;\t|"), header=st.sampled_from(HEADERS))
def test_without_a_header_the_columns_are_numbered(
    data: st.DataObject, delimiter: str, header: tuple[str, ...], tmp_path: Path
) -> None:
    rows = data.draw(cells(delimiter))
    title = data.draw(st.sampled_from(["", "Weekly report\n\n"]))
    read = read_text(title + as_csv(rows, delimiter), tmp_path)
    assert (read.how.header, read.how.header_row) == ([f"column {at}" for at in range(1, 6)], None)
    assert read.how.headerless
    assert read.how.title == title.split("\n")[:1] * bool(title)
    assert (read.rows, read.numbers) == ([*map(tuple, rows)], [*range(1, len(rows) + 1)])


texts = st.text("abcxzäéалم -_/()", min_size=1, max_size=9).filter(lambda text: text.strip())
values = st.one_of(st.just(""), texts, st.integers(0, 99).map(str), st.floats(30, 50).map("{:.3f}".format))


@SHAPES
@given(data=st.data(), delimiter=st.sampled_from(",;\t|"), width=st.integers(2, 7))
def test_a_table_whose_first_row_is_its_header_is_read_as_it_stands(
    data: st.DataObject, delimiter: str, width: int, tmp_path: Path
) -> None:
    header = data.draw(st.lists(texts, min_size=width, max_size=width, unique_by=str.strip))
    rows = data.draw(st.lists(st.lists(values, min_size=width, max_size=width).filter(any), min_size=1, max_size=30))
    read = read_text(as_csv([header, *rows], delimiter), tmp_path)
    assert read.how.header == delimited.unique([" ".join(name.split()) for name in header])
    assert (read.how.header_row, read.how.title) == (1, [])
    assert (read.rows, read.numbers) == ([*map(tuple, rows)], [*range(1, len(rows) + 1)])


PIECES = (
    ",",
    ";",
    "\n",
    '"',
    "\r",
    "\t",
    "|",
    "#",
    " ",
    "a",
    "1",
    "\u0663",
    "34.5",
    "id",
    "lat",
    "2024-05-01",
    "#geo+lat",
    "(m)",
)


@SHAPES
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=60), encoding=st.sampled_from(["utf-8", "utf-16"]))
def test_any_text_is_a_table_or_refused(pieces: list[str], encoding: str, tmp_path: Path) -> None:
    with suppress(BadData):
        read = read_text("".join(pieces), tmp_path, encoding)
        assert len(set(read.how.header)) == len(read.how.header) > 0
        assert len(read.how.tags) in (0, len(read.how.header))
        assert {len(row) for row in read.rows} <= {len(read.how.header)}
        assert len(set(read.numbers)) == len(read.numbers)
        assert read.how.headerless == (read.how.header_row is None)


ROWS = [["1", "33.2", "44.1", "31.5", "42.1"], ["2", "33.4", "44.3", "31.6", "42.2"]]


@pytest.mark.parametrize(
    ("head", "names", "header"),
    [
        (
            [["", "From", "", "To", ""], ["id", "lat", "lon", "lat", "lon"]],
            "id,From / lat,From / lon,To / lat,To / lon",
            1,
        ),
        (
            [["id", "From", "", "To", ""], ["", "lat", "lon", "lat", "lon"]],
            "id,From / lat,From / lon,To / lat,To / lon",
            1,
        ),
        ([["id", "Place", "", "Size", ""], ["", "lat", "lon", "wide", "long"]], "id,lat,lon,wide,long", 1),
        # Names that stand once need no group, and a row of groups is a title then.
        (
            [["Where", "Where", "Where", "What", "What"], ["id", "lat", "lon", "wide", "long"]],
            "id,lat,lon,wide,long",
            1,
        ),
        ([["id", "lat", "lon", "Size", ""], ["", "", "", "wide", "long"]], "id,lat,lon,wide,long", 0),
        (
            [["id", "lat", "lon", "a", "b"], ["", "(\u00b0)", "[\u00b0]", "m", "-"]],
            "id,lat (\u00b0),lon [\u00b0],a (m),b",
            0,
        ),
        ([["Area"], ["id", "lat", " lon  of\nit ", "a", ""]], "id,lat,lon of it,a,column 5", 1),
        ([["From", "1 May 2024"], ["id", "lat", "lon", "a", "b"]], "id,lat,lon,a,b", 1),
        # Of two rows of texts that are as wide, the one with the usual names.
        ([["Sites", "of", "the", "third", "week"], ["id", "lat", "lon", "a", "b"]], "id,lat,lon,a,b", 1),
        ([["id", "2019", "2020", "2021", "2022"]], "id,2019,2020,2021,2022", 0),
        ([["id", "1", "2", "3", "4"]], "id,1,2,3,4", 0),
        ([["# id", "lat", "lon", "a", "b"]], "# id,lat,lon,a,b", 0),
    ],
)
def test_names_are_joined_from_the_rows_around_the_header(
    head: list[list[str]], names: str, header: int, tmp_path: Path
) -> None:
    read = read_text(as_csv([*head, *ROWS], ","), tmp_path)
    assert read.how.header == names.split(",")
    assert read.how.header_row == header + 1
    assert (read.rows, read.numbers) == ([*map(tuple, ROWS)], [1, 2])


@pytest.mark.parametrize("title", ["", "Report\n\n"])
def test_tags_of_hxl_follow_the_header_or_are_it(title: str, tmp_path: Path) -> None:
    tags = "#adm1+name,#geo+lat,#geo+lon,\n"
    read = read_text(f"{title}place,lat,lon,\n{tags}Anbar,33.4,43.3,\n", tmp_path)
    assert (read.how.header, read.how.tags) == (["place", "lat", "lon"], tags.strip(",\n").split(","))
    alone = read_text(f"{title}{tags}Anbar,33.4,43.3,\n", tmp_path)
    assert alone.how.header == alone.how.tags == read.how.tags
    assert read.rows == alone.rows == [("Anbar", "33.4", "43.3")]


@pytest.mark.parametrize("comment", ["# positions", "#", "## a\n#!b"])
def test_a_comment_is_no_tag(comment: str, tmp_path: Path) -> None:
    read = read_text(f"{comment}\nposition\n34.1 41.2\n34.2 41.3\n", tmp_path)
    assert (read.how.header, read.how.tags, len(read.rows)) == (["position"], [], 2)


def test_empty_columns_at_the_sides_are_left_out(tmp_path: Path) -> None:
    text = ",id,,lat,lon,,\n,1,,34,41,,\n,,,,,,\n\n,2,x,35,42,,\n"
    read = read_text(text, tmp_path)
    assert read.how.header == ["id", "column 3", "lat", "lon"]
    # A row of delimiters is one, for the import to count; a blank line is none.
    assert read.rows == [("1", "", "34", "41"), ("", "", "", ""), ("2", "x", "35", "42")]
    assert (read.numbers, read.ragged) == ([1, 2, 3], [False, False, False])


def test_a_cell_in_a_column_that_was_left_out_is_kept_with_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f",{number},34,41,," for number in range(1, 40)]
    lines += ["a,40,34,41,,", ",41,34,41,b,c", ",42,34,41,,d,e", ",43,34"]
    monkeypatch.setattr(delimited, "HEAD", 200)
    read = read_text("\n".join([",id,lat,lon,,", *lines]) + "\n", tmp_path)
    assert (read.how.leading, read.how.header, read.how.trailing) == (1, ["id", "lat", "lon"], 2)
    assert read.rows[38:] == [
        ("39", "34", "41"), ("40", "34", "41,a"), ("41", "34", "41,b,c"), ("42", "34", "41,d,e"), ("43", "34", "")
    ]  # fmt: skip
    assert read.ragged == [*[False] * 39, True, True, True, True]


@pytest.mark.parametrize(("columns", "refused"), [(MAX_COLUMNS, False), (MAX_COLUMNS + 1, True), (20_000, True)])
def test_a_table_of_too_many_columns_is_refused(columns: int, refused: bool, tmp_path: Path) -> None:
    text = ",".join(f"c{at}" for at in range(columns)) + "\n" + "," * (columns - 1) + "1\n"
    if refused:
        with pytest.raises(BadData) as error:
            read_text(text, tmp_path)
        assert "2000" in str(error.value.reason).replace(",", "")
    else:
        assert len(read_text(text, tmp_path).how.header) == columns


@pytest.mark.parametrize("text", [",,,\n,,\n", " \n;;\n\n;\n;;\n \n,x"[:12]])
def test_a_table_of_empty_cells_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(BadData, match="no rows"):
        read_text(text, tmp_path)


def test_a_header_beneath_many_blank_lines_is_read(tmp_path: Path) -> None:
    read = read_text("\n" * 90 + "id,lat,lon\n1,34,41\n", tmp_path)
    assert (read.how.header, read.how.header_row, read.rows) == (["id", "lat", "lon"], 91, [("1", "34", "41")])


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("lat;lon\n34,1;41,2\n34,2;41,3\n", ";"),
        ("34,1;41,2\n34,2;41,3\n34,3;41,4\n", ";"),
        ("Report, of A, and B\n\nlat;lon\n34,1;41,2\n34,2;41,3\n", ";"),
        ('name,notes\nx,"a;b;c"\ny,"d;e;f"\n', ","),
        ("name\tnotes\nx\ta, b, c\ny\td, e, f\n", "\t"),
        ("name|notes\nx|1\n", "|"),
        ("position\n34.1 41.2\n", ","),
        ("id,lat,lon\n", ","),
    ],
)
def test_the_delimiter_is_decided_by_all_first_lines(text: str, delimiter: str, tmp_path: Path) -> None:
    assert read_text(text, tmp_path).how.delimiter == delimiter


def test_nothing_has_no_header() -> None:
    assert locate([]).names == []
    assert locate([[], ["", " "]]).first == 2
    assert columns_in_use(["", ""], []) == range(2)
    assert joined(["a"], ["x", "x"]) == ["a / x", "a / x"]


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("number", "12 -3.5 \u0663\u0664\u066b\u0665 1,234.5 3,7 ~10 40% 1e-5 2-5 .5 1'000 7+"),
        ("year", "1999 2024"),
        ("date", "2024-05-01 31.05.2024 31/05/24 7-Oct-14 2024-05-01T10:00:00Z 10:30 12\u202fMay\u202f2024"),
        ("position", "37SFU807146 34.1,41.2 POINT(41\u202f34) 11\u00b026'04.5\"N 34.5N N\u202f34\u00b0"),
        ("link", "https://example.org/p/1"),
        ("boolean", "true FALSE"),
        ("text", "lat V2 admin1 Actor1Geo_ADM1Code (\u00b0) Q1 a;b ---"),
    ],
)
def test_cells_are_of_a_kind(kind: str, texts: str) -> None:
    cells = [text.replace("\u202f", " ") for text in texts.split(" ")]
    assert {text: kind_of(text) for text in cells} == dict.fromkeys(cells, kind)


def test_a_column_is_of_the_kind_of_most_of_its_cells() -> None:
    assert column_kind([]) == column_kind(["", ""]) == column_kind(["number", "text"]) == ""
    assert column_kind(["number", "number", "text", ""]) == "number"
    assert column_kind(["year", "number", "year"]) == column_kind(["number", "number", "year"]) == "number"
    assert column_kind(["year", "year"]) == "year"
