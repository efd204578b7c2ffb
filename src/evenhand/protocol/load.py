"""A study folder, read, validated and resolved into a :class:`~evenhand.protocol.model.Protocol`.

All faults of a folder are collected and raised together, each with file, line and column.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from evenhand.dates import Period
from evenhand.protocol import resolve
from evenhand.protocol.model import Arm, Enrollment, Protocol, Version
from evenhand.protocol.origins import collect_origins
from evenhand.protocol.places import Sheet, StudyError, read_sheet
from evenhand.protocol.plan import Plan, read_plan, resolve_plan
from evenhand.protocol.reading import Rules, day, period
from evenhand.protocol.sheets import (
    EligibilitySheet,
    EnrollmentSheet,
    FactsSheet,
    RandomizationSheet,
    StudySheet,
    VersionSheet,
    validated,
)

SHIPPED = Path(__file__).resolve().parents[3] / "studies"
_VERSION_FILES = ("facts.yaml", "eligibility.yaml", "randomization.yaml", "enrollment.yaml")


def shipped_studies() -> tuple[str, ...]:
    """The ids of the studies that come with Evenhand."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob("*/study.yaml")))


def find_study(name: str) -> Path:
    """The folder of a study named by path or by the id of a shipped study. Raises StudyError with what there is."""
    for folder in (Path(name), SHIPPED / name):
        if (folder / "study.yaml").is_file():
            return folder
    known = ", ".join(shipped_studies()) or "none"
    raise StudyError(f"{name}: no study folder (one holds study.yaml) and no shipped study; shipped: {known}")


def load_protocol(folder: Path, version: str | None = None) -> Protocol:
    """Load one version of a study, the newest when none is named. Raises StudyError listing every fault found."""
    study_file = read_sheet(folder / "study.yaml")
    study = validated(StudySheet, study_file)
    chosen = _chosen(study, version, study_file)
    return _Loading(folder, study_file, study, chosen).protocol()


def _chosen(study: StudySheet, version: str | None, sheet: Sheet) -> VersionSheet:
    versions = {item.id: item for item in study.versions}
    if len(versions) < len(study.versions):
        raise StudyError(sheet.fault(("versions",), "two versions have the same id"))
    if version is not None and version not in versions:
        raise StudyError(sheet.fault(("versions",), f"there is no version {version!r}: {', '.join(versions)}"))
    return versions[version] if version else max(study.versions, key=lambda item: int(item.id[1:]))


class _Loading:
    """The files of one version on their way to a protocol; ``faults`` grows until the end."""

    def __init__(self, folder: Path, study_file: Sheet, study: StudySheet, version: VersionSheet) -> None:
        self.study = study
        self.version = version
        paths = [folder / version.id / name for name in _VERSION_FILES]
        facts, eligibility, randomization, enrollment = (read_sheet(path) for path in paths)
        self.plan = read_plan(folder / version.id)
        self.sheets = (study_file, facts, eligibility, randomization, enrollment)
        self.facts = validated(FactsSheet, facts)
        self.eligibility = validated(EligibilitySheet, eligibility)
        self.randomization = validated(RandomizationSheet, randomization)
        self.enrollment = validated(EnrollmentSheet, enrollment)

    def protocol(self) -> Protocol:
        study_file, facts, eligibility, randomization, enrollment = self.sheets
        faults: list[str] = []
        vocabulary = resolve.vocabulary(self.facts, facts, faults)
        if faults:
            raise StudyError(*faults)
        about = {name: judgement.about for name, judgement in self.eligibility.judgements.items()}
        rules = Rules(vocabulary, about, faults)
        judgements = resolve.judgements(self.eligibility, eligibility, rules)
        criteria = resolve.criteria(self.eligibility, eligibility, rules, self.study.clauses)
        flags = resolve.flags(self.eligibility, eligibility, rules)
        allocation = resolve.randomization(self.randomization, randomization, rules, self.study)
        follow_up = period(self.enrollment.follow_up.at_most, enrollment, ("follow_up", "at_most"), faults)
        number = self.study.versions.index(self.version)
        valid_from = day(self.version.from_, study_file, ("versions", number, "from"), faults)
        faults += self._clause_faults(enrollment)
        plan = self._plan(faults)
        if faults:
            raise StudyError(*faults)
        assert follow_up is not None and valid_from is not None
        return Protocol(
            study=self.study.id,
            title=self.study.title,
            short_title=self.study.short_title,
            objectives=tuple(item.text for item in self.study.objectives),
            version=Version(self.version.id, valid_from, self.version.note),
            digest=_digest((*self.sheets, *(self.plan.sheets if self.plan else ()))),
            arms=tuple(Arm(arm.id, arm.label, arm.treatment) for arm in self.study.arms),
            clauses=self.study.clauses,
            references=self.study.references,
            vocabulary=vocabulary,
            judgements=judgements,
            criteria=criteria,
            flags=flags,
            randomization=allocation,
            enrollment=self._enrollment(follow_up),
            origins=collect_origins(
                self.study, self.version, self.facts, self.eligibility, self.randomization, self.enrollment, self.plan
            ),
            warnings=tuple(rules.warnings),
            plan=plan,
        )

    def _plan(self, faults: list[str]) -> Plan | None:
        if self.plan is None:
            return None
        arms = {arm.id: arm.label for arm in self.study.arms}
        return resolve_plan(self.plan, arms, self.study.clauses, self.study.references, faults)

    def _clause_faults(self, file: Sheet) -> list[str]:
        named = {"follow_up": self.enrollment.follow_up, "prior_therapy": self.enrollment.prior_therapy}
        return [
            file.fault((part, "clause"), f"{item.clause!r} is no clause of study.yaml")
            for part, item in named.items()
            if item is not None and item.clause not in self.study.clauses
        ]

    def _enrollment(self, follow_up: Period) -> Enrollment:
        sheet = self.enrollment
        return Enrollment(
            consent_document=sheet.consent.document,
            consent_version=sheet.consent.version,
            consent_text=sheet.consent.text,
            target=sheet.target.participants,
            prior_therapy=sheet.prior_therapy.text if sheet.prior_therapy else "",
            follow_up_until=sheet.follow_up.until,
            follow_up_at_most=follow_up,
            accrual_months=sheet.accrual.months if sheet.accrual else None,
        )


def _digest(sheets: tuple[Sheet, ...]) -> str:
    """SHA-256 over names and texts; line ends do not count, so that a checkout on another system agrees."""
    digest = hashlib.sha256()
    for sheet in sheets:
        text = sheet.text.replace("\r\n", "\n").encode()
        digest.update(f"{sheet.path.name}\n{len(text)}\n".encode() + text)
    return digest.hexdigest()
