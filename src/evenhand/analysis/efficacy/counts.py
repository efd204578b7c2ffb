"""Who had the event and who was censored, and why: the counts behind a curve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from evenhand.analysis.efficacy.cases import MONTHS, Case, Cases
from evenhand.analysis.outcome import CENSORED
from evenhand.analysis.saying import capital
from evenhand.analysis.tables import Behind, Cell, Row, Table, count, row
from evenhand.protocol.endpoints import Endpoint

_EVENTS: Final = {
    "progression": "progression",
    "death": "death",
    "local": "local failure",
    "distant": "distant failure",
    "unplanned_local_therapy": "local therapy in an arm that plans none",
}
_Holds = Callable[[Case], bool]


def event_word(reason: str) -> str:
    """What an event is called."""
    return _EVENTS.get(reason) or (CENSORED[reason][1] if reason in CENSORED else reason.replace("_", " "))


def counts_table(found: Cases, endpoint: Endpoint, *, id: str, population: str, unit: str = "People") -> Table:
    """People (or lesions), events by what they are, competing events, and censorings by reason, arm by arm."""
    control, experimental = found.arms.labels
    rows = (
        row("cases", unit, *_by_arm(found, lambda one: True, share=False)),
        *_block(found, "event", "Event", lambda one: one.event, event_word),
        *_block(found, "competing", "Competing event", lambda one: one.competing, _censored_word),
        *_block(found, "censored", "Censored", lambda one: not one.event and not one.competing, _censored_word),
    )
    rows += _chosen_days(found)
    return Table(
        id,
        f"{endpoint.label}: events and censoring",
        population,
        f"Each {unit.lower().rstrip('s') if unit != 'People' else 'person'} has the first event or the day on which "
        f"observation ended, by the rules of the estimand; {MONTHS}. Percentages are of the arm.",
        ("", control, experimental, "Total"),
        rows,
        by_arm=True,
    )


def _censored_word(reason: str) -> str:
    return CENSORED[reason][1]


def _block(found: Cases, id: str, label: str, holds: _Holds, word: Callable[[str], str]) -> tuple[Row, ...]:
    """A row, and below it one for each reason, in the order of ``CENSORED`` and otherwise of the alphabet."""
    reasons = sorted({one.reason for one in found.all if holds(one)}, key=_order)
    if not reasons and id == "competing":
        return ()

    def of(reason: str) -> _Holds:
        return lambda one: holds(one) and one.reason == reason

    inside = (row(f"{id}_{one}", capital(word(one)), *_by_arm(found, of(one)), indent=1) for one in reasons)
    return (row(id, label, *_by_arm(found, holds)), *inside)


def _order(reason: str) -> tuple[int, str]:
    return (CENSORED[reason][0] if reason in CENSORED else 0), reason


def _chosen_days(found: Cases) -> tuple[Row, ...]:
    if not any(one.imputed for one in found.all):
        return ()
    label = "Day chosen by rule, for a part of the date is not known"
    return (row("day_chosen", label, *_by_arm(found, lambda one: one.imputed)),)


def _by_arm(found: Cases, holds: _Holds, share: bool = True) -> tuple[Cell, ...]:
    """How many of the control, of the experimental arm, of both."""
    return tuple(counted(part, holds, share) for part in (*found.both(), found))


def counted(part: Cases, holds: _Holds, share: bool = True) -> Cell:
    """How many cases; of lesions each counts, with the entries behind it."""
    fitting = [one for one in part.all if holds(one)]
    whole = len(part.all) if share else None
    if all(not one.item for one in part.all):
        return count([one.behind for one in fitting], whole)
    many, behind = len(fitting), tuple(one.behind for one in fitting)
    if not whole:
        return Cell(str(many), (("count", many),), behind)
    values = (("count", many), ("of", whole), ("share", many / whole))
    return Cell(f"{many} ({100 * many / whole:.1f} %)", values, behind)


def reached(part: Cases) -> tuple[Behind, ...]:
    """The people behind the events."""
    return part.where(lambda one: one.event).behind
