"""Who a FHIR file is about: number, name and birth date of its Patient, to be proposed to whoever uploads it.

None of it goes into the record. What cannot be read is left out, since somebody looks at every proposal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evenhand.intake.decode import decode
from evenhand.intake.elements import Json, Object
from evenhand.intake.errors import InputError

_LONGEST: Final = 200  # characters; longer ones are no names
_MEDICAL_RECORD: Final = "MR"  # HL7 v2-0203: the number of the chart
_NAMES_NOT_IN_USE: Final = ("old", "nickname", "anonymous", "temp", "maiden")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a file says about who it is about; empty text for what it does not say."""

    number: str = ""
    name: str = ""
    birth_date: str = ""


def proposed_identity(content: bytes) -> Proposed:
    """The identity of the only Patient of a file; nothing where there is none, or more than one."""
    try:
        documents, _ = decode(content, "")
    except InputError:
        return Proposed()
    patients = [patient for document in documents for patient in _patients(document)]
    if len(patients) != 1:
        return Proposed()
    (patient,) = patients
    return Proposed(_number(patient), _name(patient), _text(patient.get("birthDate")))


def _patients(document: Json) -> Iterator[Object]:
    """The Patients of a Bundle, of a list of resources, or the resource itself."""
    for resource in _objects(document if isinstance(document, list) else [document]):
        entries = (entry.get("resource") for entry in _objects(resource.get("entry")))
        for one in (resource, *entries):
            if isinstance(one, dict) and one.get("resourceType") == "Patient":
                yield one


def _number(patient: Object) -> str:
    """The number of the chart, or else the first number."""
    known = [one for one in _objects(patient.get("identifier")) if _text(one.get("value"))]
    charts = [one for one in known if _MEDICAL_RECORD in _codes(one)]
    return _text((charts or known)[0].get("value")) if known else ""


def _codes(identifier: Object) -> list[Json]:
    kind = identifier.get("type")
    return [coding.get("code") for coding in _objects(kind.get("coding") if isinstance(kind, dict) else None)]


def _name(patient: Object) -> str:
    """The name in use: as one text, or given names and family name."""
    names = [name for name in _objects(patient.get("name")) if name.get("use") not in _NAMES_NOT_IN_USE]
    if not names:
        return ""
    text = _text(names[0].get("text"))
    given = names[0].get("given")
    parts = [_text(part) for part in given] if isinstance(given, list) else []
    return text or " ".join(part for part in (*parts, _text(names[0].get("family"))) if part)


def _objects(value: object) -> list[Object]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Json) -> str:
    return " ".join(value.split()) if isinstance(value, str) and len(value) <= _LONGEST else ""
