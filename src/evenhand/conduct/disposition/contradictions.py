"""Where what is recorded about endings does not agree: for queries, since entries come in any order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evenhand.conduct.disposition.ends import Ended, Ends, dispositions, ending_of
from evenhand.conduct.forms import FormEntry, entries
from evenhand.dates import DateSpan
from evenhand.protocol import Protocol
from evenhand.protocol.plan.endings import Ending
from evenhand.record import SubjectHistory


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something to be asked about the entry ``seq``: ``id`` tells it from others about the same entry."""

    id: str
    seq: int
    say: str
    mend: str


def contradictions(protocol: Protocol, known: SubjectHistory, found: Ends) -> tuple[Contradiction, ...]:
    """All of them, in the order of the entries that they are about; ``found`` is what ended what."""
    said = [*_after_death(protocol, known, found)]
    for name, span, entry in dispositions(protocol, known):
        said += _about(name, span, entry, found)
        said += _too_early(ending_of(protocol, name), span, entry.seq, found)
    return tuple(sorted(said, key=lambda one: one.seq))


def _after_death(protocol: Protocol, known: SubjectHistory, found: Ends) -> Iterator[Contradiction]:
    died = next((one for one in found.endings if one.ending.by == "death"), None)
    if died is None:
        return
    for entry in entries(protocol, known):
        if entry.counts and entry.form.reads in ("visit", "disposition") and entry.day > died.day:
            say = f"{entry.form.title} is dated {entry.day}, after the death on {died.span}."
            yield Contradiction("after_death", entry.seq, say, "Correct whichever date is wrong.")


def _about(name: str, span: DateSpan, entry: FormEntry, found: Ends) -> Iterator[Contradiction]:
    told = next((one for one in found.endings if one.ending.id == name), None)
    if told is not None:
        yield from _about_told(told, span, entry)
    first = found.follow_up
    if told is not None and first is not None and _too_late(told, first):
        say = f"{told.ending.label} on {span}, but follow-up had ended by then: {first.ending.label} on {first.span}."
        yield Contradiction("ended_before", entry.seq, say, "Correct whichever is wrong.")


def _about_told(told: Ended, span: DateSpan, entry: FormEntry) -> Iterator[Contradiction]:
    ending, by_form = told.ending, told.seq == entry.seq
    if by_form and (mend := _PROPER.get(ending.by)) is not None:
        yield Contradiction("only_said", entry.seq, f"{ending.label} is said here alone.", mend)
    elif not by_form and ending.by in _PROPER and not _meet(told.span, span):
        say = f"{ending.label} on {span} here, and on {told.span} elsewhere in the record."
        yield Contradiction("other_day", entry.seq, say, "Correct whichever day is wrong.")
    attempts = len(entry.rows("attempts"))
    if by_form and attempts < ending.attempts:
        say = f"{ending.label}: {attempts} of {ending.attempts} attempts to reach the participant are documented."
        yield Contradiction("attempts", entry.seq, say, "Add the attempts that were made, or make them.")


_PROPER: Final = {
    "progression": "Let the treating clinician determine the progression from a scan or clinically.",
    "death": "Fill in the form about the death.",
    "consent": "Record the withdrawal of consent itself: it stands apart from the forms.",
}


def _too_early(ending: Ending | None, span: DateSpan, seq: int, found: Ends) -> Iterator[Contradiction]:
    """Completion is not a matter of saying so: the calendar says when."""
    if ending is not None and ending.by == "time" and found.at_most is not None and span.last < found.at_most:
        say = f"{ending.label} on {span} is said here, but follow-up lasts until {found.at_most}."
        yield Contradiction("too_early", seq, say, "Choose the ending that took place, or correct its day.")


def _too_late(told: Ended, first: Ended) -> bool:
    return told is not first and _of_disposition(told.ending) and told.day > first.day


def _of_disposition(ending: Ending) -> bool:
    return ending.by == "disposition"


def _meet(one: DateSpan, other: DateSpan) -> bool:
    return one.first <= other.last and other.first <= one.last
