"""Every serious event, one by one, with what the form tells of it.

Where arms are not told apart, what it was related to and what was written of it stay out: either may name a treatment
that one arm alone gets (our proposal).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.datasets.subjects import membership
from evenhand.analysis.populations import Membership
from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.safety.happenings import Happening, Happenings
from evenhand.analysis.safety.printed import NOT_RECORDED, field_label, label_of, said_span, study_day
from evenhand.analysis.tables import Cell, Row, Table, row
from evenhand.conduct.safety import criteria_met, expected
from evenhand.logic import NO, YES, Truth, Unknown
from evenhand.protocol.endpoints import Population
from evenhand.protocol.plan.safety_rules import Safety

HEAD = ("Participant and event", "Event and worst grade", "Days", "Outcome", "Serious because", "Expected")
METHOD = (
    "Every event of which a criterion of seriousness (21 CFR 312.32(a)) is met, or may be for want of an answer, in "
    "the order of randomization. Days count from randomization, which is day 1."
)


def serious_events(
    analysis: Analysis, safety: Safety, population: Population, everybody: Group, found: Happenings, *, by_arm: bool
) -> Table | None:
    """The list; None where there is nothing on it."""
    listed = [
        (one, each)
        for one in everybody.people
        for each in found[one.person.subject]
        if each.serious is not NO
    ]  # fmt: skip
    if not listed:
        return None
    arms = {item.id: item.label for item in analysis.protocol.arms} if by_arm else {}
    written = by_arm and any(_narrative(each) for _, each in listed)
    return Table(
        id="serious_events",
        title="Serious adverse events",
        population=of_whom(population, everybody),
        method=METHOD,
        head=(*HEAD, *(("Arm", "Related to") if by_arm else ()), *(("What happened",) if written else ())),
        rows=tuple(
            _row(
                each,
                [
                    *_facts(each),
                    *(_closed(each, safety, arms, membership(one, population.id)) if by_arm else ()),
                    *((_narrative(each) or NOT_RECORDED,) if written else ()),
                ],
            )
            for one, each in listed
        ),
        notes=("What happened is not written on any of these forms.",) if by_arm and not written else (),
        by_arm=by_arm,
    )


_NAMES = ("event", "days", "outcome", "because", "expected", "arm", "related", "narrative")


def _row(each: Happening, texts: list[str]) -> Row:
    cells = (Cell(text, ((name, text),), (each.behind,)) for name, text in zip(_NAMES, texts, strict=False))
    label = f"{each.subject}, event {each.event.item}"
    return row(f"{each.subject}/{each.event.entry.seq}", label, *cells)


def _facts(each: Happening) -> tuple[str, ...]:
    """What may be told whether or not arms are told apart."""
    event = each.event
    name = f"{event.name}: {event.specified}" if event.specified else event.name
    grade = f"grade {NOT_RECORDED}" if event.grade is None else f"grade {event.grade}"
    day = study_day(event.onset, each.start)
    since = said_span(event.onset) + ("" if day is None else f" (day {day})")
    days = f"{since} to {said_span(event.ended)}" if event.ended else f"since {since}"
    return f"{name}, {grade}", days, label_of(event.entry, "outcome"), _because(each), _answer(expected(event))


def _closed(each: Happening, safety: Safety, arms: Mapping[str, str], stands: Membership) -> tuple[str, ...]:
    """The arm, and what it is related to."""
    related = ", ".join(_related(safety, each)) or ("nothing" if each.event.relations else NOT_RECORDED)
    return arms.get(stands.arm, NOT_RECORDED) if stands.arm else NOT_RECORDED, related


def _narrative(each: Happening) -> str:
    """What was written of it; empty for nothing."""
    told = each.event.entry.values.get("narrative")
    return told if isinstance(told, str) else ""


def _because(each: Happening) -> str:
    met = [field_label(each.event.entry, name).lower() for name in criteria_met(each.event)]
    if met:
        return ", ".join(met)
    return "whether it is serious is not recorded" if isinstance(each.serious, Unknown) else NOT_RECORDED


def _answer(answer: Truth) -> str:
    return "yes" if answer is YES else "no" if answer is NO else NOT_RECORDED


def _related(safety: Safety, each: Happening) -> Iterator[str]:
    for name, relation in each.event.relations.items():
        if safety.suspected(relation) and name in safety.interventions:
            yield f"{safety.interventions[name].label} ({relation})"
    for name in sorted(each.given - each.event.relations.keys()):
        yield f"{safety.interventions[name].label} ({NOT_RECORDED})"
