"""The derivations that a study may name, and what each needs of the study's vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from evenhand.oncology.her2_person import explain_her2, her2_asco_cap_2018
from evenhand.oncology.kinds import DerivationKind, FieldShape
from evenhand.oncology.lesion_policy import check_policy
from evenhand.oncology.lesions import lesion_count
from evenhand.oncology.lesions_explained import explain_count

_NUMBER: Final = FieldShape("number")
_TEXT: Final = FieldShape("text")
_CODE: Final = FieldShape("code")
_POSITIVE_OR_NEGATIVE: Final = frozenset({"positive", "negative"})

_SPECIMEN: Final = {
    "specimen": _TEXT,
    "of": FieldShape("code", frozenset({"primary", "metastasis"})),
    "ihc": _NUMBER,
    "probe": FieldShape("code", frozenset({"dual", "single"})),
    "ratio": _NUMBER,
    "copies": _NUMBER,
    "recount_ratio": _NUMBER,
    "recount_copies": _NUMBER,
    "recount_cells": _NUMBER,
    "adjudicated": FieldShape("code", _POSITIVE_OR_NEGATIVE),
    "reported": FieldShape("code", _POSITIVE_OR_NEGATIVE | {"equivocal", "indeterminate"}),
    "discordance_reviewed": FieldShape("yes_no"),
}
_LESION: Final = {
    "lesion": _TEXT,
    "site": _CODE,
    "side": FieldShape("code", frozenset({"same", "other", "midline"})),
    "discrete": _NUMBER,
    "unit": _TEXT,
    "unit_kind": _CODE,
}
_IMAGING: Final = {"date": FieldShape("date"), "metastases": _NUMBER}


def _no_parameters(parameters: Mapping[str, object]) -> list[str]:
    return [f"the HER2 algorithm takes no policy, but has {name!r}" for name in parameters]


DERIVATIONS: Final[Mapping[str, DerivationKind]] = MappingProxyType(
    {
        "her2_asco_cap_2018": DerivationKind(
            "her2_asco_cap_2018",
            compute=her2_asco_cap_2018,
            explain=explain_her2,
            kind="code",
            inputs=(frozenset(_SPECIMEN) - {"reported"},),
            fields=(_SPECIMEN,),
            check_parameters=_no_parameters,
            codes=_POSITIVE_OR_NEGATIVE,
        ),
        "lesion_count": DerivationKind(
            "lesion_count",
            compute=lesion_count,
            explain=explain_count,
            kind="number",
            inputs=(frozenset({"site", "side", "discrete", "unit", "unit_kind"}), frozenset({"metastases"})),
            fields=(_LESION, _IMAGING),
            check_parameters=check_policy,
            named_codes={
                "regional_sites": (0, "site"),
                "maybe_regional_sites": (0, "site"),
                "one_unit": (0, "unit_kind"),
            },
        ),
    }
)
