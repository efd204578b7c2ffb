"""How a study comes along: people over time against the plan, when the target and the events of each look will be
reached, who was lost where and why, and balance by stratum.

Pure functions of protocol and record, remembered for as long as nothing new is recorded. What is counted by arm stands
in functions of its own (``by_arm``, ``strata_by_arm``): no other answer of this room depends on an arm.
"""

from evenhand.accrual.ahead import judged_ahead
from evenhand.accrual.balance import StratumByArm, StratumTotal, by_arm, strata_by_arm, stratum_totals
from evenhand.accrual.forecast import Ending, Entering, Forecast, Interval, Milestone, forecast_of
from evenhand.accrual.losses import Losses, fate_now, judged_said, losses
from evenhand.accrual.plan import Plan, plan_of
from evenhand.accrual.screening import CriterionTally, Tally, screening_tally
from evenhand.eligibility.judged import FATES, Fate
from evenhand.enrollment.courses import (
    Counts,
    Course,
    Timeline,
    courses,
    site_counts,
    study_timeline,
    timeline,
)

__all__ = [
    "FATES",
    "Counts",
    "Course",
    "CriterionTally",
    "Ending",
    "Entering",
    "Fate",
    "Forecast",
    "Interval",
    "Losses",
    "Milestone",
    "Plan",
    "StratumByArm",
    "StratumTotal",
    "Tally",
    "Timeline",
    "by_arm",
    "courses",
    "fate_now",
    "forecast_of",
    "judged_ahead",
    "judged_said",
    "losses",
    "plan_of",
    "screening_tally",
    "site_counts",
    "strata_by_arm",
    "stratum_totals",
    "study_timeline",
    "timeline",
]
