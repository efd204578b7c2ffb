"""Doses given in different fractions made comparable: BED and EQD2 by the linear-quadratic model.

    BED  = D * (1 + d / (alpha/beta))
    EQD2 = D * (d + alpha/beta) / (2 + alpha/beta)        D: total, d: dose of a fraction, all in Gy

Fowler, Br J Radiol 1989;62:679-694; Joiner and van der Kogel, Basic Clinical Radiobiology. The model is thought to
overestimate the effect of fractions above 8 to 10 Gy (general knowledge), so a sum over courses is shown to a person
and decides nothing. Arithmetic is exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from evenhand.units import Number


def bed(total_gy: Number, fractions: int, alpha_beta_gy: Number) -> Fraction:
    """The biologically effective dose in Gy. Raises ValueError for numbers that no course can have."""
    total, ratio = _checked(total_gy, fractions, alpha_beta_gy)
    return total * (1 + total / fractions / ratio)


def eqd2(total_gy: Number, fractions: int, alpha_beta_gy: Number) -> Fraction:
    """The dose in fractions of 2 Gy with the same effect, in Gy. Raises ValueError as :func:`bed` does."""
    total, ratio = _checked(total_gy, fractions, alpha_beta_gy)
    return total * (total / fractions + ratio) / (2 + ratio)


def eqd2_sum(doses: Iterable[tuple[Number, int]], alpha_beta_gy: Number) -> Fraction:
    """EQD2 of several (total in Gy, fractions) to one place, added.

    It is an upper bound where the doses are maxima that may lie in different places of an organ.
    """
    return sum((eqd2(total, fractions, alpha_beta_gy) for total, fractions in doses), Fraction(0))


def _checked(total_gy: Number, fractions: int, alpha_beta_gy: Number) -> tuple[Fraction, Fraction]:
    if total_gy < 0 or fractions < 1 or alpha_beta_gy <= 0:
        raise ValueError(
            f"{total_gy} Gy in {fractions} fractions with alpha/beta {alpha_beta_gy} Gy is no dose: the total is 0 or "
            "more, there is at least one fraction, and alpha/beta is above 0"
        )
    return Fraction(total_gy), Fraction(alpha_beta_gy)
