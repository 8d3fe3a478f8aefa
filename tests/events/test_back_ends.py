"""The same filters by SQL and by numpy, over a large layer and over the same events as a small one: the same events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.analysis.predicates import Predicates
from geodata.catalog import Catalog, current
from geodata.errors import BadValue
from geodata.events.dataset import Opened, opened
from geodata.events.filters import EventFilters, call, read
from geodata.events.predicate import asking as asked
from geodata.events.predicate import where_of
from geodata.query import evaluate, sql
from geodata.query.crs import CRS84
from tests.events.conftest import brought

Both = tuple[Opened, Opened, Catalog]
TEXTS = ("id", "category", "reported_by", "country", "country_id", "governorate", "precision", "area", "admin1", "kind")
WORDS = [
    "Battles",
    "Riots",
    "Outlet 3",
    "Syria",
    "country-sy",
    "gov-sy-dy",
    "governorate",
    "event",
    "",
    "zz",
    "é%",
    "\\",
]
LISTED = st.lists(st.sampled_from(["Group 0", "Group 1", "Group 4", "undated", "no_position", "zz"]), max_size=3)
DAYS = ["2020-01-01", "2020-01-15", "2021-01-28", "2022-01-31", "2023-01-09"]
TARGETS = ["border-iq-sy", "hasakah-prison", "euphrates", "41.5,35.5", "gov-sy-dy"]
COMPARE = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


def column(name: str) -> dict[str, str]:
    return {"property": name}


@st.composite
def predicates(draw: st.DrawFn) -> Any:
    """Return one predicate: a comparison of a column, or one of the named ones."""
    kind = draw(st.integers(0, 13))
    text, word = column(draw(st.sampled_from(TEXTS))), draw(st.sampled_from(WORDS))
    figure = column(draw(st.sampled_from(["killed.best", "killed.low", "row", "coordinateUncertaintyInMeters"])))
    number = draw(st.integers(-1, 30) | st.floats(-1, 30) | st.sampled_from([2**53 + 1, 1e300]))
    days = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=2)))
    if kind == 0:
        pair = [text, word]
        return call(draw(COMPARE), *(pair if draw(st.booleans()) else pair[::-1]))
    if kind == 1:
        pair = [figure, number]
        return call(draw(COMPARE), *(pair if draw(st.booleans()) else pair[::-1]))
    if kind == 2:
        return call("in", text, draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
    if kind == 3:
        return call("between", figure, *sorted([number, draw(st.integers(0, 30))]))
    if kind == 4:
        return call("like", text, draw(st.text("BRaOtu3_%\\", max_size=4)))
    if kind == 5:
        return call(
            "isnull", draw(st.sampled_from([text, figure, column("flags"), column("date_end"), column("geometry")]))
        )
    if kind == 6:
        op = draw(st.sampled_from(["a_overlaps", "a_contains", "a_containedby", "a_equals"]))
        return call(op, column(draw(st.sampled_from(["actors", "flags", "sources"]))), draw(LISTED))
    if kind == 7:
        return call(draw(COMPARE), column(draw(st.sampled_from(["date_start", "date_end"]))), {"date": days[0]})
    if kind == 8:
        return draw(st.sampled_from([column("placeholder"), call("=", column("placeholder"), True)]))
    if kind == 9:
        return call("within_km", draw(st.sampled_from(TARGETS)), draw(st.sampled_from([5, 60.5, 300])), *draw(ANSWER))
    if kind == 10:
        square = [[40, 34], [42.5, 34], [42, 36], [40, 36], [40, 34]]
        return call(
            "inside", draw(st.sampled_from(["country-sy", "gov-sy-dy", {"type": "Polygon", "coordinates": [square]}]))
        )
    if kind == 11:
        return call(
            "text_contains",
            draw(st.sampled_from(["القائم", "al-Qaim", "هجين", "قصف قرب", '"near hajin"', "outlet 3", "%", "zz"])),
        )
    if kind == 12:
        ends = [day if draw(st.booleans()) else ".." for day in days]
        return call("during", *ends)
    return call("has_actor", *draw(LISTED.filter(len)))


ANSWER = st.sampled_from([(), ("possibly",), ("certainly",), ("unknown",)])
TREES = st.recursive(
    predicates(),
    lambda below: st.one_of(
        st.builds(lambda one: call("not", one), below),
        st.builds(
            lambda op, parts: call(op, *parts), st.sampled_from(["and", "OR"]), st.lists(below, min_size=1, max_size=3)
        ),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """The same events as a large layer and as a small one."""
    layers, catalog = [], None
    for name, large in (("large", 1), ("small", 10_000)):
        folder: Path = brought(tmp_path_factory.mktemp(name), large)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MASAFA_WORKSPACE", str(folder))
            catalog = current()
            layers.append(opened("made", catalog))
    assert catalog is not None
    assert [one.layer.stored is None for one in layers] == [False, True]
    return layers[0], layers[1], catalog


def by_sql(tree: Any, events: Opened, catalog: Catalog) -> list[str]:
    """Return the events that DuckDB finds."""
    where = where_of(EventFilters({"where": tree}), events, catalog)
    with asked(events, where) as cursor:
        return [
            id_
            for (id_,) in cursor.execute(
                f"SELECT id FROM events WHERE {where.sql} ORDER BY id", where.values
            ).fetchall()
        ]


def by_numpy(tree: Any, events: Opened, catalog: Catalog) -> list[str]:
    """Return the events that numpy finds."""
    functions = Predicates(events.layer, events.table, catalog).functions()
    return sorted(one.id for one in events.table.picked(evaluate.rows(tree, events.table, CRS84, functions)))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES)
def test_sql_and_numpy_find_the_same_events(both: Both, tree: Any) -> None:
    large, small, catalog = both
    expected = by_numpy(tree, large, catalog)
    assert by_sql(tree, large, catalog) == expected
    assert by_sql(tree, small, catalog) == by_numpy(tree, small, catalog) == expected


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES)
def test_what_is_neither_true_nor_false_is_found_by_neither(both: Both, tree: Any) -> None:
    large, _, catalog = both
    found, turned = (set(by_sql(one, large, catalog)) for one in (tree, call("not", tree)))
    assert not found & turned
    table = large.table
    truth = evaluate.truth(tree, table, CRS84, Predicates(large.layer, table, catalog).functions())
    assert len(found | turned) == np.count_nonzero(truth.true | truth.false)


def test_most_predicates_are_left_to_sql(both: Both) -> None:
    for text in (
        "category = 'Riots'",
        "NOT category IN ('a')",
        "during('2020-01-01', '..')",
        "A_OVERLAPS(actors, ('a'))",
    ):
        where = where_of(read({"where": text}, both[2]), both[0], both[2])
        assert not where.masks, text
    assert sql.condition(call("=", column("category"), "a"), {}) is None


@pytest.mark.parametrize(
    "text",
    [
        "nothing = 1",
        "category = 1",
        "within_km('border-iq-sy')",
        "within_km('border-iq-sy', -1)",
        "within_km('border-iq-sy', 'x')",
        "within_km(5, 5)",
        "within_km('border-iq-sy', 5, 'perhaps')",
        "within_km('border-iq-sy', 5, 'certainly', 5)",
        "inside('hasakah-prison')",
        "inside(POINT(1 2))",
        "inside('41,36')",
        "during('2020-01-01')",
        "during('2020-13-01', '..')",
        "during('2020-02-01', '2020-01-01')",
        "text_contains('')",
        "has_actor()",
        "has_actor(5)",
        "nothing('x')",
        "category",
        "during(",
    ],
)
def test_a_wrong_filter_is_refused_under_its_parameter(both: Both, text: str) -> None:
    for events in both[:2]:
        with pytest.raises(BadValue) as refused:
            where_of(read({"where": text}, both[2]), events, both[2])
        assert refused.value.parameter in ("where", "target", "place"), text
