"""Comorbidities (mCODE): those present, and those said to be absent."""

from __future__ import annotations

from evenhand.intake.cancers import Disease
from evenhand.intake.chart import Chart
from evenhand.intake.elements import (
    Object,
    Unreadable,
    extension_in,
    last_part,
    object_in,
    objects_in,
    reference_in,
    text_in,
)
from evenhand.intake.values import observed_on

_PRESENT = ("mcode-related-condition", "comorbid-condition-present", "comorbidConditionPresent")
_ABSENT = ("mcode-related-condition-absent", "comorbid-condition-absent", "comorbidConditionAbsent")


def read_comorbidities(chart: Chart, _: Disease, observation: Object, name: str, __: str) -> None:
    """Deliver ``comorbidities``: a condition that is absent precludes nothing; what a present one precludes is open."""
    day = observed_on(observation)
    for endings, absent in ((_PRESENT, False), (_ABSENT, True)):
        for extension in extension_in(observation, *endings):
            condition = chart.optional(name, _named, chart, extension)
            if condition:
                called = f"{condition} (absent)" if absent else condition
                given = {"condition": called, "precludes": "nothing" if absent else None}
                chart.add_record("comorbidities", given, day, name)


def _named(chart: Chart, extension: Object) -> str:
    """What a condition is called, in the extension itself or in the Condition that it refers to."""
    concept = object_in(extension, "valueCodeableConcept", "extension.")
    if concept is None:
        part = last_part(reference_in(extension, "valueReference"))
        condition = next((one for one, name in chart.of("Condition") if part and name.endswith(part)), None)
        concept = object_in(condition, "code") if condition is not None else None
        if concept is None:
            return part[:100]  # the Condition is not in the file, but somebody said that there is one
    codings = objects_in(concept, "coding", "code.")
    said = [text_in(one, "display") or text_in(one, "code") for one in codings] + [text_in(concept, "text")]
    found = next((word for word in said if word), "")
    if not found:
        raise Unreadable("extension", "it names no condition")
    return found
