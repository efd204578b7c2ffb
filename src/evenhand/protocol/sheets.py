"""The shape of a study's YAML files. ``protocol.load`` resolves them into ``protocol.model``.

Every value that carries meaning says where it comes from (``source:`` a clause, guideline or table) or why it was
assumed (``assumed:``). Unknown keys are refused.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml.nodes import MappingNode

from evenhand.protocol.places import Keys, Sheet, StudyError


def _in_words(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty: name the source, or say why it was assumed")
    return text


Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Number = int | Decimal
Model = TypeVar("Model", bound=BaseModel)
Words = Annotated[str, AfterValidator(_in_words)]
"""A ``source:`` or ``assumed:``, which an empty text would only seem to give."""


class SheetModel(BaseModel):
    """Strict, closed, immutable."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def validated(model: type[Model], sheet: Sheet) -> Model:
    """The data of a file in its shape. Raises StudyError with one line for each value that does not fit."""
    try:
        return model.model_validate(sheet.data)
    except ValidationError as error:
        faults = groupby(error.errors(), lambda fault: _place(fault["loc"], sheet))
        raise StudyError(*(sheet.fault(keys, _said(list(same))) for keys, same in faults)) from None


def _place(location: Keys, sheet: Sheet) -> Keys:
    """The keys of a fault, without the names that pydantic adds where a value may have one of several types."""
    keys: Keys = ()
    for number, key in enumerate(location, start=1):
        is_missing = number == len(location) and isinstance(sheet.nodes.get(keys), MappingNode)
        if (*keys, key) in sheet.nodes or is_missing:
            keys = (*keys, key)
    return keys


def _said(same: list[Any]) -> str:
    """What is wrong with one value: it fits none of its types, so all of them are named."""
    first = same[0]
    if first["type"] == "missing":
        return f"the key {first['loc'][-1]!r} is missing"
    if first["type"] == "extra_forbidden":
        return f"{first['loc'][-1]!r} is no key here: is it misspelled, or does it belong elsewhere?"
    messages = dict.fromkeys(str(fault["msg"]).removeprefix("Value error, ") for fault in same)
    message = " or ".join(messages).replace(" or Input should be", " or")
    return message if isinstance(first["input"], (dict, list)) else f"{message}; found {first['input']!r}"


class Sourced(SheetModel):
    """A value with its origin."""

    source: Words | None = None
    assumed: Words | None = None


class ArmSheet(Sourced):
    id: Identifier
    label: str
    treatment: str


class ObjectiveSheet(Sourced):
    id: Identifier
    text: str


class VersionSheet(Sourced):
    id: Annotated[str, Field(pattern=r"^v[0-9]+$")]
    from_: Annotated[str, Field(alias="from")]
    note: str
    reconsent: Literal["yes", "no"] = "yes"  # no: whoever consented to the version before need not be asked anew


class StudySheet(SheetModel):
    """``study.yaml``."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: str
    short_title: str
    objectives: Annotated[list[ObjectiveSheet], Field(min_length=1)]
    arms: Annotated[list[ArmSheet], Field(min_length=2)]
    clauses: dict[str, str]  # clause of the source text -> what it asks, in our own words
    versions: Annotated[list[VersionSheet], Field(min_length=1)]
    references: dict[str, str] = {}


class AmendedSheet(SheetModel):
    """``study.yaml`` in a version's folder: what an amendment says otherwise than the study's own file.

    A clause or reference with an empty value is gone; others are added or reworded; lists are given whole.
    """

    title: str | None = None
    short_title: str | None = None
    objectives: Annotated[list[ObjectiveSheet], Field(min_length=1)] | None = None
    arms: Annotated[list[ArmSheet], Field(min_length=2)] | None = None
    clauses: dict[str, str | None] = {}
    references: dict[str, str | None] = {}

    def applied(self, study: StudySheet) -> StudySheet:
        """The study as this version has it."""
        told = {name: said for name in ("title", "short_title", "objectives", "arms") if (said := getattr(self, name))}
        for name in ("clauses", "references"):
            merged = {**getattr(study, name), **getattr(self, name)}
            told[name] = {key: text for key, text in merged.items() if text is not None}
        return study.model_copy(update=told)


class FieldSheet(SheetModel):
    kind: Literal["date", "number", "code", "yes_no", "text"]
    label: str
    unit: str | None = None
    codes: dict[str, str] = {}
    low: Number | None = None
    high: Number | None = None
    step: Number | None = None
    required: bool = False


class FactSheet(Sourced):
    kind: Literal["date", "number", "code", "yes_no", "text", "record"]
    label: str
    unit: str | None = None
    codes: dict[str, str] = {}
    low: Number | None = None
    high: Number | None = None
    step: Number | None = None
    many: bool = False
    key: str | None = None
    fields: dict[Identifier, FieldSheet] = {}
    determined_by: str | None = None
    reporting_only: bool = False
    identifying: bool = False
    mcode: str | None = None
    derived: str | None = None
    from_: Annotated[list[str], Field(alias="from")] = []
    policy: dict[str, str | int | list[str]] = {}


class SetSheet(Sourced):
    of: str  # fact.field, whose vocabulary the members come from
    members: list[str]
    undecidable: list[str] = []


class FactsSheet(SheetModel):
    """``facts.yaml``."""

    facts: dict[Identifier, FactSheet]
    sets: dict[Identifier, SetSheet] = {}


class JudgementSheet(Sourced):
    label: str | None = None
    statement: str
    role: Annotated[list[str], Field(min_length=1)]
    evidence: str | None = None
    needs_evidence: bool = False
    about: str | None = None
    details: dict[str, str] = {}
    expires: str | None = None


class CriterionSheet(Sourced):
    id: Annotated[str, Field(pattern=r"^[IE][0-9]+$")]
    kind: Literal["inclusion", "exclusion"]
    clause: str
    title: str
    text: str
    rule: str


class FlagSheet(Sourced):
    id: str
    when: str
    say: str


class EligibilitySheet(SheetModel):
    """``eligibility.yaml``."""

    judgements: dict[Identifier, JudgementSheet] = {}
    criteria: Annotated[list[CriterionSheet], Field(min_length=1)]
    flags: list[FlagSheet] = []


class LevelSheet(SheetModel):
    id: Identifier
    label: str
    rule: str


class StratumSheet(Sourced):
    id: Identifier
    label: str
    levels: Annotated[list[LevelSheet], Field(min_length=2)]


class BlocksSheet(Sourced):
    sizes: dict[Annotated[str, Field(pattern=r"^[1-9][0-9]*$")], int]  # block size -> weight with which it is drawn


class MinimizationSheet(Sourced):
    probability: Decimal
    measure: Literal["range", "variance", "standard_deviation"]
    weights: dict[Identifier, Number] = {}


class RatioSheet(Sourced):
    arms: dict[Identifier, Annotated[int, Field(ge=1)]]


class RandomizationSheet(SheetModel):
    """``randomization.yaml``."""

    ratio: RatioSheet
    method: Literal["permuted_blocks", "minimization"]
    blocks: BlocksSheet | None = None
    minimization: MinimizationSheet | None = None
    strata: list[StratumSheet] = []


class DeclinedSheet(Sourced):
    codes: Annotated[dict[Identifier, str], Field(min_length=1)]  # why somebody declines; "other" goes with words


class ConsentSheet(Sourced):
    document: str
    version: str
    text: str
    declined_because: DeclinedSheet | None = None


class TargetSheet(Sourced):
    participants: Annotated[int, Field(ge=1)]


class AccrualSheet(Sourced):
    months: Annotated[int, Field(ge=1, le=600)]  # from activation to the target, at an even pace


class FollowUpSheet(Sourced):
    clause: str
    until: str
    at_most: str  # a period, e.g. years(3), from randomization


class PriorTherapySheet(Sourced):
    clause: str
    text: str


class EnrollmentSheet(SheetModel):
    """``enrollment.yaml``."""

    consent: ConsentSheet
    target: TargetSheet
    accrual: AccrualSheet | None = None
    prior_therapy: PriorTherapySheet | None = None
    follow_up: FollowUpSheet
