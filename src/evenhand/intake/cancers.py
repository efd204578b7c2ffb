"""Conditions told apart: the cancer that the study is about, other cancers, metastases, and the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from evenhand.codes import Coded
from evenhand.dates import DateSpan
from evenhand.intake.accept import Quantity
from evenhand.intake.chart import Chart
from evenhand.intake.elements import (
    Object,
    Unreadable,
    codings_in,
    date_in,
    extension_in,
    last_part,
    object_in,
    objects_in,
    text_in,
)
from evenhand.intake.tables import Place, answers, body_sites, diagnoses, unmapped
from evenhand.intake.values import period_of

_SAYS_SECONDARY: Final = re.compile(r"(secondary (malignant|\w*carcinoma)|metasta)", re.IGNORECASE)
_HISTORY: Final = re.compile(r"Z85(\.(?!3)|$)")  # ICD-10-CM: a cancer in the past; Z85.3 is that of the breast


@dataclass(slots=True)
class Diagnosis:
    """A Condition that is a cancer: what and where (``place``), when, and how sure."""

    name: str
    condition: Object
    what: Coded
    side: str
    onset: DateSpan | None
    recorded: DateSpan | None
    tentative: bool = False

    @property
    def date(self) -> DateSpan | None:
        """Since when it is known: its onset or assertion, or else when it was recorded."""
        return self.onset or self.recorded

    @property
    def id(self) -> str:
        return self.name.partition("/")[2] or self.name


@dataclass(slots=True)
class Disease:
    """All cancer diagnoses of a person, and what Observations say about single lesions."""

    index: frozenset[str]  # the cancers that the study is about, in our words
    primaries: list[Diagnosis] = field(default_factory=list)
    secondaries: list[Diagnosis] = field(default_factory=list)
    other: list[Diagnosis] = field(default_factory=list)
    past: list[Diagnosis] = field(default_factory=list)
    sizes: dict[str, list[tuple[Quantity, DateSpan | None, str]]] = field(default_factory=dict)
    progressions: list[DateSpan] = field(default_factory=list)

    @property
    def side(self) -> str:
        """The side of the primary cancer; empty when none or both are recorded."""
        if len(self.primaries) == 1:
            return self.primaries[0].side
        sides = {one.side for one in self.primaries if one.side}
        return sides.pop() if len(sides) == 1 else ""

    def about_another(self, reference: str) -> bool:
        """Whether a reference names another cancer than the study's."""
        return bool(reference) and any(last_part(reference).endswith(one.id) for one in self.other)


def diagnose(chart: Chart) -> Disease:
    """Read every Condition of a person."""
    wanted = chart.plan.get("primary_cancer")
    disease = Disease(wanted.words("type") - {"other"} if wanted is not None else frozenset())
    for condition, name in chart.of("Condition"):
        try:
            _sort(chart, disease, condition, name)
        except Unreadable as error:
            chart.problem(name, error.path, error.what)
    _settle(disease)
    return disease


def _settle(disease: Disease) -> None:
    """Which of the primary cancers is meant: the study's if there is one, else whatever there is.

    A cancer whose code no table reads may be any. Beside one of the study's cancers it counts as another.
    """
    unread = [one for one in disease.primaries if not isinstance(one.what, str)]
    if len(unread) < len(disease.primaries) and disease.index:
        disease.primaries = [one for one in disease.primaries if isinstance(one.what, str)]
        disease.other += unread
    if not disease.primaries:
        disease.primaries, disease.other = disease.other, []


def _sort(chart: Chart, disease: Disease, condition: Object, name: str) -> None:
    """Read one Condition and put it where it belongs; one that is no cancer is left alone."""
    known = diagnoses().find(condition, "code")
    if not known and not _worth_a_look(condition):
        return
    if not chart.usable(condition, name):
        return
    tentative = _tentative(chart, condition, name)
    if tentative is None:
        return
    if len(known) == 1:
        secondary = known[0].secondary
    elif known:
        secondary = any(place.secondary for place in known)
        known = [place for place in known if place.secondary == secondary]
    else:
        secondary = _claims(condition, "secondary") or _reads_secondary(condition)
    body = chart.optional(name, body_site, condition) if "bodySite" in condition else None
    what, side = _most_exact(known, condition, body or NOWHERE)
    found = Diagnosis(
        name, condition, what, side, _onset(chart, condition, name), chart.date(condition, name, "recordedDate"),
        tentative,
    )  # fmt: skip
    if secondary:
        disease.secondaries.append(found)
    elif not known and _past(condition):
        disease.past.append(found)
    else:
        ours = not disease.index or what in disease.index or not isinstance(what, str)
        (disease.primaries if ours else disease.other).append(found)


def _worth_a_look(condition: Object) -> bool:
    """Whether a Condition with codes that no table holds is a cancer all the same."""
    cancer = _claims(condition, "primary") or _claims(condition, "secondary")
    return cancer or _past(condition) or _reads_secondary(condition)


def _claims(condition: Object, kind: str) -> bool:
    """Whether a Condition claims an mCODE profile of this kind, of whatever release."""
    meta = condition.get("meta")
    profiles = meta.get("profile") if type(meta) is dict else None
    if type(profiles) is not list:
        return False
    return any(type(one) is str and one.endswith(f"mcode-{kind}-cancer-condition") for one in profiles)


def _reads_secondary(condition: Object) -> bool:
    """A code that no table holds, but that is called a secondary neoplasm: better undecided than lost."""
    texts = [text_in(coding, "display", "code.coding.") for coding in codings_in(condition, "code")]
    texts.append(text_in(object_in(condition, "code") or {}, "text", "code."))
    return any(_SAYS_SECONDARY.match(text) for text in texts)


def _past(condition: Object) -> bool:
    """Whether a code is a history of another cancer (ICD-10-CM Z85)."""
    codes = [coding.get("code") for coding in codings_in(condition, "code")]
    return any(type(code) is str and _HISTORY.match(code) for code in codes)


def _tentative(chart: Chart, condition: Object, name: str) -> bool | None:
    """Whether a diagnosis is not confirmed yet; None when it was refuted or entered in error."""
    if "verificationStatus" not in condition:
        return False
    codings = chart.optional(name, codings_in, condition, "verificationStatus")
    if codings is None:
        return True  # an unreadable status confirms nothing
    for coding in codings:
        status = coding.get("code")
        if status == "confirmed":
            return False
        if status in ("refuted", "entered-in-error"):
            chart.warn(name, "verificationStatus", f"not used: {status}")
            return None
        if status in ("unconfirmed", "provisional", "differential"):
            chart.warn(name, "verificationStatus", f"used, though {status}")
            return True
    return False


def _most_exact(found: list[Place], condition: Object, body: Place) -> tuple[Coded, str]:
    """Our word and the side that several codings of one Condition agree on.

    A vague word gives way to an exact one, and the body site fills what the codes leave open. Two exact words that
    differ decide nothing: then the first coding stays a code.
    """
    if len(found) == 1 and found[0].word not in VAGUE:
        return found[0].word, found[0].side or body.side
    side = body.side
    for place in found:
        side = place.side or side
    exact = {place.word for place in found if place.word not in VAGUE}
    if len(exact) == 1:
        return exact.pop(), side
    if found and not exact:
        if body.word:
            return body.word, side
        if found[0].word == "unspecified":
            return _unread_site(condition) or "unspecified", side
        if found[0].word != BY_SITE:
            return found[0].word, side
    text = text_in(object_in(condition, "code") or {}, "text", "code.")
    return unmapped(codings_in(condition, "code"), text) or "unspecified", side


def _unread_site(condition: Object) -> Coded | None:
    """A body site that no table reads, as a code."""
    try:
        return unmapped([one for site in objects_in(condition, "bodySite") for one in objects_in(site, "coding")])
    except Unreadable:
        return None  # told as a problem when the body site was first read


# Regional nodes of the breast (AJCC, 8th edition): no metastatic disease by themselves on the side of the primary.
MAYBE_REGIONAL: Final = frozenset({"axillary_node", "internal_mammary_node", "supraclavicular_node"})
BY_SITE: Final = "by_site"
VAGUE: Final = frozenset({BY_SITE, "unspecified", "unspecified_node", "nervous_system"})


NOWHERE: Final = Place("", "")


def body_site(resource: Object, element: str = "bodySite") -> Place:
    """Our word for the part of the body and its side; empty words where nothing is said or known."""
    word = side = ""
    for concept in objects_in(resource, element):
        known = body_sites().first(objects_in(concept, "coding", element + "."))
        if known is not None:
            word, side = known.word, known.side or side
        for extension in extension_in(concept, "mcode-laterality", "mcode-laterality-qualifier"):
            side = next(iter(answers("laterality").find(extension, "valueCodeableConcept")), side)
    return Place(word, side) if word or side else NOWHERE


def _onset(chart: Chart, condition: Object, name: str) -> DateSpan | None:
    """When it began, or when it was first asserted."""
    if "onsetDateTime" in condition:
        return chart.date(condition, name, "onsetDateTime")
    if "onsetPeriod" not in condition and "extension" not in condition:
        return None
    return chart.optional(name, _onset_otherwise, condition)


def _onset_otherwise(condition: Object) -> DateSpan | None:
    onset = period_of(condition, "onsetPeriod")
    if onset is not None:
        return onset
    asserted = extension_in(condition, "condition-assertedDate")
    return next((day for one in asserted if (day := date_in(one, "valueDateTime", "extension."))), None)
