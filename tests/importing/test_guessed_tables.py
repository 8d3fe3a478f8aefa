"""Tables as people have them, drawn by a machine: headings in ten languages, any notation, any order of columns."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.formats.coordinates import angle
from geodata.importing import cell_kinds, column_mapping
from geodata.importing.cell_kinds import Kinds
from geodata.importing.column_mapping import Mapped
from tests.importing.conftest import Bring

HEADINGS = {
    "en": ("Latitude", "Longitude", "Coordinates", "Incident date", "Fatalities"),
    "ar": ("خط العرض", "خط الطول", "الإحداثيات", "تاريخ الحادث", "عدد القتلى"),
    "fr": ("Latitude", "Longitude", "Coordonnées GPS", "Date de l'incident", "Nombre de morts"),
    "de": ("Breitengrad", "Längengrad", "Koordinaten", "Ereignisdatum", "Todesopfer"),
    "es": ("Latitud", "Longitud", "Coordenadas", "Fecha del suceso", "Víctimas mortales"),
    "tr": ("Enlem", "Boylam", "Koordinatlar", "Olay tarihi", "Ölü sayısı"),
    "fa": ("عرض جغرافیایی", "طول جغرافیایی", "مختصات", "تاریخ حادثه", "تعداد کشته"),
    "ku": ("هێڵی پانی", "هێڵی درێژی", "پۆتان", "بەروار", "ژمارەی کوژراوان"),
    "ru": ("Широта", "Долгота", "Координаты", "Дата события", "Число погибших"),
    "uk": ("Широта", "Довгота", "Координати", "Дата події", "Кількість загиблих"),
}
DRESS = ("{}", "grp_a/{}", "_{}", "{} (WGS84)", "data.{}", "{}:", "{} *")
PAIRS = ("{lat:.5f}, {lon:.5f}", "({lat:.5f}, {lon:.5f})", "{lat:.5f} {lon:.5f}", "{lat:.4f}°N {lon:.4f}°E")


def mapped(columns: dict[str, list[str | None]]) -> Mapped:
    """Return how columns of text are understood."""
    kinds = {name: cell_kinds.of_column(pa.array(cells, pa.string())) for name, cells in columns.items()}
    return column_mapping.guessed(list(columns), kinds=kinds)


def degrees(data: Any, count: int) -> list[tuple[float, float]]:
    """Draw latitudes and longitudes of the region."""
    return [
        (data.draw(st.integers(300_000, 379_999)) / 10_000, data.draw(st.integers(380_000, 480_000)) / 10_000)
        for _ in range(count)
    ]


@settings(deadline=None)
@given(st.data())
def test_a_table_in_any_language_and_order_is_understood(data: Any) -> None:
    lat, lon, position, date, deaths = HEADINGS[data.draw(st.sampled_from(sorted(HEADINGS)))]
    dress = data.draw(st.sampled_from(DRESS))
    places = degrees(data, 6)
    comma = data.draw(st.booleans())
    single = data.draw(st.booleans())
    columns: dict[str, list[str | None]] = {
        "Q1": [f"note {number}" for number in range(6)],
        dress.format(date): [f"2024-0{number + 1}-1{number}" for number in range(6)],
        dress.format(deaths): [str(number) for number in range(6)],
    }
    if single:
        form = data.draw(st.sampled_from(PAIRS))
        columns[dress.format(position)] = [form.format(lat=y, lon=x) for y, x in places]
    else:
        texts = [(f"{y:.4f}", f"{x:.4f}") for y, x in places]
        texts = [(y.replace(".", ","), x.replace(".", ",")) for y, x in texts] if comma else texts
        columns[dress.format(lat)], columns[dress.format(lon)] = [y for y, _ in texts], [x for _, x in texts]
    names = data.draw(st.permutations(list(columns)))
    roles = mapped({name: columns[name] for name in names}).roles
    expected = {"date": (dress.format(date),), "deaths_best": (dress.format(deaths),)}
    expected |= (
        {"position": (dress.format(position),)}
        if single
        else {"lat": (dress.format(lat),), "lon": (dress.format(lon),)}
    )
    assert {role: roles.get(role) for role in expected} == expected


@pytest.mark.parametrize(
    ("cells", "role"),
    [
        (["37SFU807146", "37S CV 02261 72823", "38SKF6759426248"], "position"),
        (["11°26'04.5\"N 26°08'17.6\"E", "13°36'16\" N, 25°19'46\" E"], "position"),
        (["38N 441234 3685123", "37S 601000 3810000"], "position"),
        (["POINT (44 33)", "POLYGON ((44 33, 45 33, 45 34, 44 33))"], "wkt"),
        (['{"type": "Point", "coordinates": [44, 33]}'], "wkt"),
        (["0101000020E610000000000000000046400000000000804040"], "wkt"),
        (["33.51234, 44.21234", "34.11111, 41.12345"], "position"),
        (["https://www.google.com/maps?q=33.51,44.21"], "position"),
        (["5 May 2024", "12 June 2023"], "date"),
        (["2024-05-01T10:00:00Z", "2024-05-02T11:00:00Z"], "date"),
    ],
)
@pytest.mark.parametrize("heading", ["Q7", "حقل", "column 3", "zzz"])
def test_cells_alone_tell_what_a_column_is(cells: list[str | None], role: str, heading: str) -> None:
    result = mapped({"Q1": ["a", "b", "c"][: len(cells)], heading: cells, "Q2": ["7", "8", "9"][: len(cells)]})
    assert result.roles[role] == (heading,)
    assert "%" in str(result.reasons[heading]) or "cells" in str(result.reasons[heading])


@pytest.mark.parametrize(
    "cells", [["1, 2", "3, 4"], ["12-5", "3-4"], ["100 200", "300 400"], ["3", "4"], ["a1", "b2"], ["10.5", "11.25"]]
)
def test_numbers_that_are_no_positions_are_none(cells: list[str | None]) -> None:
    roles = mapped({"Q1": cells, "Q2": ["x", "y"]}).roles
    assert not {"position", "lat", "lon", "wkt", "date"} & set(roles)


def test_cells_outweigh_a_heading_that_they_contradict() -> None:
    columns: dict[str, list[str | None]] = {
        "Position": ["near the bridge", "north of town", "market"],
        "Grid": ["37SFU807146", "37SFU811150", "37SFU900200"],
        "Date": ["evening", "morning", "noon"],
        "Submitted": ["2024-05-01", "2024-05-02", "2024-05-03"],
    }
    roles = mapped(columns).roles
    assert roles["position"] == ("Grid",)


def test_partial_counts_and_other_places_are_not_taken() -> None:
    columns: dict[str, list[str | None]] = {
        "children killed": ["1", "2"],
        "launch latitude": ["35.12345", "35.22222"],
        "launch longitude": ["45.12345", "45.22222"],
        "impact latitude": ["33.12345", "33.22222"],
        "impact longitude": ["44.12345", "44.22222"],
        "created_at": ["2024-05-01", "2024-05-02"],
        "event date": ["2023-05-01", "2023-05-02"],
    }
    roles = mapped(columns).roles
    assert (roles["lat"], roles["lon"]) == (("impact latitude",), ("impact longitude",))
    assert roles["date"] == ("event date",)
    assert "deaths_best" not in roles


def test_between_equals_nothing_is_taken_and_a_person_is_asked() -> None:
    result = mapped(
        {"grid one": ["37SFU807146", "37SFU811150"], "grid two": ["38SKC540863", "38SKC541864"], "n": ["a", "b"]}
    )
    assert "position" not in result.roles
    assert set(result.candidates["position"]) == {"grid one", "grid two"}


def test_an_id_is_unique() -> None:
    assert mapped({"No.": ["1", "2", "3"]}).roles["id"] == ("No.",)
    assert "id" not in mapped({"No.": ["1", "1", "2"]}).roles


def test_a_file_answers_with_reasons_and_questions(bring: Bring) -> None:
    text = "Sıra;Olay tarihi;Enlem;Boylam\n" + "".join(
        f"{n};0{n}.0{n + 1}.2024;3{n},51234;44,2123{n}\n" for n in range(1, 6)
    )
    report, layer = bring(text, "olay.csv", unplaced=False)
    answer = report.to_dict()
    assert (answer["placed"], answer["undated"]) == (5, 0)
    why = {column["as"]: column["why"] for column in answer["columns"] if column["as"]}
    assert "100% read as latitudes" in why["lat"]
    assert "radius" in [question["topic"] for question in answer["questions"]]
    assert all(feature.geometry is not None for feature in layer.features)


@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=30))
def test_any_column_has_kinds(cells: list[str | None]) -> None:
    kinds = cell_kinds.of_column(pa.array(cells, pa.string()))
    assert isinstance(kinds, Kinds)
    assert all(0 <= share <= 1 for share in kinds.shares.values())
    assert 0 <= kinds.filled <= 1


@given(st.text(max_size=30))
def test_an_angle_is_finite_or_none(text: str) -> None:
    result = angle(text)
    assert result is None or result.degrees == result.degrees
