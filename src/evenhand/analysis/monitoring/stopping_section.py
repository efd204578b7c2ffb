"""The stopping rules of the protocol at a cut: for the closed session of the safety board alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.monitoring.boundaries import Bound, operating
from evenhand.analysis.monitoring.looking import LookStanding, look_standing
from evenhand.analysis.monitoring.stopping import LookFound, Standing, standing
from evenhand.analysis.monitoring.watched import Watched, watched
from evenhand.analysis.outcome import said
from evenhand.analysis.saying import fixed
from evenhand.analysis.tables import Behind, Cell, Number, Row, Section, Table, count, row
from evenhand.protocol.monitoring import EventRule, LookRule, StoppingRule
from evenhand.protocol.monitoring_text import stopped_when

RATES: Final = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)  # of the tolerated rate: our proposal
METHOD: Final = (
    "People in the order of the first treatment that a rule names; a look is of the first so many. A person counts "
    "once the event has happened, or the time of the rule has passed since that first treatment, or the person died; "
    "whoever left before is passed over, and the next one counts. An event that follows a later treatment within that "
    "time counts too; an adverse event counts by its worst grade. What the record leaves open (an unknown grade, "
    "relation or day) stays open. A look is decided as soon as whoever is open cannot change it."
)
OPERATING: Final = (
    "Exact: the binomial probabilities of all courses that the number of events may take, at each true rate, were "
    "every look held after just so many people. People expected: until the rule stops, all of the last look where it "
    "does not."
)
EMPTY: Final = Cell("")


def stopping_section(analysis: Analysis) -> Section:
    """Every rule: whom it watches, what happened, whether it is met, and who must act."""
    monitoring = analysis.protocol.monitoring
    if monitoring is None:
        return Section("stopping", "Stopping rules", ("The protocol names no stopping rules (monitoring.yaml).",))
    looks = [look_standing(analysis, one) for one in monitoring.stopping.values() if isinstance(one, LookRule)]
    found = [
        standing(one, watched(analysis, one)) for one in monitoring.stopping.values() if isinstance(one, EventRule)
    ]
    says = (*(_look_sentence(one) for one in looks), *(_sentence(one) for one in found))
    parts = [_table(analysis, looks, found)]
    parts += [_operating_table(found)] if found else []
    return Section("stopping", "Stopping rules", says, tuple(parts))


def _look_sentence(one: LookStanding) -> str:
    act = f" Who must act: {one.rule.act}. {one.rule.does}" if one.decided == "met" else ""
    return f"{one.rule.label}: {one.decided}; {one.why}.{act}"


def _sentence(found: Standing) -> str:
    rule, look = found.rule, found.newest
    events, stop = len(look.of("event")), look.bound.events
    stops = f"it stops with {stop}" if stop is not None else "no number would stop it"
    told = f"{_counted(events, 'event')} in {_people(len(look.people))} of the look at {look.bound.people}; {stops}"
    act = f" Who must act: {rule.act}. {rule.does}" if found.decided == "met" else ""
    return f"{rule.label}: {found.decided}; {told}.{act}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _table(analysis: Analysis, looks: Sequence[LookStanding], found: Sequence[Standing]) -> Table:
    safety = analysis.protocol.plan.safety if analysis.protocol.plan else None
    labels = {one.id: one.label for one in safety.interventions.values()} if safety else {}
    rules: list[StoppingRule] = [*(one.rule for one in looks), *(one.rule for one in found)]
    notes = tuple(f"{one.label}: {stopped_when(one, labels)}." for one in rules)
    rows = (*(row for one in looks for row in _look_rows(one)), *(row for one in found for row in _rows(one)))
    return Table(
        "stopping_rules", "Stopping rules at the cut",
        f"For each rule the people treated as it names, of {len(analysis.people)} randomized by "
        f"{said(analysis.cut.effective)}", METHOD,
        ("Rule and look", "People", "Events", "Still open", "Stops at", "Decision", "Who acts"), rows, notes,
        by_arm=True,
    )  # fmt: skip


def _look_rows(one: LookStanding) -> Iterator[Row]:
    yield row(one.rule.id, one.rule.label)
    events = Cell(
        "none" if one.events is None else f"{one.events} of {one.planned:.4g} planned",
        (("count", one.events), ("planned", one.planned)), one.people,
    )  # fmt: skip
    numbers: tuple[tuple[str, Number], ...] = (("bound", one.bound), ("z", one.z))
    stops = Cell("no bound yet" if one.bound is None else f"z {_side(one)} {fixed(one.bound, 2)}", numbers)
    z = "" if one.z is None else f" (z {fixed(one.z, 2)})"
    decided = Cell(one.decided + z, (("decision", one.decided), ("why", one.why)))
    yield Row(f"{one.rule.id}_look", one.look, (EMPTY, events, EMPTY, stops, decided, Cell(one.rule.act)), 1)


def _side(one: LookStanding) -> str:
    return "at least" if one.rule.stop == "efficacy" else "at most"


def _rows(found: Standing) -> Iterator[Row]:
    rule = found.rule
    yield row(rule.id, rule.label)
    for look in found.looks:
        yield Row(
            f"{rule.id}_{look.bound.people}", f"First {look.bound.people} people", tuple(_look_cells(look, rule)), 1
        )
    counted = [one for one in found.people if one.state != "left"]
    events = [one for one in counted if one.state == "event"]
    open_ = [one for one in counted if one.state == "open"]
    left = [one for one in found.people if one.state == "left"]
    yield Row(
        f"{rule.id}_all", "Treated so far, and not passed over",
        (_of(counted), _share(events, counted), _of(open_), EMPTY, EMPTY, EMPTY), 1,
    )  # fmt: skip
    if left:
        yield Row(f"{rule.id}_left", "Passed over: left before the time was over", (_of(left), *[EMPTY] * 5), 1)


def _look_cells(look: LookFound, rule: EventRule) -> Iterator[Cell]:
    yield _of(look.people)
    yield _of(look.of("event"))
    yield _of(look.of("open"))
    yield _bound_cell(look.bound)
    yield Cell(look.decided, (("decision", look.decided),))
    yield Cell(rule.act if look.decided == "met" else "")


def _bound_cell(bound: Bound) -> Cell:
    if bound.events is None:
        return Cell("never", (("bound", None),))
    return Cell(f"{bound.events} or more", (("bound", bound.events), ("share", bound.events / bound.people)))


def _of(people: Sequence[Watched]) -> Cell:
    return count(_behind(people))


def _share(people: Sequence[Watched], whole: Sequence[Watched]) -> Cell:
    return count(_behind(people), len(whole))


def _behind(people: Sequence[Watched]) -> list[Behind]:
    return [one.behind for one in people]


def _operating_table(found: Sequence[Standing]) -> Table:
    most = max(len(one.looks) for one in found)
    head = ("Rule and true rate", *(f"Stopped by look {number}" for number in range(1, most + 1)), "People expected")
    rows = tuple(row for one in found for row in _operating_rows(one, most))
    notes = tuple(
        f"{one.rule.label}: the looks are at {', '.join(str(look.bound.people) for look in one.looks)} people."
        for one in found
    )
    return Table(
        "stopping_operating", "What the rules for events would do", "No people: what follows from the rules alone",
        OPERATING, head, rows, notes, by_arm=True,
    )  # fmt: skip


def _operating_rows(found: Standing, most: int) -> Iterator[Row]:
    rule, tolerated = found.rule, float(found.rule.more_than)
    yield row(f"operating_{rule.id}", rule.label)
    rates = [rate * tolerated for rate in RATES if rate * tolerated < 1]
    for number, one in enumerate(operating([look.bound for look in found.looks], rates)):
        label = f"{100 * one.rate:.1f} %" + (" (tolerated)" if RATES[number] == 1 else "")
        stopped, cells = 0.0, []
        for chance in one.at_look:
            stopped = min(1.0, stopped + chance)
            cells.append(Cell(f"{100 * stopped:.1f} %", (("probability", stopped),)))
        cells += [EMPTY] * (most - len(cells))
        people = Cell(f"{one.people:.1f}", (("people", one.people),))
        yield Row(f"operating_{rule.id}_{number}", label, (*cells, people), 1)
