"""What is estimated, adjusted for and divided, for people: a part of the rendered protocol."""

from __future__ import annotations

from collections.abc import Mapping

from evenhand.protocol.factors import Factor, Group, Planned, Subgroups
from evenhand.protocol.markdown import Lines, flat, listed, row, small


def planned_lines(planned: Mapping[str, Planned]) -> Lines:
    """A table of what is estimated of each endpoint, by label; nothing where a study names nothing."""
    named = {label: one for label, one in planned.items() if one != Planned()}
    if not named:
        return
    yield from ("### What is estimated", "", "| Endpoint | At months | Restricted mean |", "|---|---|---|")
    for label, one in named.items():
        mean = "" if one.restricted_mean is None else f"up to {one.restricted_mean} months"
        yield row(label, listed(map(str, one.landmarks)) if one.landmarks else "", mean)
    yield ""
    for label, one in named.items():
        if one.adjusted_for:
            factors = listed([_covariate(factor) for factor in one.adjusted_for])
            yield from (f"{flat(label)} is also compared in a model adjusted for {factors}.", "")


def _covariate(factor: Factor) -> str:
    shape = "as a number" if factor.number and not factor.groups else _divided(factor)
    return f"{small(flat(factor.label))} ({shape})"


def subgroup_lines(subgroups: Subgroups) -> Lines:
    """A table of the subgroups of the primary endpoint."""
    yield from ("### Subgroups of the primary endpoint", "", "| By | Groups |", "|---|---|")
    for factor in subgroups.by:
        yield row(factor.label, _divided(factor))
    many = subgroups.fewest_events
    yield from ("", f"With fewer than {many} {'event' if many == 1 else 'events'} a subgroup has counts alone.", "")


def _divided(factor: Factor) -> str:
    """The groups of a factor; without any, each answer of what it goes by."""
    if factor.groups:
        return "; ".join(_group(one) for one in factor.groups)
    return "the levels at randomization" if factor.of == "stratum" else "each answer of the baseline"


def _group(group: Group) -> str:
    label, members = flat(group.label), _members(group)
    return label if label == members else f"{label} ({members})"


def _members(group: Group) -> str:
    if group.values:
        return ", ".join(map(flat, group.values))
    low, high = group.at_least, group.at_most
    if low is None or high is None:
        return f"at most {high}" if low is None else f"at least {low}"
    return f"{low} to {high}" if low < high else str(low)
