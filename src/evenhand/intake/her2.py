"""HER2 tests: immunohistochemistry and in situ hybridization, by specimen."""

from __future__ import annotations

import re
from typing import Final

from evenhand.intake.cancers import MAYBE_REGIONAL, NOWHERE, VAGUE, Disease, body_site
from evenhand.intake.chart import Chart, Given
from evenhand.intake.elements import (
    Object,
    Unreadable,
    last_part,
    object_in,
    objects_in,
    reference_in,
)
from evenhand.intake.performance import number_from
from evenhand.intake.receptors import WORDS, coded_result
from evenhand.intake.tables import Place, answers, observations
from evenhand.intake.values import Codes, Content, interpretations_of, missing_reason, observed_on, values_of
from evenhand.units import Measured

_SCORE: Final = re.compile(r"(?:ihc)?\s*(?:score)?\s*:?\s*([0-3])\s*\+?(?:\s*/\s*3\+?)?", re.IGNORECASE)
_FILLERS: Final = re.compile(
    r"(?i)\b(?:her-?2|erbb2|cep-?17|f?ish|ratio|mean|average|signals?|cop(?:y|ies)|numbers?|per|cells?"
    r"|nucle(?:us|i))\b|[/:=]"
)
_AMPLIFIED: Final = {"amplified": "positive", "not amplified": "negative", "non-amplified": "negative"}


def read_her2(chart: Chart, disease: Disease, observation: Object, name: str, reads: str) -> None:
    """Deliver ``her2_tests``: one record for each result, by specimen.

    The specimen is the one referred to, else there is one a day (so that IHC and ISH of one day belong together).
    """
    day = observed_on(observation)
    specimen, place = "", NOWHERE
    if "specimen" in observation or "bodySite" in observation:
        specimen, place = _specimen(chart, observation, name)
    records = _records(chart, name, reads[5:], observation, "")
    if "component" in observation:
        records += _components(chart, observation, name)
    if not records:
        chart.warn(name, "value[x]", missing_reason(observation))
    for record in records:
        record["specimen"] = specimen or (f"specimen of {day}" if day else "specimen without a date")
        record["of"] = None if place is NOWHERE else _taken_from(disease, place)
        chart.add_record("her2_tests", record, day, name)


def _components(chart: Chart, observation: Object, name: str) -> list[dict[str, Given]]:
    """The results in the components of a panel."""
    records: list[dict[str, Given]] = []
    for position, component in enumerate(objects_in(observation, "component")):
        part = next(iter(observations().find(component, "code")), "")
        if part.startswith("her2"):
            records += _records(chart, name, part[5:], component, f"component[{position}].")
    return records


def _records(chart: Chart, name: str, method: str, node: Object, path: str) -> list[dict[str, Given]]:
    """The results of an Observation or a component: one record, or one a result where they contradict each other.

    ``method`` is what its code tests: ``ihc``, ``ish``, ``ratio``, ``copies``, ``panel``, or nothing more (empty).
    """
    records: list[dict[str, Given]] = []
    for place, content, unit in values_of(chart, node, name, path):
        try:
            _join(records, _result(method, place, content, unit))
        except Unreadable as error:
            chart.problem(name, error.path, error.what)
    if "interpretation" in node:
        _join(records, _reported(method, answers("result").first(interpretations_of(node))))
    return records


def _join(records: list[dict[str, Given]], found: dict[str, Given]) -> None:
    """Add a result to the first record that it does not contradict."""
    if not found:
        return
    if not records:
        records.append(found)
        return
    for record in records:
        if all(record.get(name, value) == value for name, value in found.items()):
            record.update(found)
            return
    records.append(found)


def _result(method: str, path: str, content: Content, unit: str) -> dict[str, Given]:
    if isinstance(content, Codes):
        score = answers("ihc").first(content.codings)
        if score is not None:
            return {"ihc": int(score)}
        return _reported(method, coded_result(content))
    if isinstance(content, bool):
        return _reported(method, "positive" if content else "negative")
    if isinstance(content, str):
        return _from_text(method, content, path)
    return _measured(method, content, unit, path)


def _reported(method: str, word: Given) -> dict[str, Given]:
    """A result in words. An equivocal IHC is, by definition, a score of 2+ (ASCO/CAP 2018)."""
    if word is None or word == "not_done":
        return {}
    return {"ihc": 2} if method == "ihc" and word == "equivocal" else {"reported": word}


def _measured(method: str, number: Measured, unit: str, path: str) -> dict[str, Given]:
    """A number: the score of an IHC, the HER2/CEP17 ratio or the copies of an ISH."""
    if method == "ihc":
        return {"ihc": number}
    if method == "copies" or "cop" in unit.lower():
        return {"copies": number}
    if method in ("ratio", "ish"):
        return {"ratio": number, "probe": "dual"}
    raise Unreadable(path, "the code does not say whether this number is an IHC score, a ratio or copies")


def _from_text(method: str, text: str, path: str) -> dict[str, Given]:
    """Words, an IHC score ("3+"), or a number or bounds of an ISH ("greater than 1.8", "6.1 copies").

    Without a mention of copies, the number of an ISH is taken as the HER2/CEP17 ratio: the samples write "less than
    1.8" and "greater than 2.2", the limits of that ratio in the guideline of 2007.
    """
    word = WORDS.get(text.lower()) or _AMPLIFIED.get(text.lower())
    if word is not None:
        return _reported(method, word)
    score = _SCORE.fullmatch(text)
    if score is not None and (method == "ihc" or (not method and ("+" in text or "ihc" in text.lower()))):
        return {"ihc": int(score[1])}
    if len(text) > 60 or method in ("", "panel"):
        raise Unreadable(path, f"{text[:60]!r} is no result that can be read here")
    number = number_from(_FILLERS.sub(" ", text), path)
    return _measured(method, number, text, path)


def _specimen(chart: Chart, observation: Object, name: str) -> tuple[str, Place]:
    """The label of the specimen, and where it was taken."""
    place = chart.optional(name, body_site, observation) or NOWHERE
    reference = chart.optional(name, reference_in, observation, "specimen")
    if not reference:
        return "", place
    label = last_part(reference)
    identifier = label.rpartition("/")[2]
    for specimen, specimen_name in chart.of("Specimen"):
        if specimen_name == f"Specimen/{identifier}":
            place = chart.optional(specimen_name, _collected, specimen, place) or place
    return identifier, place


def _collected(specimen: Object, otherwise: Place) -> Place:
    """Where a specimen was taken."""
    collection = object_in(specimen, "collection")
    place = otherwise if collection is None else body_site(collection)
    return place if place.word else otherwise


def _taken_from(disease: Disease, place: Place) -> str | None:
    """Whether the tissue is of the primary tumour or of a metastasis; None where the site leaves that open."""
    if not place.word or place.word in VAGUE or place.word in MAYBE_REGIONAL or "breast" not in disease.index:
        return None
    return "primary" if place.word == "breast" else "metastasis"
