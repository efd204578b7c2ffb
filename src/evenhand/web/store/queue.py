"""Requests of one process that want to write at the same time go together.

Whoever comes first leads: takes the lock once, carries out everything that waits by then, each request on the record
that the one before it left, and commits once. The others wait for their outcome. One request alone is a lot of one.
A lot costs one commit instead of many, which is what limits a record that grows at one end.
"""

from __future__ import annotations

from collections import deque
from threading import Condition
from typing import Final

from evenhand.web.store.request import Asked
from evenhand.web.store.transaction import carry_out

_LARGEST_LOT: Final = 32  # assumed: bounds how long the first of a lot waits for the last


class _Queue:
    """The requests of one study that wait in this process, and whether somebody leads."""

    def __init__(self) -> None:
        self.waiting: deque[Asked] = deque()
        self.led = False
        self.turn = Condition()


_QUEUES: dict[str, _Queue] = {}


def take_turn(asked: Asked) -> None:
    """Return once the request has its outcome, carried out by this thread or by another one's lead."""
    queue = _QUEUES.setdefault(asked.study, _Queue())
    with queue.turn:
        queue.waiting.append(asked)
        queue.turn.wait_for(lambda: asked.outcome is not None or not queue.led)
        if asked.outcome is not None:
            return
        queue.led = True
        lot = [queue.waiting.popleft() for _ in range(min(len(queue.waiting), _LARGEST_LOT))]
        if asked not in lot:  # it came late in a long queue: it goes first, since it leads
            queue.waiting.remove(asked)
            queue.waiting.appendleft(lot.pop())
            lot.append(asked)
    try:
        carry_out(lot)
    except BaseException as error:
        for one in lot:
            one.outcome = error
        raise
    finally:
        with queue.turn:
            queue.led = False
            queue.turn.notify_all()
