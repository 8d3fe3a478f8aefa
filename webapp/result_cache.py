"""Answers to questions, kept while the layers stand: the same question is measured once, and by one at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import BoundedSemaphore, Lock

from werkzeug.exceptions import ServiceUnavailable

from geodata import registry
from geodata.catalog import Catalog, current, workspace
from geodata.citations.records import Results
from geodata.errors import Refused, Unwritable
from geodata.model import Result

Question = tuple[Catalog, str, tuple[tuple[str, str], ...]]
"""What was asked of which catalogue: a layer written since makes another question of it."""

KEPT_BYTES = 64 * 1024 * 1024
"""How much memory kept answers may take, as their geometries and items are estimated."""


AT_ONCE = 4
"""How many questions are measured at the same time: fewer than the server's threads, so that pages go on."""

PATIENCE = 5.0
"""Seconds a question waits for its turn."""


class Answers:
    """The answers to the latest questions. Two people with one question wait for one measurement."""

    def __init__(self, measure: Callable[[str, Mapping[str, str], Catalog], Result], room: int = KEPT_BYTES) -> None:
        self._measure = measure
        self._room = room
        self._entries: OrderedDict[Question, tuple[Result, int]] = OrderedDict()
        self._under_way: dict[Question, Lock] = {}
        self._lock = Lock()
        self._turns = BoundedSemaphore(AT_ONCE)

    def ask(self, name: str, parameters: Mapping[str, str], catalog: Catalog | None = None) -> Result:
        """Return the result of an analysis on a catalogue, the current one by default.

        Raises what `analysis.run` raises, and 503 where too many questions are waiting.
        """
        catalog = catalog or current()
        question = (catalog, name, tuple(sorted(parameters.items())))
        with self._lock:
            mine = self._under_way.setdefault(question, Lock())
        try:
            with mine:
                result = self._cached(question)
                if result is None:
                    result = self._measured(name, parameters, catalog)
                    self._keep(question, result)
                return result
        finally:
            with self._lock:
                self._under_way.pop(question, None)

    def _measured(self, name: str, parameters: Mapping[str, str], catalog: Catalog) -> Result:
        if not self._turns.acquire(timeout=PATIENCE):
            raise ServiceUnavailable(f"{AT_ONCE} other questions are being measured; ask again", retry_after=5)
        try:
            return self._measure(name, parameters, catalog)
        finally:
            self._turns.release()

    def _cached(self, question: Question) -> Result | None:
        with self._lock:
            if question not in self._entries:
                return None
            self._entries.move_to_end(question)
            return self._entries[question][0]

    def _keep(self, question: Question, result: Result) -> None:
        with self._lock:
            self._entries[question] = (result, weight(result))
            while sum(size for _, size in self._entries.values()) > self._room:
                self._entries.popitem(last=False)


def weight(result: Result) -> int:
    """Return about how many bytes a result takes: 120 a position of its geometries, 4,000 an item."""
    shapes = [feature["geometry"] for feature in result.geometries if feature["geometry"] is not None]
    positions = sum(_positions(shape.get("coordinates", ())) for shape in shapes)
    items = sum(len(value) for value in result.body.values() if isinstance(value, list | tuple))
    return 120 * positions + 4000 * (1 + items)


def _positions(coordinates: object) -> int:
    if not isinstance(coordinates, list | tuple) or not coordinates:
        return 0
    first = coordinates[0]
    if not isinstance(first, list | tuple):
        return 1
    if first and not isinstance(first[0], list | tuple):
        # A line or a ring: its positions need not be looked at one by one.
        return len(coordinates)
    return sum(_positions(part) for part in coordinates)


def remember(result: Result) -> str | None:
    """Record a result so that it can be cited; return why it cannot be, or None. An answer never fails for that."""
    try:
        Results(workspace()).remember(result)
    except (Unwritable, Refused) as error:
        return str(error)
    return None


_answers = Answers(registry.run)
ask = _answers.ask
