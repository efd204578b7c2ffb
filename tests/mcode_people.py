"""Small mCODE resources for the tests of intake, and the study's vocabulary to read them with."""

import json

from evenhand.intake import read_people
from tests.studies_here import ROOT, SHIPPED, protocol_of

PATIENTS = ROOT / "studies" / "nct07053085" / "patients"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
BREAST = "254837009"
LIVER = "94381002"
ANNA = {"reference": "Patient/anna"}


def vocabulary():
    """The vocabulary of the shipped study."""
    return protocol_of(SHIPPED[0]).vocabulary


def concept(code, system=SNOMED, display=None):
    coding = {"system": system, "code": code}
    return {"coding": [coding if display is None else coding | {"display": display}]}


def patient(**elements):
    return {"resourceType": "Patient", "id": "anna", "gender": "female", "birthDate": "1974-03-12"} | elements


def condition(id_, code, system=SNOMED, **elements):
    """A Condition of one code, or of a whole CodeableConcept."""
    coded = code if isinstance(code, dict) else concept(code, system)
    return {"resourceType": "Condition", "id": id_, "subject": ANNA, "code": coded} | elements


def observation(code, id_="o", day="2026-04-01", system=LOINC, **elements):
    dated = {} if day is None else {"effectiveDateTime": day}
    plain = {"resourceType": "Observation", "id": id_, "status": "final", "subject": ANNA}
    return plain | {"code": concept(code, system)} | dated | elements


def administration(code, start, id_="m", type_="MedicationAdministration", **elements):
    plain = {"resourceType": type_, "id": id_, "status": "completed", "subject": ANNA}
    when = {"authoredOn": start} if type_ == "MedicationRequest" else {"effectiveDateTime": start}
    return plain | when | {"medicationCodeableConcept": concept(code, RXNORM)} | elements


def bundle(*resources):
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def read_all(*resources):
    """The people of a Bundle of these resources."""
    return read_people(json.dumps(bundle(*resources)).encode(), vocabulary(), "test")


def read(*resources):
    """The one person of a Bundle of a patient and these resources."""
    given = resources if any(one.get("resourceType") == "Patient" for one in resources) else (patient(), *resources)
    (person,) = read_all(*given)
    return person


def values(person, name):
    """The values of one fact, in the order of the file."""
    return [fact.value for fact in person.facts.get(name, ())]


def value(person, name):
    (only,) = values(person, name)
    return only


def problems(person):
    """Every problem as ``where: what``."""
    return [str(problem) for problem in person.problems]


def errors(person):
    return [str(problem) for problem in person.problems if problem.severity == "error"]
