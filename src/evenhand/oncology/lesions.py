"""How many discrete metastases a person has had at most: a number, or the bounds that the records prove.

The number looked for is the largest over all imaging before registration and over the list of lesions. Each
record bounds it from below. From above it is bounded by a list that is complete, and by the totals of all
imaging where the list of imaging is complete and every entry gives its total. Where records contradict each
other the larger number counts: nobody is let in on the smaller one.

A total in a report is taken as it stands: the policy that merges entries of the list cannot be applied to it.
"""

from __future__ import annotations

from evenhand.facts import FactType, Items, Seen, View
from evenhand.logic import Reason, Unknown
from evenhand.oncology.lesion_policy import Bounds, count_entries, policy_of, whole_bounds
from evenhand.units import Range


def lesion_count(view: View, fact_type: FactType) -> Seen:
    """The number of discrete metastases: an int, a Range, or Unknown (missing) when nothing was recorded.

    Inputs: the list of metastases (``site``, ``side``, ``discrete``, ``unit``, ``unit_kind``) and the list of
    imaging (``metastases``, a reported total). Parameters: the counting policy.
    """
    lesions, imaging = view.items(fact_type.inputs[0]), view.items(fact_type.inputs[1])
    if not lesions.entries and not lesions.complete and not _totals(imaging):
        return Unknown(Reason("missing", fact_type.name, "neither metastases nor a reported total are recorded"))
    low, high = largest_number(
        count_entries(lesions.entries, policy_of(fact_type.parameters)), lesions.complete, imaging
    )
    return low if low == high else Range(low, high)


def largest_number(listed: Bounds, list_complete: bool, imaging: Items) -> Bounds:
    """The bounds of the largest number, from what the list of lesions and the reported totals say."""
    totals = _totals(imaging)
    low = max([listed[0], *(least for least, _ in totals)])
    caps = [listed[1]] if list_complete else []
    if imaging.complete and totals and len(totals) == len(imaging.entries):
        highs = [most for _, most in totals if most is not None]
        cap = max(highs) if len(highs) == len(totals) else None
        if not list_complete or cap is None or cap >= listed[0]:  # a total that a complete list refutes bounds nothing
            caps.append(cap)
    high = min((cap for cap in caps if cap is not None), default=None)
    return low, None if high is None else max(low, high)


def _totals(imaging: Items) -> list[Bounds]:
    return [whole_bounds(entry["metastases"]) for entry in imaging.entries if "metastases" in entry]
