"""The flat columns: their names, what they say of what is unknown, and the page that documents them."""

from __future__ import annotations

import re

import pytest
import shapely

from geodata.errors import BadValue
from geodata.formats.arrow import SYSTEMS
from geodata.formats.columns import BY_NAME, COLUMNS, chosen, restored
from geodata.formats.dataset import Metadata, Row
from geodata.formats.registry import READABLE
from tests.formats.parts import part
from tests.tree import ROOT

PAGE = (ROOT / "docs/formats.md").read_text("utf-8")


def flat(layer: str, id_: str) -> dict[str, object]:
    """Return a feature's columns by name."""
    given = part(layer)
    row = next(row for row in given.rows if row.id == id_)
    return {column.name: column.value(row, given.metadata) for column in COLUMNS}


def test_names_fit_their_formats() -> None:
    assert len({column.short for column in COLUMNS}) == len(COLUMNS) == len(BY_NAME)
    for column in COLUMNS:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name)
        assert len(column.short) <= 10
        assert re.fullmatch(r"#[a-z0-9]+(\+[a-z_]+)*", column.hxl)
    assert len({column.hxl for column in COLUMNS}) == len(COLUMNS)


def test_the_page_has_every_column_in_its_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `([^`]+)` \| (.+) \|$", PAGE, re.MULTILINE)
    assert rows == [(column.name, column.short, column.hxl, column.meaning) for column in COLUMNS]


def test_the_page_has_every_format_and_system() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (`\.[^|]+) \|", PAGE, re.MULTILINE))
    assert {name: ", ".join(f"`{end}`" for end in one.extensions) for name, one in READABLE.items()} == rows
    assert all(f"`{name}`" in PAGE for name in SYSTEMS)


def test_what_is_known_is_told() -> None:
    prison = flat("sites", "hasakah-prison")
    assert (prison["lon"], prison["lat"], prison["unc_m"], prison["pos_status"]) == (40.7625, 36.4775, 1500, "locality")
    assert prison["licence"] == "CC-BY-4.0"
    strike = flat("events", "event-strike-2024-01-04")
    assert (strike["date_start"], strike["date_precision"]) == ("2024-01-01", "month")
    assert isinstance(strike["killed_best"], int)


def test_what_is_not_known_is_null_and_never_looks_exact() -> None:
    assert flat("sites", "hasakah-panorama")["pos_status"] == "placeholder"
    area = flat("sites", "akashat")
    assert (area["lon"], area["unc_m"], area["pos_status"], area["area"]) == (
        None,
        None,
        "area",
        "governorates/gov-iq-an",
    )
    metadata = Metadata("x", default_uncertainty_m=500)
    bare, point = Row("a", None, {}), Row("b", shapely.Point(40, 35), {})
    assert [BY_NAME["unc_m"].value(row, metadata) for row in (bare, point)] == [None, 500]
    assert BY_NAME["unc_m"].value(point, Metadata("x")) is None
    assert [BY_NAME["pos_status"].value(row, metadata) for row in (bare, point)] == ["none", "unknown"]
    assert BY_NAME["killed_low"].value(Row("c", None, {"killed": {"best": 0, "low": None}}), metadata) is None
    assert BY_NAME["killed_best"].value(Row("c", None, {"killed": {"best": 0, "low": None}}), metadata) == 0


def test_a_row_without_its_whole_properties_gives_what_its_columns_say() -> None:
    cells = {**flat("events", "event-strike-2024-01-04"), "properties": ""}
    id_, properties = restored(cells)
    assert id_ == "event-strike-2024-01-04"
    assert properties["placeholder"] is True
    assert properties["killed"]["best"] == cells["killed_best"]
    assert properties["sources"] == str(cells["source"]).split("; ")
    assert "licence" not in properties


def test_a_strangers_row_keeps_its_columns() -> None:
    assert restored({"id": 7, "Name": "x", "note": None}) == ("7", {"Name": "x", "note": None})


def test_an_unknown_column_is_named() -> None:
    assert [column.name for column in chosen(["kind"])] == ["id", "kind"]
    with pytest.raises(BadValue, match="name_en"):
        chosen(["nmae"])
