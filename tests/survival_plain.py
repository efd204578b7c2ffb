"""Survival statistics a second time: plain loops, in fractions where they stay exact; slow, and never shipped.

Each follows its definition person by person and shares no line with `evenhand.statistics.survival`.
"""

import math
from fractions import Fraction as F

import numpy as np


def moments(time, event):
    return sorted({t for t, e in zip(time, event, strict=True) if e})


def curve(time, event):
    """[(time, survival, variance by Greenwood or None)] at each time of an event."""
    rows, survival, spread = [], F(1), F(0)
    for t in moments(time, event):
        n = sum(one >= t for one in time)
        d = sum(one == t and bool(e) for one, e in zip(time, event, strict=True))
        survival *= 1 - F(d, n)
        spread += F(d, n * (n - d)) if n > d else 0
        rows.append((t, survival, survival**2 * spread if survival else None))
    return rows


def just_before(time, event, t):
    return next((s for at, s, _ in reversed(curve(time, event)) if at < t), F(1))


def log_rank(time, event, arm, stratum, rho=0, gamma=0):
    """(observed, expected, variance) of arm 1; weights of whole powers stay exact."""
    observed = expected = variance = F(0)
    for label in set(stratum):
        people = [p for p, s in zip(zip(time, event, arm, strict=True), stratum, strict=True) if s == label]
        times, events = [p[0] for p in people], [p[1] for p in people]
        for t in moments(times, events):
            at_risk = [p for p in people if p[0] >= t]
            dead = [p for p in at_risk if p[0] == t and p[1]]
            n, n1, d = len(at_risk), sum(p[2] for p in at_risk), len(dead)
            s = just_before(times, events, t)
            weight = s**rho * (1 - s) ** gamma
            observed += weight * sum(p[2] for p in dead)
            expected += weight * F(d * n1, n)
            if n > 1:
                variance += weight**2 * F(d * n1 * (n - n1) * (n - d), n * n * (n - 1))
    return observed, expected, variance


def efron(time, event, rows, stratum, beta, of_time=None):
    """(log-likelihood, gradient, information); with ``of_time`` each covariate stands once more, times of_time(t)."""
    value, gradient, information = 0.0, 0.0, 0.0
    for label in set(stratum):
        people = [i for i, s in enumerate(stratum) if s == label]
        for t in moments([time[i] for i in people], [event[i] for i in people]):
            at_risk = [i for i in people if time[i] >= t]
            dead = [i for i in at_risk if time[i] == t and event[i]]
            x = {i: np.array([*rows[i], *([of_time(t) * one for one in rows[i]] if of_time else [])]) for i in at_risk}
            hazard = {i: math.exp(float(np.dot(beta, rows[i]))) for i in at_risk}
            for order, who in enumerate(dead):
                weight = {i: hazard[i] * (1 - order / len(dead) if i in dead else 1) for i in at_risk}
                total = sum(weight.values())
                mean = sum(weight[i] * x[i] for i in at_risk) / total
                value += math.log(hazard[who]) - math.log(total)
                gradient = gradient + x[who] - mean
                information = (
                    information + sum(w * np.outer(x[i] - mean, x[i] - mean) for i, w in weight.items()) / total
                )
    return value, gradient, information


def restricted_mean(time, event, horizon):
    """(area, variance): the variance sums over events the squared area that lies ahead of them."""
    rows = [(t, s) for t, s, _ in curve(time, event) if t < horizon]
    edges = [F(0), *(F(t) for t, _ in rows), F(horizon)]
    heights = [F(1), *(s for _, s in rows)]
    pieces = [h * (b - a) for h, a, b in zip(heights, edges, edges[1:], strict=False)]
    variance = F(0)
    for row, (t, _) in enumerate(rows):
        n = sum(one >= t for one in time)
        d = sum(one == t and bool(e) for one, e in zip(time, event, strict=True))
        variance += sum(pieces[row + 1 :]) ** 2 * F(d, n * (n - d)) if n > d else 0
    return sum(pieces), variance


def incidence(time, cause, of, until):
    """(incidence, variance) by the infinitesimal jackknife: how the estimate moves as each person's weight does."""
    value, survival = F(0), F(1)
    moved, survival_moved = [F(0)] * len(time), [F(1) - 1] * len(time)
    for t in [one for one in moments(time, cause) if one <= until]:
        n = sum(one >= t for one in time)
        d = sum(one == t and c > 0 for one, c in zip(time, cause, strict=True))
        d1 = sum(one == t and c == of for one, c in zip(time, cause, strict=True))
        for i, (one, c) in enumerate(zip(time, cause, strict=True)):
            in_risk, dies, dies_of = int(one >= t), int(one == t and c > 0), int(one == t and c == of)
            share_moved, any_moved = F(dies_of * n - d1 * in_risk, n * n), F(dies * n - d * in_risk, n * n)
            moved[i] += survival_moved[i] * F(d1, n) + survival * share_moved
            survival_moved[i] = survival_moved[i] * (1 - F(d, n)) - survival * any_moved
        value += survival * F(d1, n)
        survival *= 1 - F(d, n)
    return value, sum(one**2 for one in moved)


def binomial_upper(count, people, share):
    """The probability of ``count`` or more, in fractions."""
    p = F(share)
    return float(sum(math.comb(people, k) * p**k * (1 - p) ** (people - k) for k in range(count, people + 1)))


def poisson_upper(count, mean):
    """The probability of ``count`` or more."""
    return 1 - math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count))


def fisher_p(control, experimental):
    (a, n0), (b, n1) = control, experimental
    ways = [math.comb(n1, k) * math.comb(n0, a + b - k) for k in range(max(0, a + b - n0), min(n1, a + b) + 1)]
    here = math.comb(n1, b) * math.comb(n0, a)
    return float(F(sum(one for one in ways if one <= here), sum(ways)))


def gray(time, cause, arm, of):
    """(score, variance) of arm 1, moment by moment; each arm's own curves are worked out anew each time."""
    people = list(zip(time, cause, arm, strict=True))
    times = sorted(set(time))

    def arm_at(side, t):
        """(people who would be uncensored by t, share of them free of the cause just before, survival after t)."""
        own = [(one, c) for one, c, a in people if a == side]
        mine, causes = [one for one, _ in own], [c for _, c in own]
        before = just_before(mine, causes, t)
        at_risk = sum(one >= t for one in mine)
        earlier = max((one for one in mine if one < t), default=-1)
        free = 1 - incidence(mine, causes, of, earlier)[0]
        after = just_before(mine, causes, t + F(1, 2))
        return (F(at_risk) / before if at_risk else F(0)), free, after, before, at_risk

    def tied(d, among):
        return max(1 - (d - 1) / (among - 1), 0) if d > 1 and among > 1 else F(1)

    score = variance = common = F(0)
    rows = []
    for t in times:
        sides = [arm_at(side, t) for side in (0, 1)]
        d = [
            [
                sum(o == t and a == side and (c == of if own else c not in (0, of)) for o, c, a in people)
                for own in (True, False)
            ]
            for side in (0, 1)
        ]
        still, size = [s[0] * s[1] for s in sides], sides[0][0] + sides[1][0]
        died = d[0][0] + d[1][0]
        score += d[1][0] - (died * still[1] / sum(still) if sum(still) else 0)
        step = F(died) / size if size else F(0)
        weight = sides[0][0] * sides[1][0] / size if size else F(0)
        rows.append((sides, d, died, size, step, weight, 1 - common))
        common += step
    for row, (sides, d, died, size, step, weight, free) in enumerate(rows):
        ahead = sum(w * s / f for _, _, _, _, s, w, f in rows[row + 1 :] if f > 0)
        for (own_size, _, after, before, at_risk), (_, others) in zip(sides, d, strict=True):
            ratio = (free - step) / after if after else F(0)
            if at_risk:
                variance += (weight + (1 - ratio) * ahead) ** 2 * step / own_size * tied(died, size * before)
                variance += (ratio * ahead * before / at_risk) ** 2 * others * tied(others, F(at_risk))
    return score, variance
