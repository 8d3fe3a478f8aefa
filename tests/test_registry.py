"""The registry: one class and one line make an analysis usable everywhere, also one that is registered at run time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pytest
from flask.testing import FlaskClient

from geodata import registry
from geodata.analysis import result_builder
from geodata.analysis.base import PLACE, Analysis, Parameter
from geodata.analysis.places import resolve
from geodata.catalog import Catalog, current, shipped
from geodata.cli import main, parser
from geodata.errors import BadValue, NotFound
from geodata.model import Result, Text
from webapp import create_app
from webapp.api.openapi import document
from webapp.config import Config


class Count(Analysis):
    """How many places there are."""

    name = "count"
    title: ClassVar[Text] = {"en": "Number of places", "ar": "عدد الأماكن"}
    description: ClassVar[Text] = {"en": "How many places a question names.", "ar": "كم مكانًا يسمّي السؤال."}
    parameters = (
        Parameter("layer", {"en": "Places", "ar": "الأماكن"}, "place", True, help=PLACE, metavar="A", positional=True),
        Parameter("times", {"en": "Times", "ar": "المرات"}, "number", default="1", minimum=1.0, maximum=9.0),
        Parameter("twice", {"en": "Twice", "ar": "مرتين"}, "flag", default="false"),
        Parameter("unit", {"en": "Unit", "ar": "الوحدة"}, "choice", allowed=("km", "m")),
        Parameter("exact", {"en": "Exact", "ar": "مضبوط"}, "flag", default="true"),
    )

    def answer(self, values: Mapping[str, Any], catalog: Catalog) -> Result:
        """Count the places."""
        places = resolve("layer", values["layer"], catalog)[0]
        body = {"places": len(places) * int(values["times"]) * (2 if values["twice"] else 1)}
        return result_builder.result(self.name, values, catalog, places, body)


@pytest.fixture
def count() -> Iterator[Analysis]:
    """Register an analysis for one test."""
    with registry.registered(Count()) as analysis:
        yield analysis


@pytest.fixture
def client(count: Analysis) -> FlaskClient:
    """Return a client of an app."""
    return create_app(Config()).test_client()


def test_it_is_in_the_registry_while_it_is_registered(count: Analysis) -> None:
    assert list(registry.analyses())[-1] == "count"
    assert registry.analyses()["count"] is count
    assert registry.run("count", {"layer": "sites"}).body["places"] == len(shipped().layer("sites").features)
    assert "times" in registry.parameter_names()
    with pytest.raises(ValueError, match="an analysis is called 'count' already"):
        registry.register(Count())


def test_it_is_gone_afterwards() -> None:
    with registry.registered(Count()):
        pass
    assert "count" not in registry.analyses()
    assert len(registry.analyses()) == len(list(registry.analyses()))
    with pytest.raises(NotFound, match="count"):
        registry.run("count", {"layer": "sites"})
    with pytest.raises(KeyError):
        registry.analyses()["count"]


def test_one_of_the_package_cannot_be_replaced() -> None:
    class Other(Count):
        name = "distance"

    with pytest.raises(ValueError, match="distance"), registry.registered(Other()):
        pass
    assert registry.analyses()["distance"].title["en"] == "Distance between two places"


@pytest.mark.parametrize(
    "arguments",
    [("run", "count", "--layer", "sites", "--times", "3"), ("count", "sites", "--times", "3", "--exact")],
)
def test_the_command_line_runs_it(
    count: Analysis, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    expected = 3 * len(shipped().layer("sites").features)
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith(f"places  {expected}\nresult ")
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["places"] == expected
    assert main([*arguments, "--times", "10"]) == 2
    assert "times" in capsys.readouterr().err
    assert "Number of places" in parser().format_help()


def test_a_result_of_it_is_cited_and_run_again(count: Analysis, capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", "count", "--layer", "erbil", "--json"])
    id_ = json.loads(capsys.readouterr().out)["result_id"]
    assert main(["cite", id_]) == 0
    assert "Number of places" in capsys.readouterr().out
    assert main(["cite", id_, "--again"]) == 0


def test_the_api_lists_describes_and_runs_it(client: FlaskClient) -> None:
    assert client.get("/api/processes").get_json()["processes"][-1]["id"] == "count"
    described = client.get("/api/processes/count").get_json()
    assert list(described["inputs"]) == ["layer", "times", "twice", "unit", "exact"]
    answer = client.get("/api/processes/count/execution?layer=erbil;mosul").get_json()
    assert (answer["places"], answer["citable"]) == (2, True)
    posted = client.post("/api/processes/count/execution", json={"inputs": {"layer": "erbil", "twice": True}})
    assert posted.get_json()["places"] == 2
    assert client.get("/api/jobs?processID=count").status_code == 200


def test_the_openapi_document_has_it(count: Analysis) -> None:
    with create_app(Config()).test_request_context():
        paths = document(current(), "http://localhost")["paths"]
    names = {parameter["name"] for parameter in paths["/processes/count/execution"]["get"]["parameters"]}
    assert {"layer", "times", "twice", "unit", "exact"} <= names
    (name,) = [one for one in paths["/processes/{name}"]["get"]["parameters"] if one["name"] == "name"]
    assert name["schema"]["enum"] == list(registry.analyses())
    (process,) = [one for one in paths["/jobs"]["get"]["parameters"] if one["name"] == "processID"]
    assert process["schema"]["items"]["enum"] == list(registry.analyses())


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_page_has_a_form_of_it_that_leads_to_the_result(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/analyses/count?lang={lang}").get_data(as_text=True)
    for parameter in Count.parameters:
        assert f'name="{parameter.name}"' in page
        assert parameter.title[lang] in page
    assert Count.description[lang] in page
    answer = client.get(f"/analyses/count?lang={lang}&layer=erbil;mosul&times=2&action=measure", follow_redirects=True)
    text = answer.get_data(as_text=True)
    assert answer.request.path.startswith("/r/")
    assert Count.title[lang] in text
    assert '<bdi dir="ltr">4</bdi>' in text
    assert f'href="/analyses/count?lang={lang}"' in client.get(f"/about?lang={lang}").get_data(as_text=True)


def test_what_cannot_be_answered_is_said_on_the_form(client: FlaskClient) -> None:
    answer = client.get("/analyses/count?lang=en&layer=nowhere&times=12&action=measure")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert 'role="alert"' in text
    assert 'value="nowhere"' in text
    assert 'value="12"' in text
    assert client.get("/analyses/magic").status_code == 404


@pytest.mark.parametrize("name", list(registry.analyses()))
def test_every_analysis_has_a_form(name: str) -> None:
    plain = create_app(Config()).test_client()
    page = plain.get(f"/analyses/{name}?lang=en").get_data(as_text=True)
    assert page.count('name="') >= len(registry.analyses()[name].parameters)


def test_an_option_is_named_once_for_each_parameter() -> None:
    for analysis in registry.analyses().values():
        names = [parameter.name for parameter in analysis.parameters]
        assert len(set(names)) == len(names)
        assert sorted(analysis.options or names) == sorted(names), analysis.name
        with pytest.raises(BadValue, match="there is no parameter with this name"):
            analysis.read({"no-such": "1"})
