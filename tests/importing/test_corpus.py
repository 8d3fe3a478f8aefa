"""Real files, whole: every row, every column, every letter, and back again as CSV."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import pyogrio
import pytest

from geodata import cli
from geodata.formats.spreadsheet_cells import fused
from tests.importing.conftest import Bring


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files."""
    folder = os.environ.get("MASAFA_CORPUS")
    if not folder:
        pytest.skip("MASAFA_CORPUS is not set: there are no real files to read")
    return Path(folder)


def table(layer: str, path: Path) -> list[dict[str, str]]:
    """Return a layer's rows as `geodata export` writes them as CSV."""
    assert cli.main(["export", layer, "--to", str(path)]) == 0
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def test_ucdp_whole(corpus: Path, bring: Bring, tmp_path: Path) -> None:
    path = corpus / "events/ucdp_ged_syria_2016_2019.csv.gz"
    report, layer = bring(path, layer="ucdp")
    assert (report.rows, report.counts["rows"], len(report.columns)) == (16_566, 16_566, 41)
    assert (report.profile, report.counts["undated"], report.to_dict()["unplaced"]) == ("ucdp", 0, 0)
    assert report.counts["flagged"] == 101
    assert layer.stored is not None
    rows = [row for batch in layer.stored.batches() for row in batch.to_pylist()]
    wide = [row for row in rows if row["original.where_prec"] == 6]
    assert len(wide) == 254
    assert {(row["area"], row["lon"], row["precision"]) for row in wide} == {("countries/country-sy", None, "country")}
    assert sum("deaths_inconsistent" in row["flags"] for row in rows) == 101
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        given = {row["id"]: row for row in csv.DictReader(text)}
    back = table("ucdp", tmp_path / "back.csv")
    assert len(back) == len(given) == 16_566
    for row in back:
        assert {name: fused(row[f"original.{name}"]) for name in given[row["original.id"]]} == given[row["original.id"]]


def test_boundaries_with_every_arabic_name(corpus: Path, bring: Bring, tmp_path: Path) -> None:
    path = corpus / "gis/syr_admbnda_adm3_uncs_unocha_20201217.zip"
    report, layer = bring(path, layer="cod")
    read = pyogrio.raw.read(f"/vsizip/{path}")
    names = read[0]["fields"].tolist()
    given = {code: dict(zip(names, cells, strict=True)) for cells in zip(*read[3], strict=True)
             for code in [cells[names.index("ADM3_PCODE")]]}  # fmt: skip
    assert report.counts == {"rows": 272, "points": 0, "areas": 0, "shapes": 272, "flagged": 0, "undated": 0}
    for one in layer.features:
        row = given[one.properties["original"]["ADM3_PCODE"]]
        assert (one.properties["name_ar"], one.properties["name_en"]) == (
            row["ADM3_AR"].strip(),
            row["ADM3_EN"].strip(),
        )
        assert one.properties["original"]["ADM3_AR"] == row["ADM3_AR"]
        assert one.geometry is not None
        assert one.geometry.geom_type in ("Polygon", "MultiPolygon")
    assert len(layer.features) == len(given) == 272
    assert {row["original.ADM3_AR"] for row in table("cod", tmp_path / "back.csv")} == {
        row["ADM3_AR"] for row in given.values()
    }


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("events/geocausal_iraq_insurgencies_2006.csv.gz", None),
        ("gazetteer/syria_communities_en_7580.csv", 7580),
        ("gazetteer/geonames_cities500_levant_iraq.tsv", 3163),
        ("gis/syria_adm4_earthquake_intensity.csv", None),
    ],
)
def test_other_tables_whole(corpus: Path, bring: Bring, name: str, rows: int | None) -> None:
    path = corpus / name
    report, _ = bring(path, layer="other")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as text:
        lines = list(csv.reader(text, delimiter="\t" if ".tsv" in name else ","))
    assert report.counts["rows"] == report.rows == len(lines) - 1
    assert rows is None or report.rows == rows
    if "earthquake" not in name:
        assert report.counts["points"] > 0.98 * report.rows


def test_a_report_with_a_title_above_its_header(corpus: Path, bring: Bring) -> None:
    report, layer = bring(corpus / "tables/weekly_report.xlsx", layer="weekly")
    assert [column["name"] for column in report.columns] == [
        "No.", "Date of incident", "Place", "Lat.", "Long.", "Dead", "Remarks"
    ]  # fmt: skip
    assert (report.metadata["header_row"], report.metadata["headerless"]) == (4, False)
    assert report.metadata["title"] == ["Weekly security report (invented)", "Prepared for training only"]
    assert (report.metadata["part"], report.metadata["parts"]) == ("Incidents", ["Incidents", "Legend"])
    # The row of totals at the foot is set apart.
    assert report.rows == len(layer.features) == 14
    assert [entry["cells"] for entry in report.set_apart] == [["Total", "72"]]
