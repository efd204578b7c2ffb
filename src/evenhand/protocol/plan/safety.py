"""``safety.yaml``: how it becomes a :class:`~evenhand.protocol.plan.safety_rules.Safety`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evenhand.oncology import ctcae
from evenhand.protocol.places import Keys, Sheet
from evenhand.protocol.plan.safety_rules import (
    RELATIONS,
    Deadline,
    Given,
    Intervention,
    Question,
    Regime,
    Safety,
    Within,
)
from evenhand.protocol.plan.safety_sheets import DeadlineSheet, GivenSheet, InterventionSheet, RegimeSheet, SafetySheet
from evenhand.protocol.plan.scope import PlanScope

__all__ = ["Safety", "SafetySheet", "resolve_safety"]

_WITHIN = re.compile(r"(hours|days|working_days)\(([0-9]+)\)")


def resolve_safety(sheet: SafetySheet, file: Sheet, scope: PlanScope, faults: list[str]) -> Safety:
    """The model of the file; faults are added to ``faults``: terms, arms and interventions that there are not, codes of
    forms that do not fit, an unknown time zone."""
    resolving = _Resolving(sheet, file, scope, faults)
    interventions = {name: resolving.intervention(name, item) for name, item in sheet.interventions.items()}
    treatments = frozenset(name for name, one in interventions.items() if one.treatment)
    safety = Safety(
        ctcae=sheet.ctcae.version,
        interventions=interventions,
        suspected_from=sheet.attribution.suspected_from,
        acute_days=sheet.acute.days,
        suggest_from=sheet.laboratory.from_grade,
        time_zone=resolving.zone(sheet.reporting.time_zone.name),
        regimes=tuple(resolving.regime(name, item, treatments) for name, item in sheet.reporting.regimes.items()),
    )
    resolving.check_forms(safety)
    return safety


class _Resolving:
    """Looks up what the file names, and collects faults with their places."""

    def __init__(self, sheet: SafetySheet, file: Sheet, scope: PlanScope, faults: list[str]) -> None:
        self.sheet = sheet
        self.file = file
        self.scope = scope
        self.faults = faults
        self.version: str | None = sheet.ctcae.version
        if self.version not in ctcae.VERSIONS:
            shipped = ", ".join(ctcae.VERSIONS)
            self._fault(("ctcae", "version"), f"CTCAE {self.version!r} is not known here: pin {shipped}")
            self.version = None

    def intervention(self, name: str, item: InterventionSheet) -> Intervention:
        keys: Keys = ("interventions", name)
        self._known(item.arms, self.scope.arms, (*keys, "arms"), "arm")
        self._terms(item.expected, (*keys, "expected"))
        for place, one in enumerate(item.given):
            self._given(one, (*keys, "given", place))
        given = tuple(Given(one.reads, frozenset(one.codes)) for one in item.given)
        return Intervention(name, item.label, item.kind, frozenset(item.arms), tuple(item.expected), given)

    def zone(self, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._fault(("reporting", "time_zone", "name"), f"{name!r} is no time zone: write one such as Europe/Paris")
        return name

    def regime(self, name: str, item: RegimeSheet, treatments: frozenset[str]) -> Regime:
        keys: Keys = ("reporting", "regimes", name)
        self._known(item.concerns, self.sheet.interventions, (*keys, "concerns"), "intervention")
        self._terms(item.exempt, (*keys, "exempt"))
        deadlines = tuple(_deadline(one, its) for one, its in item.deadlines.items())
        for place, one in enumerate(item.concerns):
            if one in self.sheet.interventions and one not in treatments:
                said = f"{one!r} is no treatment: what is laid upon the disease or another cause is suspected of none"
                self._fault((*keys, "concerns", place), said)
        return Regime(
            name, item.label, item.to, item.active, frozenset(item.concerns) or treatments, frozenset(item.exempt),
            deadlines,
        )  # fmt: skip

    def check_forms(self, safety: Safety) -> None:
        """The codes of the forms must be those that are told apart here."""
        reports = {deadline.report for regime in safety.regimes for deadline in regime.deadlines}
        regimes = {regime.id for regime in safety.regimes}
        self._codes("adverse_event", "attribution", "intervention", set(safety.interventions), complete=True)
        self._codes("adverse_event", "attribution", "relation", set(RELATIONS), complete=True)
        self._codes("safety_report", "", "regime", regimes, complete=True)
        self._codes("safety_report", "", "report", reports, complete=False)
        known = ctcae.analytes()
        self._codes("laboratory", "results", "test", set(known), complete=False, all_of=False)
        units = {unit for analyte in known.values() for unit in analyte.units}
        self._codes("laboratory", "results", "unit", units, complete=False, all_of=False)

    def _codes(
        self, role: str, table: str, field: str, wanted: set[str], *, complete: bool, all_of: bool = True
    ) -> None:
        """``complete``: the form has no other codes; ``all_of``: it has all of the wanted ones."""
        for form in (form for form in self.scope.forms.values() if form.reads == role):
            types = form.fields[table].type.fields if table and table in form.fields else None
            kind = types.get(field) if types is not None else form.vocabulary.facts.get(field)
            found = set(kind.codes) if kind is not None else set()
            place = f"the form {form.id}, {table + '.' if table else ''}{field}"
            if all_of and (lacking := wanted - found):
                self._fault((), f"{place}: lacks the code {', '.join(sorted(lacking))}")
            beyond = found - wanted
            if beyond and (complete or not all_of):
                self._fault((), f"{place}: {', '.join(sorted(beyond))} is not known in safety.yaml or to the engine")

    def _given(self, item: GivenSheet, keys: Keys) -> None:
        """A role that a form has, and codes that such a form has."""
        forms = [form for form in self.scope.forms.values() if form.reads == item.reads]
        if not forms:
            self._fault((*keys, "reads"), f"no form is read as {item.reads!r}")
            return
        types = [
            kind
            for form in forms
            for field in form.fields.values()
            for kind in (field.type, *field.type.fields.values())
        ]
        self._known(item.codes, sorted({code for kind in types for code in kind.codes}), (*keys, "codes"), "code there")

    def _known(self, names: list[str], known: Iterable[str], keys: Keys, noun: str) -> None:
        for place, name in enumerate(names):
            if name not in known:
                self._fault((*keys, place), f"{name!r} is no {noun}: {', '.join(known)}")

    def _terms(self, names: list[str], keys: Keys) -> None:
        if self.version is None:
            return
        terms = ctcae.dictionary(self.version).terms
        for place, name in enumerate(names):
            if name not in terms:
                near = ", ".join(term.name for term in ctcae.search(self.version, name, most=3))
                said = f"{name!r} is no term of CTCAE {self.version}"
                self._fault((*keys, place), f"{said}; is one of these meant: {near}?" if near else said)

    def _fault(self, keys: Keys, said: str) -> None:
        self.faults.append(self.file.fault(keys, said))


def _deadline(name: str, item: DeadlineSheet) -> Deadline:
    match = _WITHIN.fullmatch(item.within)
    assert match is not None  # the sheet's pattern holds it
    within = Within(int(match[2]), match[1])  # type: ignore[arg-type]  # the pattern allows these units alone
    asked: dict[Question, bool | None] = item.when.model_dump()  # type: ignore[assignment]  # its keys are the questions
    when = {question: wanted for question, wanted in asked.items() if wanted is not None}
    source = item.source or item.assumed or ""
    return Deadline(name, item.label, item.report, within, when, frozenset(item.grades), source)
