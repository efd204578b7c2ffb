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
from evenhand.conduct.lesions.ruled import Ruled, certainty_words, ruled
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
    "Ruled",
    "ScanSeen",
    "Sight",
    "assessments_of",
    "carried",
    "certainty_words",
    "is_regional",
    "lesion_doubts",
    "lesion_list",
    "lives",
    "proposed",
    "ruled",
    "scans",
]
