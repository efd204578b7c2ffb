"""Documents to resources: Bundles (also nested ones), plain lists and single resources."""

from __future__ import annotations

from typing import Final

from evenhand.facts import Problem
from evenhand.intake.elements import Json, Object, kind_of
from evenhand.intake.errors import InputError

# The resources that intake reads about a person, and the element that says whose they are.
SUBJECT: Final = {
    "Condition": "subject",
    "Observation": "subject",
    "MedicationAdministration": "subject",
    "MedicationStatement": "subject",
    "MedicationRequest": "subject",
    "Specimen": "subject",
    "BodyStructure": "patient",
}

# A resource, its name for messages (``Observation/abc``), its type, and the URL it goes by in its Bundle.
Entry = tuple[Object, str, str, str]

# Where a resource stands: the list (``entry``) and its position; None for a file that is one resource.
Place = tuple[str, int] | None


class Pile:
    """The resources of a file that intake reads, in their order, and what could not be taken as a resource."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.patients: list[Entry] = []
        self.entries: list[Entry] = []
        self.medications: list[Entry] = []
        self.problems: list[Problem] = []
        self._any = False

    def add(self, document: Json) -> None:
        """Take in a document: a Bundle (the Bundles in it come after the rest), a list or a resource."""
        bundles: list[tuple[Object, str]] = []
        if type(document) is list:
            for number, item in enumerate(document):
                self._take(item, ("", number), "", bundles)
        else:
            self._take(document, None, "", bundles)
        for bundle, where in bundles:  # grows while it is read
            self._open(bundle, f"{where}." if where else "", bundles)

    def _take(self, value: Json, place: Place, url: str, bundles: list[tuple[Object, str]]) -> None:
        if type(value) is not dict:
            self._refuse(_where(place), f"expected a resource, found {kind_of(value)}")
            return
        kind, identifier = value.get("resourceType"), value.get("id")
        if type(kind) is not str or not kind:
            self._refuse(_where(place), "not used: it has no resourceType")
            return
        self._any = True
        known = type(identifier) is str and identifier
        name = f"{kind}/{identifier}" if known else f"{kind} ({_where(place) or 'without id'})"
        if kind in SUBJECT:
            self.entries.append((value, name, kind, url))
        elif kind == "Bundle":
            bundles.append((value, _where(place)))
        elif kind == "Patient":
            self.patients.append((value, name, kind, url))
        elif kind == "Medication":
            self.medications.append((value, name, kind, url))

    def _open(self, bundle: Object, where: str, bundles: list[tuple[Object, str]]) -> None:
        """Take the entries of a Bundle; one may hold nothing (a deletion)."""
        entries = bundle.get("entry")
        if type(entries) is not list:
            if entries is not None:
                self._refuse(f"{where}entry", f"expected a list, found {kind_of(entries)}")
            return
        listed = where + "entry"
        for number, entry in enumerate(entries):
            if type(entry) is not dict:
                self._refuse(_where((listed, number)), f"expected an object, found {kind_of(entry)}")
            elif "resource" in entry:
                url = entry.get("fullUrl")
                self._take(entry["resource"], (listed, number), url if type(url) is str else "", bundles)

    def _refuse(self, where: str, what: str) -> None:
        self.problems.append(Problem(f"{self.origin} {where}".rstrip(), what))

    def check(self) -> None:
        """Raises InputError when there was nothing of FHIR at all."""
        if not self._any:
            said = f"; {self.problems[0]}" if self.problems else ""
            raise InputError(f"{self.origin}: no FHIR resources: expected a Bundle, a list or NDJSON of them{said}")


def _where(place: Place) -> str:
    """The place in words; told only of what has no name of its own."""
    return "" if place is None else f"{place[0]}[{place[1]}]"
