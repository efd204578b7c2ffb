"""Which look a data cut is: before the first, one of the interim looks, between two of them, or the last; and the
bounds that then hold.

The record says which looks were held, at which cut and with how many events; error is spent by these (Lan and DeMets,
Biometrika 1983;70:659-663). A record that says of none, as those from before looks were recorded, gives what it always
gave: an earlier look then counts as held with the events that were planned for it, unless whoever calls says how many
there were. A cut counts as the look whose events (or month) are reached and that was not held; the cut at which a look
was held is that look. All of this but the spending is our proposal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from evenhand.analysis.analysing import Analysis, analyse
from evenhand.analysis.cut import cut
from evenhand.analysis.efficacy.arms import arms_of
from evenhand.analysis.efficacy.cases import Cases, cases
from evenhand.analysis.efficacy.plan import no_arms, primary_of
from evenhand.conduct.ending import ends_of
from evenhand.dates import DAYS_PER_MONTH
from evenhand.design import Assumptions, Look
from evenhand.design.looking import planned_bounds, whole_events
from evenhand.protocol import Versions
from evenhand.record import FinalAnalysis, HeldLook, History, final_analysis, looks_held
from evenhand.refusal import Refusal
from evenhand.statistics.boundaries import Bounds
from evenhand.statistics.monitoring import Futility, observed_bounds

Stage = Literal["before", "interim", "between", "last", "after"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a trial stands: ``number`` of the look (0: none yet; between looks, the last that was held), of ``looks``,
    after ``events`` of ``planned``.

    ``earlier``: the events at the looks before; ``later``: those planned for interim looks to come. ``held``: the looks
    before, as the record has them, and ``this`` the one that was held at this very cut. ``assumed``: the record says of
    no look, so that ``earlier`` is as planned. ``missed``: looks that were due and are passed over.
    ``final``: the final analysis, where the record has it; "after" is the stage of every later cut.
    """

    stage: Stage
    number: int
    looks: int
    events: int
    planned: float
    earlier: tuple[float, ...]
    later: tuple[float, ...]
    held: tuple[HeldLook, ...] = ()
    this: HeldLook | None = None
    assumed: bool = False
    missed: tuple[int, ...] = ()
    final: FinalAnalysis | None = None

    @property
    def information(self) -> float:
        """The share of the planned events."""
        return self.events / self.planned


def standing(
    analysis: Analysis, found: Cases, now: Assumptions, earlier: Sequence[float] | None, last: bool | None
) -> Standing:
    """Where the trial stands at the cut. Raises Refusal where the design expects no number of events."""
    events, planned = sum(found.events), whole_events(now)
    due = [place for place, look in enumerate(now.looks[:-1], start=1) if _due(analysis, look, events)]
    told = looks_held(analysis.cut.history) if earlier is None else ()
    made = final_analysis(analysis.cut.history) if earlier is None and last is None else None
    if made is not None:
        return _with_final(analysis, now, told, (events, planned), made)
    ended = last if last is not None else events >= planned or complete(analysis, found)
    if told:
        return _as_recorded(analysis, now, told, (events, planned), due, ended)
    known, number = (tuple(earlier) if earlier is not None else None), len(due)
    if ended:
        held = known if known is not None else _held(now.looks[:-1], events)
        return Standing("last", len(now.looks), len(now.looks), events, planned, held, (), assumed=known is None)
    if known is not None:
        number = max(number, len(known) + 1)
    held = known if known is not None else _held(now.looks[: max(number - 1, 0)], events)
    stage: Stage = "interim" if number else "before"
    later = _later(now, number, events)
    return Standing(stage, number, len(now.looks), events, planned, held, later, assumed=known is None)


def _with_final(
    analysis: Analysis, now: Assumptions, told: Sequence[HeldLook], counted: tuple[int, float], made: FinalAnalysis
) -> Standing:  # fmt: skip
    """Where the trial stands once the final analysis was made: its own cut is the last look, later ones are none."""
    events, planned = counted
    stage: Stage = "last" if made.effective == analysis.cut.effective else "after"
    assumed = not told
    earlier = _held(now.looks[:-1], made.events) if assumed else tuple(float(one.events) for one in told)
    missed = () if assumed else tuple(sorted(set(range(1, len(now.looks))) - {one.number for one in told}))
    return Standing(
        stage, len(now.looks), len(now.looks), events, planned, earlier, (), tuple(told), None, assumed, missed, made
    )


def _as_recorded(
    analysis: Analysis, now: Assumptions, told: Sequence[HeldLook], counted: tuple[int, float], due: Sequence[int],
    ended: bool,
) -> Standing:  # fmt: skip
    """Where the trial stands, by the looks that were held; ``counted``: events, and those planned."""
    events, planned = counted
    this = next((one for one in told if one.effective == analysis.cut.effective), None)
    held, numbers = tuple(one for one in told if one is not this), {one.number for one in told}
    newest = min(max(numbers), len(now.looks) - 1)  # an amended design may have fewer looks
    stage, number = _turn(now, this, newest, due, ended)
    missed = tuple(one for one in range(1, number) if one not in numbers)
    earlier = tuple(float(one.events) for one in held)
    later = () if ended else _later(now, number, events)
    return Standing(stage, number, len(now.looks), events, planned, earlier, later, held, this, missed=missed)


def _turn(
    now: Assumptions, this: HeldLook | None, newest: int, due: Sequence[int], ended: bool
) -> tuple[Stage, int]:  # fmt: skip
    """Which look it is: the last, the one held at this cut, one that is due and not held, or none after ``newest``."""
    if ended:
        return "last", len(now.looks)
    if this is not None:
        return "interim", this.number
    waiting = [number for number in due if number > newest]
    return ("interim", max(waiting)) if waiting else ("between", newest)


def _later(now: Assumptions, number: int, events: int) -> tuple[float, ...]:
    """The events planned for the interim looks after this one."""
    return tuple(float(one.events) for one in now.looks[number:-1] if one.events is not None and one.events > events)


def _held(looks: Sequence[Look], events: int) -> tuple[float, ...]:
    """The planned events of earlier looks, as far as they are fewer than there are now."""
    return tuple(float(one.events) for one in looks if one.events is not None and one.events < events)


def _due(analysis: Analysis, look: Look, events: int) -> bool:
    if look.events is not None:
        return events >= look.events
    activation = analysis.cut.history.state.activation
    if look.month is None or activation is None:
        return False
    return (analysis.cut.effective - activation.effective).days / DAYS_PER_MONTH >= look.month


def primary_cases(analysis: Analysis) -> Cases:
    """The people as the design compares them. Raises Refusal where it compares nothing."""
    arms, endpoint = arms_of(analysis.protocol), primary_of(analysis)
    if arms is None:
        raise Refusal(no_arms(analysis).rstrip("."), "interim looks", "Nothing is compared, so no look is planned.")
    if endpoint is None:
        raise Refusal("the design names no endpoint that is compared", "interim looks", "Name it in design.yaml.")
    return cases(analysis, arms, endpoint.id)


def events_at(versions: Versions, history: History, *, effective: date, recorded: datetime) -> int:
    """The events of the primary endpoint at a data cut, both arms together. Raises Refusal as ``primary_cases``, and
    LookupError and RecordError as ``analyse``."""
    return sum(primary_cases(analyse(cut(versions, history, effective=effective, recorded=recorded))).events)


def complete(analysis: Analysis, found: Cases) -> bool:
    """Whether nothing more is to come: the study is closed, or all are randomized and nobody is followed any more."""
    if analysis.cut.history.state.closure is not None:
        return True
    if len(analysis.people) < analysis.protocol.enrollment.target:
        return False
    reached = {one.subject for one in found.all if one.event}
    followed = (one.person for one in analysis.people if one.person.subject not in reached)
    return all(ends_of(one.protocol, one.known).over(analysis.cut.effective) for one in followed)


def bounds_now(at: Standing, now: Assumptions) -> Bounds:
    """The bounds of the looks so far, this one the newest. Raises ValueError where there are none."""
    return _bounds((*at.earlier, float(at.events)), at, now, last=at.stage == "last")


def bounds_before(at: Standing, now: Assumptions) -> Bounds:
    """The bounds of the looks that were held before this cut. Raises ValueError where there are none."""
    return _bounds(at.earlier, at, now, last=False)


def bounds_after(at: Standing, now: Assumptions) -> Bounds:
    """The bounds of all looks, the final analysis as it was made the last. Raises ValueError as ``bounds_now``."""
    here = float(at.final.events if at.final is not None else at.events)
    return _bounds((*at.earlier, here), at, now, last=True)


def bounds_to_the_end(at: Standing, now: Assumptions) -> Bounds:
    """The bounds of the looks so far and of those to come, the last at the planned events; between looks, what there is
    now is no look. Raises ValueError as ``bounds_now``."""
    here = () if at.stage == "between" else (float(at.events),)
    return _bounds((*at.earlier, *here, *at.later, at.planned), at, now, last=True)


def _bounds(events: Sequence[float], at: Standing, now: Assumptions, *, last: bool) -> Bounds:
    return observed_bounds(
        events,
        at.planned,
        alpha=now.alpha,
        sided=now.sided,
        efficacy=now.efficacy,
        last=last,
        futility=futility_of(now),
    )


def futility_of(now: Assumptions) -> Futility | None:
    """The futility bound of the design, whose error is spent under the drift that the design has power for."""
    if now.futility is None:
        return None
    shift = planned_bounds(now).shift
    return Futility(now.futility, now.beta, (shift or 0.0) ** 0.5, now.binding)
