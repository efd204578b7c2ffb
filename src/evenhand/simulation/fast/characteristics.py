"""What a design does under its assumptions, as simulated trials show it, each figure with its Monte-Carlo error."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from evenhand.design.shape import Assumptions
from evenhand.simulation.fast.arrays import Floats
from evenhand.simulation.fast.inputs import Arrivals, Limits
from evenhand.simulation.fast.sums import (
    EFFICACY,
    ESTIMATES,
    FUTILITY,
    HARM,
    HELD,
    LARGEST_IMBALANCE,
    NEVER_FUTILE,
    SUM_DROPOUTS,
    SUM_DURATION,
    SUM_ESTIMATE,
    SUM_EVENTS,
    SUM_GUESSES,
    SUM_IMBALANCE,
    SUM_LAST_EVENTS,
    SUM_LAST_PEOPLE,
    SUM_MONTH,
    SUM_PEOPLE,
    SUM_Z,
    TRIALS,
    Sums,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean or a probability over the trials, with its Monte-Carlo error (one standard error), and how trials vary."""

    mean: float
    mc_se: float
    sd: float


@dataclass(frozen=True, slots=True)
class LookFigures:
    """One look. ``held``: in how large a share of trials; a look at more events than there are is not held.

    ``month`` (since the first could enter), ``people`` who have entered, ``events``, ``dropouts`` and ``z`` are over
    all trials in which it is held, as if none had stopped before it. ``efficacy``, ``futility`` and ``harm``: how many
    of all trials stop here, and why; harm is the other side of a two-sided test.
    """

    held: Figure
    month: Figure
    people: Figure
    events: Figure
    dropouts: Figure
    z: Figure
    efficacy: Figure
    futility: Figure
    harm: Figure


@dataclass(frozen=True, slots=True)
class Characteristics:
    """Operating characteristics. Months, people and events as elsewhere.

    ``power``: the probability to show that the experimental arm is better, under no effect the one-sided type I error;
    ``harm``: that it is worse, in a two-sided test. ``power_without_futility``: the power where nobody stops for
    futility, which is what a non-binding bound must allow for. ``inconclusive``: trials that end at the last look
    without either. ``duration``, ``events`` and ``people`` are those when a trial ends. ``log_hazard_ratio`` is Cox's,
    at the look where the trial ended; ``bias`` is its mean less the truth, None where the hazard ratio is not constant;
    ``without_estimate`` counts trials in which it is not finite. ``imbalance``: the difference of the arms in people,
    each times the other's part of the ratio (as 2 x control - 1 x experimental for 1:2), over all strata.
    ``predictability``: the share of allocations that an observer guesses who knows the stratum and guesses the arm that
    is behind.
    """

    assumptions: Assumptions
    limits: Limits
    arrivals: Arrivals
    seed: int
    trials: int
    seconds: float
    trials_per_second: float | None
    power: float
    power_mc_se: float
    power_without_futility: Figure
    harm: Figure
    inconclusive: Figure
    looks: tuple[LookFigures, ...]
    duration: Figure
    events: Figure
    people: Figure
    log_hazard_ratio: Figure
    bias: Figure | None
    without_estimate: int
    imbalance: Figure
    largest_imbalance: float
    predictability: Figure

    def as_json(self) -> dict[str, Any]:
        """All of it, with infinite bounds as None."""
        found = asdict(self)
        found["limits"] = {
            name: None if values is None else [value if math.isfinite(value) else None for value in values]
            for name, values in self.limits._asdict().items()
        }
        return found


def characteristics(
    sums: Sums, assumptions: Assumptions, limits: Limits, arrivals: Arrivals, seed: int, seconds: float, timed: int
) -> Characteristics:
    """The figures of these sums; ``timed`` trials took ``seconds``."""
    totals, trials = sums.totals, float(sums.totals[TRIALS])
    efficacy, futility, harm = (float(sums.looks[:, column].sum()) for column in (EFFICACY, FUTILITY, HARM))
    power = share(efficacy, trials)
    estimate = figure(totals, SUM_ESTIMATE, float(totals[ESTIMATES]))
    return Characteristics(
        assumptions=assumptions,
        limits=limits,
        arrivals=arrivals,
        seed=seed,
        trials=int(trials),
        seconds=seconds,
        trials_per_second=timed / seconds if seconds > 0 else None,
        power=power.mean,
        power_mc_se=power.mc_se,
        power_without_futility=share(float(totals[NEVER_FUTILE]), trials),
        harm=share(harm, trials),
        inconclusive=share(trials - efficacy - futility - harm, trials),
        looks=tuple(_look(row, trials) for row in sums.looks),
        duration=figure(totals, SUM_DURATION, trials),
        events=figure(totals, SUM_LAST_EVENTS, trials),
        people=figure(totals, SUM_LAST_PEOPLE, trials),
        log_hazard_ratio=estimate,
        bias=_bias(estimate, assumptions),
        without_estimate=int(trials - totals[ESTIMATES]),
        imbalance=figure(totals, SUM_IMBALANCE, trials),
        largest_imbalance=float(totals[LARGEST_IMBALANCE]),
        predictability=figure(totals, SUM_GUESSES, trials, assumptions.sample_size),
    )


def figure(sums: Floats, column: int, count: float, unit: float = 1.0) -> Figure:
    """The mean of a column of sums, whose squares stand in the next; not a number over nothing."""
    if count == 0:
        return Figure(math.nan, math.nan, math.nan)
    mean = float(sums[column]) / count
    variance = max(0.0, float(sums[column + 1]) / count - mean * mean) * (count / max(1.0, count - 1.0))
    return Figure(mean / unit, math.sqrt(variance / count) / unit, math.sqrt(variance) / unit)


def share(count: float, trials: float) -> Figure:
    """A probability with its error."""
    mean = count / trials
    return Figure(mean, math.sqrt(mean * (1 - mean) / trials), math.sqrt(mean * (1 - mean)))


def _look(row: Floats, trials: float) -> LookFigures:
    held = float(row[HELD])
    return LookFigures(
        held=share(held, trials),
        month=figure(row, SUM_MONTH, held),
        people=figure(row, SUM_PEOPLE, held),
        events=figure(row, SUM_EVENTS, held),
        dropouts=figure(row, SUM_DROPOUTS, held),
        z=figure(row, SUM_Z, held),
        efficacy=share(float(row[EFFICACY]), trials),
        futility=share(float(row[FUTILITY]), trials),
        harm=share(float(row[HARM]), trials),
    )


def _bias(estimate: Figure, assumptions: Assumptions) -> Figure | None:
    ratios = {ratio for _, ratio in assumptions.hazard_ratio}
    if len(ratios) > 1 or min(ratios) <= 0:
        return None
    return Figure(estimate.mean - math.log(ratios.pop()), estimate.mc_se, estimate.sd)
