"""Tables of text: packed, quoted, ragged, in any encoding; every cell stays what it was."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from geodata.errors import BadData, BadValue
from geodata.importing.delimited import unique
from geodata.importing.source_file import ReadOptions
from tests.importing.conftest import Bring

TABLE = 'id,name,lat,lon,notes\n1,القائم,34.37,41.03,"two\nlines, ""quoted"""\n2,هجين,34.69,40.83,\n'


def zipped(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (TABLE.encode(), "a.csv"),
        (TABLE.replace("\n1", "\r\n1").replace("\n2", "\r\n2").encode(), "a.csv"),
        (TABLE.encode("utf-8-sig"), "a.txt"),
        (TABLE.encode("utf-16"), "a.csv"),
        (TABLE.encode("cp1256"), "a.csv"),
        (gzip.compress(TABLE.encode()), "a.csv.gz"),
        (zipped(a_csv=TABLE, read_md="no table"), "a.csv.zip"),
        (("sep=;\n" + TABLE.replace(",", ";").replace("lines;", "lines,")).encode(), "a.csv"),
        (TABLE.replace(",", "\t").replace("lines\t", "lines,").encode(), "a.tsv"),
    ],
)
def test_a_table_is_read_however_it_is_written(data: bytes, name: str, bring: Bring) -> None:
    report, layer = bring(data, name, layer="days")
    assert (report.rows, report.counts["points"], report.problems) == (2, 2, [])
    assert [one.properties["name_ar"] for one in layer.features] == ["القائم", "هجين"]
    first = layer.features[0].properties["original"]
    assert first == {"id": 1, "name": "القائم", "lat": 34.37, "lon": 41.03, "notes": 'two\nlines, "quoted"'}


def test_rows_that_do_not_fit_the_header_are_kept_and_marked(bring: Bring) -> None:
    text = "id,lat,lon,notes\n1,34,41,fits\n2,34.5,41.5\n3,35,42,more,and,more\n4,36,43,fits\n"
    report, layer = bring(text)
    assert report.rows == 4
    rows = {one.properties["row"]: one.properties for one in layer.features}
    assert rows[2]["original"] == {"id": 2, "lat": 34.5, "lon": 41.5, "notes": ""}
    assert rows[3]["original"]["notes"] == "more,and,more"
    assert [row for row, one in rows.items() if "ragged" in one["flags"]] == [2, 3]
    assert [rows[row]["original"]["id"] for row in (1, 2, 3, 4)] == [1, 2, 3, 4]


def test_columns_without_a_name_or_with_the_same_are_told_apart(bring: Bring) -> None:
    assert unique(["a", "", "a", " a ", "column 2"]) == ["a", "column 2", "a (2)", "a (3)", "column 2 (2)"]
    _, layer = bring("lat,lon,,note,note\n34,41,x,y,z\n")
    original = layer.features[0].properties["original"]
    assert [original["column 3"], original["note"], original["note (2)"]] == ["x", "y", "z"]


def test_a_whole_table_is_the_same_in_many_pieces(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"{at},{30 + at % 7},{40 + at % 9},note {at}" for at in range(40_000)]
    lines[123] += ",one,more"
    text = "\n".join(["id,lat,lon,notes", *lines]) + "\n"
    report, layer = bring(text)
    assert report.rows == 40_000
    assert report.counts["rows"] == 40_000
    assert layer.stored is not None
    seen = [row for batch in layer.stored.batches() for row in batch.column("original.id").to_pylist()]
    assert sorted(map(int, seen)) == list(range(40_000))


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.csv", "empty"),
        (b"   \n", "a.csv", "empty"),
        (b"id,lat,lon\n", "a.csv", "no rows"),
        (b"\x1f\x8b\x08garbage", "a.csv.gz", "cannot be unpacked"),
        (gzip.compress(TABLE.encode() * 9999)[:-900], "a.csv.gz", "cannot be unpacked"),
        # Broken in its third block, after rows that were read.
        (gzip.compress(TABLE.encode() * 250_000, 1)[:-9000], "a.csv.gz", "cannot be unpacked"),
        (zipped(a_csv=TABLE, b_csv=TABLE), "a.csv.zip", "2 tables"),
        (b"a,b\n\x00\x01\x02,3\n", "a.csv", "NUL"),
    ],
)
def test_what_is_no_table_is_refused_with_a_word(data: bytes, name: str, said: str, bring: Bring) -> None:
    with pytest.raises(BadData, match=said):
        bring(data, name)


def test_what_was_asked_for_is_checked(bring: Bring) -> None:
    with pytest.raises(BadValue, match="encoding"):
        ReadOptions(encoding="klingon")
    with pytest.raises(BadValue, match="delimiter"):
        ReadOptions(delimiter="\n")
    report, _ = bring("lat|lon\n34|41\n", read_options=ReadOptions(delimiter="|"))
    assert report.counts["points"] == 1
    wrong, layer = bring(
        "name,lat,lon\nالقائم,34,41\n".encode("cp1256"), read_options=ReadOptions(encoding="cp1252"), layer="wrong"
    )
    assert layer.features[0].properties["name_ar"] is None
    assert wrong.metadata["encoding"] == "cp1252"
