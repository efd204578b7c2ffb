"""Exact balance and predictability of a procedure with two arms 1:1.

Sources: Rosenberger WF, Lachin JM, Randomization in Clinical Trials, 2nd ed. 2016, chapters 3 and 5; Berger
VW et al., BMC Med Res Methodol 2021;21:168 for the comparison of procedures by these numbers.
"""

from dataclasses import dataclass
from fractions import Fraction

from evenhand.randomization.chain import Chain
from evenhand.randomization.errors import RandomizationError
from evenhand.randomization.observer import Observer
from evenhand.randomization.predictability import (
    certain_share,
    convergence_rate,
    forced_share,
    informed_rate,
    optimal_guess_rate,
)
from evenhand.randomization.walks import Distribution, distributions, mean


@dataclass(frozen=True, slots=True)
class Metrics:
    """Expectations over all sequences of the first n allocations of one stratum.

    The first four are shares of the n allocations. `forced`: certain to one who knows where the block ends;
    `certain`: certain to one who knows the design and the past alone; equal for blocks of one size.
    Imbalance is the number in the first arm minus the number in the second.
    """

    convergence_guesses: Fraction
    optimal_guesses: Fraction
    forced: Fraction
    certain: Fraction
    mean_absolute_imbalance: Fraction
    balance_probability: Fraction
    mean_largest_imbalance: Fraction
    imbalance_variance: Fraction


def metrics(chain: Chain, n: int) -> Metrics:
    """The metrics of the first `n` allocations; time about n^3 for a biased coin, n for blocks.

    Raises RandomizationError unless the chain has two arms in the ratio 1:1 and `n` is at least 1.
    """
    first_chances = list(Observer.at_start(chain).chances().values())
    if first_chances != [Fraction(1, 2)] * 2 or n < 1:
        raise RandomizationError(f"metrics need two arms 1:1 and n of at least 1; here {chain.arms}, n = {n}")
    *_, final = distributions(chain, n, largest=True)
    return Metrics(
        convergence_guesses=convergence_rate(chain, n),
        optimal_guesses=optimal_rate(chain, n),
        forced=forced_share(chain, n),
        certain=certain_share(chain, n),
        mean_absolute_imbalance=mean(final, lambda walk: abs(walk[1])),
        balance_probability=mean(final, lambda walk: walk[1] == 0),
        mean_largest_imbalance=mean(final, lambda walk: walk[2]),
        imbalance_variance=_variance(final),
    )


def optimal_rate(chain: Chain, n: int) -> Fraction:
    """The optimal strategy's expected share of correct guesses, at any length where bounds settle it.

    It lies between the convergence strategy's and that of one who also knows the hidden state. For blocks of
    any sizes with a 1:1 ratio, and for the biased coin, both bounds agree: the arm with fewer people always
    has more places left in the block, so knowing the block adds nothing to the guess. Otherwise every belief
    is followed (`optimal_guess_rate`, with its limit on n).
    """
    lower, upper = convergence_rate(chain, n), informed_rate(chain, n)
    return lower if lower == upper else optimal_guess_rate(chain, n)


def _variance(walks: Distribution) -> Fraction:
    return mean(walks, lambda walk: walk[1] ** 2) - mean(walks, lambda walk: walk[1]) ** 2
