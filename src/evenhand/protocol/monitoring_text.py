"""Monitoring for people: a part of the rendered protocol."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from evenhand.protocol.markdown import Lines, listed, row, small
from evenhand.protocol.monitoring import Boundary, EventRule, Monitoring, StoppingRule
from evenhand.units import Number


def monitoring_lines(monitoring: Monitoring, interventions: Mapping[str, str]) -> Lines:
    """The stopping rules, then how sites and delays are watched; ``interventions``: their labels by id."""
    yield from ("## Monitoring", "", "| Stopping rule | Stopped when | Who acts | What happens |", "|---|---|---|---|")
    for one in monitoring.stopping.values():
        yield row(one.label, stopped_when(one, interventions), one.act, one.does)
    if monitoring.meets_every is not None:
        yield from ("", f"The safety board meets at least every {monitoring.meets_every} while anybody is followed.")
    sites = monitoring.sites
    yield from (
        "",
        f"Each site is compared with the others. One with fewer than {sites.least} people is shown and not judged. Of "
        f"the findings at most {percent(sites.false_share)} may be false. A site is asked when it differs by a factor "
        f"of {sites.ratio} or more after being drawn towards the others by {sites.shrink} people.",
        "",
        f"What is overdue is counted by age: {listed([f'more than {days} days' for days in monitoring.ages])}.",
        "",
    )


def stopped_when(rule: StoppingRule, interventions: Mapping[str, str]) -> str:
    """One clause that says what stops the trial."""
    if not isinstance(rule, EventRule):
        return f"the bound of the design for {rule.stop} is crossed at one of its looks"
    whom, looks = _named(rule.treated, interventions), listed([str(look) for look in rule.looks])
    return (
        f"{event_of(rule, interventions)}, within {rule.within} of any of it, in more than {percent(rule.more_than)} "
        f"of people treated with {whom}: {boundary_of(rule.boundary)}, after {looks} people"
    )


def event_of(rule: EventRule, interventions: Mapping[str, str]) -> str:
    """The event of a rule in words."""
    if rule.death:
        return "death from any cause"
    what = listed(rule.terms) if rule.terms else "an adverse event"
    if not rule.related_to:
        return f"{what} of grade {_grades(rule)}"
    to = "it" if rule.related_to == rule.treated else _named(rule.related_to, interventions)
    return f"{what} of grade {_grades(rule)} related to {to}"


def _grades(rule: EventRule) -> str:
    first, last = min(rule.grades), max(rule.grades)
    if last - first == len(rule.grades) - 1 and last - first > 1:
        return f"{first} to {last}"
    return listed([str(grade) for grade in sorted(rule.grades)])


def _named(names: Iterable[str], interventions: Mapping[str, str]) -> str:
    return listed([small(interventions[name]) for name in names])


def boundary_of(boundary: Boundary) -> str:
    """How a boundary is found, in words."""
    if boundary.method == "exact":
        return f"exact one-sided binomial test, {percent(boundary.error or 0)} over all looks"
    return (
        f"posterior probability above {percent(boundary.probable or 0)}, beta prior of {boundary.prior_events} events "
        f"in {boundary.prior_people} people"
    )


def percent(share: Number) -> str:
    """A share as printed: 2.5 %."""
    return f"{(Decimal(share) * 100).normalize():f} %"
