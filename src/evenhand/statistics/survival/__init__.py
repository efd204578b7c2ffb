"""Survival statistics of two arms: plain functions over lists, one value a person.

Arm 0 is the control, arm 1 the experimental arm. Every result carries a ``method`` sentence with its conventions; what
cannot be estimated is None, and ``reason`` says why.
"""

from .comparison import Comparison, log_rank, weighted_log_rank
from .competing import Incidence, IncidenceAt, cumulative_incidence
from .cox import Coefficient, Cox, cox, hazard_ratio
from .fisher import Fisher, fisher
from .gray import GrayTest, gray_test
from .kaplan_meier import Curve, SurvivalAt, kaplan_meier
from .landmark import SurvivalDifference, survival_difference
from .proportional import ProportionalHazards, proportional_hazards
from .proportions import Proportion, ProportionDifference, proportion, proportion_difference
from .quantiles import Quantile, quantile_of, quartiles
from .rates import Rate, RateRatio, rate, rate_ratio
from .rmst import RestrictedMean, RestrictedMeanDifference, restricted_mean, restricted_mean_difference
from .tails import ChiSquare

__all__ = [
    "ChiSquare",
    "Coefficient",
    "Comparison",
    "Cox",
    "Curve",
    "Fisher",
    "GrayTest",
    "Incidence",
    "IncidenceAt",
    "Proportion",
    "ProportionDifference",
    "ProportionalHazards",
    "Quantile",
    "Rate",
    "RateRatio",
    "RestrictedMean",
    "RestrictedMeanDifference",
    "SurvivalAt",
    "SurvivalDifference",
    "cox",
    "cumulative_incidence",
    "fisher",
    "gray_test",
    "hazard_ratio",
    "kaplan_meier",
    "log_rank",
    "proportion",
    "proportion_difference",
    "proportional_hazards",
    "quantile_of",
    "quartiles",
    "rate",
    "rate_ratio",
    "restricted_mean",
    "restricted_mean_difference",
    "survival_difference",
    "weighted_log_rank",
]
