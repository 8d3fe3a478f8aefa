"""Answers are kept, measured once however many ask, bounded in memory, and never more than a few at a time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.exceptions import ServiceUnavailable

from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.model import Result
from webapp import result_cache
from webapp.result_cache import Answers, weight


def result(name: str, positions: int = 0) -> Result:
    line = {"type": "LineString", "coordinates": [[40.0, 36.0]] * positions}
    shapes = ({"type": "Feature", "geometry": line, "properties": {}},) if positions else ()
    return Result(name, {}, {}, {}, {"en": "", "ar": ""}, (), (), (), shapes)


def test_many_who_ask_the_same_wait_for_one_measurement() -> None:
    calls: list[str] = []
    begun = threading.Event()

    def measure(name: str, parameters: Mapping[str, str], catalog: Catalog) -> Result:
        calls.append(name)
        begun.wait(0.2)
        return result(name)

    kept = Answers(measure)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: kept.ask("distance", {"a": "1"}), range(8)))
    assert calls == ["distance"]
    assert all(one is found[0] for one in found)
    kept.ask("distance", {"a": "2"})
    assert len(calls) == 2


def test_an_error_is_not_kept() -> None:
    calls: list[str] = []

    def measure(name: str, parameters: Mapping[str, str], catalog: Catalog) -> Result:
        calls.append(name)
        raise BadValue("layer", "x", "not_empty")

    kept = Answers(measure)
    for _ in range(2):
        with pytest.raises(BadValue):
            kept.ask("distance", {})
    assert len(calls) == 2


def test_the_oldest_leave_where_memory_ends() -> None:
    calls: list[str] = []

    def measure(name: str, parameters: Mapping[str, str], catalog: Catalog) -> Result:
        calls.append(name)
        return result(name, positions=100)

    kept = Answers(measure, room=2 * weight(result("a", 100)))
    for name in ("a", "b", "a", "c", "a", "b"):
        kept.ask(name, {})
    assert calls == ["a", "b", "c", "b"]


def test_an_answer_larger_than_the_room_is_given_and_not_kept() -> None:
    kept = Answers(lambda name, parameters, catalog: result(name, 100), room=10)
    assert kept.ask("a", {}) is not kept.ask("a", {})


def test_one_too_many_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_cache, "PATIENCE", 0.05)
    free, full = threading.Event(), threading.Semaphore(0)

    def measure(name: str, parameters: Mapping[str, str], catalog: Catalog) -> Result:
        full.release()
        free.wait(10)
        return result(name)

    kept = Answers(measure)
    with ThreadPoolExecutor(result_cache.AT_ONCE) as pool:
        under_way = [pool.submit(kept.ask, str(index), {}) for index in range(result_cache.AT_ONCE)]
        for _ in under_way:
            full.acquire(timeout=10)
        with pytest.raises(ServiceUnavailable) as caught:
            kept.ask("one more", {})
        free.set()
        assert all(one.result() for one in under_way)
    assert caught.value.retry_after == 5
    assert kept.ask("one more", {}).analysis == "one more"
