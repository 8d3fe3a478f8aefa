"""The contract of an analysis: its answer is the same to the byte however its rows are divided, stored and ordered."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata import registry
from geodata.analysis import engine, result_builder
from geodata.analysis.base import Analysis, Parameter
from geodata.analysis.batches import OF_PLACES, Batch, Part, Question
from geodata.analysis.subjects import rows_of
from geodata.catalog import Catalog, shipped
from geodata.errors import MasafaError, NotFound
from geodata.model import Layer, Result
from geodata.store import event_schema, parquet, parquet_writer
from tests.analysis import random_layers

QUESTIONS: Mapping[str, list[dict[str, str]]] = {
    "distance": [{"layer": "one/one-1", "target": "border-we"}],
    "proximity": [
        {"layer": "one", "target": "borders"},
        {"layer": "one", "target": "two"},
        {"layer": "two", "target": "border-we", "sensitivity": "true"},
        {"layer": "one/one-0;41,33;one/one-2;two/two-0", "target": "wall"},
        {"layer": "one/one-0", "target": "two", "ties": "all"},
        {"layer": "areas", "target": "one"},
    ],
    "within": [{"layer": "one", "target": "border-we", "km": "60"}, {"layer": "two", "target": "one", "km": "20"}],
    "buffer": [
        {"layer": "one", "km": "30,90", "of": "one,two", "tolerance": "3000"},
        {"layer": "middle", "km": "-1,40", "of": "two,one", "tolerance": "3000"},
    ],
    "direction": [{"layer": "one", "target": "country-w"}],
    "claims": [{}],
    "ruler": [
        {"layer": "border-we", "km": "90", "of": "one,two"},
        {"layer": "wall", "km": "60", "of": "two,one", "kind": "event,town", "sensitivity": "true"},
    ],
    "gaps": [{"layer": "border-we", "km": "40", "of": "one,two"}],
    "coverage": [{"layer": "border-we", "of": "wall", "km": "90", "behind": "one,two"}],
    "profile": [
        {"layer": "border-we", "km": "90", "of": "one,two", "bin": "25"},
        {"layer": "wall", "km": "60", "of": "one,two", "kind": "event", "by": "year"},
    ],
    "matrix": [{"layer": "one", "target": "borders"}, {"layer": "borders", "target": "two"}],
}
"""Questions of every analysis, about two layers that a machine chooses."""
ASKED = [(name, arguments) for name, questions in QUESTIONS.items() for arguments in questions]
shared = settings(deadline=None, max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
seeds = st.integers(0, 2**32 - 1)


def layers(seed: int) -> list[Layer]:
    """Return two layers of places that a machine chose, the second with a radius of its own."""
    random = np.random.default_rng(seed)
    first = random_layers.features(random, "one", int(random.integers(3, 10)))
    second = random_layers.features(random, "two", int(random.integers(1, 7)))
    return [random_layers.layer("one", first), random_layers.layer("two", second, 700.0)]


def catalog_of(seed: int) -> Catalog:
    return random_layers.catalog([*random_layers.background(), *layers(seed)], shipped())


def answer(
    name: str, arguments: Mapping[str, Any], catalog: Catalog, divide: engine.Division = engine.by_source
) -> str:
    """Return all that an analysis answers, or what it raises, as text."""
    try:
        result = engine.run(registry.analyses()[name], arguments, catalog, divide)
    except MasafaError as error:
        return f"{type(error).__name__}: {error}"
    return json.dumps([result.to_dict(), result.to_geojson()], ensure_ascii=False)


def divided(ways: int, random: np.random.Generator) -> engine.Division:
    """Return a division of each source into so many parts, some of them empty perhaps, in an order of chance."""

    def parts(question: Question) -> list[Part]:
        made = []
        for source, rows in enumerate(question.rows):
            edges = np.linspace(0, len(rows), (ways if len(rows) else 1) + 1).astype(int).tolist()
            made += [Part(source, start, stop) for start, stop in pairwise(edges)]
        return [made[at] for at in random.permutation(len(made))]

    return parts


def test_every_analysis_is_asked() -> None:
    assert set(QUESTIONS) == set(registry.analyses())
    assert all("Error" not in answer(name, arguments, catalog_of(1))[:20] for name, arguments in ASKED[1:4])


@pytest.mark.parametrize(("name", "arguments"), ASKED, ids=lambda value: str(value)[:60])
@shared
@given(seed=seeds)
def test_however_the_rows_are_divided_the_answer_is_the_same(name: str, arguments: dict[str, str], seed: int) -> None:
    catalog, random = catalog_of(seed), np.random.default_rng(seed)
    whole = answer(name, arguments, catalog)
    for ways in (1, 7, 10):
        assert answer(name, arguments, catalog, divided(ways, random)) == whole
    assert answer(name, arguments, catalog, lambda question: engine.in_parts(question, 3)) == whole


@pytest.mark.parametrize(("name", "arguments"), ASKED, ids=lambda value: str(value)[:60])
def test_parts_that_are_worked_through_elsewhere_give_the_same(name: str, arguments: dict[str, str]) -> None:
    for seed in (3, 4):
        catalog, analysis = catalog_of(seed), registry.analyses()[name]
        expected = answer(name, arguments, catalog)
        if not expected.startswith("["):
            continue
        question = analysis.prepare(analysis.read(arguments), catalog)
        partials = []
        for part in reversed(list(engine.in_parts(question, 4))):
            # Whoever works a part through prepares the question anew, and sends what it adds.
            there = analysis.prepare(analysis.read(arguments), catalog_of(seed))
            sent = [pickle.dumps(analysis.map(batch, there)) for batch in there.batches(part, analysis.columns)]
            partials += [pickle.loads(partial) for partial in sent]
        result = analysis.finalize(analysis.merge(partials), question)
        assert json.dumps([result.to_dict(), result.to_geojson()], ensure_ascii=False) == expected


@pytest.mark.parametrize(("name", "arguments"), ASKED, ids=lambda value: str(value)[:60])
def test_a_large_layer_answers_as_its_features_do_in_memory(
    name: str, arguments: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_writer, "GROUP", 5)
    monkeypatch.setattr(parquet_writer, "PART", 10)
    monkeypatch.setattr(parquet, "BATCH", 2)
    for seed in range(3):
        random = np.random.default_rng(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        one = random_layers.stored(random_layers.layer("one", random_layers.features(random, "one", 13)), folder)
        two = layers(seed)[1]
        large = random_layers.catalog([*random_layers.background(), one, two], shipped())
        small = random_layers.catalog([*random_layers.background(), random_layers.in_memory(one), two], shipped())
        expected = answer(name, arguments, small)
        assert answer(name, arguments, large) == expected
        assert answer(name, arguments, large, divided(7, random)) == expected


@pytest.mark.parametrize("name", ["proximity", "within", "buffer", "direction", "ruler", "gaps", "profile", "matrix"])
def test_of_a_large_layer_the_declared_columns_are_read_a_batch_at_a_time(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(5)
    source = random_layers.layer("one", random_layers.features(random, "one", 12))
    large = random_layers.stored(source, tmp_path)
    catalog = random_layers.catalog([*random_layers.background(), large, layers(5)[1]], shipped())
    scan, read = parquet.Stored.scan, list[tuple[str, ...]]()

    def recorded(stored: parquet.Stored, start: int, stop: int, columns: Iterable[str]) -> Iterator[Any]:
        read.append(tuple(columns))
        return scan(stored, start, stop, tuple(columns))

    def all_of_them(features: parquet.Features) -> Iterator[Any]:
        raise AssertionError("all features of a large layer are made at once")

    monkeypatch.setattr(parquet.Stored, "scan", recorded)
    monkeypatch.setattr(parquet.Features, "__iter__", all_of_them)
    analysis = registry.analyses()[name]
    # Rings round the rows of a layer need all of them: here they are what is looked for.
    arguments = QUESTIONS[name][1 if name == "buffer" else 0]
    assert answer(name, arguments, catalog).startswith("[")
    assert read[-1] == analysis.columns
    assert all(set(columns) <= set(analysis.columns) for columns in read)


def test_columns_are_those_of_large_layers() -> None:
    names = {field.name for field in event_schema.FIELDS}
    for name, analysis in registry.analyses().items():
        assert set(analysis.columns) <= names, name
        # Who makes places of rows needs all that a place is made of.
        assert not analysis.columns or set(OF_PLACES) <= set(analysis.columns), name


@pytest.mark.parametrize(("name", "arguments"), ASKED, ids=lambda value: str(value)[:60])
def test_without_any_row_what_no_part_adds_is_the_answer(name: str, arguments: dict[str, str]) -> None:
    empty = [random_layers.layer("one", []), random_layers.layer("two", [], 700.0)]
    catalog = random_layers.catalog([*random_layers.background(), *empty], shipped())
    analysis = registry.analyses()[name]
    answered = answer(name, arguments, catalog)
    if analysis.columns and answered.startswith("["):
        rows = sum(map(len, analysis.prepare(analysis.read(arguments), catalog).rows))
        assert (answer(name, arguments, catalog, lambda _: ()) == answered) == (rows == 0)


class Northern(Analysis):
    """How many rows lie north of a latitude, and which lies farthest north: columns alone."""

    name = "northern"
    title: ClassVar[Mapping[str, str]] = {"en": "North of", "ar": "شمال"}
    description: ClassVar[Mapping[str, str]] = {"en": "North of a latitude.", "ar": "شمال خط عرض."}
    parameters = (
        Parameter("layer", {"en": "Places", "ar": "الأماكن"}, "place", required=True),
        Parameter("latitude", {"en": "Latitude", "ar": "خط العرض"}, "number", default="33", minimum=-90, maximum=90),
    )
    columns = OF_PLACES

    def prepare(self, values: Mapping[str, Any], catalog: Catalog) -> Question:
        """Resolve the rows."""
        return Question(values, catalog, (rows_of("layer", values["layer"], catalog)[0],))

    def map(self, batch: Batch, question: Question) -> tuple[int, float]:
        """Count a batch."""
        lat = batch.positions.lat
        return int((lat > question.values["latitude"]).sum()), float(np.nanmax(lat, initial=-90.0))

    def merge(self, partials: Iterable[tuple[int, float]]) -> tuple[int, float]:
        """Add the counts up."""
        counts, farthest = zip((0, -90.0), *partials, strict=True)
        return sum(counts), max(farthest)

    def finalize(self, partial: tuple[int, float], question: Question) -> Result:
        """Return both."""
        body = {"rows": partial[0], "farthest": partial[1]}
        return result_builder.result(self.name, question.values, question.catalog, [], body)


def test_an_analysis_of_columns_is_one_class() -> None:
    with registry.registered(Northern()):
        for seed in range(5):
            catalog = catalog_of(seed)
            found = registry.run("northern", {"layer": "one"}, catalog).body
            points = [feature.geometry for feature in catalog.layer("one").features]
            lat = [shape.y for shape in points if shape is not None and shape.geom_type == "Point"]
            assert (found["rows"], found["farthest"]) == (sum(y > 33 for y in lat), max(lat, default=-90.0))
            whole = answer("northern", {"layer": "one"}, catalog)
            assert answer("northern", {"layer": "one"}, catalog, divided(5, np.random.default_rng(seed))) == whole


def test_an_analysis_that_gives_nothing_says_so() -> None:
    class Nothing(Northern):
        prepare, map = Analysis.prepare, Analysis.map

    with pytest.raises(NotImplementedError, match="Nothing"):
        engine.run(Nothing(), {"layer": "one"}, shipped())
    with pytest.raises(NotFound):
        registry.run("nothing", {}, shipped())
