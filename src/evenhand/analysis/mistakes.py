"""Mistakes in the record that an analysis would carry on: told as findings, never averaged over.

An endpoint says by its own rule what it makes of such a person; the finding names the entries, so that the site can be
asked and a reader can judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from evenhand.analysis.contradictions import contradictions
from evenhand.analysis.cut import Participant
from evenhand.analysis.finding import Mistake, present
from evenhand.analysis.outcome import days_said, said
from evenhand.analysis.seen import Seen
from evenhand.conduct.forms import FormEntry, entries
from evenhand.dates import DateSpan
from evenhand.record import History

_ABOUT_THE_LIVING: Final = frozenset(
    {
        *("visit", "performance_status", "laboratory", "ejection_fraction", "scan", "side_effects", "surgery"),
        *("systemic_therapy", "therapy_change", "metastasis_resection", "locoregional_radiation"),
        *("metastasis_radiation", "adverse_event", "surgical_complication", "lesion_list"),
    }
)
"""Roles of forms whose day is one on which the person was alive."""


def mistakes(person: Participant, seen: Seen, study: History) -> tuple[Mistake, ...]:
    """All of one person, in the order of the entries; ``study`` is the record of the cut. Raises RecordError for an
    entry that does not fit its form, or facts that do not fit the vocabulary."""
    known = [one for one in entries(person.protocol, person.known) if one.counts]
    found = [*_after_death(known, seen), *_before_randomization(seen), *_ahead(known, seen), *_open(seen)]
    found += contradictions(person, seen, known, study)
    return tuple(sorted(found, key=lambda one: (one.seqs, one.id)))


def _after_death(known: list[FormEntry], seen: Seen) -> Iterator[Mistake]:
    if seen.died is None:
        return
    span = seen.died.span
    for one in known:
        if one.form.reads in _ABOUT_THE_LIVING and one.dated and one.day > span.last:
            say = f"{one.form.title} on {said(one.day)} lies after the death ({days_said(str(span))})."
            yield Mistake(seen.subject, "after_death", say, present(one.seq, seen.died.seq))
    for progressed in seen.determined:
        if progressed.day > span.last:
            say = f"The progression of {said(progressed.day)} lies after the death ({days_said(str(span))})."
            yield Mistake(seen.subject, "after_death", say, present(progressed.seq, seen.died.seq))


def _before_randomization(seen: Seen) -> Iterator[Mistake]:
    for one in (*seen.determined, *seen.scanned):
        if one.day < seen.start:
            say = f"A progression is dated {said(one.day)}, before randomization on {said(seen.start)}."
            yield Mistake(seen.subject, "before_randomization", say, (one.seq,))
    if seen.died is not None and seen.died.span.last < seen.start:
        say = f"The death is dated {days_said(str(seen.died.span))}, before randomization on {said(seen.start)}."
        yield Mistake(seen.subject, "before_randomization", say, present(seen.died.seq))


def _ahead(known: list[FormEntry], seen: Seen) -> Iterator[Mistake]:
    """Dates later than the moment of entry; a day of grace, for the record keeps no time zone."""
    for one in known:
        entered = one.standing.latest.recorded_at.date() + timedelta(days=1)
        for name, day in _days(one):
            if day > entered:
                label = one.form.fields[name].type.label.lower()
                say = f"{one.form.title}: {label} is {said(day)}, later than its entry on {said(_entered(one))}."
                yield Mistake(seen.subject, "in_the_future", say, (one.seq,))


def _entered(one: FormEntry) -> date:
    return one.standing.latest.recorded_at.date()


def _days(entry: FormEntry) -> Iterator[tuple[str, date]]:
    for name, value in entry.values.items():
        if isinstance(value, DateSpan):
            yield name, value.first
        elif isinstance(value, tuple):
            inside = (item for row in value for item in row.values())
            yield from ((name, item.first) for item in inside if isinstance(item, DateSpan))


def _open(seen: Seen) -> Iterator[Mistake]:
    """What is no contradiction, and leaves an endpoint open all the same."""
    if seen.unsigned is not None:
        how = "the scans propose and nobody determined" if seen.unsigned.basis == "proposed" else "nobody signed"
        say = f"A progression of {said(seen.unsigned.day)} that {how}."
        yield Mistake(seen.subject, "unsigned_progression", say, (seen.unsigned.seq,))
    if seen.nameless is not None:
        yield Mistake(seen.subject, "death_without_day", "A death of which no day is known.", (seen.nameless,))
