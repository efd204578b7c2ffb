"""Primary cancer, other cancers and metastases as facts.

mCODE records metastases by site: a Condition stands for at least one lesion. Single lesions are BodyStructures of the
mCODE profile Tumor that are linked to the Condition, with a TumorSize each. No list from mCODE is complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evenhand.codes import Coded
from evenhand.intake.cancers import VAGUE, Diagnosis, Disease, body_site
from evenhand.intake.chart import Chart, Given
from evenhand.intake.elements import (
    Object,
    codings_in,
    extension_in,
    last_part,
    objects_in,
    reference_in,
)
from evenhand.intake.tables import answers
from evenhand.units import Range

AT_LEAST_ONE: Final = Range(low=1)
_STRENGTH: Final = ("pathology", "imaging", "clinical")
_OPPOSITE: Final = frozenset({("left", "right"), ("right", "left")})
_BREASTS: Final = ("breast", "contralateral_breast")
_PARTS: Final = frozenset({("bone", part) for part in ("vertebra", "rib", "sternum", "skull")})


def deliver_diagnoses(chart: Chart, disease: Disease) -> None:
    """Deliver ``primary_cancer``, ``prior_cancers`` and ``metastases``."""
    if disease.primaries:
        _deliver_primary(chart, disease)
    for one in disease.other + disease.past:
        chart.add_record("prior_cancers", {"cancer": _called(one)}, one.date, one.name)
    if disease.secondaries:
        _deliver_metastases(chart, disease)


def _deliver_metastases(chart: Chart, disease: Disease) -> None:
    labels: dict[str, int] = {}
    structures = _structures(chart) if "BodyStructure" in chart.resources else {}
    primary = disease.side
    for one in disease.secondaries:
        if disease.other and _of_another(chart, disease, one):
            chart.warn(one.name, "extension", "not used: it is a metastasis of another cancer")
            continue
        for label, given in _lesions(chart, primary, one, structures):
            number = labels[label] = labels.get(label, 0) + 1
            unique = label if number == 1 else f"{label}#{number}"
            _deliver_lesion(chart, disease, one, unique, given)


def _deliver_primary(chart: Chart, disease: Disease) -> None:
    """One fact for the primary cancer: the earliest diagnosis, if there are several of one kind."""
    found = disease.primaries
    if len(found) > 1:
        found = sorted(found, key=lambda one: (one.onset is None, str(one.onset)))
    wanted = chart.plan.get("primary_cancer")
    codes = wanted.words("type") if wanted is not None else frozenset()
    for number, one in enumerate(found):
        if number and one.what == found[0].what:
            told = f"a further diagnosis of the cancer of {found[0].name}; the earliest is used"
            chart.warn(one.name, "code", told)
            continue
        what = "other" if isinstance(one.what, str) and one.what not in codes and "other" in codes else one.what
        chart.add_record("primary_cancer", {"type": what, "diagnosed": one.onset}, one.date, one.name)


def _called(one: Diagnosis) -> str:
    """What a cancer is called: by its code's display, or else our word."""
    for coding in codings_in(one.condition, "code"):
        display = coding.get("display")
        if isinstance(display, str) and display:
            return display
    return str(one.what).replace("_", " ")


def _of_another(chart: Chart, disease: Disease, one: Diagnosis) -> bool:
    """Whether a metastasis is linked to a cancer of the same person that the study is not about."""
    names = ("mcode-related-primary-cancer-condition", "condition-related")

    def linked() -> list[str]:
        return [reference_in(extension, "valueReference") for extension in extension_in(one.condition, *names)]

    return any(disease.about_another(reference) for reference in chart.optional(one.name, linked) or [])


def _structures(chart: Chart) -> Mapping[str, list[tuple[Object, str]]]:
    """The single lesions by the id of the Condition that they belong to."""
    found: dict[str, list[tuple[Object, str]]] = {}

    def read(_: Chart, structure: Object, name: str) -> None:
        links = [reference_in(one, "valueReference") for one in extension_in(structure, "mcode-related-condition")]
        if any(links) and chart.usable(structure, name):
            for link in links:
                found.setdefault(last_part(link).rpartition("/")[2], []).append((structure, name))

    chart.each("BodyStructure", read)
    return found


def _lesions(
    chart: Chart, primary: str, one: Diagnosis, structures: Mapping[str, list[tuple[Object, str]]]
) -> list[tuple[str, dict[str, Given]]]:
    """Each entry that a Condition stands for: its label and its own fields. ``primary`` is the primary's side."""
    label = one.id
    if label in structures:
        return [_lesion(chart, primary, one, structure, name) for structure, name in structures[label]]
    side = _side(one.side, primary)
    return [(label, {"discrete": AT_LEAST_ONE, "site": _site(one.what, side), "side": side})]


def _lesion(chart: Chart, primary: str, one: Diagnosis, structure: Object, name: str) -> tuple[str, dict[str, Given]]:
    place = chart.optional(name, body_site, structure, "location")
    word, said = (place.word, place.side) if place is not None else ("", "")
    side = _side(chart.optional(name, _qualifier, structure) or said or one.side, primary)
    site = _site(_located(chart, one, word, name), side)
    return name.partition("/")[2] or name, {"discrete": 1, "site": site, "side": side}


def _located(chart: Chart, one: Diagnosis, word: str, name: str) -> Coded:
    """The site of one lesion: where the BodyStructure says, if that is more exact than its Condition."""
    if not word or word in VAGUE or word == one.what:
        return one.what
    vague = not isinstance(one.what, str) or one.what in VAGUE or (one.what, word) in _PARTS
    if not vague:
        told = f"the location is {word}, but {one.name} says {one.what}; the location is used"
        chart.warn(name, "location", told)
    return word


def _qualifier(structure: Object) -> str:
    """The side that a BodyStructure's location qualifiers say."""
    concepts = objects_in(structure, "locationQualifier")
    codings = [coding for concept in concepts for coding in objects_in(concept, "coding", "locationQualifier.")]
    return answers("laterality").first(codings) or ""


def _side(side: str, primary: str) -> str | None:
    """A side of the body as seen from the primary cancer; None when either is not known."""
    if side == "midline":
        return side
    if side and side == primary:
        return "same"
    return "other" if (side, primary) in _OPPOSITE else None


def _site(site: Coded, side: str | None) -> Coded:
    """A metastasis in a breast is one of the other breast, unless the sides are known to be the same."""
    if site in _BREASTS:
        return "other_organ" if side == "same" else "contralateral_breast"
    return site


def _deliver_lesion(chart: Chart, disease: Disease, one: Diagnosis, label: str, given: dict[str, Given]) -> None:
    """One record for what the Condition says, and one for each day on which the lesion was measured."""
    given["lesion"] = label
    told = "evidence" in one.condition or "extension" in one.condition
    base = given.copy()
    base["confirmed_by"] = chart.optional(one.name, confirmed_by, one) if told else None
    base["first_seen"] = one.onset
    chart.add_record("metastases", base, one.date, one.name)
    for size, day, name in disease.sizes.get(label, ()):
        chart.add_record("metastases", given | {"size": size}, day, name)


def confirmed_by(one: Diagnosis) -> str | None:
    """How a metastasis was confirmed, by the strongest evidence named; None when the Condition does not say.

    Pathology is claimed by an evidence code of anatomic pathology, histology or cytology (mCODE evidence types), or by
    a morphology that is metastatic in itself (ICD-O-3 behaviour /6, or such a SNOMED morphology). The morphology of a
    primary tumour (behaviour /3) does not count: it is often copied from the primary cancer. A diagnosis that is not
    confirmed is not confirmed by pathology either.
    """
    condition = one.condition
    kinds: list[str] = []
    for evidence in objects_in(condition, "evidence"):
        for concept in objects_in(evidence, "code", "evidence."):
            kinds += answers("evidence").all(objects_in(concept, "coding", "evidence.code."))
    if "extension" in condition:
        for extension in extension_in(condition, "evidence-type"):
            kinds += answers("evidence").find(extension, "valueCodeableConcept")
        if _metastatic_morphology(condition):
            kinds.append("pathology")
    allowed = _STRENGTH[1:] if one.tentative else _STRENGTH
    for kind in allowed:
        if kind in kinds:
            return kind
    return None


def _metastatic_morphology(condition: Object) -> bool:
    for extension in extension_in(condition, "mcode-histology-morphology-behavior"):
        codings = codings_in(extension, "valueCodeableConcept")
        if answers("morphology").first(codings):
            return True
        if any(type(code := coding.get("code")) is str and code.endswith("/6") for coding in codings):
            return True
    return False
