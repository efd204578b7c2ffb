"""When the parts of local therapy are to happen, and whether they did: the windows of the study's treatment plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from evenhand.conduct.forms import context
from evenhand.conduct.treatment.courses import LOCOREGIONAL, METASTASIS, courses
from evenhand.conduct.treatment.local import LocalTherapy, given, local_therapy
from evenhand.conduct.treatment.metastases import RESECTION
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.conduct.treatment.treated import Treated
from evenhand.protocol import Protocol
from evenhand.protocol.plan.therapy import Event, Window
from evenhand.record import SubjectHistory

State = Literal["kept", "early", "late", "open", "overdue", "not begun", "left out", "ended"]


@dataclass(frozen=True, slots=True)
class WindowSeen:
    """One window on a day: from when to when (None before its first event), and what became of it.

    ``kept``, ``early``, ``late``: it happened; ``open``: there is still time; ``overdue``: there is none;
    ``not begun``: what it counts from has not happened; ``left out``: for a documented reason, so nothing is awaited;
    ``ended``: follow-up ended while there was still time.
    """

    window: Window
    state: State
    opens: date | None
    closes: date | None
    happened: date | None


def windows(
    protocol: Protocol, known: SubjectHistory, labels: Iterable[str], on: date, ended: date | None = None
) -> tuple[WindowSeen, ...]:
    """Every window of the participant's arm as it stands on a day; ``labels`` as for ``local_therapy``. One that counts
    from or to what does not apply to the participant is left out.

    ``ended`` is the last day of follow-up, where it has ended: a progression in the meantime breaks no window.
    Raises LookupError where the study plans no treatment.
    """
    return windows_of(protocol, known, local_therapy(protocol, known, labels), on, ended)


def windows_of(
    protocol: Protocol, known: SubjectHistory, local: LocalTherapy, on: date, ended: date | None
) -> tuple[WindowSeen, ...]:
    """The same, where local therapy as a whole is known already."""
    arm = context(known).arm
    moot = _not_applicable(local)
    wanted = [one for one in treatment_of(protocol).windows if arm in one.arms and not {one.of, one.after} & moot]
    if not wanted:
        return ()
    days, left_out = event_days(protocol, known, local), _left_out(local)
    return tuple(_seen(window, days, window.of in left_out, on, ended) for window in wanted)


def event_days(protocol: Protocol, known: SubjectHistory, local: LocalTherapy) -> Mapping[Event, date | None]:
    """The day of each event that a window may name; None for what has not happened."""
    locoregional = [course for course in courses(protocol, known) if course.role == LOCOREGIONAL]
    to_metastases = [
        happened for happened, entry in given(protocol, known) if entry.form.reads in (METASTASIS, RESECTION)
    ]
    lesions = tuple(local.lesions.by_label.values()) if local.lesions else ()
    settled = [part.on for part in lesions if part.settled and part.on]
    return {
        "randomization": context(known).randomized,
        "surgery": local.surgery.on if local.surgery and local.surgery.state == "complete" else None,
        "local_therapy_begun": local.begun,
        "local_therapy_complete": local.complete_on,
        "locoregional_begun": min((course.started for course in locoregional if course.started), default=None),
        "locoregional_ended": local.locoregional.on
        if locoregional and local.locoregional and local.locoregional.settled
        else None,
        "metastases_begun": min(to_metastases, default=None),
        "metastases_complete": max(settled) if settled and len(settled) == len(lesions) else None,
    }


def _not_applicable(local: LocalTherapy) -> frozenset[Event]:
    """The events of a part that there is nothing to do for: no window counts from them or to them."""
    return frozenset({"surgery"} if local.surgery and local.surgery.state == "not applicable" else ())


def _left_out(local: LocalTherapy) -> frozenset[Event]:
    """The events that are no longer awaited, because a documented reason settled their part."""
    parts: tuple[tuple[Treated | None, tuple[Event, ...]], ...] = (
        (local.surgery, ("surgery",)),
        (local.locoregional, ("locoregional_begun", "locoregional_ended")),
    )
    found = {event for part, events in parts if part and part.state == "closed with a reason" for event in events}
    lesions = local.lesions.by_label.values() if local.lesions else ()
    if lesions and all(part.state == "closed with a reason" for part in lesions):
        found.add("metastases_begun")
    if local.parts and all(part.state == "closed with a reason" for part in local.parts):
        found.add("local_therapy_begun")
    return frozenset(found)


def _seen(
    window: Window, days: Mapping[Event, date | None], left_out: bool, on: date, ended: date | None
) -> WindowSeen:
    start, happened = days[window.after], days[window.of]
    if happened is None and left_out:
        return WindowSeen(window, "left out", None, None, None)
    if start is None:
        return WindowSeen(window, "not begun", None, None, happened)
    opens, closes = window.not_before.after(start), window.within.after(start)
    if happened is None:
        over = ended is not None and ended <= closes and ended <= on
        state: State = "ended" if over else "overdue" if on > closes else "open"
    else:
        state = "early" if happened < opens else "late" if happened > closes else "kept"
    return WindowSeen(window, state, opens, closes, happened)
