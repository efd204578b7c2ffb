"""From randomization on: what was received, how follow-up ended, who is analysed.

CONSORT 2025, items 22a and 22b. What is told by arm goes by the arm of allocation. Whoever is told of without arms is
told nothing that depends on one: whether somebody received *the allocated* treatment does, whether any does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.flow.parts import Part, whole
from evenhand.analysis.flow.received import Why, received
from evenhand.analysis.populations import Membership, treated_in
from evenhand.analysis.tables import Behind
from evenhand.conduct.disposition.ends import Ended, reached
from evenhand.conduct.ending import ends_of
from evenhand.conduct.forms import FormEntry, context, entries_reading
from evenhand.protocol.endpoints import Population
from evenhand.protocol.endpoints_sheets import Lack
from evenhand.protocol.endpoints_text import LACKS
from evenhand.protocol.plan.endings import Ending

WITHOUT_ARMS: Final[frozenset[Lack]] = frozenset({"ineligible", "no_assessment"})
"""Lacks that do not depend on an arm."""
_PLANNED: Final = ("progression", "time", "death")
_OTHER_LACKS: Final = {
    "untreated": "No treatment since randomization is recorded",
    "arm": "The arm treated in cannot be told",
}


class Stages(NamedTuple):
    """Some people from randomization on: each stage has all of them, but ``stopped``, whose treatment alone ended."""

    allocation: Part
    follow_up: Part
    stopped: Part
    analysed: tuple[Part, ...]


def after(analysis: Analysis, people: Iterable[Analysed], *, by_arm: bool) -> Stages:
    """What became of some of those randomized: those of one arm, or all together."""
    some = tuple(people)
    return Stages(
        _allocated(analysis, some) if by_arm else _treated(some),
        _followed(analysis, some),
        _stopped(some),
        tuple(
            _population(analysis, one, some, by_arm=by_arm)
            for one in analysis.endpoints.populations.values()
            if by_arm or (one.arm == "allocated" and one.who == "randomized" and set(one.without) <= WITHOUT_ARMS)
        ),
    )


def of_arm(analysis: Analysis, arm: str) -> tuple[Analysed, ...]:
    """Everybody allocated to an arm."""
    return tuple(one for one in analysis.people if context(one.person.known).arm == arm)


# ---- what was received --------------------------------------------------------------------------


def _allocated(analysis: Analysis, some: tuple[Analysed, ...]) -> Part:
    found = [(one.person.subject, received(one, analysis.protocol)) for one in some]

    def of(kind: str, why: Why | None = None) -> tuple[Behind, ...]:
        return tuple(
            Behind(who, one.seqs) for who, one in found if one.kind == kind and (why is None or one.why == why)
        )

    reasons = sorted({one.why for _, one in found if one.kind == "not received"})
    parts = [
        Part("received", "Received the allocated treatment", of("received")),
        Part("due", "Treatment to begin still, in time", of("due")),
        whole(
            "not_received",
            "Did not receive the allocated treatment",
            (Part(f"not_received_{why.id}", why.say, of("not received", why)) for why in reasons),
        ),
    ]
    return whole("allocated", "Allocated", parts)


def _treated(some: tuple[Analysed, ...]) -> Part:
    """Whether anything was given; no entries, for they would tell the arm."""
    at_all = [(one.person.subject, treated_in(one.person, one.seen).at_all) for one in some]
    parts = [
        Part("treated", "Received treatment since randomization", tuple(Behind(who) for who, one in at_all if one)),
        Part("untreated", _OTHER_LACKS["untreated"], tuple(Behind(who) for who, one in at_all if not one)),
    ]
    return whole("allocated", "Randomized", parts)


# ---- how follow-up ended ------------------------------------------------------------------------


def _followed(analysis: Analysis, some: tuple[Analysed, ...]) -> Part:
    ended = [(one, _end(one)) for one in some]
    on = tuple(Behind(one.person.subject, (one.seen.seq,)) for one, end in ended if end is None)
    groups: tuple[tuple[str, str, Callable[[Ending], bool]], ...] = (
        ("ended", "Follow-up ended as planned", lambda one: one.by in _PLANNED),
        ("lost", "Lost to follow-up", lambda one: one.by not in _PLANNED and one.until_seen_again),
        ("left", "Left follow-up", lambda one: one.by not in _PLANNED and not one.until_seen_again),
    )
    parts = [_alone(whole(id, label, _endings(analysis, ended, wanted, id))) for id, label, wanted in groups]
    return whole("follow_up", "Follow-up", [Part("followed", "Followed at the cut", on), *parts])


def _alone(part: Part) -> Part:
    """A whole of one part that says the same is told once."""
    return replace(part, parts=()) if [one.label for one in part.parts] == [part.label] else part


def _end(one: Analysed) -> Ended | None:
    """What ended follow-up by the cut; None where nothing did."""
    ends = ends_of(one.person.protocol, one.person.known)
    return ends.follow_up if ends.over(one.seen.until) else None


_Ends = list[tuple[Analysed, Ended | None]]


def _endings(analysis: Analysis, ended: _Ends, wanted: Callable[[Ending], bool], of: str) -> Iterator[Part]:
    """The endings that the study describes, in its order, then any other that an older version had."""
    schedule = analysis.protocol.plan.schedule if analysis.protocol.plan else None
    known = schedule.endings.by_id.values() if schedule else ()
    told = {one.id: one for one in known if one.ends == "follow_up"}
    told |= {end.ending.id: end.ending for _, end in ended if end is not None and end.ending.id not in told}
    for ending in filter(wanted, told.values()):
        people = [
            Behind(one.person.subject, (end.seq,) if end.seq else ())
            for one, end in ended
            if end is not None and end.ending.id == ending.id
        ]
        yield Part(f"{of}_{ending.id}", ending.label, tuple(people))


def _stopped(some: tuple[Analysed, ...]) -> Part:
    """Whose study treatment was stopped for good by the cut, by the reason of the form."""
    found = [(one.person.subject, entry) for one in some if (entry := _stop(one)) is not None]
    parts = [
        Part(
            f"stopped_{code}",
            label,
            tuple(Behind(who, (entry.seq,)) for who, entry in found if _because(entry) == (code, label)),
        )
        for code, label in sorted({_because(entry) for _, entry in found})
    ]
    return whole("stopped", "Treatment stopped for good", parts)


def _stop(one: Analysed) -> FormEntry | None:
    protocol, known = one.person.protocol, one.person.known
    seqs = {
        end.seq
        for end in ends_of(protocol, known).endings
        if end.ending.ends == "treatment" and reached(end, one.seen.until)
    }
    return next((entry for entry in entries_reading(protocol, known, "disposition") if entry.seq in seqs), None)


def _because(entry: FormEntry) -> tuple[str, str]:
    """The reason, as code and label; one that is not recorded is said to be so."""
    field, code = entry.form.fields.get("because"), entry.values.get("because")
    if field is None or not isinstance(code, str):
        return "unknown", "Not recorded why"
    label = field.type.codes.get(code, code)
    return code, label[:1].upper() + label[1:]


# ---- who is analysed ----------------------------------------------------------------------------


def _population(analysis: Analysis, one: Population, some: tuple[Analysed, ...], *, by_arm: bool) -> Part:
    members = [(who, found) for who in some for found in who.memberships if found.population == one.id]
    inside = [(who, found) for who, found in members if found.included]
    outside = [(who, found) for who, found in members if not found.included]
    arms = analysis.protocol.arms if by_arm and one.arm == "treated" else ()
    counted = tuple(
        Part(f"{one.id}_in_{arm.id}", f"Counted in {arm.label}", _members(inside, arm.id)) for arm in arms
    )  # fmt: skip
    lacks = tuple(_lacks(one.id, outside))
    parts = [
        Part(f"{one.id}_analysed", "Analysed", _members(inside), counted),
        Part(f"{one.id}_out", "Excluded from the analysis", _members(outside), lacks, apart=False),
    ]
    return whole(one.id, f"{one.label} population", parts)


_Members = list[tuple[Analysed, Membership]]


def _members(some: _Members, arm: str | None = None) -> tuple[Behind, ...]:
    return tuple(_member(who, one) for who, one in some if arm is None or one.arm == arm)


def _member(who: Analysed, found: Membership) -> Behind:
    seqs = tuple(seq for why in found.reasons for seq in why.seqs)
    return Behind(who.person.subject, seqs or (who.seen.seq,))


def _lacks(named: str, outside: list[tuple[Analysed, Membership]]) -> Iterator[Part]:
    """Each sort of lack with whoever is out for it; a person may lack several things."""
    sorts = [
        lack for lack in (*LACKS, *_OTHER_LACKS) if any(lack == why.lack for _, one in outside for why in one.reasons)
    ]
    for lack in sorts:
        label = _OTHER_LACKS.get(lack) or LACKS[lack][:1].upper() + LACKS[lack][1:]
        people = [
            Behind(who.person.subject, tuple(seq for why in one.reasons if why.lack == lack for seq in why.seqs))
            for who, one in outside
            if any(why.lack == lack for why in one.reasons)
        ]
        yield Part(f"{named}_{lack}", label, tuple(people))
