"""Error-spending functions: how much of the type I (or type II) error may be used up at which share of information.

Sources: Lan and DeMets, Biometrika 1983;70:659-663 (like O'Brien-Fleming and like Pocock); Kim and DeMets, Biometrika
1987;74:149-154 (power family); Hwang, Shih and DeCani, Statistics in Medicine 1990;9:1439-1445; Haybittle, British
Journal of Radiology 1971;44:793-797, and Peto et al., British Journal of Cancer 1976;34:585-612 (three standard errors
at every interim look); O'Brien and Fleming, Biometrics 1979;35:549-556, Pocock, Biometrika 1977;64:191-199, and Wang
and Tsiatis, Biometrics 1987;43:193-199 (bounds of a given shape, which spend no error by a function).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from evenhand.statistics.normal import quantile, upper_tail

Kind = Literal[
    "obrien_fleming",
    "pocock",
    "hwang_shih_decani",
    "kim_demets",
    "none",
    "haybittle_peto",
    "classical_obrien_fleming",
    "classical_pocock",
    "wang_tsiatis",
    "fixed",
]
KINDS: tuple[str, ...] = get_args(Kind)
CLASSICAL = frozenset({"classical_obrien_fleming", "classical_pocock", "wang_tsiatis"})
BY_FUNCTION = frozenset({"obrien_fleming", "pocock", "hwang_shih_decani", "kim_demets", "none"})
NEEDS_GAMMA = frozenset({"hwang_shih_decani", "kim_demets", "wang_tsiatis", "fixed"})
WITHOUT_GAMMA = frozenset(KINDS) - NEEDS_GAMMA - {"haybittle_peto"}
HAYBITTLE_PETO_Z = 3.0  # Haybittle 1971; Peto et al. 1976


@dataclass(frozen=True, slots=True)
class Spending:
    """How a bound uses up its error; ``gamma`` means what the kind makes of it.

    ``obrien_fleming``, ``pocock`` (Lan and DeMets), ``hwang_shih_decani`` (gamma: -4 is late, 1 is early),
    ``kim_demets`` (gamma: the power, above 0) and ``none`` (all at the end) are functions of information.
    ``haybittle_peto`` stands at z = gamma (3 where none is given) until the end. ``fixed`` stands at z = gamma and is
    for futility alone. ``classical_obrien_fleming``, ``classical_pocock`` and ``wang_tsiatis`` (gamma: the shape Delta)
    hold at the planned looks only. Raises ValueError for an unknown kind, or for a gamma that the kind needs or cannot
    have.
    """

    kind: Kind
    gamma: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"there is no spending {self.kind!r}; write one of {', '.join(KINDS)}")
        if self.gamma is None and self.kind in NEEDS_GAMMA:
            raise ValueError(f"the spending {self.kind} needs its gamma")
        if self.gamma is not None and not math.isfinite(self.gamma):
            raise ValueError(f"gamma is {self.gamma}; give a finite number")
        if self.gamma is None:
            return
        if self.kind in {"kim_demets", "haybittle_peto"} and self.gamma <= 0:
            raise ValueError(f"the gamma of {self.kind} is {self.gamma}; give one above 0")
        if self.kind == "hwang_shih_decani" and abs(self.gamma) > 50:
            raise ValueError(f"the gamma of hwang_shih_decani is {self.gamma}; give one between -50 and 50")


def spent(spending: Spending, alpha: float, fraction: float) -> float:
    """The error of ``alpha`` (one-sided) that may be used up when ``fraction`` of the information is there.

    Before any information nothing is spent; from 1 on, all. Raises ValueError for an ``alpha`` that is no error, and
    for a kind whose spending is not a function (``Bounds.alpha_spent`` says what such bounds spend).
    """
    if not 0 < alpha < 1:
        raise ValueError(f"the error to spend is {alpha}; give one between 0 and 1")
    if spending.kind not in BY_FUNCTION:
        raise ValueError(f"{spending.kind} spends by no function; bounds(...).alpha_spent says what it spends")
    if math.isnan(fraction):
        raise ValueError("the share of information is not a number; give one from 0 on")
    if fraction <= 0:
        return 0.0
    return alpha if fraction >= 1 else min(_within(spending, alpha, fraction), alpha)


def _within(spending: Spending, alpha: float, fraction: float) -> float:
    gamma = spending.gamma or 0.0
    if spending.kind == "obrien_fleming":
        return 2 * upper_tail(-quantile(alpha / 2) / math.sqrt(fraction))
    if spending.kind == "pocock":
        return alpha * math.log1p((math.e - 1) * fraction)
    if spending.kind == "kim_demets":
        return alpha * math.pow(fraction, gamma)
    if spending.kind == "hwang_shih_decani":
        return alpha * fraction if gamma == 0 else alpha * math.expm1(-gamma * fraction) / math.expm1(-gamma)
    return 0.0
