"""Surgical complications by Clavien-Dindo (Dindo et al., Ann Surg 2004;240:205-213); the wording is ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

GRADES: Final[Mapping[str, str]] = {
    "I": "deviation from the usual course that needs no drug beyond simple ones and no intervention",
    "II": "needs other drugs, a transfusion or parenteral nutrition",
    "IIIa": "needs an intervention without general anaesthesia",
    "IIIb": "needs an intervention under general anaesthesia",
    "IVa": "threatens life, with failure of one organ",
    "IVb": "threatens life, with failure of several organs",
    "V": "death",
}
_RANK: Final = {grade: rank for rank, grade in enumerate(GRADES)}


def worst(grades: tuple[str, ...]) -> str | None:
    """The most severe of some grades, None of none. Raises KeyError for what is no grade."""
    return max(grades, key=_RANK.__getitem__, default=None)


def is_major(grade: str) -> bool:
    """Whether it needed an intervention or more: III and above, as surgical trials commonly report (general
    knowledge). Raises KeyError for what is no grade."""
    return _RANK[grade] >= _RANK["IIIa"]
