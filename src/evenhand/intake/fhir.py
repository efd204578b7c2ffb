"""FHIR R4 with mCODE resources to people with dated facts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from evenhand.facts import Person, Vocabulary
from evenhand.intake.bundle import Pile
from evenhand.intake.cancers import diagnose
from evenhand.intake.chart import Chart
from evenhand.intake.decode import decode, read_bytes
from evenhand.intake.metastases import deliver_diagnoses
from evenhand.intake.observations import read_observations
from evenhand.intake.patient import read_patient
from evenhand.intake.people import Roster
from evenhand.intake.plan import Plan, plan_of
from evenhand.intake.therapy import deliver_therapy

# What intake from mCODE delivers, under the name that a study gives in `mcode:`, with the fields of a record.
_OFFERED: Final[dict[str, tuple[str, ...]]] = {
    "birth_date": (),
    "sex": (),
    "race": (),
    "ethnicity": (),
    "primary_cancer": ("type", "diagnosed"),
    "metastases": ("lesion", "site", "side", "discrete", "size", "confirmed_by", "first_seen"),
    "her2_tests": ("specimen", "of", "ihc", "probe", "ratio", "copies", "reported"),
    "estrogen_receptor": (),
    "progesterone_receptor": (),
    "first_line": ("start", "regimen"),
    "disease_status": ("date", "status", "basis"),
    "systemic_therapy": ("start", "agents", "reason"),
    "comorbidities": ("condition", "precludes"),
    "prior_cancers": ("cancer",),
    "ecog": (),
    "kps": (),
}


def offered() -> Mapping[str, tuple[str, ...]]:
    """Every source that intake from mCODE offers, with the fields that it can fill (none for a single value)."""
    return _OFFERED


def read_people(source: Path | bytes, vocabulary: Vocabulary, origin: str = "") -> list[Person]:
    """The people of a FHIR file: Bundles (one or many patients), NDJSON, a list of resources or a single resource.

    ``origin`` is what the file is called in sources and messages; a path is called by its own name. What could not be
    used stands in each person's ``problems``, and what belongs to nobody on a person without an id. Lists are never
    complete: mCODE has no way to say so. Raises InputError when the file holds no FHIR at all.
    """
    origin = origin or (source.name if isinstance(source, Path) else "input")
    documents, problems = decode(read_bytes(source), origin)
    pile = Pile(origin)
    for document in documents:
        pile.add(document)
    pile.problems += problems
    pile.check()
    return [_read(chart) for chart in Roster(_plan(vocabulary), origin).fill(pile)]


_plans: dict[int, tuple[Vocabulary, Plan]] = {}


def _plan(vocabulary: Vocabulary) -> Plan:
    """The plan of a vocabulary, kept for the next file: the same vocabulary reads them all."""
    known = _plans.get(id(vocabulary))
    if known is None or known[0] is not vocabulary:
        _plans.clear()
        known = _plans[id(vocabulary)] = (vocabulary, plan_of(vocabulary))
    return known[1]


def _read(chart: Chart) -> Person:
    """All facts of one chart. The order matters: sites need the primary's side, therapy needs the metastases."""
    chart.each("Patient", read_patient)
    disease = diagnose(chart)
    read_observations(chart, disease)
    deliver_diagnoses(chart, disease)
    deliver_therapy(chart, disease)
    return chart.person()
