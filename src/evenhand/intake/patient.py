"""The Patient resource: birth date, sex, race and ethnicity."""

from __future__ import annotations

from typing import Final

from evenhand.intake.chart import Chart
from evenhand.intake.elements import Object, extension_in, object_in, objects_in, text_in

_ORIGINS: Final = {"us-core-race": "race", "re-ethnicity": "ethnicity"}  # the last 12 letters of the URL
_SEXES: Final = ("female", "male", "other", "unknown")  # FHIR administrative gender


def read_patient(chart: Chart, patient: Object, name: str) -> None:
    """Deliver what a Patient says; each element by itself, so that a bad one costs only itself."""
    if not chart.usable(patient, name):
        return
    chart.add("birth_date", chart.date(patient, name, "birthDate"), None, name, "birthDate")
    gender = patient.get("gender")
    if gender in _SEXES:
        chart.add("sex", gender, None, name, "gender")
    elif gender is not None:
        chart.problem(name, "gender", f"{str(gender)[:40]!r} is none of {', '.join(_SEXES)}")
    if "extension" in patient:
        for source, said in (chart.optional(name, _origins, patient) or {}).items():
            chart.add(source, said, None, name, "extension")
    if patient.get("deceasedDateTime") or patient.get("deceasedBoolean"):
        chart.warn(name, "deceased[x]", "the person is recorded as deceased")


def _origins(patient: Object) -> dict[str, str]:
    """Race and ethnicity: the text of the US Core extensions, or else the names of their categories."""
    found: dict[str, str] = {}
    for extension in extension_in(patient, *_ORIGINS):
        parts = objects_in(extension, "extension", "extension.")
        texts = [text_in(part, "valueString", "extension.") for part in parts if "valueString" in part]
        words = texts or [_display(part) for part in parts]
        said = ", ".join(filter(None, words))
        if said:
            found[_ORIGINS[text_in(extension, "url")[-12:]]] = said
    return found


def _display(part: Object) -> str:
    coding = object_in(part, "valueCoding", "extension.")
    return "" if coding is None else text_in(coding, "display") or text_in(coding, "code")
