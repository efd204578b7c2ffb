"""What time alone brings to a candidate: standing day by day, and every window, found once for what is recorded.

Another day changes nothing of it, so that on the morning after only those with a window are judged again.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from typing import Final, NamedTuple

from evenhand.eligibility import Interval
from evenhand.eligibility.verdict import Standing
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory
from evenhand.record.facts import recorded_person
from evenhand.record.remembered import Remembered
from evenhand.worklist.row import Window
from evenhand.worklist.window import windows_of

_MOST: Final = 100_000  # assumed: more subjects than all trials of one place have
_OUTLOOKS: Remembered[Outlook] = Remembered(_MOST)


class Outlook(NamedTuple):
    """One candidate as far as known now. ``lasts`` are the last days of the spells but the last, which has none."""

    lasts: tuple[date, ...]
    spells: tuple[tuple[Standing, tuple[str, ...]], ...]
    windows: tuple[Window, ...]

    def stands(self, on: date) -> tuple[Standing, tuple[str, ...]]:
        """How it stands on a day, and which criteria fail."""
        return self.spells[bisect_left(self.lasts, on)]

    def window(self, on: date) -> Window | None:
        """The present window, else the next one, else the last that there was; None when there never is one."""
        ahead = (one for one in self.windows if one.last is None or one.last >= on)
        return next(ahead, self.windows[-1] if self.windows else None)


def outlook_of(protocol: Protocol, known: SubjectHistory) -> Outlook:
    """The outlook of a candidate, found again only when something new is recorded about the person.

    Raises RecordError for facts that do not fit the vocabulary.
    """
    key = protocol.study, known.subject
    return _OUTLOOKS.answer(key, (protocol, known), lambda: _found(protocol, known))


def _found(protocol: Protocol, known: SubjectHistory) -> Outlook:
    person = recorded_person(known, protocol.vocabulary)
    calendar, windows = windows_of(protocol).all_of(person)
    return Outlook(
        tuple(one.last for one in calendar[:-1] if one.last is not None),
        tuple(map(_spell, calendar)),
        windows,
    )


_SPELLS: dict[tuple[Standing, tuple[str, ...]], tuple[Standing, tuple[str, ...]]] = {}  # few, shared by thousands


def _spell(interval: Interval) -> tuple[Standing, tuple[str, ...]]:
    failed = interval.because if interval.standing == "ineligible" else ()
    told = interval.standing, failed
    return _SPELLS.setdefault(told, told)
