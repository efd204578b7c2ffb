"""Treatment after randomization: systemic therapy, surgery, radiation, and each metastasis."""

from evenhand.conduct.treatment.asking import deviations, doubts
from evenhand.conduct.treatment.beside import (
    CautionSeen,
    Intercurrent,
    cautions,
    intercurrent_events,
)
from evenhand.conduct.treatment.courses import Course, Dose, Gap, course_labels, courses, delivered, said_percent
from evenhand.conduct.treatment.departures import Departure, departures
from evenhand.conduct.treatment.local import LocalTherapy, local_therapy, local_therapy_complete_on
from evenhand.conduct.treatment.metastases import Metastases, metastases
from evenhand.conduct.treatment.planning import (
    CheckedPlan,
    CheckedPrescription,
    CumulativeDose,
    checked_plans,
    checked_prescriptions,
    courses_without_plan,
    cumulative_doses,
)
from evenhand.conduct.treatment.registered import registered_lesions
from evenhand.conduct.treatment.remarks import Remark, remarks
from evenhand.conduct.treatment.surgery import Complication, Operation, complications, operations
from evenhand.conduct.treatment.systemic import (
    Change,
    Regimen,
    Usual,
    changes,
    days_held,
    holds,
    new_line_on,
    regimen_on,
    regimens,
    usual_at_randomization,
)
from evenhand.conduct.treatment.treated import Treated
from evenhand.conduct.treatment.windows import WindowSeen, windows

__all__ = [
    "CautionSeen",
    "Change",
    "CheckedPlan",
    "CheckedPrescription",
    "Complication",
    "Course",
    "CumulativeDose",
    "Departure",
    "Dose",
    "Gap",
    "Intercurrent",
    "LocalTherapy",
    "Metastases",
    "Operation",
    "Regimen",
    "Remark",
    "Treated",
    "Usual",
    "WindowSeen",
    "cautions",
    "changes",
    "checked_plans",
    "checked_prescriptions",
    "complications",
    "course_labels",
    "courses",
    "courses_without_plan",
    "cumulative_doses",
    "days_held",
    "delivered",
    "departures",
    "deviations",
    "doubts",
    "holds",
    "intercurrent_events",
    "local_therapy",
    "local_therapy_complete_on",
    "metastases",
    "new_line_on",
    "operations",
    "regimen_on",
    "regimens",
    "registered_lesions",
    "remarks",
    "said_percent",
    "usual_at_randomization",
    "windows",
]
