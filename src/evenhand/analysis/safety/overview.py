"""How many people had any event, a severe one, a serious one, a fatal one, one that treatment may have caused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.datasets.subjects import membership
from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.safety.happenings import SEVERE, Ask, Happening, Happenings, answered
from evenhand.analysis.tables import Behind, Cell, Row, Table, count, row
from evenhand.logic import NO, YES, Truth, Unknown, truth
from evenhand.protocol.endpoints import Population
from evenhand.protocol.plan import Form
from evenhand.protocol.plan.safety_rules import Safety

ACTION = "AEACN"  # CDASH: what was done with the treatment because of the event
UNCHANGED = "none"  # the code of that field that is no action

METHOD = (
    "People with at least one event of the kind, each counted once. Events count that began on or after the day of "
    "randomization, or became worse from then on, and are above the grade of any condition at baseline; one of which "
    "that cannot be told counts too (these rules are the study's own). Grades by CTCAE {version}."
)


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked of each event; ``id`` names its row."""

    id: str
    label: str
    ask: Ask


def questions() -> tuple[Question, ...]:
    """What an overview asks, in order."""
    return (
        Question("any", "Any adverse event", lambda one: YES),
        Question("severe", f"Grade {SEVERE} or higher", lambda one: one.at_least(SEVERE)),
        Question("grade_4", "Grade 4 or higher", lambda one: one.at_least(4)),
        Question("fatal", "Fatal", lambda one: one.fatal),
        Question("serious", "Serious", lambda one: one.serious),
        Question("related", "Related to a treatment", lambda one: one.related),
        Question("severe_related", f"Grade {SEVERE} or higher and related", lambda one: one.severe_related),
        Question("serious_related", "Serious and related", lambda one: one.serious_related),
    )


def method(safety: Safety) -> str:
    """How events are counted."""
    return METHOD.format(version=safety.ctcae)


def related_when(safety: Safety) -> str:
    """What counts as related (the five attributions of the NCI)."""
    return (
        f"Related: at least {safety.suspected_from}; not recorded, where a treatment had been given by then and its "
        "relation is not rated."
    )


def overview(
    analysis: Analysis, safety: Safety, population: Population, columns: tuple[Group, ...], found: Happenings
) -> Table:
    """The overview, a column for each group."""
    by_arm = len(columns) > 1
    rows = [one for asked in questions() for one in _rows(asked, columns, found)]
    rows += _actions(analysis, columns, found)
    rows += _beside(columns, found)
    if by_arm:
        rows.append(_elsewhere(population, columns))
    return Table(
        id="adverse_events",
        title="Adverse events",
        population=of_whom(population, columns[-1]),
        method=f"{method(safety)} {related_when(safety)}",
        head=("", *(one.head for one in columns)),
        rows=tuple(rows),
        by_arm=by_arm,
    )


def _rows(asked: Question, columns: tuple[Group, ...], found: Happenings) -> Iterator[Row]:
    """The row of a question, and where somebody's answer is not known, one of these people."""
    answers = [answered(group, found, asked.ask) for group in columns]
    sizes = [group.size for group in columns]
    yes = (count(one.yes, size) for one, size in zip(answers, sizes, strict=True))
    yield row(asked.id, asked.label, *yes)
    if any(one.unknown for one in answers):
        open_ = (count(one.unknown, size) for one, size in zip(answers, sizes, strict=True))
        yield row(f"{asked.id}/not_recorded", f"{asked.label}: not recorded", *open_, indent=1)


def _actions(analysis: Analysis, columns: tuple[Group, ...], found: Happenings) -> list[Row]:
    """What was done with treatment because of an event: each code of the form but that of no change."""
    plan = analysis.protocol.plan
    form = next(iter(plan.reading("adverse_event")), None) if plan else None
    name = action_field(form) if form else None
    if form is None or name is None:
        return []
    kind = form.fields[name].type
    rows = [row("action", kind.label)]
    for code, label in kind.codes.items():
        if code != UNCHANGED:
            given = [answered(group, found, _acted(name, code)).yes for group in columns]
            rows.append(_counted(f"action/{code}", label.capitalize(), columns, given))
    open_ = [answered(group, found, _acted(name, None)).yes for group in columns]
    return [*rows, _counted("action/not_recorded", "Not recorded for an event", columns, open_)]


def _counted(id: str, label: str, columns: tuple[Group, ...], given: list[tuple[Behind, ...]]) -> Row:
    sizes = (group.size for group in columns)
    return row(id, label, *(count(those, size) for those, size in zip(given, sizes, strict=True)), indent=1)


def action_field(form: Form) -> str | None:
    """The field that says what was done because of an event; None where the form has none."""
    return next((name for name, one in form.fields.items() if one.cdash == ACTION and one.type.kind == "code"), None)


def _acted(name: str, code: str | None) -> Ask:
    return lambda one: truth(one.event.entry.values.get(name) == code)


def _beside(columns: tuple[Group, ...], found: Happenings) -> list[Row]:
    """How many events there are, and what is recorded besides."""
    before = [answered(group, found, _kept_out, of_all=True).yes for group in columns]
    unclear = [answered(group, found, _unclear).yes for group in columns]
    left_out = "Only what was there before and did not become worse (not counted)"
    return [
        row("events", "Events", *(_events(group, found) for group in columns)),
        row("before", left_out, *map(count, before)),
        row("unclear", "Whether an event is new is not known (counted)", *map(count, unclear)),
    ]


def _kept_out(one: Happening) -> Truth:
    return truth(one.emergent is NO)


def _unclear(one: Happening) -> Truth:
    return truth(isinstance(one.emergent, Unknown))


def _events(group: Group, found: Happenings) -> Cell:
    those = [each for one in group.people for each in found[one.person.subject] if each.counts]
    behind: dict[str, tuple[int, ...]] = {}
    for each in those:
        behind[each.subject] = (*behind.get(each.subject, ()), each.event.entry.seq)
    people = tuple(Behind(subject, seqs) for subject, seqs in behind.items())
    return Cell(str(len(those)), (("events", len(those)),), people)


def _elsewhere(population: Population, columns: tuple[Group, ...]) -> Row:
    """Whoever counts in another arm than that of allocation."""
    cells = []
    for group in columns:
        stands = [(one, membership(one, population.id)) for one in group.people]
        moved = [Behind(one.person.subject, why[0].seqs) for one, found in stands if (why := found.reasons)]
        cells.append(count(moved))
    return row("elsewhere", "Counted in another arm than allocated", *cells)
