"""Claims of one's own: built from few fields, checked, tested, kept in the workspace beside the shipped ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geodata import catalog, registry
from geodata.claims import add
from geodata.cli import main
from geodata.errors import BadValue
from geodata.store.workspace import Workspace

SOURCE = {
    "source_id": "test-report",
    "source_title": "A report",
    "source_outlet": "An outlet",
    "source_url": "https://example.org/report",
    "source_date": "2024-03-01",
}
NEAR = {
    "id": "hol-14km",
    "title_en": "Al-Hol lies 14 km from the border",
    "title_ar": "الهول على 14 كم من الحدود",
    "said_en": "14 km from the border",
    "said_ar": "على 14 كم من الحدود",
    "test": "proximity",
    "candidates": "al-hol",
    "lines": "border-iq-sy, border-iq-sy-ne10m",
    "km": "١٤",
    **SOURCE,
}
OTHERS = {
    "containment": {"feature": "al-qaim", "area": "gov-iq-an"},
    "direction": {"feature": "erbil", "country": "country-iq", "direction": "north"},
    "none": {"reason_en": "Nothing held measures it.", "reason_ar": "لا شيء لدينا يقيسه.", "features": "al-hol"},
}


def verdict(id_: str) -> str:
    """Return the verdict of one claim on the layers and records as they are now."""
    item = registry.run("claims", {"of": id_}, catalog.current()).to_dict()["items"][0]
    return str(item["verdict"])


def test_a_claim_and_its_source_are_kept_and_tested(workspace: Path) -> None:
    before = len(catalog.current().claims())
    result = add.add(NEAR, Workspace(workspace), catalog.current())
    assert result["reported"]["value"] == 14
    catalogue = catalog.current()
    assert len(catalogue.claims()) == before + 1
    assert catalogue.sources()["test-report"]["published_on"] == "2024-03-01"
    item = registry.run("claims", {"of": "hol-14km"}, catalogue).to_dict()["items"][0]
    assert item["verdict"] == "agrees"
    assert item["measured"] == pytest.approx(12.9, abs=0.3)
    assert len(item["table"]) == 2
    assert "hol-14km" not in catalog.shipped().claims()


@pytest.mark.parametrize(
    ("test", "expected"), [("containment", "agrees"), ("direction", "agrees"), ("none", "cannot_tell")]
)
def test_the_other_tests(workspace: Path, test: str, expected: str) -> None:
    given = {key: value for key, value in NEAR.items() if key not in ("candidates", "lines", "km")}
    add.add({**given, **OTHERS[test], "test": test}, Workspace(workspace), catalog.current())
    assert verdict("hol-14km") == expected


def test_a_source_that_is_held_is_named_by_its_id(workspace: Path) -> None:
    given = {key: value for key, value in NEAR.items() if not key.startswith("source_")}
    result = add.add({**given, "source": "hol-unhcr-2016"}, Workspace(workspace), catalog.current())
    assert result["source"] == "hol-unhcr-2016"
    assert not (workspace / "sources" / "sources.json").exists()


def test_no_claim_is_tested_on_the_drawn_wall(workspace: Path) -> None:
    with pytest.raises(BadValue, match="drawn from a claim"):
        add.add({**NEAR, "lines": "border-wall"}, Workspace(workspace), catalog.current())
    assert "hol-14km" not in catalog.current().claims()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "Not a slug"),
        ("id", "prison-10km"),
        ("title_ar", "no Arabic"),
        ("title_en", ""),
        ("said_ar", "\x00"),
        ("km", "nan"),
        ("km", "-3"),
        ("km", "0"),
        ("candidates", "nowhere"),
        ("candidates", ""),
        ("lines", "border-iq-sy,nowhere"),
        ("test", "guess"),
        ("modality", "sworn"),
        ("paragraph", "0"),
        ("quote_start", "5"),
        ("quote_start", "-1"),
        ("quote_ar", "كلمة " * 13),
        ("source_id", "hussein-2024"),
        ("source_url", "javascript:alert(1)"),
        ("source_date", "yesterday"),
        ("source_title", ""),
        ("title_en", "x" * 2001),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(workspace: Path, field: str, value: str) -> None:
    with pytest.raises(BadValue) as caught:
        add.add({**NEAR, field: value}, Workspace(workspace), catalog.current())
    assert caught.value.parameter == field
    assert not (workspace / "sources").exists()


@pytest.mark.parametrize(
    ("quote", "figures"),
    [("على بعد 14 كم", ["14"]), ("على بعد ١٤ كم", ["١٤"]), ("من 14 إلى 14", []), ("140 و114", []), ("قريب", [])],
)
def test_a_quotation_marks_the_figure_where_it_stands_once(workspace: Path, quote: str, figures: list[str]) -> None:
    given = {**NEAR, "quote_ar": f" {quote} ", "paragraph": "٣", "quote_start": "100"}
    (part,) = add.add(given, Workspace(workspace), catalog.current())["quotes"]
    assert part == {"paragraph": 3, "start": 100, "end": 100 + len(quote), "text": quote, "figures": figures}


def test_an_id_is_taken_once(workspace: Path) -> None:
    add.add(NEAR, Workspace(workspace), catalog.current())
    with pytest.raises(BadValue, match=r"hol-14km|test-report"):
        add.add(NEAR, Workspace(workspace), catalog.current())


def test_the_command(workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(NEAR), "utf-8")
    assert main(["claims", "--add", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["items"][0]["verdict"] == "agrees"
    path.write_text("[1]", "utf-8")
    assert main(["claims", "--add", str(path)]) == 2
    assert main(["claims", "prison-10km", "--add", str(path)]) == 2
