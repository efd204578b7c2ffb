"""What can be wrong with ``treatment.yaml`` and the forms of treatment beyond their shape: codes that nobody offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from evenhand.oncology import clavien_dindo
from evenhand.protocol.places import Keys, Sheet
from evenhand.protocol.plan.scope import PlanScope
from evenhand.protocol.plan.treatment_sheets import NoPrimarySheet, TreatmentSheet

# Codes by which engines tell one thing from another: a form may offer more, and has to offer these.
ENGINE_CODES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("therapy_change", "what"): ("held", "reduced", "agent_stopped", "agent_added"),
    ("radiation_plan", "organs.reach"): ("hot", "spared"),
}
_ONLY: Final = {("surgical_complication", "grade"): tuple(clavien_dindo.GRADES)}  # these and no others


def codes_of(scope: PlanScope, role: str, field: str) -> dict[str, str] | None:
    """The codes that forms of a role offer in a field (``table.column`` for a column); None where there is no such."""
    table, _, column = field.partition(".")
    found: dict[str, str] | None = None
    for form in scope.forms.values():
        kind = form.fields[table].type if form.reads == role and table in form.fields else None
        if kind is not None and column:
            kind = kind.fields.get(column)
        if kind is not None:
            found = {**(found or {}), **kind.codes}
    return found


def code_faults(
    names: Iterable[str], codes: Mapping[str, str] | None, file: Sheet, keys: Keys, numbered: bool = False
) -> Iterator[str]:
    """A fault for each name that no form offers as a code."""
    if codes is None:
        yield file.fault(keys, "no form has the field that these codes belong to")
        return
    for number, name in enumerate(names):
        if name not in codes:
            place = number if numbered else name
            yield file.fault((*keys, place), f"{name!r} is none of the codes of the forms: {', '.join(codes)}")


def engine_code_faults(scope: PlanScope, file: Sheet) -> Iterator[str]:
    """Codes that engines ask for and forms of the role do not offer."""
    for (role, field), wanted in {**ENGINE_CODES, **_ONLY}.items():
        offered = codes_of(scope, role, field)
        if offered is None:
            continue
        for code in wanted:
            if code not in offered:
                yield file.fault((), f"forms that read as {role} lack the code {code!r} in {field}")
        if (role, field) in _ONLY:
            for code in offered.keys() - set(wanted):
                yield file.fault((), f"{code!r} in {field} of {role} is none of {', '.join(wanted)}")


def reference_faults(sheet: TreatmentSheet, file: Sheet, scope: PlanScope) -> Iterator[str]:
    """Regimens, reasons, procedures and organs that no form offers."""
    regimens = codes_of(scope, "systemic_therapy", "regimen")
    for number, version in enumerate(sheet.usual_approach):
        yield from code_faults(version.regimens, regimens, file, ("usual_approach", number, "regimens"), True)
    because = codes_of(scope, "systemic_therapy", "because")
    yield from code_faults(sheet.lines.new_line_for, because, file, ("lines", "new_line_for"), True)
    if sheet.surgery is not None:
        procedures = codes_of(scope, "surgery", "procedure")
        yield from code_faults(sheet.surgery.primary, procedures, file, ("surgery", "primary"), True)
        if sheet.surgery.no_primary is not None:
            yield from _no_primary_faults(sheet.surgery.no_primary, file, scope)
    yield from _radiation_faults(sheet, file, scope, regimens)


def _no_primary_faults(item: NoPrimarySheet, file: Sheet, scope: PlanScope) -> Iterator[str]:
    """A fact that the study does not have or that has no codes, and codes that are none of its own."""
    keys: Keys = ("surgery", "no_primary")
    kind = scope.facts.get(item.fact)
    if kind is None or kind.kind != "code" or kind.many:
        yield file.fault((*keys, "fact"), f"{item.fact!r} is no fact of facts.yaml with one value out of codes")
        return
    for number, code in enumerate(item.codes):
        if code not in kind.codes:
            said = f"{code!r} is none of the codes of {item.fact}: {', '.join(kind.codes)}"
            yield file.fault((*keys, "codes", number), said)


def _radiation_faults(
    sheet: TreatmentSheet, file: Sheet, scope: PlanScope, regimens: Mapping[str, str] | None
) -> Iterator[str]:
    sites = codes_of(scope, "metastasis_radiation", "site") or {}
    volumes = codes_of(scope, "locoregional_radiation", "volumes.volume") or {}
    organs = codes_of(scope, "radiation_plan", "organs.organ")
    if sheet.organ_limits is not None:
        yield from code_faults(sheet.organ_limits.report, sites, file, ("organ_limits", "report"))
    if sheet.cumulative is not None:
        yield from code_faults(sheet.cumulative.organs, organs, file, ("cumulative", "organs"))
    for number, caution in enumerate(sheet.cautions):
        keys: Keys = ("cautions", number)
        yield from code_faults(caution.regimens, regimens, file, (*keys, "regimens"), True)
        yield from code_faults(caution.codes, {**sites, **volumes}, file, (*keys, "codes"), True)
