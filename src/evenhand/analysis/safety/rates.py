"""How often events began in the time at risk: people with a first event over the time to it."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.safety.happenings import SEVERE, Happenings
from evenhand.analysis.safety.observed import YEAR, began, observed_until
from evenhand.analysis.safety.overview import Question, questions
from evenhand.analysis.tables import Behind, Cell, Table, row
from evenhand.logic import YES
from evenhand.protocol.endpoints import Population
from evenhand.statistics.survival import rate, rate_ratio

PER = 100  # person-years; assumed: as rates of adverse events are commonly printed
METHOD = (
    "People with a first event of the kind in {per} person-years from randomization to it, or to the end of "
    "observation (the data cut, the end of follow-up or death); years of 365.25 days. The first day counts as one. A "
    "partial date counts as its first day. Rates: {method}."
)
NONE = "not estimable"


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Whoever had a first event, and the time of all to it, in years."""

    people: tuple[Behind, ...]
    years: float


def rates(population: Population, columns: tuple[Group, ...], found: Happenings) -> Table:
    """The rates of each group; with two arms, their ratio too."""
    by_arm = len(columns) > 1
    compared = len(columns) == 3
    rows = []
    for asked in questions():
        given = [at_risk(asked, group, found) for group in columns]
        cells = [rate_cell(one) for one in given]
        rows.append(row(asked.id, asked.label, *cells, *([_ratio(given[0], given[1])] if compared else [])))
    ratio = ["Ratio (95 % interval)"] if compared else []
    return Table(
        id="adverse_event_rates",
        title=f"Rates of a first adverse event in {PER} person-years",
        population=of_whom(population, columns[-1]),
        method=METHOD.format(per=PER, method=rate(0, 1.0).method)
        + (f" Arm 1 is {columns[1].label}: {rate_ratio((0, 1.0), (1, 1.0)).method}." if compared else ""),
        head=("", *(one.head for one in columns), *ratio),
        rows=tuple(rows),
        notes=("Each cell: people with an event, in so many person-years, and the rate with its 95 % interval.",),
        by_arm=by_arm,
    )


def at_risk(asked: Question, group: Group, found: Happenings) -> AtRisk:
    """Who had a first event, and the time at risk of everybody."""
    people, days = [], 0
    level = {"severe": SEVERE, "severe_related": SEVERE, "grade_4": 4, "fatal": 5}.get(asked.id, 1)
    for one in group.people:
        those = [each for each in found[one.person.subject] if each.counts and asked.ask(each) is YES]
        first = min(those, key=lambda each: (began(each, level), each.event.entry.seq), default=None)
        until = began(first, level) if first else observed_until(one)
        days += (until - one.seen.start).days + 1
        if first:
            people.append(Behind(one.person.subject, (first.event.entry.seq,)))
    return AtRisk(tuple(people), days / YEAR)


def rate_cell(one: AtRisk) -> Cell:
    """The people, the time in years and the rate."""
    many = len(one.people)
    if one.years <= 0:
        return Cell(NONE, (("people", many), ("years", one.years)), one.people)
    found = rate(many, one.years / PER)
    text = f"{many} in {one.years:.1f}: {found.rate:.1f} ({found.low:.1f} to {found.high:.1f})"
    values = (("people", many), ("years", one.years), ("rate", found.rate), ("low", found.low), ("high", found.high))
    return Cell(text, values, one.people)


def _ratio(control: AtRisk, experimental: AtRisk) -> Cell:
    if control.years <= 0 or experimental.years <= 0:
        return Cell(NONE)
    found = rate_ratio((len(control.people), control.years), (len(experimental.people), experimental.years))
    values = (("ratio", found.ratio), ("low", found.low), ("high", found.high), ("p", found.p))
    if found.ratio is None:
        return Cell(NONE, values)
    high = "infinity" if found.high is None else f"{found.high:.2f}"
    return Cell(f"{found.ratio:.2f} ({found.low:.2f} to {high})", values)
