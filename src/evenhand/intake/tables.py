"""The code tables of this package: which code of which system means which word of ours.

The tables are data (``codes/*.csv``), loaded when first needed. A code is looked up by (system, code); what no table
holds stays a code: :class:`~evenhand.codes.Unmapped`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, Generic, NamedTuple, TypeVar

from evenhand.codes import Unmapped
from evenhand.intake.elements import Object, Unreadable, codings_in

SNOMED: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD_10_CM: Final = "http://hl7.org/fhir/sid/icd-10-cm"
INTERPRETATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"

_NAMES: Final = {
    "SNOMED": SNOMED,
    "LOINC": LOINC,
    "RxNorm": RXNORM,
    "ICD-10-CM": ICD_10_CM,
    "ObservationInterpretation": INTERPRETATION,
}
# Other spellings of the same systems that files use. WHO's ICD-10 has the same categories as the American one.
_ALIASES: Final = {
    "urn:oid:2.16.840.1.113883.6.96": SNOMED,
    "urn:oid:2.16.840.1.113883.6.1": LOINC,
    "urn:oid:2.16.840.1.113883.6.88": RXNORM,
    "urn:oid:2.16.840.1.113883.6.90": ICD_10_CM,
    "http://hl7.org/fhir/sid/icd-10": ICD_10_CM,
    "urn:oid:2.16.840.1.113883.6.3": ICD_10_CM,
    "http://hl7.org/fhir/ValueSet/observation-interpretation": INTERPRETATION,
    "http://hl7.org/fhir/v2/0078": INTERPRETATION,
    "http://terminology.hl7.org/CodeSystem/v2-0078": INTERPRETATION,
}
_SHORT: Final = {url: name for name, url in _NAMES.items()}

Meaning = TypeVar("Meaning")


class Place(NamedTuple):
    """What a code says about where: our word for the site (or the cancer), and the side of the body, if it says so.

    ``secondary``: the code is of a metastasis.
    """

    word: str
    side: str
    secondary: bool = False


class Agent(NamedTuple):
    """A systemic treatment of cancer, and whether it is directed against HER2."""

    name: str
    her2: bool


class Table(Generic[Meaning]):
    """Codes and what they mean."""

    __slots__ = ("_meanings",)

    def __init__(self, meanings: dict[tuple[str, str], Meaning]) -> None:
        self._meanings = meanings

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._meanings)

    def find(self, node: Object, element: str) -> list[Meaning]:
        """What the codings of a CodeableConcept mean, those that the table knows.

        Raises Unreadable when the element is none. Every resource passes here, so the usual shape is read in place.
        """
        concept = node.get(element)
        if concept is None:
            return []
        codings = concept.get("coding") if type(concept) is dict else None
        if type(codings) is not list:
            return self.all(codings_in(node, element))
        found = []
        for coding in codings:
            try:
                meaning = self._meanings.get((coding["system"], coding["code"]))  # type: ignore[index,call-overload,arg-type]
            except (TypeError, KeyError):
                return self.all(codings_in(node, element))
            if meaning is None:
                meaning = self.of(coding)  # type: ignore[arg-type]  # it was just read as an object
            if meaning is not None:
                found.append(meaning)
        return found

    def first(self, codings: list[Object]) -> Meaning | None:
        """What the first coding that the table knows means."""
        for coding in codings:
            found = self.of(coding)
            if found is not None:
                return found
        return None

    def all(self, codings: list[Object]) -> list[Meaning]:
        """What each coding that the table knows means."""
        return [found for coding in codings if (found := self.of(coding)) is not None]

    def of(self, coding: Object) -> Meaning | None:
        """What one coding means. Raises Unreadable when its system or code is no text."""
        system, code = coding.get("system"), coding.get("code")
        if system is None or code is None:
            return None
        if type(system) is not str or type(code) is not str:
            raise Unreadable("coding", "a system and a code have to be text")
        found = self._meanings.get((system, code))
        return self._otherwise(_canonical(system), code) if found is None else found

    def _otherwise(self, system: str, code: str) -> Meaning | None:
        """The code in another spelling of its system; ICD-10 codes also by their category (C79.63 is a C79.6)."""
        found = self._meanings.get((system, code))
        if found is not None or system != ICD_10_CM:
            return found
        while found is None and len(code) > 3:
            code = code[:-1].rstrip(".")
            found = self._meanings.get((system, code))
        return found


@lru_cache(maxsize=256)
def _canonical(system: str) -> str:
    if system.startswith(SNOMED + "/"):  # an edition or a version of it
        return SNOMED
    system = system.replace("https://", "http://", 1).rstrip("/")
    return _ALIASES.get(system, system)


def unmapped(codings: list[Object], text: str = "") -> Unmapped | None:
    """The first coding as a code that no table reads; the free text when there is no coding; None when neither."""
    for coding in codings:
        system, code, display = coding.get("system"), coding.get("code"), coding.get("display")
        if isinstance(code, str) and code:
            name = _SHORT.get(_canonical(system), system) if isinstance(system, str) else "unknown system"
            return Unmapped(name, code, display if isinstance(display, str) else text)
    return Unmapped("text", text, text) if text else None


def _rows(name: str) -> Iterable[dict[str, str]]:
    text = (files("evenhand.intake") / "codes" / f"{name}.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        row["system"] = _NAMES.get(row["system"], row["system"])
        yield row


@cache
def diagnoses() -> Table[Place]:
    """Codes of cancers: which primary one, or where the metastasis is."""
    primary = {(row["system"], row["code"]): Place(row["cancer"], row["side"]) for row in _rows("cancers")}
    secondary = {(row["system"], row["code"]): Place(row["site"], row["side"], True) for row in _rows("sites")}
    return Table(primary | secondary)


@cache
def body_sites() -> Table[Place]:
    """Parts of the body."""
    return Table({(row["system"], row["code"]): Place(row["site"], row["side"]) for row in _rows("body_sites")})


@cache
def observations() -> Table[str]:
    """Which Observations are read, and by which reader."""
    return Table({(row["system"], row["code"]): row["reads"] for row in _rows("observations")})


@cache
def answers(table: str) -> Table[str]:
    """The coded answers to one question."""
    rows = _rows("answers")
    return Table({(row["system"], row["code"]): row["word"] for row in rows if row["table"] == table})


@cache
def agents() -> Table[Agent]:
    """Systemic treatments by code."""
    rows = _rows("agents")
    return Table({(row["system"], row["code"]): Agent(row["agent"], row["her2"] == "yes") for row in rows})


@cache
def agents_by_name() -> Mapping[str, Agent]:
    """Systemic treatments by name, the longest names first."""
    found = {row["agent"]: Agent(row["agent"], row["her2"] == "yes") for row in _rows("agents")}
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))
