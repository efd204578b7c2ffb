"""Lesions from first sight to last: the list at baseline, scans, local treatment, what a new scan has to ask."""

from evenhand.conduct.lesions.carrying import Carried, CarriedRows, carried
from evenhand.conduct.lesions.listed import (
    LesionList,
    Listed,
    is_regional,
    lesion_list,
    proposed,
)
from evenhand.conduct.lesions.lives import Life, Lives, Sight, lesion_doubts, lives
from evenhand.conduct.lesions.planned import assessments_of
from evenhand.conduct.lesions.scans import LesionSeen, NewSeen, ScanSeen, scans

__all__ = [
    "Carried",
    "CarriedRows",
    "LesionList",
    "LesionSeen",
    "Life",
    "Listed",
    "Lives",
    "NewSeen",
    "ScanSeen",
    "Sight",
    "assessments_of",
    "carried",
    "is_regional",
    "lesion_doubts",
    "lesion_list",
    "lives",
    "proposed",
    "scans",
]
