"""The numbers of RECIST 1.1, each with its source, and sizes as whole micrometres.

Sources: Eisenhauer et al., Eur J Cancer 2009;45:228-247 (RECIST 1.1); the questions and clarifications of the EORTC
(recist.eortc.org). Sizes are whole micrometres inside the engine: 14.0 mm to 9.8 mm must be a fall of exactly 30 %,
which floating point misses, and whole numbers are the quickest that do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from evenhand.units import Number

Micrometres = int
MM: Final = 1000  # micrometres in a millimetre


class Response(StrEnum):
    """A response of targets, of non-targets, at a time point, or the best one; codes of CDISC where it has one."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    NON_CR_NON_PD = "NON-CR/NON-PD"
    PD = "PD"
    NE = "NE"
    NED = "NED"
    INDETERMINATE = "INDETERMINATE"  # to be read again; no code of CDISC


@dataclass(frozen=True, slots=True)
class Criteria:
    """Thresholds of a version of RECIST; sizes in micrometres, relative changes in whole percent.

    ``fall`` (of the sum, from baseline) makes PR, ``growth`` with ``growth_size`` (over the smallest sum) makes PD,
    ties included (RECIST 1.1, 4.3.1). ``node_normal``: a node of a short axis below it is normal; ``node_target``: one
    of this or more may be a target (4.1.2). ``longest``: the least longest diameter of a measurable lesion on CT, MRI
    or by calipers, ``longest_xray`` on a plain chest film (4.1.1). ``thick_slice``: above it, a lesion has to be
    ``slices`` times the slice thickness. ``targets`` and ``per_organ``: how many targets at most (4.1.2).
    ``too_small``: the default of a lesion that is seen and too small to measure (4.3.1). ``new_node_growth``: by how
    much a normal node has to grow to be new disease beyond doubt (a suggestion after the EORTC's warning that 9 to 11
    mm may be none).
    """

    version: str = "RECIST 1.1"
    fall: int = 30
    growth: int = 20
    growth_size: Micrometres = 5 * MM
    node_normal: Micrometres = 10 * MM
    node_target: Micrometres = 15 * MM
    longest: Micrometres = 10 * MM
    longest_xray: Micrometres = 20 * MM
    thick_slice: Micrometres = 5 * MM
    slices: int = 2
    targets: int = 5
    per_organ: int = 2
    too_small: Micrometres = 5 * MM
    new_node_growth: Micrometres = 5 * MM


RECIST_1_1: Final = Criteria()


def micrometres(size: Number) -> Micrometres:
    """A size in millimetres as whole micrometres.

    Raises ValueError for a size below zero or finer than a thousandth of a millimetre: the engine never rounds.
    """
    scaled = size * MM
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{size} mm is finer than 0.001 mm: record at most three decimals")
    if whole < 0:
        raise ValueError(f"{size} mm is below zero: a size is 0 or more")
    return whole


def millimetres(size: Micrometres) -> Number:
    """A size in millimetres again, whole where it is."""
    whole, rest = divmod(size, MM)
    return Decimal(size) / MM if rest else whole
