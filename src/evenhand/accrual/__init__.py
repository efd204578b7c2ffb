"""How a study comes along: people over time against the plan, who was lost where and why, and balance by stratum.

Pure functions of protocol and record, remembered for as long as nothing new is recorded. What is counted by arm stands
in functions of its own (``by_arm``, ``strata_by_arm``): no other answer of this room depends on an arm.
"""

from evenhand.accrual.balance import StratumByArm, StratumTotal, by_arm, strata_by_arm, stratum_totals
from evenhand.accrual.courses import Counts, Course, Timeline, courses, site_counts, study_timeline, timeline
from evenhand.accrual.losses import FATES, Fate, Losses, losses
from evenhand.accrual.plan import Plan, plan_of, projected_end
from evenhand.accrual.screening import CriterionTally, Tally, screening_tally

__all__ = [
    "FATES",
    "Counts",
    "Course",
    "CriterionTally",
    "Fate",
    "Losses",
    "Plan",
    "StratumByArm",
    "StratumTotal",
    "Tally",
    "Timeline",
    "by_arm",
    "courses",
    "losses",
    "plan_of",
    "projected_end",
    "screening_tally",
    "site_counts",
    "strata_by_arm",
    "stratum_totals",
    "study_timeline",
    "timeline",
]
