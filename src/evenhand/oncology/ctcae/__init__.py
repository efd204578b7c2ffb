"""CTCAE: terms and grades of adverse events, search among them, and the grading of laboratory values."""

from evenhand.oncology.ctcae.descriptors import Descriptor
from evenhand.oncology.ctcae.laboratory import (
    Analyte,
    Circumstances,
    Grading,
    Sample,
    analytes,
    converted,
    corrected_calcium,
    gradings,
    terms_of,
)
from evenhand.oncology.ctcae.search import search
from evenhand.oncology.ctcae.terms import GRADES, VERSIONS, Dictionary, Term, VersionsMixed, dictionary, one_version

__all__ = [
    "GRADES",
    "VERSIONS",
    "Analyte",
    "Circumstances",
    "Descriptor",
    "Dictionary",
    "Grading",
    "Sample",
    "Term",
    "VersionsMixed",
    "analytes",
    "converted",
    "corrected_calcium",
    "dictionary",
    "gradings",
    "one_version",
    "search",
    "terms_of",
]
