"""Cancer disease status (mCODE), under its present code and that of STU1."""

from __future__ import annotations

from evenhand.codes import Coded
from evenhand.intake.cancers import Disease
from evenhand.intake.chart import Chart
from evenhand.intake.elements import Object, extension_in, objects_in, text_in
from evenhand.intake.receptors import NOT_DONE
from evenhand.intake.tables import answers, unmapped
from evenhand.intake.values import Codes, missing_reason, observed_on, values_of


def read_disease_status(chart: Chart, disease: Disease, observation: Object, name: str, _: str) -> None:
    """Deliver ``disease_status``: date, status and basis. Several may be true at once, as separate records.

    A status of another cancer (by ``focus``) is not used. "Worsened" is progression; a code that no table reads stays
    undecided, so that it is never taken for "no progression".
    """
    if disease.other and _about_another(disease, observation):
        chart.warn(name, "focus", "not used: it is about another cancer")
        return
    day = observed_on(observation)
    statuses = dict.fromkeys([_status(content) for _, content, _ in values_of(chart, observation, name)])
    statuses.pop(None, None)
    if not statuses:
        chart.warn(name, "value[x]", missing_reason(observation))
    basis = chart.optional(name, _basis, observation) if "extension" in observation else None
    for status in statuses:
        if day is not None and status == "progression":
            disease.progressions.append(day)
        chart.add_record("disease_status", {"date": day, "status": status, "basis": basis}, day, name)


def _about_another(disease: Disease, observation: Object) -> bool:
    focus = [text_in(one, "reference", "focus.") for one in objects_in(observation, "focus")]
    return any(disease.about_another(reference) for reference in focus)


def _status(content: object) -> Coded | None:
    if isinstance(content, Codes):
        status = answers("disease_status").first(content.codings) or unmapped(content.codings, content.text)
        return None if status == NOT_DONE else status
    return unmapped([], content[:100]) if isinstance(content, str) else None


def _basis(observation: Object) -> str | None:
    """Radiographic when imaging is among the evidence, else clinical when an examination is."""
    kinds: list[str] = []
    for extension in extension_in(observation, "evidence-type"):
        kinds += answers("evidence").find(extension, "valueCodeableConcept")
    return "radiographic" if "imaging" in kinds else "clinical" if "clinical" in kinds else None
