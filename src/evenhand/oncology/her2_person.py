"""The HER2 status of a person from the specimens that were tested.

No guideline combines specimens. [P] A person is positive when a specimen is positive and no later metastatic
specimen is negative; a negative metastasis beside a positive primary tumour has to be adjudicated. The status
rests on the tests that were made: a list that nobody called complete does not keep negative tests from being
negative.
"""

from __future__ import annotations

from collections.abc import Mapping

from evenhand.dates import DateSpan
from evenhand.facts import FactType, Seen, View
from evenhand.logic import Reason, Unknown
from evenhand.oncology.her2 import Her2Result, specimen_status
from evenhand.oncology.her2_figures import Status
from evenhand.oncology.her2_readings import Specimen

_Tested = tuple[Specimen, Her2Result]


def her2_asco_cap_2018(view: View, fact_type: FactType) -> Seen:
    """``positive``, ``negative`` or why it is unknown; the one input is a list of specimens.

    Without a positive specimen, one undecided specimen leaves the person undecided. A negative metastatic
    specimen settles the matter when its adjudicated result is negative and its discordance was reviewed.
    """
    tested = [(entry, specimen_status(entry)) for entry in view.items(fact_type.inputs[0]).entries]
    if not tested:
        return Unknown(Reason("missing", fact_type.name, "no HER2 test is recorded"))
    positive = [one for one in tested if one[1].status is Status.POSITIVE]
    negative = [one for one in tested if one[1].status is Status.NEGATIVE]
    if not positive:
        return "negative" if len(negative) == len(tested) else _undecided(tested, fact_type.name)
    if not negative:
        return "positive"
    open_pairs = _discordant(positive, negative, view, fact_type.inputs[0])
    if not open_pairs:
        return "positive"
    if any(_settled(specimen) for specimen, _ in open_pairs):
        return "negative"
    return Unknown(_discordance(positive, open_pairs, fact_type.name))


def explain_her2(view: View, fact_type: FactType) -> list[str]:
    """One sentence a specimen: its status, how it was reached and what is next."""
    entries = view.items(fact_type.inputs[0]).entries
    return [_sentence(entry, specimen_status(entry)) for entry in entries] or ["No HER2 test is recorded."]


def _sentence(specimen: Specimen, result: Her2Result) -> str:
    group = f" (ISH group {result.group})" if result.group else ""
    more = result.comment or result.next_step
    return f"Specimen {_label(specimen)}: {result.status}{group}" + (f"; {more}".rstrip(".") + "." if more else ".")


def _label(specimen: Specimen) -> str:
    return str(specimen.get("specimen", "without a label"))


def _undecided(tested: list[_Tested], name: str) -> Unknown:
    """Why nothing is decided. An undecided specimen beside a negative one is also a disagreement."""
    reasons = [
        Reason(result.why or "missing", name, f"specimen {_label(specimen)}: {result.next_step}")
        for specimen, result in tested
        if result.status is not Status.NEGATIVE
    ]
    if len(reasons) < len(tested):
        reasons.append(Reason("conflicting", name, "one specimen is negative while another is undecided"))
    return Unknown(*reasons)


def _discordant(positive: list[_Tested], negative: list[_Tested], view: View, name: str) -> list[_Tested]:
    """The negative specimens that may speak against the positive ones: not primary, not surely older."""
    dates = _dates(view, name)
    return [
        (specimen, result)
        for specimen, result in negative
        if specimen.get("of") != "primary" and not any(_supersedes(newer, specimen, dates) for newer, _ in positive)
    ]


def _supersedes(positive: Specimen, negative: Specimen, dates: dict[str, DateSpan]) -> bool:
    """A later positive specimen outdates a negative one, but a primary tumour never outdates a metastasis."""
    if negative.get("of") == "metastasis" and positive.get("of") != "metastasis":
        return False
    newer, older = dates.get(_label(positive)), dates.get(_label(negative))
    return newer is not None and older is not None and older.last < newer.first


def _dates(view: View, name: str) -> dict[str, DateSpan]:
    """When each specimen was first tested: a later ISH or recount does not make the specimen younger."""
    dates: dict[str, DateSpan] = {}
    for fact in view.visible(name):
        if fact.date is not None and isinstance(fact.value, Mapping):
            label = _label(fact.value)
            known = dates.get(label, fact.date)
            dates[label] = DateSpan(min(known.first, fact.date.first), min(known.last, fact.date.last))
    return dates


def _settled(specimen: Specimen) -> bool:
    return specimen.get("adjudicated") == "negative" and specimen.get("discordance_reviewed") is True


def _discordance(positive: list[_Tested], negative: list[_Tested], name: str) -> Reason:
    for_it = ", ".join(_label(specimen) for specimen, _ in positive)
    against = ", ".join(_label(specimen) for specimen, _ in negative)
    detail = (
        f"discordant: specimen {for_it} positive, specimen {against} negative and not known to be older or "
        "from the primary tumour; adjudicate, and record where and when each was taken"
    )
    return Reason("conflicting", name, detail)
