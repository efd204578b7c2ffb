"""The name of the patient in a bundle: for the site's own list of its candidates, never for the record."""

from __future__ import annotations

from typing import Any

from evenhand.intake import InputError
from evenhand.intake.decode import decode


def name_in(data: bytes) -> str:
    """The first name of the first Patient, family name first; nothing where none is given in a usual shape."""
    try:
        documents, _ = decode(data, "submission")
    except InputError:
        return ""
    return next((name for document in documents for name in map(_of_patient, _resources(document)) if name), "")


def _resources(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    entries = document.get("entry") if isinstance(document, dict) else None
    inner = [one.get("resource") for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []
    return [document, *inner]


def _of_patient(resource: Any) -> str:
    if not isinstance(resource, dict) or resource.get("resourceType") != "Patient":
        return ""
    names = resource.get("name")
    return next((text for text in map(_written, names) if text), "") if isinstance(names, list) else ""


def _written(name: Any) -> str:
    if not isinstance(name, dict):
        return ""
    given = name.get("given")
    first = " ".join(one for one in given if isinstance(one, str)) if isinstance(given, list) else ""
    family = name.get("family") if isinstance(name.get("family"), str) else ""
    text = name.get("text") if isinstance(name.get("text"), str) else ""
    written = ", ".join(part for part in (family, first) if part) or text or ""
    return written.strip() if written.isprintable() else ""
