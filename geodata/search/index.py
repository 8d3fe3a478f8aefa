"""An index of names: which of them a text means, by its words, by their beginnings, by its consonants, nearly so."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from geodata.search.entries import Entry
from geodata.text import arabic
from geodata.text.skeleton import skeletons

EXACT, WORDS, STARTS, SPELLED, NEARLY, WITHIN = range(6)
"""How a name matches, the best first: as a whole, by whole words, by beginnings of words, by its consonants, by all but
one of them, or somewhere inside."""
SHORTEST = 3
"""Letters or consonants that a text needs before it is looked for inside names, or nearly."""


class Words:
    """Words that names are made of, sorted, each with the names it stands in."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        numbers: dict[str, set[int]] = defaultdict(set)
        for word, number in words:
            numbers[word].add(number)
        self.numbers: Mapping[str, set[int]] = dict(numbers)
        self.sorted = sorted(self.numbers)

    def having(self, word: str) -> set[int]:
        """Return the names that have a word."""
        return self.numbers.get(word, set())

    def starting(self, start: str) -> set[int]:
        """Return the names that have a word with this beginning."""
        low, high = bisect_left(self.sorted, start), bisect_left(self.sorted, start + "\U0010ffff")
        return set().union(*(self.numbers[word] for word in self.sorted[low:high]))

    def near(self, word: str) -> set[int]:
        """Return the names that have a word which differs in one letter at most, or begins so."""
        if len(word) < SHORTEST:
            return self.having(word)
        close = process.extract(word, self.sorted, scorer=Levenshtein.distance, score_cutoff=1, limit=None)
        return set().union(self.starting(word), *(self.numbers[found] for found, _, _ in close))


class Index:
    """The names of entries."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: Sequence[Entry] = tuple(entries)
        # A number stands for a name; several are one entry's.
        self._of: list[int] = []
        self._folded: list[str] = []
        bones: list[tuple[str, ...]] = []
        for at, entry in enumerate(self.entries):
            for name in entry.names:
                self._of.append(at)
                self._folded.append(arabic.fold(name))
                bones.append(skeletons(name))
        self._words = Words((word, at) for at, text in enumerate(self._folded) for word in text.split())
        self._glued = Words((text.replace(" ", ""), at) for at, text in enumerate(self._folded) if text)
        self._bones = Words((word, at) for at, words in enumerate(bones) for word in words)
        self._skeleton = Words(("".join(words), at) for at, words in enumerate(bones) if words)
        self._text = "\n".join(self._folded)
        self._starts = [0]
        for text in self._folded:
            self._starts.append(self._starts[-1] + len(text) + 1)

    def find(self, text: str) -> list[tuple[int, Entry]]:
        """Return the entries that a text means with how they match, the best first."""
        best: dict[int, tuple[int, int]] = {}
        for match, numbers in self._matches(text):
            for number in numbers:
                # Of two names that match alike the one with less beside it counts.
                found = (match, len(self._folded[number]))
                at = self._of[number]
                if at not in best or found < best[at]:
                    best[at] = found
        order = sorted(
            best, key=lambda at: (best[at][0], self.entries[at].rank, -self.entries[at].weight, best[at][1], at)
        )
        return [(best[at][0], self.entries[at]) for at in order]

    def _matches(self, text: str) -> Iterator[tuple[int, set[int]]]:
        folded = arabic.fold(text)
        words, glued = folded.split(), folded.replace(" ", "")
        if not words:
            return
        bones = skeletons(text)
        skeleton = "".join(bones)
        close = [
            (EXACT, self._glued.having(glued)),
            (WORDS, _in_all(self._words.having(word) for word in words)),
            (STARTS, _in_all(self._words.starting(word) for word in words) | self._glued.starting(glued)),
        ]
        if len(skeleton) >= 2:
            spelled = self._skeleton.having(skeleton) | _in_all(self._bones.having(word) for word in bones)
            close.append((SPELLED, spelled))
        yield from close
        # A name that is meant is rarely misspelled: what is nearly it would only stand beside it.
        if len(skeleton) >= SHORTEST and not any(numbers for _, numbers in close):
            yield NEARLY, _in_all(self._bones.near(word) for word in bones) | self._skeleton.near(skeleton)
        if len(folded) >= SHORTEST:
            yield WITHIN, set(self._inside(folded))

    def _inside(self, folded: str) -> Iterator[int]:
        """Yield the names that contain a folded text."""
        at = self._text.find(folded)
        while at >= 0:
            number = bisect_left(self._starts, at + 1) - 1
            yield number
            at = self._text.find(folded, self._starts[number + 1])


def _in_all(sets: Iterable[set[int]]) -> set[int]:
    return reduce(set.__and__, sets)
