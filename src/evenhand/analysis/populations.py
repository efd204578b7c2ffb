"""Whom an analysis is of: each person in or out of each population, and why.

Intention to treat: ICH E9, 5.2.1 (everybody, as allocated). Per protocol: ICH E9, 5.2.2; which lacks exclude is the
study's. As treated, which ICH leaves open, is ours: whoever began local therapy was treated as in the arm that plans
it. Where an arm cannot be told, the person is in no population that goes by treatment, and the reason says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from evenhand.analysis.cut import Participant
from evenhand.analysis.outcome import said
from evenhand.analysis.seen import Seen
from evenhand.conduct.ending import ends_of
from evenhand.conduct.forms import context
from evenhand.conduct.quality import deviations, evidence_after_randomization
from evenhand.conduct.treatment.local import LOCAL_ROLES, LocalTherapy, given, local_therapy
from evenhand.conduct.treatment.planned import planned_forms
from evenhand.conduct.treatment.registered import registered_lesions
from evenhand.conduct.treatment.systemic import regimens
from evenhand.conduct.treatment.windows import windows
from evenhand.eligibility import assessor_of
from evenhand.protocol import Protocol
from evenhand.protocol.endpoints import Endpoints, Population
from evenhand.protocol.endpoints_sheets import Lack
from evenhand.record.facts import recorded_person


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is in a population in an arm, or out of it, and the entries that say so. ``lack`` is the sort of
    what is lacking: one of the study's, ``untreated``, or ``arm`` where that cannot be told; empty where nothing is."""

    say: str
    seqs: tuple[int, ...] = ()
    lack: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """One person and one population. ``arm``: that in which the person counts; None where out, or where the arm cannot
    be told. ``reasons``: why out, or why in another arm than allocated."""

    population: str
    included: bool
    arm: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Treated:
    """The arm that somebody was treated in (None: it cannot be told), whether treated at all, and why."""

    arm: str | None
    at_all: bool
    why: Reason


def memberships(person: Participant, seen: Seen, endpoints: Endpoints, on: date) -> tuple[Membership, ...]:
    """One person in every population, on the day of the cut."""
    as_treated = treated_in(person, seen)
    return tuple(_membership(one, person, seen, as_treated, on) for one in endpoints.populations.values())


def _membership(
    population: Population, person: Participant, seen: Seen, as_treated: Treated, on: date
) -> Membership:  # fmt: skip
    allocated = context(person.known).arm
    out = [
        replace(reason, lack=lack)
        for lack in population.without
        for reason in _LACKS[lack](person, seen, as_treated, on)
    ]
    arm = as_treated.arm if population.arm == "treated" else allocated
    if population.who == "treated" and not as_treated.at_all:
        out.append(replace(as_treated.why, lack="untreated"))
    elif arm is None:
        out.append(replace(as_treated.why, lack="arm"))
    if out:
        return Membership(population.id, False, None, tuple(dict.fromkeys(out)))
    return Membership(population.id, True, arm, () if arm == allocated else (as_treated.why,))


def treated_in(person: Participant, seen: Seen) -> Treated:
    """The arm that somebody was treated in by local therapy, and whether treated at all since randomization."""
    protocol, known = person.protocol, person.known
    if protocol.plan is None or protocol.plan.treatment is None:
        return Treated(context(known).arm, False, Reason("the study records no treatment"))
    local = [(day, entry) for day, entry in given(protocol, known) if day >= seen.start]
    systemic = [
        one for one in regimens(protocol, known) if one.started and (one.stopped is None or one.stopped >= seen.start)
    ]
    if local:
        day, first = min(local, key=lambda one: (one[0], one[1].seq))
        why = Reason(f"local therapy began on {said(day)}: {first.form.title}", (first.seq,))
        return Treated(_the_arm(protocol, known_arm=context(known).arm, local=True), True, why)
    arm = _the_arm(protocol, known_arm=context(known).arm, local=False)
    if systemic:
        return Treated(arm, True, Reason("no local therapy began by the cut", (systemic[-1].entry.seq,)))
    return Treated(arm, False, Reason("no treatment since randomization is recorded"))


def _the_arm(protocol: Protocol, known_arm: str | None, local: bool) -> str | None:
    """The arm that plans local therapy, or plans none: that of allocation where it fits, else the only other one."""
    plans = {
        arm.id: any(planned_forms(protocol, role, arm.id) for role in LOCAL_ROLES) for arm in protocol.arms
    }  # fmt: skip
    fitting = [arm for arm, planned in plans.items() if planned is local]
    if known_arm in fitting or not fitting:
        return known_arm
    return fitting[0] if len(fitting) == 1 else None


_Asked = Callable[[Participant, Seen, Treated, date], Iterator[Reason]]


def _ineligible(person: Participant, seen: Seen, _: Treated, on: date) -> Iterator[Reason]:
    """Criteria that are now known not to have been met on the day of randomization."""
    later = evidence_after_randomization(person.known)
    if not later:
        return
    vocabulary = person.protocol.vocabulary
    assessed = assessor_of(person.protocol).assess(recorded_person(person.known, vocabulary), seen.start)
    for item in assessed.criteria:
        if item.verdict == "fail":
            say = f"{item.criterion.id} {item.criterion.title} was not met at randomization, as is known now"
            yield Reason(say, (later[-1].latest.seq,))


def _other_treatment(person: Participant, seen: Seen, as_treated: Treated, on: date) -> Iterator[Reason]:
    """Local therapy in an arm that plans none; what is lacking in the other arm is asked by itself."""
    if seen.unplanned is not None:
        seqs = (seen.unplanned.seq,) if seen.unplanned.seq else ()
        yield Reason(f"{seen.unplanned.label} on {said(seen.unplanned.day)} is planned in another arm alone", seqs)


def _local_therapy(person: Participant, seen: Seen, _: Treated, on: date) -> Iterator[Reason]:
    """Parts that were left out for a reason, or that are not complete although their time is over. What does not apply
    to the person lacks nothing; where that is not known, so is completeness, and the reason says it."""
    protocol, known = person.protocol, person.known
    if protocol.plan is None or protocol.plan.treatment is None:
        return
    labels = registered_lesions(protocol, known)
    local = local_therapy(protocol, known, labels)
    if not local.planned:
        return
    for part in local.parts:
        if part.state == "closed with a reason" and part.doubt:
            yield Reason(f"local therapy is not known to be complete: {part.what}; {part.doubt}", part.seqs)
        elif part.state == "closed with a reason":
            yield Reason(f"local therapy is not complete: {part.what}", part.seqs)
    for one in windows(protocol, known, labels, on, ends_of(protocol, known).last):
        if one.window.of == "local_therapy_complete" and one.state in ("overdue", "ended") and one.closes:
            yield Reason(f"local therapy was not complete by {said(min(one.closes, on))}{_in_doubt(local)}")


def _in_doubt(local: LocalTherapy) -> str:
    """What is not known of all that is awaited, where that may not even apply."""
    awaited = [part.doubt for part in local.parts if not part.settled]
    return f"; {'; '.join(awaited)}" if awaited and all(awaited) else ""


def _major_deviation(person: Participant, seen: Seen, _: Treated, on: date) -> Iterator[Reason]:
    for one in deviations(person.protocol, person.known, on):
        if one.major:
            yield Reason(f"major deviation on {said(one.day)}: {one.what}", (one.seq,) if one.seq else ())


def _no_assessment(person: Participant, seen: Seen, _: Treated, on: date) -> Iterator[Reason]:
    if seen.lacks:
        yield Reason(seen.lacks, (seen.listed,) if seen.listed else ())
    elif not any(one.adequate for one in seen.assessments):
        yield Reason("no adequate assessment after baseline")


_LACKS: Final[Mapping[Lack, _Asked]] = {
    "ineligible": _ineligible,
    "other_treatment": _other_treatment,
    "local_therapy": _local_therapy,
    "major_deviation": _major_deviation,
    "no_assessment": _no_assessment,
}
