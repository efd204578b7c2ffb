"""Whether an event is serious, expected, and related: three answers that have nothing to do with its grade.

Serious (21 CFR 312.32(a)): death, life in danger at that time, admission or a prolonged stay, lasting disability,
congenital anomaly, or medically important in another way. Our proposals: an admission that was planned makes no event
serious while a stay that the event prolonged does, and grade 5 is death, whatever the form says of it.
"""

from __future__ import annotations

from collections.abc import Collection

from evenhand.conduct.safety.events import AdverseEvent
from evenhand.logic import NO, YES, Reason, Truth, Unknown, conjunction, disjunction, negation, truth
from evenhand.protocol.plan.safety_rules import CRITERIA, Safety


def serious(event: AdverseEvent) -> Truth:
    """Whether any criterion of seriousness is met."""
    return disjunction(criterion(event, name) for name in CRITERIA)


def criteria_met(event: AdverseEvent) -> tuple[str, ...]:
    """The criteria that are surely met."""
    return tuple(name for name in CRITERIA if criterion(event, name) is YES)


def criterion(event: AdverseEvent, name: str) -> Truth:
    """Whether one criterion is met; where the event was called not serious, the others were not asked for."""
    if name == "death" and event.grade == 5:
        return YES
    answer = _answer(event, name)
    if name == "hospitalized":
        return conjunction((answer, negation(_answer(event, "planned_admission")))) if answer is not NO else NO
    return answer


def fatal_or_life_threatening(event: AdverseEvent) -> Truth:
    """Whether it led to death or put life in danger at that time."""
    return disjunction((criterion(event, "death"), criterion(event, "life_threatening")))


def admitted(event: AdverseEvent) -> Truth:
    """Whether it led to an admission or prolonged a stay."""
    return disjunction((criterion(event, "hospitalized"), criterion(event, "prolonged")))


def expected(event: AdverseEvent) -> Truth:
    """Whether it is expected, as the site or the sponsor determined."""
    return _answer(event, "expected", when_not_serious=None)


def suspected(event: AdverseEvent, safety: Safety, concerned: Collection[str], given: Collection[str]) -> Truth:
    """Whether it is related to one of the interventions concerned; unknown where one that was given is not rated."""
    rated = [event.relations[one] for one in concerned if one in event.relations]
    if any(safety.suspected(relation) for relation in rated):
        return YES
    missing = [one for one in concerned if one in given and one not in event.relations]
    if not missing and event.relations:
        return NO
    about = ", ".join(safety.interventions[one].label for one in missing) or "no treatment"
    return Unknown(Reason("missing", "relation", f"not rated: {about}" if missing else "no relation is recorded"))


def known_of(event: AdverseEvent, safety: Safety) -> tuple[str, ...]:
    """The interventions of which the study lists this term as known: a proposal for whoever says what is expected."""
    return tuple(one.id for one in safety.interventions.values() if event.name in one.expected)


def _answer(event: AdverseEvent, name: str, when_not_serious: bool | None = False) -> Truth:
    found = event.answered(name)
    if found is None and event.answered("serious") is False:
        found = when_not_serious
    if found is not None:
        return truth(found)
    field = event.entry.form.fields.get(name)
    return Unknown(Reason("missing", name, f"{field.type.label if field else name}: not recorded"))
