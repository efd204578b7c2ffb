"""The hazard ratio of a look, as an analysis would report it."""

from __future__ import annotations

import math

from evenhand.simulation.fast.compiling import compiled
from evenhand.simulation.fast.scratch import AT_RISK, EVENTS, EXPECTED, EXPOSED, FOUND, OBSERVED, VARIANCE, Scratch

NEWTON_STEPS = 10
NEAR_ENOUGH = 1e-5  # the next step would be of the order of its square


@compiled
def log_hazard_ratio(of: Scratch) -> float:
    """The logarithm of Cox's hazard ratio at the look in ``FOUND``, ties by Efron; NaN where it is not finite.

    Newton's steps from Peto's one-step estimate, so the maximum of the partial likelihood itself, stratified where the
    test is. Without an event in one of the arms there is no finite maximum.
    """
    at_risk, exposed, known = of.real[AT_RISK], of.real[EXPOSED], of.real[FOUND]
    events, observed = int(known[EVENTS]), known[OBSERVED]
    if known[VARIANCE] <= 0.0 or observed in (0.0, known[EVENTS]):
        return math.nan
    found = (observed - known[EXPECTED]) / known[VARIANCE]
    for _ in range(NEWTON_STEPS):
        ratio = math.exp(found)
        score, information = observed, 0.0
        for k in range(events):
            experimental = ratio * exposed[k]
            share = experimental / (at_risk[k] - exposed[k] + experimental)
            score -= share
            information += share * (1.0 - share)
        step = max(-1.0, min(1.0, score / information))
        found += step
        if abs(step) < NEAR_ENOUGH:
            break
    return float(found)
