"""Safety as a part of a report."""

from __future__ import annotations

from typing import Final

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.safety.deaths import causes, death_list, deaths
from evenhand.analysis.safety.differences import differences
from evenhand.analysis.safety.groups import Group, groups, treated
from evenhand.analysis.safety.happenings import Happenings, answered, happenings
from evenhand.analysis.safety.overview import overview, questions
from evenhand.analysis.safety.picture import grade_bars
from evenhand.analysis.safety.rates import rates
from evenhand.analysis.safety.relations import relations
from evenhand.analysis.safety.serious_events import serious_events
from evenhand.analysis.safety.terms import by_grade, side_by_side
from evenhand.analysis.safety.timing import after_radiation_table
from evenhand.analysis.saying import people_text
from evenhand.analysis.tables import Figure, Section, Table
from evenhand.conduct.safety import safety_of
from evenhand.oncology.ctcae import VersionsMixed
from evenhand.protocol.endpoints import Population
from evenhand.protocol.plan.safety_rules import Safety


def safety_sections(analysis: Analysis, *, by_arm: bool) -> tuple[Section, ...]:
    """The safety of everybody treated, as treated; with ``by_arm`` the arms beside each other, else everybody as one,
    without looking at anybody's arm. One section that says why, where the study names no safety, or nobody treated."""
    safety, population = safety_of(analysis.protocol), treated(analysis)
    if safety is None or population is None:
        lacks = "safety.yaml" if safety is None else "population of people treated"
        return (_without(f"The study has no {lacks}, so that nothing is counted here."),)
    try:
        found = happenings(analysis, safety)
    except VersionsMixed as error:
        return (_without(f"Adverse events are not counted: {error}."),)
    columns = groups(analysis, population, by_arm=by_arm)
    says, parts = _says(analysis, columns[-1], found), _events(analysis, safety, population, columns, found)
    says = says if by_arm else (POOLED, *says)
    return (
        Section("safety", "Adverse events", says, parts),
        _serious(analysis, safety, population, columns, found),
    )


def _without(say: str) -> Section:
    return Section("safety", "Adverse events", (say,))


POOLED: Final = (
    "Arms are not told apart here. An event that only surgery or radiation can cause comes from those who had it, "
    "nearly all of whom are in an arm that plans it: so its number tells how often it is there. Of an event that can "
    "happen in any arm, nothing here tells in which it did."
)
"""What a pooled count of adverse events reveals. That it is shown all the same is our proposal: sponsor and
investigators answer for the safety of everybody (FDA, Clinical Trial Data Monitoring Committees, 2006, 4.3), they know
what each arm gets, and no count can be set against that of the other arm."""


def _says(analysis: Analysis, everybody: Group, found: Happenings) -> tuple[str, ...]:
    """What stands out, in a sentence; and how many are not counted."""
    size = everybody.size
    if not size:
        return ("Nobody has been treated since randomization.",)
    many = {one.id: len(answered(everybody, found, one.ask).yes) for one in questions()}
    shares = {name: f"{number} ({100 * number / size:.1f} %)" for name, number in many.items()}
    says = [
        f"Of {people_text(size)} treated since randomization, {shares['any']} had an adverse event, "
        f"{shares['severe']} one of grade 3 or higher, {shares['serious']} a serious one and {shares['fatal']} a fatal "
        "one."
    ]
    if len(analysis.people) > size:
        says.append(f"{len(analysis.people) - size} of {len(analysis.people)} randomized are not in this population.")
    return tuple(says)


def _events(
    analysis: Analysis, safety: Safety, population: Population, columns: tuple[Group, ...], found: Happenings
) -> tuple[Table | Figure, ...]:
    by_arm = len(columns) > 1
    alone = columns[:-1] if by_arm else columns
    parts: list[Table | Figure | None] = [
        overview(analysis, safety, population, columns, found),
        grade_bars(safety, population, columns, found),
        rates(population, columns, found),
        side_by_side(safety, population, columns, found) if by_arm else None,
        differences(safety, population, columns, found),
        *(by_grade(safety, population, group, found, by_arm=by_arm) for group in alone),
        relations(safety, population, columns, found),
        after_radiation_table(safety, population, columns[-1], found) if by_arm else None,
    ]
    return tuple(one for one in parts if one is not None)


def _serious(
    analysis: Analysis, safety: Safety, population: Population, columns: tuple[Group, ...], found: Happenings
) -> Section:
    by_arm = len(columns) > 1
    listed = serious_events(analysis, safety, population, columns[-1], found, by_arm=by_arm)
    died, whole = len(deaths(columns[-1])), people_text(columns[-1].size)
    says = [] if listed else ["No serious adverse event is on record."]
    says.append(f"{died or 'Nobody'} of {whole} treated died by the data cut.")
    parts = (
        listed,
        causes(analysis, population, columns, found),
        death_list(analysis, population, columns[-1], by_arm=by_arm),
    )
    return Section(
        "serious_and_deaths",
        "Serious adverse events and deaths",
        tuple(says),
        tuple(one for one in parts if one is not None),
    )
