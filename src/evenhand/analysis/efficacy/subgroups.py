"""Is the effect the same for everybody? The hazard ratio in each subgroup, and the test of interaction.

Subgroups are described: none of them is powered, and no p-value is corrected for how many there are. Where there are
fewer events than the protocol asks for (``fewest``), or none in an arm, counts alone are shown ([P]).
"""

from __future__ import annotations

from collections.abc import Iterable

from evenhand.analysis.efficacy.cases import NO_LEVEL, Cases
from evenhand.analysis.efficacy.comparing import hazard_cell, ratio
from evenhand.analysis.efficacy.counts import reached
from evenhand.analysis.efficacy.people import Grouping
from evenhand.analysis.saying import EMPTY, cell, noted, p_text, refused, word
from evenhand.analysis.tables import Cell, Row, Table, row
from evenhand.protocol.endpoints import Endpoint
from evenhand.statistics.survival import cox
from evenhand.statistics.survival.tails import ChiSquare, chi_square


def subgroup_table(
    found: Cases, groupings: Iterable[Grouping], endpoint: Endpoint, *, fewest: int, id: str, population: str,
    notes: tuple[str, ...] = (),
) -> Table:  # fmt: skip
    """A heading for each grouping with the p of interaction, and below it a row for each level."""
    control, experimental = found.arms.labels
    head = ("", f"Events/people, {control}", f"Events/people, {experimental}", "Hazard ratio (95 % CI)",
            "p of interaction")  # fmt: skip
    rows = (_row("all", "Everybody", found, 0, fewest), *(one for by in groupings for one in _rows(found, by, fewest)))
    method = (
        f"{found.arms.named(ratio(found, stratified=False).method)}; within each subgroup, the arm alone; "
        "interaction: likelihood-ratio test of the products of arm and subgroup in one model, over the subgroups that "
        f"have an estimate. Subgroups with fewer than {fewest} events, or with none in an arm, have counts alone."
    )
    said = (
        "Subgroups are described: the trial is not powered for them, and p-values are not adjusted for their number.",
        "The protocol names the subgroups and their groups beforehand; strata are as randomized.",
    )
    title = f"{endpoint.label}: subgroups"
    return noted(Table(id, title, population, method, head, rows, (*said, *notes), by_arm=True))


def _rows(found: Cases, grouping: Grouping, fewest: int) -> tuple[Row, ...]:
    test, reason = interaction(found, grouping, fewest)
    heading = refused(reason) if test is None else cell(
        p_text(test.p), {"p": test.p, "chi_square": test.statistic, "df": test.df}
    )  # fmt: skip
    ids = _ids(grouping)
    levels = (
        _row(ids[level], label, inside(found, grouping, level), 1, fewest) for level, label in grouping.labels.items()
    )
    return (row(grouping.id, grouping.label, EMPTY, EMPTY, EMPTY, heading), *levels)


def _ids(grouping: Grouping) -> dict[str, str]:
    """The id of the row of each level: its words, and its place where two levels have the same words."""
    words = {level: word(level, place) for place, level in enumerate(grouping.labels, start=1)}
    alike = [one for one in words.values() if [*words.values()].count(one) > 1]
    return {
        level: f"{grouping.id}_{one}" + (f"_{place}" if one in alike else "")
        for place, (level, one) in enumerate(words.items(), start=1)
    }


def inside(found: Cases, grouping: Grouping, level: str) -> Cases:
    """The cases of one level."""
    return found.where(lambda one: grouping.level.get(one.subject, NO_LEVEL) == level)


def _row(id: str, label: str, part: Cases, indent: int, fewest: int) -> Row:
    few = too_few(part, fewest)
    ratio_here = hazard_cell(part, ratio(part, stratified=False)) if not few else refused(few)
    return row(id, label, *map(_counts, part.both()), ratio_here, EMPTY, indent=indent)


def _counts(part: Cases) -> Cell:
    events = sum(part.events)
    return Cell(f"{events}/{len(part.all)}", (("events", events), ("people", len(part.all))), reached(part))


def too_few(part: Cases, fewest: int) -> str:
    """Why a subgroup has counts alone; empty where it has an estimate."""
    events = [sum(one.events) for one in part.both()]
    if sum(events) < fewest:
        return f"fewer than {fewest} events"
    empty = [label for label, many in zip(part.arms.labels, events, strict=True) if not many]
    return f"no event in {empty[0]}" if empty else ""


def interaction(found: Cases, grouping: Grouping, fewest: int) -> tuple[ChiSquare | None, str]:
    """The test that the hazard ratio is one in all levels, or why there is none."""
    usable = [one for one in grouping.labels if one != NO_LEVEL and not too_few(inside(found, grouping, one), fewest)]
    if len(usable) < 2:
        return None, "fewer than two subgroups have an estimate"
    kept = found.where(lambda one: grouping.level.get(one.subject) in usable)
    level = [grouping.level[one.subject] for one in kept.all]
    groups = {f"level {place}": [float(one == name) for one in level] for place, name in enumerate(usable[1:], 1)}
    products = {
        f"arm and {name}": [one * arm for one, arm in zip(values, kept.arm, strict=True)]
        for name, values in groups.items()
    }
    alone = cox(kept.months, kept.events, {"arm": kept.arm, **groups})
    crossed = cox(kept.months, kept.events, {"arm": kept.arm, **groups, **products})
    if alone.log_likelihood is None or crossed.log_likelihood is None:
        return None, alone.reason or crossed.reason
    return chi_square(2 * (crossed.log_likelihood - alone.log_likelihood), len(products)), ""
