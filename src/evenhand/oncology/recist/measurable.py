"""Whether a lesion can be measured at baseline.

Sources: RECIST 1.1, 4.1.1 (least sizes by method, slices), 4.1.2 (nodes), appendix II (methods); EORTC clarifications.
Ours: a node on slices thicker than 5 mm has to reach twice their thickness too; a missing slice thickness leaves the
answer open instead of being taken as thin.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from evenhand.oncology.recist.criteria import RECIST_1_1, Criteria, Micrometres, millimetres

Nature = Literal["solid", "node", "lytic_bone_with_soft_tissue", "cystic_metastasis", "never_measurable"]
"""``never_measurable``: blastic or purely lytic bone, effusion, ascites, leptomeningeal or inflammatory disease,
lymphangitic spread, a mass felt but not imaged (RECIST 1.1, 4.1.1)."""
Method = Literal["ct", "mri", "calipers", "xray", "other"]
"""``other``: ultrasound, PET without diagnostic CT, bone scan, endoscopy; none of them measures (appendix II)."""


class Standing(StrEnum):
    """What a lesion can be at baseline."""

    MEASURABLE = "measurable"
    PATHOLOGICAL_NODE = "pathological node"  # non-target only
    NOT_MEASURABLE = "not measurable"  # non-target only
    NORMAL_NODE = "normal node"  # no lesion at all: not recorded
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lesion on the scan before treatment. ``size``: longest diameter, of a node the short axis; None if unknown.

    ``treated``: irradiated or otherwise treated locally before; ``progressed_since``: and it has grown since then.
    """

    label: str
    organ: str
    nature: Nature = "solid"
    size: Micrometres | None = None
    method: Method = "ct"
    slice_thickness: Micrometres | None = None
    treated: bool = False
    progressed_since: bool = False
    reproducible: bool = True


@dataclass(frozen=True, slots=True)
class Measurability:
    """What a lesion can be, why, and which rule says so."""

    standing: Standing
    why: str
    source: str


_SIZES: Final = "RECIST 1.1, 4.1.1"
_NODES: Final = "RECIST 1.1, 4.1.2"


def measurability(lesion: Candidate, criteria: Criteria = RECIST_1_1) -> Measurability:
    """What a lesion can be at baseline: the first rule that applies decides."""
    if lesion.nature == "never_measurable":
        return Measurability(Standing.NOT_MEASURABLE, "disease of this kind has no diameter to follow", _SIZES)
    if lesion.size is None:
        return Measurability(Standing.UNDETERMINED, "its size is not recorded: record it", _SIZES)
    if lesion.nature == "node" and lesion.size < criteria.node_normal:
        return Measurability(
            Standing.NORMAL_NODE, f"a short axis of {_mm(lesion.size)} is below {_mm(criteria.node_normal)}", _NODES
        )
    small = Standing.PATHOLOGICAL_NODE if lesion.nature == "node" else Standing.NOT_MEASURABLE
    if lesion.method == "other":
        return Measurability(small, "this method of imaging does not measure", "RECIST 1.1, appendix II")
    if lesion.treated and not lesion.progressed_since:
        return Measurability(small, "it was treated locally before and has not grown since", _SIZES)
    return _by_size(lesion, small, criteria)


def _by_size(lesion: Candidate, small: Standing, criteria: Criteria) -> Measurability:
    assert lesion.size is not None
    source = _NODES if lesion.nature == "node" else _SIZES
    least = _least(lesion, criteria)
    if lesion.size < least:
        return Measurability(small, f"{_mm(lesion.size)} is below {_mm(least)}{_on(lesion)}", source)
    if lesion.method in ("ct", "mri"):
        if lesion.slice_thickness is None:
            why = f"{_mm(lesion.size)} would do, but the slice thickness is not recorded: record it"
            return Measurability(Standing.UNDETERMINED, why, source)
        thick = criteria.slices * lesion.slice_thickness
        if lesion.slice_thickness > criteria.thick_slice and lesion.size < thick:
            why = f"{_mm(lesion.size)} is below {_mm(thick)}, {criteria.slices} slices of {_mm(lesion.slice_thickness)}"
            return Measurability(small, why, source)
    return Measurability(Standing.MEASURABLE, f"{_mm(lesion.size)} is {_mm(least)} or more{_on(lesion)}", source)


def _least(lesion: Candidate, criteria: Criteria) -> Micrometres:
    if lesion.nature == "node":
        return criteria.node_target
    return criteria.longest_xray if lesion.method == "xray" else criteria.longest


def _on(lesion: Candidate) -> str:
    names = {"ct": "on CT", "mri": "on MRI", "calipers": "by calipers", "xray": "on a plain film"}
    return f" {names[lesion.method]}"


def _mm(size: Micrometres) -> str:
    return f"{millimetres(size)} mm"
