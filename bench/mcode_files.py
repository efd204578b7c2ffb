"""Made-up mCODE patients of a realistic size, for the benchmarks and for generated tests.

Each is one Bundle of 11 or 12 resources with what real exports carry: profiles, categories, displays, references.
"""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from typing import Any

Resource = dict[str, Any]

MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_HL7 = "http://terminology.hl7.org/CodeSystem/"
_SITES = {
    "94381002": "Secondary malignant neoplasm of liver (disorder)",
    "94391008": "Secondary malignant neoplasm of lung (disorder)",
    "94222008": "Secondary malignant neoplasm of bone (disorder)",
    "94161006": "Secondary malignant neoplasm of adrenal gland (disorder)",
    "94225005": "Secondary malignant neoplasm of brain (disorder)",
    "94408005": "Secondary malignant neoplasm of mediastinal lymph nodes (disorder)",
}
_STATUSES = {
    "268910001": "Patient's condition improved (finding)",
    "359746009": "Patient's condition stable (finding)",
    "271299001": "Patient's condition worsened (finding)",
}
_RESULTS = {"10828004": "Positive (qualifier value)", "260385009": "Negative (qualifier value)"}


def concept(system: str, code: str, display: str) -> Resource:
    """A CodeableConcept of one coding, with its display as text."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


class Person:
    """The resources of one made-up person."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.id = f"made-up-{seed:06d}"
        self.count = 0
        self.diagnosed = date(2026, 1, 1) + timedelta(days=self.chance.randrange(240))
        self.subject = {"reference": f"Patient/{self.id}", "display": f"Test-Person {seed}"}

    def resource(self, kind: str, profile: str, **elements: Any) -> Resource:
        """One resource with an id, its metadata and its subject."""
        self.count += 1
        return {
            "resourceType": kind,
            "id": f"{self.id}-{self.count:02d}",
            "meta": {
                "versionId": "1",
                "lastUpdated": "2026-11-02T08:15:30.000+00:00",
                "source": "https://hospital.example.org/fhir",
                "profile": [MCODE + profile],
            },
            **elements,
            "subject": self.subject,
        }

    def patient(self) -> Resource:
        born = date(1948, 1, 1) + timedelta(days=self.chance.randrange(20000))
        core = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
        return {
            "resourceType": "Patient",
            "id": self.id,
            "meta": {"profile": [MCODE + "cancer-patient"]},
            "extension": [
                _category(core + "race", "2106-3", "White"),
                _category(core + "ethnicity", "2186-5", "Not Hispanic or Latino"),
            ],
            "identifier": [{"use": "usual", "system": "http://hospital.example.org", "value": f"MRN-{self.id}"}],
            "name": [{"use": "official", "family": f"Test-{self.id}", "given": ["Erika"]}],
            "telecom": [{"system": "phone", "value": "555-0100", "use": "home"}],
            "gender": self.chance.choice(("female", "female", "female", "male")),
            "birthDate": born.isoformat(),
            "address": [{"line": ["1 Example Street"], "city": "Exampleton", "postalCode": "00000"}],
            "communication": [{"language": concept("urn:ietf:bcp:47", "en", "English")}],
        }

    def condition(self, profile: str, code: Resource, onset: date) -> Resource:
        return self.resource(
            "Condition",
            profile,
            clinicalStatus=concept(_HL7 + "condition-clinical", "active", "Active"),
            verificationStatus=concept(_HL7 + "condition-ver-status", "confirmed", "Confirmed"),
            category=[concept(_HL7 + "condition-category", "problem-list-item", "Problem List Item")],
            code=code,
            onsetDateTime=onset.isoformat(),
            recordedDate=onset.isoformat(),
            asserter={"reference": "Practitioner/made-up-oncologist", "display": "Dr. Test"},
        )

    def primary(self) -> Resource:
        found = self.condition(
            "primary-cancer-condition",
            concept(SNOMED, "254837009", "Malignant neoplasm of breast (disorder)"),
            self.diagnosed - timedelta(days=self.chance.randrange(2000)),
        )
        return found | {"bodySite": [concept(SNOMED, "80248007", "Left breast structure (body structure)")]}

    def metastasis(self) -> Resource:
        code = self.chance.choice(sorted(_SITES))
        found = self.condition("secondary-cancer-condition", concept(SNOMED, code, _SITES[code]), self.diagnosed)
        biopsy = concept(SNOMED, "108257001", "Anatomic pathology procedure (procedure)")
        return found | {"evidence": [{"code": [biopsy]}]}

    def observation(self, profile: str, category: str, code: str, display: str, day: date, **value: Any) -> Resource:
        return self.resource(
            "Observation",
            profile,
            status="final",
            category=[concept(_HL7 + "observation-category", category, category.title())],
            code=concept(LOINC, code, display),
            focus=[{"reference": f"Condition/{self.id}-01"}],
            effectiveDateTime=day.isoformat(),
            performer=[{"reference": "Practitioner/made-up-oncologist", "display": "Dr. Test"}],
            **value,
        )

    def marker(self, code: str, display: str, **value: Any) -> Resource:
        return self.observation("tumor-marker-test", "laboratory", code, display, self.diagnosed, **value)

    def markers(self) -> list[Resource]:
        """HER2 by IHC and by ISH, and both hormone receptors."""
        result = self.chance.choice(sorted(_RESULTS))
        score = self.chance.randrange(4)
        ratio = {"value": self.chance.randrange(100, 600) / 100, "unit": "{ratio}", "code": "{ratio}"}
        share = {"value": self.chance.randrange(101), "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}
        cells = "Cells.progesterone receptor/100 cells in Breast cancer specimen by Immune stain"
        copies = "ERBB2 gene copy number/Chromosome 17 copy number in Tissue by FISH"
        coded = concept(SNOMED, result, _RESULTS[result])
        return [
            self.marker("85319-2", "HER2 [Presence] in Breast cancer specimen by Immune stain", valueInteger=score),
            self.marker("49683-6", copies, valueQuantity=ratio),
            self.marker("16112-5", "Estrogen receptor [Interpretation] in Tissue", valueCodeableConcept=coded),
            self.marker("85325-9", cells, valueQuantity=share),
        ]

    def performance(self) -> Resource:
        """ECOG or Karnofsky."""
        day = self.diagnosed + timedelta(days=self.chance.randrange(200))
        ecog = self.chance.random() < 0.5
        score = self.chance.randrange(5) if ecog else 10 * self.chance.randrange(4, 11)
        name, code = ("ECOG", "89247-1") if ecog else ("Karnofsky", "89243-0")
        profile, display = f"{name.lower()}-performance-status", f"{name} Performance Status score"
        return self.observation(profile, "survey", code, display, day, valueInteger=score)

    def status(self) -> Resource:
        """How the disease stands, by imaging."""
        day = self.diagnosed + timedelta(days=self.chance.randrange(60, 300))
        code = self.chance.choice(sorted(_STATUSES))
        evidence = {
            "url": MCODE + "cancer-disease-status-evidence-type",
            "valueCodeableConcept": concept(SNOMED, "363679005", "Imaging (procedure)"),
        }
        value = {"valueCodeableConcept": concept(SNOMED, code, _STATUSES[code]), "extension": [evidence]}
        display = "Cancer Disease Progression"
        return self.observation("cancer-disease-status", "therapy", "97509-4", display, day, **value)

    def medication(self) -> Resource:
        start = self.diagnosed + timedelta(days=self.chance.randrange(40))
        return self.resource(
            "MedicationAdministration",
            "cancer-related-medication-administration",
            status="completed",
            medicationCodeableConcept=concept(RXNORM, "224905", "trastuzumab"),
            effectivePeriod={"start": start.isoformat()},
            reasonReference=[{"reference": f"Condition/{self.id}-01"}],
            dosage={"text": "6 mg/kg IV every 3 weeks", "dose": {"value": 420, "unit": "mg", "code": "mg"}},
        )


def _category(url: str, code: str, display: str) -> Resource:
    coding = {"system": "urn:oid:2.16.840.1.113883.6.238", "code": code, "display": display}
    parts = [{"url": "ombCategory", "valueCoding": coding}, {"url": "text", "valueString": display}]
    return {"url": url, "extension": parts}


def make_patient(seed: int) -> Resource:
    """A Bundle of one made-up person: the same seed gives the same person."""
    person = Person(seed)
    resources = [
        person.primary(),
        *(person.metastasis() for _ in range(person.chance.randrange(1, 3))),
        *person.markers(),
        person.performance(),
        person.status(),
        person.medication(),
    ]
    base = "https://hospital.example.org/fhir"
    entries = [
        {"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one}
        for one in (person.patient(), *resources)
    ]
    made = "2026-11-02T08:15:30Z"
    return {"resourceType": "Bundle", "id": person.id, "type": "collection", "timestamp": made, "entry": entries}


def make_file(seed: int) -> bytes:
    """The Bundle as a file: compact JSON in UTF-8."""
    return json.dumps(make_patient(seed), ensure_ascii=False, separators=(",", ":")).encode()
