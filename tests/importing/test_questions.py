"""What a file leaves open is asked once, with what each answer means for it; what is answered is asked no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geodata import cli
from geodata.errors import BadValue
from geodata.importing.options import ImportOptions
from tests.importing.conftest import Bring

TEXT = "name,date,lat,lon\nA,03/04/2024,33.5,44.5\nB,05/06/2024,33.6,44.6\nC,01/02/2024,33.7,44.7\n"


def test_the_order_of_dates_is_asked_with_both_readings(bring: Bring) -> None:
    report, layer = bring(TEXT, unplaced=False)
    question = next(one for one in report.questions if one.topic == "dates")
    answers = {answer.options["dates"]: str(answer.text) for answer in question.answers}
    assert answers == {"dmy": "day first: 2024-04-03", "mdy": "month first: 2024-03-04"}
    assert layer.features[0].properties["date_precision"] == "interval"
    report, layer = bring(TEXT, unplaced=False, dates="dmy", replace=True)
    assert "dates" not in [one.topic for one in report.questions]
    assert layer.features[0].properties["date_start"] == "2024-04-03"


def test_an_assumed_radius_is_recorded_and_carried_as_assumed(bring: Bring, capsys: pytest.CaptureFixture[str]) -> None:
    report, _ = bring(TEXT, layer="towns", unplaced=False)
    assert "radius" in [one.topic for one in report.questions]
    report, layer = bring(
        TEXT, layer="towns", unplaced=False, radius=1000.0, radius_reason="towns by name", replace=True
    )
    assert "radius" not in [one.topic for one in report.questions]
    assumed = layer.entry["assumed"]
    assert (assumed["radius_m"], assumed["why"]) == (1000.0, "towns by name")
    assert assumed["at"]
    assert all(one.properties["coordinateUncertaintyInMeters"] is None for one in layer.features)
    report, layer = bring(TEXT, layer="towns", unplaced=False)
    assert "radius" not in [one.topic for one in report.questions]
    assert layer.entry["assumed"] == assumed
    other, _ = bring(TEXT, layer="towns", unplaced=False, radius=2000.0, radius_reason="towns by name")
    same, layer = bring(TEXT, layer="towns", unplaced=False, radius=1000.0, radius_reason="towns by name")
    # What is assumed changes answers, so that it changes the version.
    assert other.version != same.version == report.version
    assert cli.main(["distance", f"towns/{layer.features[0].id}", "ain-al-asad", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["assumed"] == [
        {"of": layer.features[0].id, "radius_m": 1000.0, "by": "layer", "layer": "towns", "why": "towns by name"}
    ]


def test_a_file_that_states_its_radius_is_not_asked(bring: Bring) -> None:
    report, _ = bring("name,lat,lon,accuracy\nA,33.5,44.5,20\n", unplaced=False)
    assert [one.topic for one in report.questions] == []
    report, _ = bring("name,grid\nA,37SFU807146\n", "grid.csv", unplaced=False)
    assert [one.topic for one in report.questions] == []


def test_a_choice_between_columns_is_put_with_the_mapping_that_takes_each(bring: Bring) -> None:
    text = "name,grid one,grid two\nA,37SFU807146,38SKC540863\nB,37SFU811150,38SKC541864\n"
    report, layer = bring(text, "grids.csv")
    question = next(one for one in report.questions if one.topic == "position")
    assert [dict(answer.options) for answer in question.answers] == [
        {"roles": {"position": "grid one"}},
        {"roles": {"position": "grid two"}},
    ]
    assert all(feature.geometry is None for feature in layer.features)


def test_questions_are_in_both_languages(bring: Bring) -> None:
    report, _ = bring(TEXT, unplaced=False)
    for question in report.questions:
        for message in (question.text, *(answer.text for answer in question.answers)):
            assert message.text("ar") != message.text("en") or "±" in message.text("en")


@pytest.mark.parametrize("radius", [-1.0, 6_000_000.0, float("nan")])
def test_a_radius_that_is_none_is_refused(radius: float) -> None:
    with pytest.raises(BadValue, match="radius"):
        ImportOptions(radius=radius)


def test_the_command_line_prints_guesses_questions_and_refuses_what_has_no_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], workspace: Path
) -> None:
    path = tmp_path / "days.csv"
    path.write_text(TEXT, "utf-8")
    assert cli.main(["import", str(path), "--preview"]) == 0
    printed = capsys.readouterr().out
    assert "100% read as latitudes" in printed
    assert "--dates dmy" in printed
    assert "--radius 1000" in printed
    bare = path.with_name("bare.csv")
    bare.write_text("name,date\nA,2024-05-01\n", "utf-8")
    assert cli.main(["import", str(bare), "--json"]) == 1
    out = capsys.readouterr()
    assert json.loads(out.out)["placed"] == 0
    assert "--keep-unplaced" in out.err
    assert cli.main(["layers", "--json"]) == 0
    assert '"bare"' not in capsys.readouterr().out
    assert cli.main(["import", str(bare), "--keep-unplaced", "--json"]) == 0
