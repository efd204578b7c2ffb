"""The safety board at a cut: what is due of it, its meetings, what it recommended, and what followed.

Sources: FDA, Guidance on Clinical Trial Data Monitoring Committees, 2006, 4.4.2, recommendations go to the sponsor, who
acts; ICH E3, 9.6 and 11.4.2.3, a report says how the trial was monitored. Our proposal: before the board has met about
a stopping rule, the open session hears that one is met, and neither which nor with how many, for most rules watch one
arm alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.efficacy.looks import primary_cases
from evenhand.analysis.efficacy.looks import standing as look_standing
from evenhand.analysis.monitoring.due import BoardDue, board_due
from evenhand.analysis.monitoring.followed_up import followed_by
from evenhand.analysis.monitoring.met import rules_met
from evenhand.analysis.outcome import said
from evenhand.analysis.tables import Cell, Number, Row, Section, Table
from evenhand.design import assumptions_of
from evenhand.protocol import Protocol
from evenhand.record import FinalAnalysis, HeldLook, HeldMeeting, Met, board_met, final_analysis
from evenhand.refusal import Refusal

_ID, _TITLE = "board", "What is due of the safety board, and its meetings"


def board_section(analysis: Analysis, *, by_arm: bool) -> Section:
    """What is due first, then every meeting; ``by_arm``: stopping rules that are met are named."""
    history, on = analysis.cut.history, analysis.cut.effective
    people = [one.person for one in analysis.people]
    due = board_due(analysis.protocol, history, people, rules_met(people, analysis.protocol, on), on)
    says = (*_look_said(analysis), *due_said(due, by_arm=by_arm))
    held, made = board_met(history), final_analysis(history)
    if not says:
        says = ("Nothing is due of the safety board at this cut.",)
    if due.next is not None and not due.meeting:
        says = (*says, f"It meets next by {said(due.next)} at the latest.")
    if not held and made is None:
        return Section(_ID, _TITLE, (*says, "The record tells of no meeting so far."))
    return Section(_ID, _TITLE, says, (_table(analysis, held, made, by_arm=by_arm),))


def meetings_section(analysis: Analysis) -> Section:
    """Every meeting, arms told apart, and nothing of what is due: for the report at the end."""
    history, title = analysis.cut.history, "Meetings of the safety board"
    held, made = board_met(history), final_analysis(history)
    if not held and made is None:
        return Section(_ID, title, ("The record tells of no meeting of a safety board.",))
    return Section(_ID, title, (), (_table(analysis, held, made, by_arm=True),))


def due_said(due: BoardDue, *, by_arm: bool) -> Iterator[str]:
    """What is due in sentences, but for looks."""
    for one in due.rules if by_arm else ():
        yield (
            f"{one.rule.label}: this stopping rule is met at its look at {one.people} people, and the board has not "
            f"met about it. Who must act: {one.rule.act}. {one.rule.does}"
        )
    if due.rules and not by_arm:
        which = "A stopping rule is" if len(due.rules) == 1 else f"{len(due.rules)} stopping rules are"
        yield f"{which} met, and the board has not met about it: see the report for the closed session."
    if due.meeting is not None:
        day = said(due.meeting)
        yield f"A meeting is due: people are followed, and the board was to meet by {day} at the latest."
    advised = due.unfollowed
    if advised is not None:
        when = said(advised.held)
        yield f"On {when} the board recommended: {advised.advice}. Accrual goes on, and no act followed so far."


def _look_said(analysis: Analysis) -> Iterator[str]:
    """Whether a look is due: by its events or its month, both arms together."""
    try:
        now = assumptions_of(analysis.protocol)
        at = look_standing(analysis, primary_cases(analysis), now, None, None)
    except Refusal:
        return
    counted = f"{at.events} of {at.planned:.4g} planned events are there"
    if at.stage == "interim" and at.this is None:
        yield f"Look {at.number} of {at.looks} is due: {counted}, and the record does not say that it was held."
    if at.stage == "last" and at.final is None:
        yield f"The final analysis is due: {counted}, and the record does not say that it was made."


def _table(analysis: Analysis, held: tuple[Met, ...], made: FinalAnalysis | None, *, by_arm: bool) -> Table:
    followed = followed_by(analysis.cut.history)
    rows = [_row(analysis.protocol, one, followed[one.entry.seq], by_arm=by_arm) for one in held]
    rows += [_final_row(made)] if made is not None else []
    return Table(
        "board_meetings", "Meetings of the safety board, and what followed",
        f"No people: every meeting that was recorded by the data cut (n = {len(held)})",
        "As the board signed them, in the order in which they were held, without those that were struck. What followed "
        "are the acts upon accrual and the protocol until the next meeting. A recommendation binds nobody by itself.",
        ("Held on", "Occasion", "Data cut", "Recommendation", "What followed"), tuple(rows),
    )  # fmt: skip


def _row(protocol: Protocol, one: Met, followed: str, *, by_arm: bool) -> Row:
    values: tuple[tuple[str, Number], ...] = (("entry", one.entry.seq),)
    if isinstance(one, HeldLook):
        values += (("look", one.number), ("events", one.events))
    cells = (
        Cell(occasion(protocol, one, by_arm=by_arm), values),
        Cell(said(one.effective), (("day", one.effective.isoformat()),)),
        Cell(one.advice[0].upper() + one.advice[1:], (("recommendation", one.recommendation),)),
        Cell(followed),
    )
    return Row(f"entry_{one.entry.seq}", said(one.held), cells)


def _final_row(made: FinalAnalysis) -> Row:
    values: tuple[tuple[str, Number], ...] = (("entry", made.entry.seq), ("events", made.events))
    told = f"The final analysis, with {made.events} events (no meeting; entry {made.entry.seq})"
    manifest = Cell(f"Final report, SHA-256 {made.manifest[:16]}", (("manifest", made.manifest),))
    cut = Cell(said(made.effective), (("day", made.effective.isoformat()),))
    return Row(f"entry_{made.entry.seq}", said(made.made), (Cell(told, values), cut, Cell(""), manifest))


def occasion(protocol: Protocol, one: Met, *, by_arm: bool) -> str:
    """Why the board met; ``by_arm``: with the stopping rules that it was about."""
    if isinstance(one, HeldLook):
        return f"Look {one.number} of the design, {one.events} events"
    text = one.why[0].upper() + one.why[1:]
    named = _rules(protocol, one) if by_arm else ""
    return f"{text}: {named}" if named else text


def _rules(protocol: Protocol, one: HeldMeeting) -> str:
    known = protocol.monitoring.stopping if protocol.monitoring else {}
    labels = (known[name].label if name in known else name.replace("_", " ") for name, _ in one.rules)
    return "; ".join(labels)
