"""Requests of one process that want to write at the same time go together.

Whoever comes first leads: takes the lock once, carries out everything that waits by then, each request on the record
that the one before it left, and commits once. The others wait for their outcome. One request alone is a lot of one.
A lot costs one commit instead of many, which is what limits a record that grows at one end. Who is done with a lot
wakes those of the lot, and the one who leads next; nobody else, since threads that wake for nothing cost more than the
work itself.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from evenhand.web.store.request import Asked
from evenhand.web.store.transaction import carry_out

_LARGEST_LOT: Final = 32  # assumed: bounds how long the first of a lot waits for the last


@dataclass(eq=False, slots=True)
class _Turn:
    """A request that waits until it has its outcome, or until it leads."""

    asked: Asked
    closed: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.closed.acquire()

    def wait(self) -> None:
        self.closed.acquire()

    def wake(self) -> None:
        self.closed.release()


class _Queue:
    """The requests of one study that wait in this process, and whether somebody leads."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.waiting: deque[_Turn] = deque()
        self.led = False

    def enter(self, turn: _Turn) -> bool:
        """Lead, if nobody does; wait otherwise. Whether it leads."""
        with self.lock:
            if self.led:
                self.waiting.append(turn)
                return False
            self.led = True
            return True

    def lot(self, leader: _Turn) -> list[_Turn]:
        """The leader, and those who waited longest."""
        with self.lock:
            others = min(len(self.waiting), _LARGEST_LOT - 1)
            return [leader, *(self.waiting.popleft() for _ in range(others))]

    def hand_on(self) -> _Turn | None:
        """Who leads next: out of the queue, and to be woken; None when nobody waits."""
        with self.lock:
            following = self.waiting.popleft() if self.waiting else None
            self.led = following is not None
            return following


_QUEUES: dict[str, _Queue] = {}


def take_turn(asked: Asked) -> None:
    """Return once the request has its outcome, carried out by this thread or by another one's lead."""
    queue = _QUEUES.setdefault(asked.study, _Queue())
    turn = _Turn(asked)
    if not queue.enter(turn):
        turn.wait()
        if asked.outcome is not None:
            return
    lot = queue.lot(turn)
    try:
        carry_out([one.asked for one in lot])
    except BaseException as error:
        for one in lot:
            one.asked.outcome = error
        raise
    finally:
        following = queue.hand_on()
        for one in lot:
            if one is not turn:
                one.wake()
        if following is not None:
            following.wake()
