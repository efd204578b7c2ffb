"""Systemic treatments: what was given, from when, and why it ended."""

from __future__ import annotations

from typing import Final, NamedTuple

from evenhand.dates import DateSpan
from evenhand.intake.cancers import Disease
from evenhand.intake.chart import Chart
from evenhand.intake.elements import (
    Object,
    Unreadable,
    date_in,
    last_part,
    object_in,
    objects_in,
    reference_in,
    text_in,
)
from evenhand.intake.tables import Agent, agents, agents_by_name, answers

# A dose given says more about the start than what is reported to be taken, and that more than an order.
_SOURCES: Final = ("MedicationAdministration", "MedicationStatement", "MedicationRequest")
ORDER: Final = 2  # the rank of an order among the sources
_NOT_GIVEN: Final = ("not-done", "not-taken", "intended", "draft")
_NOT_ORDERED: Final = ("proposal", "plan", "option")
_ELEMENTS: Final = ("medicationCodeableConcept", "medicationReference")


class Treatment(NamedTuple):
    """One record of one agent. ``rank`` 0 is a dose given, 1 a statement, 2 an order."""

    agent: Agent
    start: DateSpan
    end: DateSpan | None
    rank: int
    stopped: str  # toxicity, availability or nothing
    name: str


def treatments(chart: Chart, disease: Disease) -> list[Treatment]:
    """Every systemic treatment of the study's cancer on record, in the order of the file."""
    found: list[Treatment] = []
    for rank, source in enumerate(_SOURCES):
        for resource, name in chart.resources.get(source, ()):
            try:
                found += _read(chart, disease, resource, name, rank)
            except Unreadable as error:
                chart.problem(name, error.path, error.what)
    return found


def _read(chart: Chart, disease: Disease, resource: Object, name: str, rank: int) -> list[Treatment]:
    given = _agents(chart, resource, name)
    if not given or not chart.usable(resource, name):
        return []
    status, intent = resource.get("status"), resource.get("intent")
    if status in _NOT_GIVEN or intent in _NOT_ORDERED:
        chart.warn(name, "status" if status in _NOT_GIVEN else "intent", "not used: it was not given")
        return []
    if disease.other and _for_another(disease, resource):
        chart.warn(name, "reasonReference", "not used: it treats another cancer")
        return []
    start, end = _dates(resource)
    if start is None:
        chart.warn(name, "effective[x]", "not used: it does not say when")
        return []
    stopped = _stopped(resource) if "statusReason" in resource else ""
    return [Treatment(agent, start, end, rank, stopped, name) for agent in given]


def _for_another(disease: Disease, resource: Object) -> bool:
    reasons = [text_in(one, "reference", "reasonReference.") for one in objects_in(resource, "reasonReference")]
    return any(disease.about_another(reason) for reason in reasons)


def _stopped(resource: Object) -> str:
    """Why it was stopped, if that may be the reason for the next treatment; one concept or a list of them."""
    concepts = objects_in(resource, "statusReason")
    codings = [coding for one in concepts for coding in objects_in(one, "coding", "statusReason.")]
    return answers("stop").first(codings) or ""


def _dates(resource: Object) -> tuple[DateSpan | None, DateSpan | None]:
    """The start (of an order: when it was written) and the end, as far as it is known."""
    if "effectivePeriod" in resource:
        period = object_in(resource, "effectivePeriod") or {}
        return date_in(period, "start", "effectivePeriod."), date_in(period, "end", "effectivePeriod.")
    return date_in(resource, "effectiveDateTime") or date_in(resource, "authoredOn"), None


def _agents(chart: Chart, resource: Object, name: str) -> list[Agent]:
    """The treatments of cancer that a resource names, by code, or else by the name of a substance in its text.

    A medication under an mCODE profile counts even if no table knows it, under its own name.
    """
    known = agents().find(resource, "medicationCodeableConcept")
    if known:
        return known if len(known) == 1 else list(dict.fromkeys(known))
    concept = _medication(chart, resource)
    if concept is None:
        return []
    known = agents().find({"code": concept}, "code")
    return list(dict.fromkeys(known)) if known else _named(chart, resource, name, concept)


def _named(chart: Chart, resource: Object, name: str, concept: Object) -> list[Agent]:
    """The treatments that a concept names in words."""
    codings = objects_in(concept, "coding", "medication.")
    texts = [text_in(one, "display", "medication.coding.") for one in codings]
    texts.append(text_in(concept, "text", "medication."))
    named = _by_name(" ".join(texts).lower())
    if named:
        chart.warn(name, "medication[x]", f"taken as {named[0].name} by its name: no table holds its code")
        return named
    title = next((text for text in texts if text), "")
    return [Agent(title[:100], her2=False)] if title and _cancer_related(resource) else []


def _by_name(text: str) -> list[Agent]:
    found = []
    for name, agent in agents_by_name().items():
        if name in text:
            found.append(agent)
            text = text.replace(name, " ")  # so that "trastuzumab deruxtecan" is not trastuzumab as well
    return found


def _cancer_related(resource: Object) -> bool:
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    return isinstance(profiles, list) and any("mcode-cancer-related-medication" in str(one)[:200] for one in profiles)


def _medication(chart: Chart, resource: Object) -> Object | None:
    """The concept of the medication, in the resource, contained in it, or in a Medication of the file."""
    concept = object_in(resource, _ELEMENTS[0])
    if concept is not None:
        return concept
    reference = reference_in(resource, _ELEMENTS[1])
    if not reference:
        return None
    if reference.startswith("#"):
        inside = [one for one in objects_in(resource, "contained") if one.get("id") == reference[1:]]
    else:
        inside = [
            one for one, name in chart.of("Medication") if name.endswith("/" + last_part(reference).rpartition("/")[2])
        ]
    if not inside:
        raise Unreadable("medicationReference.reference", f"{reference[:60]!r} is not in the file")
    return object_in(inside[0], "code")
