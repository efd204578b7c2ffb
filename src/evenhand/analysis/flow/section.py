"""The flow of participants as tables and as the diagram of CONSORT 2025."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.flow.after import Stages, after, of_arm
from evenhand.analysis.flow.before import before
from evenhand.analysis.flow.diagram import drawn
from evenhand.analysis.flow.parts import Part
from evenhand.analysis.flow.rows import rows
from evenhand.analysis.tables import Behind, Figure, Row, Section, Table, count, row

METHOD: Final = (
    "Counted from the record at the cut, in the boxes of CONSORT 2025; each person stands in one box of a stage. "
    "Criteria are judged on the last day on which anything was recorded before registration; whoever failed several "
    "counts under each."
)
RECEIVED: Final = (
    "Received is what the arm plans, as local therapy shows it: whoever began any received an arm that plans it, "
    "whoever was treated without it one that plans none. Treatment is due while the window in which it is to begin is "
    "open."
)
_EVERYBODY: Final = "Everybody randomized"


class Column(NamedTuple):
    """People who are told of together: an arm, or all."""

    label: str
    stages: Stages
    number: int


def flow_section(analysis: Analysis, *, by_arm: bool) -> Section:
    """The flow of participants at the cut; without ``by_arm`` everybody is pooled, and nothing depends on an arm.

    Raises StudyError as ``before``.
    """
    first = before(analysis.cut)
    columns = list(_columns(analysis, by_arm=by_arm))
    tables = [_enrolment(first), _from_randomization(columns, by_arm=by_arm)]
    if by_arm:
        tables.append(_populations(analysis))
    return Section(
        "flow",
        "Flow of participants",
        tuple(_sentences(first, columns[-1].stages)),
        (_figure(first, columns, by_arm=by_arm), *tables),
    )


def enrolment_section(analysis: Analysis) -> Section:
    """The flow up to randomization, and nothing after it. Raises StudyError as ``before``."""
    first = before(analysis.cut)
    parts = (_figure(first, (), by_arm=False), _enrolment(first))
    return Section("flow", "Flow of participants", (_enrolled(first),), parts)


def _columns(analysis: Analysis, *, by_arm: bool) -> Iterator[Column]:
    """Each arm, control first as the protocol has it, then all together."""
    for arm in analysis.protocol.arms if by_arm else ():
        some = of_arm(analysis, arm.id)
        yield Column(arm.label, after(analysis, some, by_arm=True), len(some))
    yield Column("All", after(analysis, analysis.people, by_arm=by_arm), len(analysis.people))


def _sentences(first: Part, pooled: Stages) -> Iterator[str]:
    yield _enrolled(first)
    ends = "; ".join(f"{one.label[:1].lower()}{one.label[1:]}: {one.number}" for one in pooled.follow_up.parts)
    yield f"Of those randomized, {ends}."


def _enrolled(first: Part) -> str:
    told = {one: first.find(one).number for one in ("excluded", "screening", "registered", "randomized")}
    return (
        f"Assessed for eligibility: {first.number}; excluded before registration: {told['excluded']}; still in "
        f"screening: {told['screening']}; registered: {told['registered']}; randomized: {told['randomized']}."
    )


def _figure(first: Part, columns: Sequence[Column], *, by_arm: bool) -> Figure:
    shown = [(one.label if by_arm else _EVERYBODY, one.stages) for one in (columns[:-1] if by_arm else columns)]
    made, data = drawn(first, shown, by_arm=by_arm)
    return Figure(
        "flow_diagram",
        "Flow of participants",
        f"Everybody assessed for eligibility (n = {first.number})",
        f"{METHOD} {RECEIVED}" if by_arm else METHOD,
        made.svg,
        made.says,
        data,
        by_arm=by_arm,
        narrow=made.narrow,
    )


def _enrolment(first: Part) -> Table:
    return Table(
        "flow_enrolment",
        "From assessment to randomization",
        f"Everybody assessed for eligibility (n = {first.number})",
        METHOD,
        ("", "People"),
        tuple(rows([first], [first.number])),
    )


def _from_randomization(columns: Sequence[Column], *, by_arm: bool) -> Table:
    of = [one.number for one in columns]
    notes = (
        "Reasons for being out of a population may be several for one person.",
        *(() if by_arm else ("What goes by the arm, such as the treatment received, is told by arm alone.",)),
    )
    return Table(
        "flow_randomized",
        "From randomization to analysis",
        f"Everybody randomized (n = {of[-1]}){', in the arm of allocation' if by_arm else ''}",
        f"{METHOD} {RECEIVED}" if by_arm else METHOD,
        ("", *(f"{one.label} (n = {one.number})" for one in columns)),
        tuple(_stage_rows(columns, of)),
        notes,
        by_arm,
    )


def _stage_rows(columns: Sequence[Column], of: Sequence[int]) -> Iterator[Row]:
    stages = [one.stages for one in columns]
    yield row("stage_allocation", "Allocation")
    yield from rows([one.allocation for one in stages], of)
    for same in ([one.follow_up for one in stages], *map(list, zip(*(one.analysed for one in stages), strict=True))):
        yield row(f"stage_{same[0].id}", same[0].label)
        yield from (one for part in _below(same) for one in rows(part, of, depth=1))
        if same[0].id == "follow_up":
            yield from rows([one.stopped for one in stages], of, depth=1)


def _below(same: Sequence[Part]) -> Iterator[list[Part]]:
    """The parts of a whole that is named by its heading alone."""
    return (list(parts) for parts in zip(*(one.parts for one in same), strict=True))


def _populations(analysis: Analysis) -> Table:
    """Each population by the arm in which its people count."""
    arms = analysis.protocol.arms
    of = len(analysis.people)
    return Table(
        "flow_populations",
        "Populations",
        f"Everybody randomized (n = {of})",
        "Each population as the protocol defines it, by the arm in which a person counts: the arm of allocation, or "
        "that of the treatment received where the population says so.",
        ("", *(arm.label for arm in arms), "Analysed", "Excluded"),
        tuple(_population_row(analysis, name, one.label) for name, one in analysis.endpoints.populations.items()),
        by_arm=True,
    )


def _population_row(analysis: Analysis, name: str, label: str) -> Row:
    members = [(who, one) for who in analysis.people for one in who.memberships if one.population == name]

    def those(arm: str | None = None, *, included: bool = True) -> list[Behind]:
        return [
            Behind(who.person.subject, (who.seen.seq,))
            for who, one in members
            if one.included is included and (arm is None or one.arm == arm)
        ]

    arms = [count(those(arm.id)) for arm in analysis.protocol.arms]
    return row(f"population_{name}", label, *arms, count(those()), count(those(included=False)))
