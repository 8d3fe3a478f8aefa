"""Lines of one's own: what was typed, drawn or uploaded is read, kept with a source, and made the reference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from geodata import catalog, registry
from geodata.editing import user_lines
from geodata.errors import BadValue, NotFound
from geodata.store.workspace import Workspace

GIVEN = {
    "id": "official-iq-sy",
    "name_en": "Official line",
    "name_ar": "الخط الرسمي",
    "kind": "border",
    "left": "country-sy",
    "right": "country-iq",
    "uncertainty_m": "50",
    "source_id": "survey-office",
    "source_title": "Boundary survey",
}
PATH = shapely.LineString([(41.0, 34.4), (41.2, 34.8), (41.4, 36.5), (42.35, 37.1)])


def keep(workspace: Path, path: shapely.LineString = PATH, **changed: str) -> str:
    return user_lines.add({**GIVEN, **changed}, path, Workspace(workspace), catalog.current())


@pytest.mark.parametrize(
    "written",
    [
        "34.4, 41.0\n34.8, 41.2",
        "٣٤٫٤، ٤١٫٠\n٣٤٫٨، ٤١٫٢",
        "34°24'00\"N 41°00'00\"E\n34°48'00\"N 41°12'00\"E",
        "LINESTRING (41.0 34.4, 41.2 34.8)",
    ],
)
def test_positions_become_a_line(written: str) -> None:
    assert user_lines.path_of(written, None, "lat,lon").coords[:] == [(41.0, 34.4), (41.2, 34.8)]


def test_a_file_with_parts_that_join_is_one_line() -> None:
    parts = {"type": "MultiLineString", "coordinates": [[[41, 34], [41.5, 35]], [[41.5, 35], [42, 36]]]}
    result = user_lines.path_of("", json.dumps(parts).encode(), "lat,lon")
    assert len(result.coords) == 3


@pytest.mark.parametrize(
    ("written", "uploaded", "named"),
    [
        ("", None, "path"),
        ("34.4, 41.0", None, "path"),
        ("34.4, 41.0\nnowhere", None, "line 2"),
        ("34.4, 41.0\n34.4, 41.0", None, "path"),
        ("LINESTRING (41 34, x y)", None, "path"),
        ("LINESTRING (41 34, 41 95)", None, "path"),
        ("LINESTRING (41 34", None, "path"),
        ("", b"{", "file"),
        ("", b'{"type":"Point","coordinates":[41,34]}', "Point"),
        ("", b'{"type":"FeatureCollection","features":[]}', "nothing"),
        ("", b'{"type":"MultiLineString","coordinates":[[[41,34],[41,35]],[[43,34],[43,35]]]}', "branches or gaps"),
    ],
)
def test_what_is_no_line_is_refused(written: str, uploaded: bytes | None, named: str) -> None:
    with pytest.raises(BadValue, match=named):
        user_lines.path_of(written, uploaded, "lat,lon")


def test_a_kept_line_is_ruled_and_stands_among_the_boundary_sources(workspace: Path) -> None:
    assert keep(workspace) == "official-iq-sy"
    catalogue = catalog.current()
    assert catalogue.feature("official-iq-sy").layer == "own-borders"
    assert "survey-office" in catalogue.sources()
    ruled = registry.run("ruler", {"layer": "official-iq-sy", "km": "60"}, catalogue).to_dict()
    assert ruled["line"]["sources"] == ["survey-office"]
    assert {"hasakah-prison", "al-hol"} <= {item["id"] for item in ruled["items"]}
    asked = {"layer": "hasakah-prison", "target": "border-iq-sy", "sensitivity": "true"}
    rows = registry.run("proximity", asked, catalogue).to_dict()["sensitivity"]
    assert rows[0]["line"] == "border-iq-sy"
    own = next(row for row in rows if row["line"] == "official-iq-sy")
    assert own["interval_m"] == pytest.approx([own["distance_m"] - 1550, own["distance_m"] + 1550], abs=1e-3)
    assert own["reference"] is False


def test_one_line_is_the_reference_between_two_countries(workspace: Path) -> None:
    keep(workspace)
    assert catalog.current().reference("border-iq-sy") == "border-iq-sy"
    user_lines.refer("official-iq-sy", True, Workspace(workspace), catalog.current())
    assert catalog.current().reference("border-iq-sy") == "official-iq-sy"
    assert catalog.current().reference("border-iq-jo") == "border-iq-jo"
    keep(
        workspace,
        id="newer",
        source="survey-office",
        reference="true",
        left="country-iq",
        right="country-sy",
        path=PATH.reverse(),
    )
    assert catalog.current().reference("border-iq-sy") == "newer"
    assert not catalog.current().feature("official-iq-sy").properties["reference"]
    user_lines.refer("newer", False, Workspace(workspace), catalog.current())
    assert catalog.current().reference("border-iq-sy") == "border-iq-sy"


def test_a_line_is_taken_away_and_a_wall_is_no_reference(workspace: Path) -> None:
    keep(workspace, id="my-wall", kind="wall", left="", right="", reference="true")
    assert catalog.current().feature("my-wall").properties["reference"] is False
    with pytest.raises(BadValue, match="id"):
        user_lines.refer("my-wall", True, Workspace(workspace), catalog.current())
    user_lines.remove("my-wall", Workspace(workspace), catalog.current())
    with pytest.raises(NotFound):
        catalog.current().feature("my-wall")
    with pytest.raises(NotFound):
        user_lines.remove("border-iq-sy", Workspace(workspace), catalog.current())


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "No Slug"},
        {"id": "border-iq-sy"},
        {"name_ar": "Latin"},
        {"name_en": ""},
        {"kind": "road"},
        {"left": ""},
        {"left": "erbil"},
        {"right": "country-sy"},
        {"left": "country-iq", "right": "country-sy"},
        {"uncertainty_m": "-1"},
        {"uncertainty_m": "nan"},
        {"uncertainty_m": "1e9"},
        {"source": "nobody"},
        {"source_title": ""},
        {"source_url": "javascript:alert(1)"},
        {"name_en": "x" * 3000},
    ],
    ids=lambda wrong: f"{next(iter(wrong))}-{str(next(iter(wrong.values())))[:12]}",
)
def test_each_wrong_field_is_named_and_nothing_is_written(workspace: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(BadValue) as error:
        keep(workspace, **wrong)
    assert error.value.parameter == next(iter(wrong))
    assert catalog.current() is catalog.shipped()


def test_a_drawn_line_is_a_place_of_any_question() -> None:
    line = "LINESTRING (41.0 34.4, 41.2 34.8, 41.4 36.5)"
    near = registry.run("proximity", {"layer": "hasakah-prison", "target": line}).to_dict()
    assert near["target"] == "drawn-line"
    assert near["interval_m"] == pytest.approx([near["distance_m"] - 1500, near["distance_m"] + 1500], abs=1e-3)
    ends = registry.run("ruler", {"layer": line, "km": "100"}).to_dict()
    beyond = [item for item in ends["items"] if item["beyond_end"] and "±" not in item["chainage_display"]["number"]]
    assert beyond
    assert all(item["chainage_display"]["number"].partition(".")[2] in "0123456789" for item in beyond)
