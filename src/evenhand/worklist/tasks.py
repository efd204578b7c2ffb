"""What is missing, by what must be done about it: a fact to record, consent, a judgement to sign, a step to take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from evenhand.eligibility import Assessment, Situation, assessor_of, level_of
from evenhand.enrollment import consent_to
from evenhand.logic import Reason, Unknown
from evenhand.protocol import Judgement, Protocol
from evenhand.record import SubjectHistory
from evenhand.rules.nodes import Rule
from evenhand.worklist.row import Task

_DAY = timedelta(days=1)


class _Gap(NamedTuple):
    """A reason why something is open, the rule that met it, and what waits for it."""

    reason: Reason
    rule: Rule
    waiting: str


def tasks_of(
    protocol: Protocol, known: SubjectHistory, assessment: Assessment, today: date, current: Protocol
) -> tuple[Task, ...]:
    """Everything to be done before the candidate can be randomized, in the order in which it is done; consent is asked
    for to the version ``current``, by which the site enrols.

    ``assessment`` is of the day to be ready for: today, or the day on which the window opens. Registering is said once
    nothing that it asks for is missing, and so is randomizing; a stratification factor holds up the latter alone.
    """
    missing = _merged(_from_gap(gap, protocol) for gap in _open_criteria(assessment))
    found = [task for task in missing if task.act == "record"]
    found += _consent(current, known, today)
    found += [_not_too_early(protocol, task, assessment.on, today) for task in missing if task.act == "sign"]
    start = assessment.on if assessment.on > today else None
    if not found and known.registration is None:
        found.append(Task("register", start=start))
    strata = _merged(_from_gap(gap, protocol) for gap in _open_strata(protocol, assessment))
    found += [task for task in strata if (task.act, task.label) not in {(one.act, one.label) for one in found}]
    return tuple(found) or (Task("randomize", start=start),)


def _open_criteria(assessment: Assessment) -> Iterator[_Gap]:
    for item in assessment.criteria:
        yield from (_Gap(reason, item.criterion.rule, item.criterion.id) for reason in item.reasons)


def _open_strata(protocol: Protocol, assessment: Assessment) -> Iterator[_Gap]:
    """Why the level of a stratification factor is not known."""
    for stratum in protocol.randomization.strata:
        if level_of(protocol, stratum, assessment) is None:
            situation = Situation(assessor_of(protocol), assessment.person, assessment.on)
            for level in stratum.levels:
                answer = assessor_of(protocol).compiled(level.rule)(situation)
                if isinstance(answer, Unknown):
                    yield from (_Gap(reason, level.rule, f"stratum {stratum.id}") for reason in answer.reasons)


def _from_gap(gap: _Gap, protocol: Protocol) -> Task:
    name, _, item = gap.reason.about.partition("(")
    said = (gap.reason.detail or gap.reason.why,)
    judgement = protocol.judgements.get(name)
    if judgement is not None:
        items = (item.removesuffix(")"),) if item else ()
        return Task("sign", name, judgement.statement, said, judgement.roles, items=items, criteria=(gap.waiting,))
    return _record(gap, said, protocol)


def _record(gap: _Gap, said: tuple[str, ...], protocol: Protocol) -> Task:
    """The facts of a reason; where it names none (a code set, an unmapped code), those that the rule reads."""
    words = protocol.vocabulary
    name, _, field = gap.reason.about.partition(".")
    kind = words.facts.get(name)
    names = (name,) if kind is not None else gap.rule.facts
    raw = tuple(dict.fromkeys(one for fact in names for one in words.raw_inputs(fact)))
    labels = [words.facts[fact].label or fact for fact in names]
    if kind is not None and field in kind.fields:
        labels = [f"{labels[0]}: {kind.fields[field].label or field}"]
    roles = tuple(dict.fromkeys(who for fact in raw if (who := words.facts[fact].determined_by)))
    return Task("record", gap.reason.about, " or ".join(labels), said, roles, raw, criteria=(gap.waiting,))


def _merged(tasks: Iterable[Task]) -> list[Task]:
    """One task for one thing to do, however many criteria ask for it and however many entries it is about."""
    found: dict[tuple[str, str], Task] = {}
    for task in tasks:
        earlier = found.setdefault((task.act, task.label), task)
        if earlier is not task:
            found[task.act, task.label] = replace(
                earlier,
                said=tuple(dict.fromkeys(earlier.said + task.said)),
                items=tuple(dict.fromkeys(earlier.items + task.items)),
                criteria=tuple(dict.fromkeys(earlier.criteria + task.criteria)),
            )
    return list(found.values())


def _consent(protocol: Protocol, known: SubjectHistory, today: date) -> list[Task]:
    wanted = protocol.enrollment
    if consent_to(protocol, known, today) is not None:
        return []
    given = known.consent_on(today)
    said = f"{wanted.consent_document} {wanted.consent_version}"
    if given is not None:
        said = f"given to {given.document} {given.version}; {said} is current"
    return [Task("consent", label=wanted.consent_document, said=(said,))]


def _not_too_early(protocol: Protocol, task: Task, ready: date, today: date) -> Task:
    """A signature that would lapse before the window opens waits until it would not."""
    judgement = protocol.judgements[task.about]
    return replace(task, start=_first_day(judgement, ready)) if _lapses(judgement, today, ready) else task


def _lapses(judgement: Judgement, signed: date, by: date) -> bool:
    return judgement.expires is not None and judgement.expires.after(signed) < by


def _first_day(judgement: Judgement, ready: date) -> date:
    """The first day on which a signature still holds on the day to be ready for."""
    day = ready
    while not _lapses(judgement, day - _DAY, ready):
        day -= _DAY
    return day
