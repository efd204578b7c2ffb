"""What the fields of a specimen leave possible, in the terms of the figures of ASCO/CAP."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from evenhand.facts import Scalar
from evenhand.logic import NO, YES, Unknown
from evenhand.oncology.her2_figures import (
    ANY_NUMBER,
    NO_IHC,
    RECOUNT_CELLS,
    Ish,
    dual_groups,
    single_probe_findings,
)
from evenhand.units import Measured, Range, compare_numbers

Specimen = Mapping[str, Scalar | Unknown]

_NO_ISH: Final[tuple[Ish, ...]] = ("no ISH",)
_NOT_RECOUNTED: Final = (None,)
_NO_IHC: Final = (NO_IHC,)
_SCORED: Final = ((1,), (2,), (3,), (4,))  # the column of each IHC score
_RATIO_LIMITS: Final = (2,)
_COPIES_LIMITS: Final = (4, 6)
_THRESHOLDS: Final[dict[str, tuple[int, ...]]] = {
    "ihc": (1, 2, 3),
    "ratio": _RATIO_LIMITS,
    "copies": _COPIES_LIMITS,
    "recount_ratio": _RATIO_LIMITS,
    "recount_copies": _COPIES_LIMITS,
}


def ish_findings(specimen: Specimen) -> tuple[Ish, ...]:
    """Everything that the ISH of a specimen may be found to be; empty where a single probe claims a ratio."""
    ratio, copies = _measured(specimen.get("ratio")), _measured(specimen.get("copies"))
    if ratio is None and copies is None:
        return _NO_ISH
    probe = specimen.get("probe")
    if ratio is None and probe != "dual":
        assert copies is not None
        single = single_probe_findings(copies)
        return single if probe == "single" else dual_groups(ANY_NUMBER, copies) + single
    if probe == "single":
        return ()
    return dual_groups(ANY_NUMBER if ratio is None else ratio, ANY_NUMBER if copies is None else copies)


def ihc_columns(score: Scalar | Unknown | None) -> tuple[int, ...]:
    """The columns of the figures that an IHC score leaves possible; empty when it is off the scale."""
    if score is None:
        return _NO_IHC
    if isinstance(score, int) and 0 <= score <= 3:
        return _SCORED[score]
    measured = _measured(score)
    assert measured is not None
    return tuple(s + 1 for s in range(4) if compare_numbers(measured, "==", s) is not NO)


def recount_groups(specimen: Specimen) -> tuple[Ish | None, ...]:
    """The groups in which a recount may fall; (None,) when there is none of surely enough cells."""
    cells = _measured(specimen.get("recount_cells"))
    if cells is None:
        return _NOT_RECOUNTED
    ratio, copies = _measured(specimen.get("recount_ratio")), _measured(specimen.get("recount_copies"))
    if ratio is None and copies is None:
        return _NOT_RECOUNTED
    if compare_numbers(cells, ">=", RECOUNT_CELLS) is not YES:
        return _NOT_RECOUNTED
    return dual_groups(ANY_NUMBER if ratio is None else ratio, ANY_NUMBER if copies is None else copies)


def leaves_open(name: str, value: Scalar | Unknown | None) -> bool:
    """Whether a value, absent or known by bounds alone, lies on both sides of a threshold of its own."""
    if name == "probe":
        return value not in ("dual", "single")
    number = _measured(value)
    number = ANY_NUMBER if number is None else number
    return any(isinstance(compare_numbers(number, ">=", limit), Unknown) for limit in _THRESHOLDS[name])


def _measured(value: Scalar | Unknown | None) -> Measured | None:
    """A recorded number; any number when the records contradict each other; None when absent."""
    if value is None or isinstance(value, int | Decimal | Range):
        return value
    return ANY_NUMBER
