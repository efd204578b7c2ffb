"""People made of a few facts, seen through a vocabulary that derives HER2 status and the number of metastases."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from evenhand.dates import parse_date
from evenhand.facts import COMPLETE, Fact, FactType, Person, Source, View, Vocabulary
from evenhand.oncology import DERIVATIONS

POLICY = {
    "version": "2026-1",
    "regional_sites": ["axillary_node", "internal_mammary_node"],
    "maybe_regional_sites": ["unspecified_node"],
    "one_unit": ["node_cluster", "contiguous_vertebrae"],
}
SITES = ("liver", "lung", "vertebra", "axillary_node", "internal_mammary_node", "unspecified_node", "distant_node")
COMPUTE = {name: kind.compute for name, kind in DERIVATIONS.items()}
SOURCE = Source("form")
TODAY = date(2026, 1, 1)

_TESTS = {name: FactType(name, shape.kind, codes=dict.fromkeys(shape.codes, ""))
          for name, shape in DERIVATIONS["her2_asco_cap_2018"].fields[0].items()}  # fmt: skip
_LESION = {
    "lesion": FactType("lesion", "text"),
    "site": FactType("site", "code", codes=dict.fromkeys(SITES, "")),
    "side": FactType("side", "code", codes=dict.fromkeys(("same", "other", "midline"), "")),
    "discrete": FactType("discrete", "number"),
    "unit": FactType("unit", "text"),
    "unit_kind": FactType("unit_kind", "code", codes=dict.fromkeys((*POLICY["one_unit"], "neighbours"), "")),
}
HER2 = FactType("her2", "code", codes={"positive": "", "negative": ""}, derived="her2_asco_cap_2018",
                inputs=("her2_tests",))  # fmt: skip
COUNT = FactType("count", "number", derived="lesion_count", inputs=("metastases", "imaging"), parameters=POLICY)
VOCABULARY = Vocabulary(
    {
        "her2_tests": FactType("her2_tests", "record", many=True, key="specimen", fields=_TESTS),
        "metastases": FactType("metastases", "record", many=True, key="lesion", fields=_LESION),
        "imaging": FactType("imaging", "record", many=True, fields={
            "date": FactType("date", "date"), "metastases": FactType("metastases", "number")}),
        "her2": HER2,
        "count": COUNT,
    }
)  # fmt: skip


def with_tests(specimens: Iterable[tuple[Mapping[str, Any], str | None]]) -> View:
    """A person with HER2 tests, each with the day of the test or None."""
    facts = tuple(
        Fact("her2_tests", specimen, None if day is None else parse_date(day), SOURCE) for specimen, day in specimens
    )
    return _view({"her2_tests": facts})


def with_lesions(
    metastases: Iterable[Mapping[str, Any]] = (),
    imaging: Iterable[Mapping[str, Any]] = (),
    *,
    all_metastases: bool = False,
    all_imaging: bool = False,
    policy: Mapping[str, Any] | None = None,
) -> View:
    """A person with entries of metastases (labelled in turn where they have no label) and of imaging."""
    lesions = [{"lesion": f"M{number}"} | dict(entry) for number, entry in enumerate(metastases, start=1)]
    facts = {"metastases": _facts("metastases", lesions, all_metastases)}
    facts["imaging"] = _facts("imaging", imaging, all_imaging)
    return _view(facts, COUNT if policy is None else replace(COUNT, parameters=policy))


def _facts(name: str, entries: Iterable[Mapping[str, Any]], complete: bool) -> tuple[Fact, ...]:
    values: list[Any] = [*entries, COMPLETE] if complete else [*entries]
    return tuple(Fact(name, value, None, SOURCE) for value in values)


def _view(facts: Mapping[str, tuple[Fact, ...]], count: FactType = COUNT) -> View:
    return View(Person("p", facts), replace(VOCABULARY, facts={**VOCABULARY.facts, "count": count}), TODAY, COMPUTE)
