"""Every analysis, asked what makes no sense: refused by the parameter's name before anything is measured."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from geodata import cli, geodesy, registry
from geodata.analysis import matrix as matrices
from geodata.analysis import measure
from geodata.analysis.base import MAX_RINGS, Parameter
from geodata.errors import BadValue, MasafaError, Refused
from geodata.geodesy.segments import Curve
from webapp import create_app
from webapp.config import Config

GOOD: dict[str, dict[str, str]] = {
    "distance": {"layer": "erbil", "target": "border-iq-sy"},
    "proximity": {"layer": "erbil", "target": "border-iq-sy"},
    "within": {"layer": "erbil", "target": "border-iq-sy", "km": "5"},
    "buffer": {"layer": "erbil", "km": "5"},
    "direction": {"layer": "erbil"},
    "claims": {"of": "prison-10km"},
    "ruler": {"layer": "border-wall", "km": "5"},
    "gaps": {"layer": "border-wall", "km": "5"},
    "coverage": {"layer": "border-iq-sy", "of": "border-wall"},
    "profile": {"layer": "border-wall", "km": "5"},
    "matrix": {"layer": "erbil", "target": "roj"},
}
PLACES = [
    "NaN,36", "41,nan", "inf,36", "41,-inf", "1e400,36", "41,91", "181,0", "41", "41,36,7", "", " ", ";", "nowhere",
    "nowhere/erbil", "sites/nope", "\x00", "x" * 7_000, None, [], {}, math.nan, True, "LINESTRING EMPTY",
    "LINESTRING (41 35)", "LINESTRING (41 35, 41 35)", "LINESTRING (41 35, NaN 36)", "LINESTRING (41 35, 241 35)",
    "LINESTRING (0 90, 10 90)", "LINESTRING (180 10, -180 10)", "LINESTRING (-170 35, 170 36)", "POINT (41 35)",
]  # fmt: skip
NUMBERS = ["nan", "inf", "-inf", "1e999", "five", "", "0x10", "5,6", "5 km", math.nan, math.inf, "١٫٢٫٣", "9" * 7_000]
# What each kind of parameter does not take.
BAD: dict[str, list[Any]] = {
    "place": PLACES,
    "number": NUMBERS,
    "kilometres": [*(one for one in NUMBERS if one != "5,6"), "5,x", "5,", ",".join("1" * (MAX_RINGS + 1)), "0"],
    "flag": ["maybe", "2", "truefalse", math.nan],
    "choice": ["week", "MONTH", "", math.nan],
    "layers": ["nope", "sites,nope", "\x00"],
    "kinds": ["nope", "town,nope", "\x00"],
    "claim": ["nope", "", "\x00"],
    "filter": [
        "kind =",
        "nope = 1",
        "",
        "\x00",
        "x" * 7_000,
        math.nan,
        "kind",
        "within_km('wall')",
        "inside(POINT(1 2))",
    ],
    "pillars": ["nope", "1", "\x00", "x" * 70_000],
}
PARAMETERS = [
    pytest.param(name, parameter, id=f"{name}-{parameter.name}")
    for name, made in registry.analyses().items()
    for parameter in made.parameters
]


class Measured(AssertionError):
    """Something was measured before the question was refused."""


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have whatever measures fail the test."""

    def work(*_: object, **__: object) -> None:
        raise Measured

    for home, name in (
        (Curve, "nearest"),
        (measure, "feet"),
        (measure, "to_target"),
        (geodesy, "buffer"),
        (geodesy, "distance"),
        (geodesy, "extent"),
        (geodesy, "matrix"),
    ):
        monkeypatch.setattr(home, name, work)


def bad(parameter: Parameter) -> list[Any]:
    """Return what a parameter refuses: by its kind, by its bounds, and nothing at all where it is needed."""
    values = [one for one in BAD[parameter.kind] if one is not None or parameter.required]
    for bound, way in ((parameter.minimum, -1), (parameter.maximum, 1)):
        if bound is not None:
            values += [repr(float(np.nextafter(bound, way * math.inf))), repr(bound + way * 1e6)]
    if parameter.kind == "number" and not parameter.zero:
        values.append("0")
    return values


def test_every_analysis_is_asked() -> None:
    assert set(GOOD) == set(registry.analyses())
    assert {parameter.kind for result in registry.analyses().values() for parameter in result.parameters} <= set(BAD)


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_a_bad_value_is_refused_by_name_before_anything_is_measured(
    name: str, parameter: Parameter, unmeasured: None
) -> None:
    for value in bad(parameter):
        with pytest.raises(BadValue) as refused:
            pytest.fail(f"{value!r} gave {registry.run(name, {**GOOD[name], parameter.name: value})}")
        assert refused.value.parameter == parameter.name, value
        assert refused.value.allowed
        assert str(refused.value).startswith(f"{parameter.name}: ")
        assert len(str(refused.value)) < 2_000


@pytest.mark.parametrize("name", GOOD)
def test_a_parameter_that_there_is_not_is_refused(name: str, unmeasured: None) -> None:
    for sly in ("", "LAYER", "layer ", "km\x00", "__class__"):
        with pytest.raises(BadValue, match="there is no parameter with this name"):
            registry.run(name, {**GOOD[name], sly: "5"})


@pytest.mark.parametrize("name", GOOD)
def test_nothing_said_is_the_default(name: str) -> None:
    result = registry.analyses()[name]
    optional = {parameter.name: None for parameter in result.parameters if not parameter.required}
    assert result.read({**optional, **GOOD[name]}) == result.read(GOOD[name])
    for parameter in result.parameters:
        if parameter.required:
            for given in ({}, {parameter.name: None}):
                rest = {key: value for key, value in GOOD[name].items() if key != parameter.name}
                with pytest.raises(BadValue, match=f"^{parameter.name}: "):
                    result.read({**rest, **given})


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Config()).test_client()


@pytest.mark.parametrize("name", GOOD)
def test_the_api_refuses_with_the_same_name(name: str, client: FlaskClient, unmeasured: None) -> None:
    for parameter in registry.analyses()[name].parameters:
        for value in bad(parameter)[:6]:
            if value in (None, "", " ") or len(str(value)) > 6_000:
                continue
            query = {**GOOD[name], parameter.name: str(value)}
            answer = client.get(f"/api/processes/{name}/execution", query_string=query)
            assert answer.status_code == 400, (parameter.name, value, answer.text[:200])
            assert answer.get_json(force=True)["parameter"] == parameter.name


@pytest.mark.parametrize("name", GOOD)
def test_the_command_line_refuses_with_the_same_name(
    name: str, capsys: pytest.CaptureFixture[str], unmeasured: None
) -> None:
    for parameter in registry.analyses()[name].parameters:
        for value in bad(parameter)[:4]:
            if value is None or "\x00" in str(value) or str(value).startswith("-"):
                continue
            given = {**GOOD[name], parameter.name: str(value)}
            typed = [f"--{key}={text}" for key, text in given.items()]
            assert cli.main(["run", name, *typed]) == 2, (parameter.name, value)
            output = capsys.readouterr()
            assert parameter.name in output.err
            assert not output.out


# Analysis, what is asked, and which limit it passes.
HEAVY: list[tuple[str, dict[str, str], str]] = [
    ("proximity", {"layer": "places", "target": "places"}, r"at most \d+ s are spent on one question"),
    ("within", {"layer": "countries", "target": "governorates", "km": "5"}, r"at most \d+ s are spent"),
    ("matrix", {"layer": "places", "target": "places"}, rf"\d+ × \d+ distances .*; at most {matrices.MAX_CELLS}"),
    ("buffer", {"layer": "places", "km": "5"}, r"\d+ .*; at most 600 rings and 200000 vertices"),
    ("profile", {"layer": "border-iq-sy", "km": "5", "bin": "0.1"}, r"bin: \d+ bins are too many; at most 5000"),
    ("ruler", {"layer": "border-iq-sy", "km": "5", "of": "places"}, r"of: \d+ places are too many .*; at most 20000"),
]


@pytest.mark.parametrize(("name", "question", "limit"), HEAVY)
def test_what_is_too_heavy_is_refused_with_its_limit_before_it_is_measured(
    name: str, question: dict[str, str], limit: str, unmeasured: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "profile":
        monkeypatch.setattr("geodata.analysis.linear.profile.MAX_BINS", 10)
        limit = limit.replace("5000", "10")
    if name == "ruler":
        monkeypatch.setattr("geodata.analysis.linear.placement.MAX_PLACES", 10)
        limit = limit.replace("20000", "10")
    with pytest.raises(Refused, match=limit):
        registry.run(name, question)


def test_an_answer_is_json_whatever_was_asked() -> None:
    for name, question in GOOD.items():
        if name in ("direction", "matrix", "distance"):
            json.dumps(registry.run(name, question).to_dict(), allow_nan=False)
    assert issubclass(Refused, MasafaError)
