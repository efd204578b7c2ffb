"""What the worklist says about one candidate. Values: nothing here computes more than a difference of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from evenhand.eligibility.verdict import Standing

Stage = Literal["screened", "consented", "registered"]
Place = Literal["open", "opens", "over"]
Act = Literal["record", "consent", "sign", "register", "randomize"]


@dataclass(frozen=True, slots=True)
class Window:
    """The present run of days on which the candidate is not ineligible as time passes, else the next, else the last.

    ``first`` to ``last`` inclusive; None is no end on that side. ``sure_first`` to ``sure_last`` are the days that lie
    in it whatever a partial date turns out to be, the same two days when all dates are exact, and None twice when no
    day is sure. ``opened_by`` and ``closed_by`` are the criteria that fail just before and just after. ``known`` is
    false while a date from which an end would follow is missing, contradicted, or too vague for any day to be sure.
    """

    first: date | None
    last: date | None
    sure_first: date | None
    sure_last: date | None
    opened_by: tuple[str, ...]
    closed_by: tuple[str, ...]
    known: bool = True

    @property
    def exact(self) -> bool:
        """Whether both ends are known to the day."""
        return (self.first, self.last) == (self.sure_first, self.sure_last)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to be done.

    ``about`` names the fact or the judgement; ``items`` the list entries (lesions) that a judgement is wanted for;
    ``facts`` what would have to be recorded. ``roles`` are those whom the protocol names: who may sign, or who
    determines the fact. ``said`` holds the reasons, each once; ``criteria`` what waits for it. ``start`` is the first
    day on which it makes sense, None for at once: what is signed too early no longer holds when the window opens.
    """

    act: Act
    about: str = ""
    label: str = ""
    said: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    start: date | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A signature that counts today and will lapse: ``until`` is the last day on which it holds."""

    judgement: str
    until: date


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate on a day.

    ``place``: ``open`` (may be randomized now as far as time goes), ``opens`` (later), or ``over`` (neither now nor
    later as things are recorded, or consent withdrawn or declined). ``failed`` are the criteria that fail on the day.
    ``tasks`` are in the order in which they are done; there are none where ``place`` is over. ``lapsing`` are the
    signatures that lapse before the window closes, the first to lapse first. ``withdrawn`` is the day on which consent
    was withdrawn, if none was given since; ``declined`` that on which the person declined, if none was given since
    (whoever declined may come back); ``participant`` the number given at registration.
    """

    subject: str
    site: str | None
    stage: Stage
    on: date
    place: Place
    standing: Standing
    failed: tuple[str, ...]
    window: Window | None
    tasks: tuple[Task, ...] = ()
    lapsing: tuple[Holding, ...] = ()
    withdrawn: date | None = None
    declined: date | None = None
    participant: str = ""

    @property
    def days_left(self) -> int | None:
        """Days after today that are sure to lie in an open window, 0 on its last day.

        Below 0 when a partial date leaves open whether it has closed; None when nobody knows its end, or it has none.
        """
        last = self.window.sure_last if self.window and self.place == "open" else None
        return None if last is None else (last - self.on).days

    @property
    def days_until(self) -> int | None:
        """Days until a window that lies ahead may open; None for any other."""
        first = self.window.first if self.window and self.place == "opens" else None
        return None if first is None else (first - self.on).days

    @property
    def due(self) -> tuple[Task, ...]:
        """The tasks that can be done today."""
        return tuple(task for task in self.tasks if task.start is None or task.start <= self.on)
