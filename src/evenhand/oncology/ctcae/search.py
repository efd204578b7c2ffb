"""Search among the terms: by beginnings of words, by everyday words, and in spite of a slip of the finger.

Best first: the name itself, the terms that an everyday word stands for, the beginning of a name, all words of the query
as beginnings of its words, everyday words that begin so. Only where nothing fits, words that are one slip away (two in
words of eight letters or more), and at last what fits at least half of the words, more of them first. Among equals the
terms that the study expects come first, then shorter names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from evenhand.oncology.ctcae.tables import rows
from evenhand.oncology.ctcae.terms import Term, dictionary

_WORD: Final = re.compile(r"[a-z0-9]+")
_LONGEST: Final = 200  # characters of a query that are looked at; assumed: more than any name or phrase has
_SMALL: Final = frozenset({"of", "the", "and", "in", "a", "to", "or", "with", "after", "on", "at", "my"})
_EXACT, _CALLED, _BEGINS, _WORDS, _MEANT, _SLIPPED, _PARTLY = range(7)
_Rank = tuple[int, int]  # how it fits, and its place among the terms that an everyday word stands for


@dataclass(frozen=True, slots=True)
class _Index:
    terms: tuple[Term, ...]
    names: tuple[str, ...]  # of each term, as plain words
    holding: Mapping[str, tuple[int, ...]]  # a word -> the terms that have it
    synonyms: Mapping[str, tuple[int, ...]]  # an everyday phrase -> the terms that it means


def search(version: str, query: str, *, expected: Collection[str] = (), most: int = 12) -> tuple[Term, ...]:
    """The terms that fit a query, best first; none for an empty one. ``expected`` terms go before equals.

    Of a query that is longer than any name, only the beginning is looked at: the time that a search takes is bounded.
    """
    index = _index(version)
    asked = _words(query[:_LONGEST])
    if not asked:
        return ()
    ranked: dict[int, _Rank] = {}
    query = " ".join(asked)
    for rank, number in _found(index, query, asked):
        ranked[number] = min(rank, ranked.get(number, rank))
    if not ranked:  # slips are looked for only where nothing fits as it is written
        ranked = dict.fromkeys(_slipped(index, query, asked), (_SLIPPED, 0))
    if not ranked:
        ranked = {number: (_PARTLY, -fitting) for number, fitting in _partly(index, _important(asked)).items()}

    def order(number: int) -> tuple[_Rank, bool, int, str]:
        term = index.terms[number]
        return ranked[number], term.name not in expected, len(term.name), term.name

    return tuple(index.terms[number] for number in sorted(ranked, key=order)[:most])


def _found(index: _Index, query: str, asked: list[str]) -> Iterator[tuple[_Rank, int]]:
    for number, name in enumerate(index.names):
        if name.startswith(query):
            yield (_EXACT if name == query else _BEGINS, 0), number
    prefixes = [
        _holders(index, [word for word in index.holding if word.startswith(part)]) for part in _important(asked)
    ]
    yield from (((_WORDS, 0), number) for number in _all(prefixes))
    for phrase, meant in index.synonyms.items():
        if phrase == query or (len(query) >= 3 and phrase.startswith(query)):
            rank = _CALLED if phrase == query else _MEANT
            yield from (((rank, place), number) for place, number in enumerate(meant))


def _slipped(index: _Index, query: str, asked: list[str]) -> Iterator[int]:
    yield from _all([_holders(index, _near(part, index.holding)) for part in _important(asked)])
    for phrase in _near(query, index.synonyms):
        yield from index.synonyms[phrase]


def _partly(index: _Index, asked: list[str]) -> dict[int, int]:
    """Terms of which the name or one everyday phrase fits at least half of the words, and how many it fits."""
    near = [_near(part, index.holding) for part in asked]
    fitting = Counter(number for words in near for number in _holders(index, words))
    for phrase, meant in index.synonyms.items():
        held = phrase.split()
        here = sum(bool(_near(part, held)) for part in asked)
        fitting |= Counter(dict.fromkeys(meant, here))
    return {number: count for number, count in fitting.items() if 2 * count >= len(asked)}


def _important(asked: list[str]) -> list[str]:
    return [word for word in asked if word not in _SMALL] or asked


def _holders(index: _Index, words: list[str]) -> frozenset[int]:
    return frozenset(number for word in words for number in index.holding[word])


def _all(sets: list[frozenset[int]]) -> frozenset[int]:
    return frozenset.intersection(*sets) if sets else frozenset()


def _near(part: str, words: Collection[str]) -> list[str]:
    """The words that one or two slips turn into the part, or whose beginning they do."""
    allowed = 0 if len(part) < 4 else 1 if len(part) < 8 else 2
    if not allowed:
        return [word for word in words if word.startswith(part)]
    letters, shortest = frozenset(part), len(part) - allowed  # what is longer has more letters to leave out
    likely = (word for word in words if len(word) >= shortest and len(letters.difference(word)) <= allowed)
    return [word for word in likely if slips_to_beginning(part, word) <= allowed]


def slips_to_beginning(typed: str, word: str) -> int:
    """How many letters at least were added, left out, replaced or swapped with the next one (optimal string alignment)
    between what was typed and some beginning of the word."""
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, letter in enumerate(typed, start=1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(word, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == word[j - 2] and typed[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return min(row)


@cache
def _index(version: str) -> _Index:
    terms = tuple(dictionary(version).terms.values())
    words = tuple(frozenset(_words(term.name)) for term in terms)
    holding: dict[str, tuple[int, ...]] = {}
    for number, held in enumerate(words):
        for word in held:
            holding[word] = (*holding.get(word, ()), number)
    names = {" ".join(_words(term.name)): number for number, term in enumerate(terms)}
    synonyms = {
        " ".join(_words(phrase)): tuple(_meant(meant, names, words)) for _, (phrase, meant) in rows("synonyms.txt")
    }
    return _Index(terms, tuple(names), holding, synonyms)


def _meant(text: str, names: Mapping[str, int], words: tuple[frozenset[str], ...]) -> Iterator[int]:
    """The terms of a synonym: those of exactly these names, else those that have all of the words."""
    for one in text.split(";"):
        name = " ".join(_words(one))
        if name in names:
            yield names[name]
        else:
            asked = frozenset(name.split())
            yield from (number for number, held in enumerate(words) if asked <= held)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
