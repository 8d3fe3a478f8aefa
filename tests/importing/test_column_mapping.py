"""Which column means what: by a source's names, HXL tags, or what people call their columns."""

from __future__ import annotations

import pytest

from geodata.errors import BadValue
from geodata.importing import attributes, column_mapping, profiles
from geodata.importing.profiles import ACLED, GDELT, MANY, PROFILES, ROLES
from tests.importing.conftest import Bring
from tests.importing.made import ACLED_HEADER


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (ACLED_HEADER.split(","), "acled"),
        (ACLED_HEADER.upper().split(","), "acled"),
        (["event_id_cnty", "deleted_timestamp"], "acled-deleted"),
        (["id", "type_of_violence", "side_a", "side_b", "where_prec", "date_prec", "best", "low", "high"], "ucdp"),
        (list(GDELT), "gdelt"),
        (["id", "latitude", "longitude"], "plain"),
    ],
)
def test_a_source_is_known_by_its_columns(header: list[str], name: str) -> None:
    assert profiles.recognised(header) is PROFILES[name]


@pytest.mark.parametrize(
    ("name", "id_", "title"),
    [
        ("ucdp_ged_2019.csv.gz", "ucdp-ged-2019", "ucdp ged 2019"),
        ("أحداث_العراق.XLSX.ZIP", "layer", "أحداث العراق"),
        (".csv", "layer", ".csv"),
        ("v1.2 final.geojson", "v1-2-final", "v1.2 final"),
    ],
)
def test_a_layer_is_called_after_its_file(name: str, id_: str, title: str) -> None:
    assert attributes.layer_id(name) == id_
    assert attributes.layer_title(name) == title


def test_every_column_of_a_profile_has_one_role_that_there_is() -> None:
    for one in PROFILES.values():
        names = [name for stored in one.roles.values() for name in stored]
        assert len(names) == len(set(names))
        assert set(one.roles) <= set(ROLES)
        assert all(len(stored) == 1 or role in MANY for role, stored in one.roles.items())


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["الاسم", "خط العرض", "خط الطول", "التاريخ"], {"name": 0, "lat": 1, "lon": 2, "date": 3}),
        (["Name", "LAT", "Long", "Event_Date"], {"name": 0, "lat": 1, "lon": 2, "date": 3}),
        (["point_x", "point_y", "killed", "notes"], {"lon": 0, "lat": 1, "deaths_best": 2, "notes": 3}),
        (["coordinates", "type", "governorate"], {"position": 0, "category": 1, "admin1": 2}),
        (["lat", "notes"], {"notes": 1}),
        (["ADM3_EN", "ADM3_AR", "ADM3_PCODE", "ADM1_EN", "date"], {"name": 0, "name_ar": 1, "id": 2, "admin1": 3}),
    ],
)
def test_headings_are_understood(header: list[str], expected: dict[str, int]) -> None:
    roles = column_mapping.guessed(header).roles
    assert roles == {role: (header[at],) for role, at in expected.items()}


def test_a_column_has_one_meaning() -> None:
    roles = column_mapping.guessed(["location", "x", "y", "site", "actor1", "actor2"]).roles
    names = [name for stored in roles.values() for name in stored]
    assert len(names) == len(set(names))
    assert roles["actor"] == ("actor1", "actor2")


def test_tags_are_understood_with_and_without_a_row_of_names(bring: Bring) -> None:
    tags = "#geo+lat,#geo+lon,#loc+name+i_ar,#date+occurred,#affected+killed,#meta+source"
    rows = "34.37,41.03,القائم,2024-02-03,3,Reuters\n"
    for text in (f"{tags}\n{rows}", f"A,B,C,D,E,F\n{tags}\n{rows}"):
        report, layer = bring(text, layer="tagged", replace=True)
        assert report.rows == 1
        one = layer.features[0].properties
        assert (one["name_ar"], one["date_start"], one["killed"]["best"]) == ("القائم", "2024-02-03", 3)
        assert one["reported_by"] == "Reuters"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"nothing": ("a",)}, "map"),
        ({"name": ("c",)}, "a column of the file"),
        ({"name": ("a", "b")}, "one column"),
        ({"lat": ("a",)}, "together"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(given: dict[str, tuple[str, ...]], said: str) -> None:
    with pytest.raises(BadValue, match=said):
        column_mapping.checked(given, ["a", "b"])


def test_a_source_s_own_names_are_taken_in_any_case() -> None:
    header = ACLED_HEADER.upper().split(",")
    assert column_mapping.guessed(header, ACLED).roles["actor"] == (
        "ACTOR1",
        "ASSOC_ACTOR_1",
        "ACTOR2",
        "ASSOC_ACTOR_2",
    )
