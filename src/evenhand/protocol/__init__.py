"""The protocol as data: its model, its rule language, loading, checking and printing."""

from evenhand.protocol.load import find_study, load_protocol, shipped_studies
from evenhand.protocol.model import Criterion, Flag, Judgement, Protocol, Stratum
from evenhand.protocol.places import StudyError
from evenhand.protocol.versions import Versions, as_versions, load_versions

__all__ = [
    "Criterion",
    "Flag",
    "Judgement",
    "Protocol",
    "Stratum",
    "StudyError",
    "Versions",
    "as_versions",
    "find_study",
    "load_protocol",
    "load_versions",
    "shipped_studies",
]
