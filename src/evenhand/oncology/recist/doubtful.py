"""Findings of which it is not plain whether they are a new lesion: nodes that grew, and what PET shows.

Sources: RECIST 1.1, 4.3.2 (a node of 10 mm or more is pathological) and 4.3.5 (new lesions, FDG-PET); the EORTC warns
that a node which grew from 9 to 11 mm may be no disease. Ours: such a node is equivocal until it has grown by 5 mm.
"""

from __future__ import annotations

from typing import Literal

from evenhand.oncology.recist.criteria import RECIST_1_1, Criteria, Micrometres
from evenhand.oncology.recist.scan import Certainty

Uptake = Literal["positive", "negative", "none"]  # of FDG-PET; none: it was not done
ByCt = Literal["new site", "known site", "not seen", "not done"]


def node_certainty(smallest: Micrometres, now: Micrometres, criteria: Criteria = RECIST_1_1) -> Certainty | None:
    """Whether a node that was normal is new disease: short axes, the smallest so far and today's."""
    if smallest >= criteria.node_normal or now < criteria.node_normal:
        return None
    return "unequivocal" if now - smallest >= criteria.new_node_growth else "equivocal"


def pet_certainty(baseline: Uptake, now: Uptake, by_ct: ByCt) -> Certainty | None:
    """Whether an uptake of FDG is a new lesion.

    Negative at baseline and positive now: it is. No PET at baseline: it is where CT confirms a new site; a site that CT
    knew and that does not grow is none; until CT has answered it is equivocal.
    """
    if now != "positive" or baseline == "positive":
        return None
    if baseline == "negative" or by_ct == "new site":
        return "unequivocal"
    return None if by_ct == "known site" else "equivocal"
