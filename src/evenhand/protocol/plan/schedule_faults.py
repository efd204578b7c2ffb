"""What can be wrong with the visits of a schedule beyond the shape of the file."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Final

from evenhand.dates import Period
from evenhand.protocol.places import Keys, Sheet
from evenhand.protocol.plan.scope import PlanScope
from evenhand.protocol.plan.visits import UNSCHEDULED, Anchor, PlannedVisit, shortest

VISIT: Final = "visit"
_DAYS_AT_MOST = {"days": 1, "months": 31, "years": 366}


def visit_faults(visit: PlannedVisit, scope: PlanScope, phases: Container[str]) -> Iterator[tuple[Keys, str]]:
    """What is wrong with one visit, and under which of its keys."""
    if visit.id == UNSCHEDULED:
        yield (), f"{UNSCHEDULED!r} is the name of visits that were not planned"
    if visit.phase not in phases:
        yield ("phase",), f"{visit.phase!r} is none of the phases"
    for arm in sorted(visit.arms - set(scope.arms)):
        yield ("arms",), f"{arm!r} is no arm: {', '.join(scope.arms)}"
    for key, anchor in (("anchor", visit.anchor), ("until", visit.until)):
        if anchor is not None and anchor.kind == "form":
            yield from (((key,), said) for said in _form_anchor(anchor, scope))
    if not any(expected.form in _visit_forms(scope) for expected in visit.forms):
        yield ("forms",), f"no form that reads as {VISIT!r} is among them: nobody could say that it took place"
    yield from _series_faults(visit)


def _visit_forms(scope: PlanScope) -> set[str]:
    return {form.id for form in scope.forms.values() if form.reads == VISIT}


def _form_anchor(anchor: Anchor, scope: PlanScope) -> Iterator[str]:
    if not anchor.names or not anchor.field:
        yield "an anchor names a `visit`, or the roles that it `reads` and the `date` in them"
    for role in anchor.names:
        forms = [form for form in scope.forms.values() if form.reads == role]
        if not forms:
            yield f"no form reads as {role!r}"
        for form in forms:
            if anchor.field not in form.fields or form.fields[anchor.field].type.kind != "date":
                yield f"the form {form.id} has no date {anchor.field!r}"


def _series_faults(visit: PlannedVisit) -> Iterator[tuple[Keys, str]]:
    window = visit.window
    if visit.every is None:
        for key, given in (("times", visit.times), ("until", visit.until)):
            if given is not None:
                yield (key,), f"`{key}` belongs to visits that repeat: say `every`"
        if window.tiled:
            yield ("window",), "only visits that repeat can tile the calendar: say `before` and `after`"
        if visit.moves == "later":
            yield ("moves",), "only visits that repeat have later ones"
        return
    if visit.each:
        yield ("every",), "a visit that follows each one of a series does not repeat besides"
    if visit.every.count == 0:
        yield ("every",), "it repeats after no time: say at least days(1)"
    elif window.tiled and visit.moves == "later":
        yield ("window",), "what moves cannot tile the calendar: say `before` and `after`"
    elif not window.tiled and _longest(window.before) + _longest(window.after) >= shortest(visit.every):
        yield ("window",), f"windows of neighbours overlap: they lie as little as {shortest(visit.every)} days apart"


def _longest(period: Period) -> int:
    """The most days that a period can have."""
    return period.count * _DAYS_AT_MOST[period.unit]


def anchor_faults(visits: Mapping[str, PlannedVisit], file: Sheet) -> list[str]:
    """Anchors on visits that are not there, or that lead back to themselves. Mends neither."""
    faults = []
    for name, visit in visits.items():
        for key, anchor in (("anchor", visit.anchor), ("until", visit.until)):
            if anchor is None or anchor.kind != "visit":
                continue
            keys: Keys = ("visits", name, key)
            missing = [other for other in anchor.names if other not in visits]
            if missing:
                faults.append(file.fault(keys, f"{missing[0]!r} is no visit of this schedule"))
            elif _leads_back(name, visits):
                faults.append(file.fault(keys, "it leads back to this visit: begin at randomization or registration"))
            elif key == "until" and visits[anchor.names[0]].series:
                faults.append(file.fault(keys, f"{anchor.names[0]!r} repeats, so it names no one day"))
            elif not _seen_together(visit, visits[anchor.names[0]]):
                faults.append(file.fault(keys, f"{anchor.names[0]!r} is not planned in every arm of this visit"))
    return faults


def _seen_together(visit: PlannedVisit, other: PlannedVisit) -> bool:
    return not other.arms or (bool(visit.arms) and visit.arms <= other.arms)


def _leads_back(name: str, visits: Mapping[str, PlannedVisit]) -> bool:
    """Whether the anchors of a visit lead to itself, or into a circle of others."""
    ahead: list[str] = [name]
    seen: set[str] = set()
    while ahead:
        visit = visits.get(ahead.pop())
        if visit is None:
            continue
        for anchor in (visit.anchor, visit.until):
            if anchor is not None and anchor.kind == "visit":
                if name in anchor.names:
                    return True
                ahead += [other for other in anchor.names if other not in seen]
                seen.update(anchor.names)
    return False
