"""Answers that are kept while the question is the very same, as ``steps.assess`` keeps its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Remembered(Generic[Answer]):
    """The last answer under each key. A question is compared by identity, days by value.

    Histories and protocols are values that never change, so the same object says the same; to compare two of them by
    value would cost more than the answer. Beyond ``most`` keys everything is dropped, which bounds the memory.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[object, tuple[tuple[object, ...], Answer]] = {}

    def answer(self, key: object, question: tuple[object, ...], compute: Callable[[], Answer]) -> Answer:
        """The answer to the question, computed where it is not the last one that was asked under this key."""
        asked, answer = self._kept.get(key, (None, None))
        if asked is not None and answer is not None and _same(asked, question):
            return answer
        fresh = compute()
        if len(self._kept) >= self._most and key not in self._kept:
            self._kept.clear()
        self._kept[key] = question, fresh
        return fresh


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(
        first is second or (isinstance(first, date) and first == second)
        for first, second in zip(one, other, strict=True)
    )
