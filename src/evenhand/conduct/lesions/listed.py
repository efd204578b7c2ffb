"""The lesions at baseline: as a site listed them, and what RECIST says about its choice of targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal, cast, get_args

from evenhand.conduct.findings import DoubtAt, doubt_about
from evenhand.conduct.forms import FormEntry, Row, entries_reading, remembered
from evenhand.conduct.lesions.planned import assessments_of
from evenhand.conduct.treatment.answers import number, word
from evenhand.conduct.treatment.registered import registered_lesions
from evenhand.oncology.recist import (
    Candidate,
    Method,
    Nature,
    Selection,
    Standing,
    faults_of_choice,
    measurability,
    micrometres,
    propose,
)
from evenhand.protocol import Protocol
from evenhand.protocol.plan.assessments import Assessments
from evenhand.record import SubjectHistory

LESION_LIST: Final = "lesion_list"
Followed = Literal["target", "non_target"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One lesion at baseline. ``candidate`` is what RECIST needs to know of it; ``because``: why it is not followed as
    proposed."""

    label: str
    site: str
    side: str | None
    followed: Followed
    because: str | None
    candidate: Candidate

    @property
    def node(self) -> bool:
        """Whether it is a lymph node, measured by its short axis."""
        return self.candidate.nature == "node"


@dataclass(frozen=True)
class LesionList:
    """The lesions at baseline in the order of the form, and the entry that they stand in."""

    entry: FormEntry
    day: date
    lesions: tuple[Listed, ...]

    @cached_property
    def by_label(self) -> dict[str, Listed]:
        """Each lesion by its label."""
        return {lesion.label: lesion for lesion in self.lesions}

    @cached_property
    def proposal(self) -> Selection:
        """Which lesions RECIST would follow as targets, and why."""
        return propose([lesion.candidate for lesion in self.lesions])


@remembered
def lesion_list(protocol: Protocol, known: SubjectHistory) -> LesionList | None:
    """The list of lesions at baseline: the one with the earliest images; None where none is entered."""
    found = entries_reading(protocol, known, LESION_LIST)
    return min((_read(entry, protocol) for entry in found), key=lambda one: (one.day, one.entry.seq), default=None)


def _read(entry: FormEntry, protocol: Protocol) -> LesionList:
    plan = assessments_of(protocol)
    return LesionList(entry, entry.day, tuple(_listed(row, plan) for row in entry.rows("lesions")))


def _listed(row: Row, plan: Assessments) -> Listed:
    label, site = word(row, "lesion") or "", word(row, "site") or ""
    followed: Followed = "target" if word(row, "followed") == "target" else "non_target"
    return Listed(label, site, word(row, "side"), followed, word(row, "because"), candidate_of(row, plan))


def candidate_of(row: Row, plan: Assessments) -> Candidate:
    """What RECIST needs to know of a row of the list. What is not recorded stays unknown: a method that is not said
    does not measure, a lesion of which nobody said otherwise was not treated before and can be measured again."""
    size, thickness = number(row, "size"), number(row, "slice")
    method, nature = word(row, "method") or "other", word(row, "nature") or "solid"
    return Candidate(
        word(row, "lesion") or "",
        plan.organ_of(word(row, "site") or ""),
        cast(Nature, nature) if nature in get_args(Nature) else "solid",
        None if size is None else micrometres(size),
        cast(Method, method) if method in get_args(Method) else "other",
        None if thickness is None else micrometres(thickness),
        row.get("treated_before") is True,
        row.get("grown_since") is True,
        row.get("reproducible") is not False,
    )


def proposed(rows: Iterable[Row], plan: Assessments) -> Selection:
    """What to follow, for a form that is being filled in."""
    return propose([candidate_of(row, plan) for row in rows])


def is_regional(site: str, side: str | None, plan: Assessments) -> bool:
    """Whether a site belongs to the primary or its region, which it does unless it is said to be elsewhere."""
    return side in (None, "same") and (site in plan.regional or site in plan.primary)


def list_doubts(protocol: Protocol, known: SubjectHistory) -> Iterator[DoubtAt]:
    """What is to be asked about the list: rules that the choice breaks, a choice without a reason, a second list."""
    listed = lesion_list(protocol, known)
    if listed is None:
        return
    targets = [lesion.label for lesion in listed.lesions if lesion.followed == "target"]
    for said in faults_of_choice([lesion.candidate for lesion in listed.lesions], targets):
        yield doubt_about(listed.entry, f"choice {said}", f"{said}.", "lesions")
    yield from _unexplained(listed)
    for label in _registered(protocol, known):
        if label not in listed.by_label:
            say = f"{label} is a metastasis at registration and not in this list: is it there under another label?"
            yield doubt_about(listed.entry, f"registered {label}", say, "lesions")
    for entry in entries_reading(protocol, known, LESION_LIST):
        if entry is not listed.entry:
            say = f"The lesions at baseline stand in the list of {listed.day:%-d %b %Y}; this second list is not read."
            yield doubt_about(entry, "second list", say)


def _registered(protocol: Protocol, known: SubjectHistory) -> tuple[str, ...]:
    """The labels of the metastases at registration; none where the study does not say which fact lists them."""
    planned = protocol.plan is not None and protocol.plan.treatment is not None
    return registered_lesions(protocol, known) if planned else ()


def _unexplained(listed: LesionList) -> Iterator[DoubtAt]:
    chosen = {choice.label: choice for choice in listed.proposal.choices}
    for place, lesion in enumerate(listed.lesions, start=1):
        choice, path = chosen[lesion.label], f"lesions.{place}.followed"
        if choice.role == "target" and lesion.followed != "target" and not lesion.because:
            say = f"{lesion.label} is proposed as a target ({choice.why}) and followed as non-target: why is not said."
            yield doubt_about(listed.entry, "not as proposed", say, path)
        swapped = choice.role != "target" and lesion.followed == "target" and not lesion.because
        if swapped and measurability(lesion.candidate).standing is Standing.MEASURABLE:
            say = f"{lesion.label} is followed as a target instead of a proposed one, and why is not said."
            yield doubt_about(listed.entry, "not as proposed", say, path)
