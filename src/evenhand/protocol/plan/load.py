"""The files about the time after randomization, where a study has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evenhand.facts import FactType
from evenhand.protocol.places import Sheet, StudyError, read_sheet
from evenhand.protocol.plan.assessments import AssessmentsSheet, resolve_assessments
from evenhand.protocol.plan.form_sheets import FormSheet
from evenhand.protocol.plan.model import Plan
from evenhand.protocol.plan.resolve_forms import Read, resolve_forms
from evenhand.protocol.plan.safety import SafetySheet, resolve_safety
from evenhand.protocol.plan.schedule import ScheduleSheet, resolve_schedule
from evenhand.protocol.plan.scope import PlanScope
from evenhand.protocol.plan.treatment import resolve_treatment
from evenhand.protocol.plan.treatment_sheets import TreatmentSheet
from evenhand.protocol.sheets import SheetModel, Sourced, validated

_PARTS: Final[Mapping[str, tuple[type[SheetModel], Callable[..., Any]]]] = {
    "schedule": (ScheduleSheet, resolve_schedule),
    "treatment": (TreatmentSheet, resolve_treatment),
    "assessments": (AssessmentsSheet, resolve_assessments),
    "safety": (SafetySheet, resolve_safety),
}


@dataclass(frozen=True, slots=True)
class PlanFiles:
    """The files of a plan, read and of the right shape: its parts by name, and its forms."""

    parts: Mapping[str, tuple[SheetModel, Sheet]]
    forms: tuple[Read, ...]

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """All files, in a fixed order: what the digest of a protocol is computed from."""
        return (*(file for _, file in self.parts.values()), *(file for _, file in self.forms))

    def sourced(self) -> Iterator[tuple[str, Sourced]]:
        """Every part that says where it comes from, with a name for people."""
        for name, (sheet, _) in self.parts.items():
            yield from _sourced(sheet, name)
        for form, _ in self.forms:
            yield f"form {form.id}", form
            for check in form.checks:
                yield f"check {form.id} {check.id}", check


def read_plan(folder: Path) -> PlanFiles | None:
    """The files of a version's folder; None where it has no forms. Raises StudyError with every fault of shape."""
    paths = sorted((folder / "forms").glob("*.yaml"))
    if not paths:
        return None
    faults: list[str] = []
    parts: dict[str, tuple[SheetModel, Sheet]] = {}
    forms: list[Read] = []
    for name, (model, _) in _PARTS.items():
        if (folder / f"{name}.yaml").is_file():
            for sheet, file in _read(model, folder / f"{name}.yaml", faults):
                parts[name] = sheet, file
    for path in paths:
        forms += [(sheet, file) for sheet, file in _read(FormSheet, path, faults) if isinstance(sheet, FormSheet)]
    if faults:
        raise StudyError(*faults)
    return PlanFiles(parts, tuple(forms))


def _read(model: type[SheetModel], path: Path, faults: list[str]) -> Iterator[tuple[SheetModel, Sheet]]:
    try:
        file = read_sheet(path)
        yield validated(model, file), file
    except StudyError as error:
        faults += error.faults


def resolve_plan(
    files: PlanFiles,
    arms: Mapping[str, str],
    clauses: Mapping[str, str],
    references: Mapping[str, str],
    facts: Mapping[str, FactType],
    faults: list[str],
) -> Plan:
    """The plan; ``arms`` maps ids to labels, ``facts`` are those of the vocabulary. Faults are added to ``faults``."""
    forms = resolve_forms(list(files.forms), arms, faults)
    scope = PlanScope(tuple(arms), clauses, references, forms, facts)
    parts = {name: _PARTS[name][1](sheet, file, scope, faults) for name, (sheet, file) in files.parts.items()}
    return Plan(forms, **parts)


def _sourced(part: object, name: str) -> Iterator[tuple[str, Sourced]]:
    """Everything within a sheet that says where it comes from, named by its path (and id, where it has one)."""
    if isinstance(part, Sourced) and (part.source or part.assumed):
        yield name, part
    if isinstance(part, SheetModel):
        for key in type(part).model_fields:
            yield from _sourced(getattr(part, key), f"{name} {key.rstrip('_')}")
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from _sourced(item, f"{name} {key}")
    elif isinstance(part, list):
        for number, item in enumerate(part, start=1):
            yield from _sourced(item, f"{name} {getattr(item, 'id', number)}")
