"""RECIST 1.1: baseline, target, non-target, overall and best response; and lesions that were treated locally."""

from evenhand.oncology.recist.best import Assessed, Best, BestRules, assessed, best_response, confirmed_response
from evenhand.oncology.recist.course import NOTHING_EARLIER, Course, Earlier, Progression, TimePoint, evaluate
from evenhand.oncology.recist.criteria import RECIST_1_1, Criteria, Response, micrometres, millimetres
from evenhand.oncology.recist.doubtful import node_certainty, pet_certainty
from evenhand.oncology.recist.explain import explain
from evenhand.oncology.recist.measurable import Candidate, Measurability, Method, Nature, Standing, measurability
from evenhand.oncology.recist.overall import non_target_response, overall_response
from evenhand.oncology.recist.readings import Reading, Seen, scan_of, size_of
from evenhand.oncology.recist.scan import Baseline, NewLesion, NonTargetState, Scan, Target
from evenhand.oncology.recist.selection import Choice, Selection, faults_of_choice, propose
from evenhand.oncology.recist.target import TargetCourse, TargetResult, TargetRule
from evenhand.oncology.recist.treated import (
    TREATED,
    Change,
    Confirmation,
    Finding,
    LesionState,
    LocalCourse,
    LocalStatus,
    Look,
    Pattern,
    TreatedPolicy,
    faults_of_changes,
    irradiated_course,
    pattern_of,
    state_on,
)

__all__ = [
    "NOTHING_EARLIER",
    "RECIST_1_1",
    "TREATED",
    "Assessed",
    "Baseline",
    "Best",
    "BestRules",
    "Candidate",
    "Change",
    "Choice",
    "Confirmation",
    "Course",
    "Criteria",
    "Earlier",
    "Finding",
    "LesionState",
    "LocalCourse",
    "LocalStatus",
    "Look",
    "Measurability",
    "Method",
    "Nature",
    "NewLesion",
    "NonTargetState",
    "Pattern",
    "Progression",
    "Reading",
    "Response",
    "Scan",
    "Seen",
    "Selection",
    "Standing",
    "Target",
    "TargetCourse",
    "TargetResult",
    "TargetRule",
    "TimePoint",
    "TreatedPolicy",
    "assessed",
    "best_response",
    "confirmed_response",
    "evaluate",
    "explain",
    "faults_of_changes",
    "faults_of_choice",
    "irradiated_course",
    "measurability",
    "micrometres",
    "millimetres",
    "node_certainty",
    "non_target_response",
    "overall_response",
    "pattern_of",
    "pet_certainty",
    "propose",
    "scan_of",
    "size_of",
    "state_on",
]
