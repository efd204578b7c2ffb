"""What the parts of a record say against each other, although each step was checked when it was taken.

Facts are corrected, forms come from other programs and from older versions of this one; so everything is held against
everything else once more at the cut. Only what is surely contradictory is told: of partial dates, days that cannot fit.
Which contradictions are worth a finding is our proposal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from evenhand.analysis.cut import Participant
from evenhand.analysis.finding import Mistake, present
from evenhand.analysis.outcome import days_said, said
from evenhand.analysis.seen import Seen
from evenhand.conduct.disposition.collecting import may_collect
from evenhand.conduct.ending import ends_of
from evenhand.conduct.forms import FormEntry, entries_reading
from evenhand.conduct.forms.entry import Row
from evenhand.conduct.treatment.local import given
from evenhand.dates import DateSpan
from evenhand.eligibility import assessor_of
from evenhand.eligibility.strata import level_in
from evenhand.eligibility.verdict import Situation
from evenhand.enrollment.open_days import halts_of, opened_on
from evenhand.protocol.endpoints import Endpoints
from evenhand.record import History
from evenhand.record.facts import recorded_facts, recorded_person

_SPANS: Final = (
    *(("onset", "ended"), ("started", "ended"), ("started", "stopped"), ("changed", "resumed"), ("began", "ended")),
    ("performed", "discharged"),
)
"""Fields of which the second tells the end of what the first began, by the names that the forms' roles ask for."""


def contradictions(person: Participant, seen: Seen, known: list[FormEntry], study: History) -> Iterator[Mistake]:
    """All of one person; ``known`` are the forms that count, ``study`` is the record of the cut.

    Raises RecordError for facts or entries that do not fit the protocol.
    """
    yield from _enrolled(person, seen, study)
    yield from _stratum(person, seen)
    yield from _too_early(person, seen)
    yield from _backwards(known, seen)
    yield from _unlisted(known, seen)
    yield from _before_birth(person, known, seen)
    yield from _two_deaths(person, seen)
    yield from _after_end(person, known, seen)


# ---- enrolment ----------------------------------------------------------------------------------


def _enrolled(person: Participant, seen: Seen, study: History) -> Iterator[Mistake]:
    """Consent, registration and randomization in their order, at a site that was open."""
    known, registered = person.known, person.known.registration
    steps = [("Randomized", seen.start, seen.seq)]
    steps += [("Registered", registered.effective, registered.seq)] if registered else []
    for what, day, seq in steps:
        if not any(one.holds_on(day) for one in known.consents):
            say = f"{what} on {said(day)}, a day on which no consent held."
            yield Mistake(seen.subject, "without_consent", say, (seq, *(one.seq for one in known.consents)))
    if registered and registered.effective > seen.start:
        say = f"Registered on {said(registered.effective)}, after randomization on {said(seen.start)}."
        yield Mistake(seen.subject, "out_of_order", say, (registered.seq, seen.seq))
    yield from _not_open(person, seen, study)


def _not_open(person: Participant, seen: Seen, study: History) -> Iterator[Mistake]:
    site, day, closure = person.known.site, seen.start, study.state.closure
    opened = opened_on(study).get(site) if site else None
    if site and (opened is None or opened > day):
        since = f"which opened on {said(opened)}" if opened else "which never opened"
        say = f"Randomized on {said(day)} at {site}, {since}."
        yield Mistake(seen.subject, "site_not_open", say, (seen.seq,))
    halted = any(first <= day < after for first, after in halts_of(study, seen.until))
    if halted or (closure is not None and day > closure.effective):
        why = "accrual was halted" if halted else "the study was closed"
        yield Mistake(seen.subject, "site_not_open", f"Randomized on {said(day)}, when {why}.", (seen.seq,))


def _stratum(person: Participant, seen: Seen) -> Iterator[Mistake]:
    """Levels that the facts, as they are known now, make others on the day of randomization.

    The person stays in the stratum of randomization in every analysis (ICH E9, 5.2); the finding says it was wrong.
    """
    protocol, known = person.protocol, person.known
    levels = known.allocation.levels if known.allocation else {}
    if not levels:
        return
    situation = Situation(assessor_of(protocol), recorded_person(known, protocol.vocabulary), seen.start)
    for factor in protocol.randomization.strata:
        now, used = level_in(factor, situation), levels.get(factor.id)
        if now is not None and used is not None and now != used:
            labels = {level.id: level.label for level in factor.levels}
            say = f"Randomized as {labels.get(str(used), used)}; by the facts as they stand it is {labels[now]}."
            yield Mistake(seen.subject, "stratum_contradicted", say, (seen.seq,))


# ---- forms --------------------------------------------------------------------------------------


def _too_early(person: Participant, seen: Seen) -> Iterator[Mistake]:
    """Treatment of the study that began before anybody was allocated to it."""
    protocol = person.protocol
    if protocol.plan is None or protocol.plan.treatment is None:
        return
    for day, entry in given(protocol, person.known):
        if day < seen.start:
            say = f"{entry.form.title} on {said(day)} lies before randomization on {said(seen.start)}."
            yield Mistake(seen.subject, "treatment_too_early", say, present(entry.seq, seen.seq))


def _backwards(known: Iterable[FormEntry], seen: Seen) -> Iterator[Mistake]:
    for one in known:
        for first, last in _SPANS:
            ended = one.values.get(last)
            began = one.values.get(first) if ended is not None else None
            if isinstance(began, DateSpan) and isinstance(ended, DateSpan) and ended.last < began.first:
                say = f"{one.form.title}: it ended ({ended}) before it began ({began})."
                yield Mistake(seen.subject, "ends_before_it_begins", say, (one.seq,))


def _unlisted(known: Iterable[FormEntry], seen: Seen) -> Iterator[Mistake]:
    """Rows of scans about a lesion that nobody listed, at baseline or as a new one."""
    every = tuple(known)
    listed = {row.get("lesion") for one in every for row in _lesions_of(one)}
    for one in every:
        names = {row.get("lesion") for row in one.rows("lesions")} if one.form.reads == "scan" else set()
        strange = sorted(str(name) for name in names - listed if name is not None)
        if strange and listed:
            say = f"{one.form.title} on {said(one.day)} tells of {', '.join(strange)}, which nobody listed at baseline."
            yield Mistake(seen.subject, "lesion_not_listed", say, present(one.seq, seen.listed))


_LISTS: Final = {"lesion_list": "lesions", "scan": "new_lesions"}
"""The tables that list lesions, by the role of their form."""


def _lesions_of(one: FormEntry) -> tuple[Row, ...]:
    return one.rows(_LISTS[one.form.reads]) if one.form.reads in _LISTS else ()


def _before_birth(person: Participant, known: Iterable[FormEntry], seen: Seen) -> Iterator[Mistake]:
    born = _born(person)
    if born is None:
        return
    for one in known:
        early = [day for day in one.values.values() if isinstance(day, DateSpan) and day.last < born]
        if early:
            say = f"{one.form.title}: {early[0]} lies before the birth."
            yield Mistake(seen.subject, "before_birth", say, (one.seq,))


def _born(person: Participant) -> date | None:
    """The first day on which the person may have been born; None where no fact says it."""
    protocol = person.protocol
    asked = _age_of(protocol.endpoints)
    if asked is None:
        return None
    found = (fact.value for _, fact in recorded_facts(person.known, protocol.vocabulary) if fact.name == asked)
    return min((one.first for one in found if isinstance(one, DateSpan)), default=None)


def _age_of(endpoints: Endpoints | None) -> str | None:
    baseline = endpoints.baseline if endpoints else None
    return baseline.age.fact if baseline and baseline.age else None


def _two_deaths(person: Participant, seen: Seen) -> Iterator[Mistake]:
    told = entries_reading(person.protocol, person.known, "death")
    spans = [one.values["died"] for one in told if isinstance(one.values.get("died"), DateSpan)]
    apart = [one for one in spans if isinstance(one, DateSpan)]
    if len(apart) > 1 and max(one.first for one in apart) > min(one.last for one in apart):
        say = f"Two deaths: {' and '.join(sorted(map(str, apart)))}."
        yield Mistake(seen.subject, "two_deaths", say, tuple(one.seq for one in told))


def _after_end(person: Participant, known: Iterable[FormEntry], seen: Seen) -> Iterator[Mistake]:
    """What was collected after follow-up had ended, death apart, which has a finding of its own."""
    ends = ends_of(person.protocol, person.known)
    died = seen.died.span.last if seen.died else None
    for one in known:
        if one.dated and (died is None or one.day <= died):
            refused = may_collect(ends, one.form, one.day)
            if refused is not None:
                yield Mistake(seen.subject, "after_the_end", f"{days_said(refused.reason)}.", (one.seq,))
