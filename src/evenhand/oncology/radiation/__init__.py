"""Radiation: prescriptions and organs at risk against named tables, doses made comparable, what was delivered."""

from evenhand.oncology.radiation.delivery import (
    elapsed_days,
    expected_last_day,
    missed_days,
    percent_delivered,
    treatment_days,
)
from evenhand.oncology.radiation.dose import bed, eqd2, eqd2_sum
from evenhand.oncology.radiation.limits import POINT_CC, Limit, LimitTable, limit_table
from evenhand.oncology.radiation.outcome import Answer, Outcome
from evenhand.oncology.radiation.plan_check import DosePoint, LimitCheck, check_plan, judge
from evenhand.oncology.radiation.prescriptions import (
    Prescription,
    PrescriptionCheck,
    PrescriptionTable,
    check_prescription,
    prescription_table,
)
from evenhand.oncology.radiation.tables import TableId, UnknownTableError, table_ids

__all__ = [
    "POINT_CC",
    "Answer",
    "DosePoint",
    "Limit",
    "LimitCheck",
    "LimitTable",
    "Outcome",
    "Prescription",
    "PrescriptionCheck",
    "PrescriptionTable",
    "TableId",
    "UnknownTableError",
    "bed",
    "check_plan",
    "check_prescription",
    "elapsed_days",
    "eqd2",
    "eqd2_sum",
    "expected_last_day",
    "judge",
    "limit_table",
    "missed_days",
    "percent_delivered",
    "prescription_table",
    "table_ids",
    "treatment_days",
]
