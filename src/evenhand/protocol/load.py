"""A study folder, read, validated and resolved into a :class:`~evenhand.protocol.model.Protocol`.

All faults of a folder are collected and raised together, each with file, line and column.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from ruamel.yaml.nodes import Node

from evenhand.dates import Period
from evenhand.facts import Vocabulary
from evenhand.protocol import resolve
from evenhand.protocol.design import DesignFile, read_design, resolve_design
from evenhand.protocol.endpoints import EndpointsFile, read_endpoints, resolve_endpoints
from evenhand.protocol.model import Arm, Enrollment, Protocol, Version
from evenhand.protocol.monitoring import MonitoringFile, read_monitoring, resolve_monitoring
from evenhand.protocol.origins import collect_origins
from evenhand.protocol.places import Sheet, StudyError, read_sheet
from evenhand.protocol.plan import Plan, PlanFiles, read_plan, resolve_plan
from evenhand.protocol.reading import Rules, day, period
from evenhand.protocol.sheets import (
    AmendedSheet,
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


def version_ids(folder: Path) -> tuple[str, ...]:
    """The ids of a study's versions, the oldest first. Raises StudyError for a study.yaml that cannot be used."""
    sheet = read_sheet(folder / "study.yaml")
    study = validated(StudySheet, sheet)
    _chosen(study, None, sheet)
    return tuple(item.id for item in _in_order(study))


def _in_order(study: StudySheet) -> list[VersionSheet]:
    return sorted(study.versions, key=lambda item: int(item.id[1:]))


def _chosen(study: StudySheet, version: str | None, sheet: Sheet) -> VersionSheet:
    versions = {item.id: item for item in study.versions}
    if len(versions) < len(study.versions):
        raise StudyError(sheet.fault(("versions",), "two versions have the same id"))
    starts = [sheet.nodes["versions", number].start_mark.line for number in range(len(study.versions))]
    if len(set(starts)) < len(starts):
        said = "each version stands on lines of its own, so that the next one changes nothing of it"
        raise StudyError(sheet.fault(("versions",), said))
    if version is not None and version not in versions:
        raise StudyError(sheet.fault(("versions",), f"there is no version {version!r}: {', '.join(versions)}"))
    return versions[version] if version else _in_order(study)[-1]


class _Loading:
    """The files of one version on their way to a protocol; ``faults`` grows until the end."""

    def __init__(self, folder: Path, study_file: Sheet, study: StudySheet, version: VersionSheet) -> None:
        self.study = study
        self.version = version
        paths = [folder / version.id / name for name in _VERSION_FILES]
        facts, eligibility, randomization, enrollment = (read_sheet(path) for path in paths)
        self.plan = read_plan(folder / version.id)
        self.design = read_design(folder / version.id)
        self.endpoints = read_endpoints(folder / version.id)
        self.monitoring = read_monitoring(folder / version.id)
        self.sheets = (study_file, facts, eligibility, randomization, enrollment)
        self.amended: tuple[Sheet, ...] = ()
        if (folder / version.id / "study.yaml").is_file():
            self.amended = (read_sheet(folder / version.id / "study.yaml"),)
            self.study = validated(AmendedSheet, self.amended[0]).applied(study)
        self.facts = validated(FactsSheet, facts)
        self.eligibility = validated(EligibilitySheet, eligibility)
        self.randomization = validated(RandomizationSheet, randomization)
        self.enrollment = validated(EnrollmentSheet, enrollment)
        self.carried = _carried(folder, study, version)

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
        plan = self._plan(vocabulary, faults)
        design = resolve_design(self.design, self.randomization, self.enrollment, faults) if self.design else None
        endpoints = (
            resolve_endpoints(self.endpoints, plan, self.randomization, follow_up, rules) if self.endpoints else None
        )
        monitoring = resolve_monitoring(self.monitoring, plan, self.design, faults) if self.monitoring else None
        if faults:
            raise StudyError(*faults)
        assert follow_up is not None and valid_from is not None
        return Protocol(
            study=self.study.id,
            title=self.study.title,
            short_title=self.study.short_title,
            objectives=tuple(item.text for item in self.study.objectives),
            version=Version(self.version.id, valid_from, self.version.note),
            digest=_digest(_texts(self.version, self._all_sheets())),
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
                self.study,
                self.version,
                self.facts,
                self.eligibility,
                self.randomization,
                self.enrollment,
                [origin for file in self._parts() if file for origin in file.sourced()],
            ),
            warnings=tuple(rules.warnings),
            plan=plan,
            design=design,
            endpoints=endpoints,
            monitoring=monitoring,
        )

    def _parts(self) -> tuple[DesignFile | EndpointsFile | MonitoringFile | PlanFiles | None, ...]:
        return self.design, self.endpoints, self.monitoring, self.plan

    def _all_sheets(self) -> tuple[Sheet, ...]:
        """What the digest is computed from; a part that a study does not have leaves it as it was."""
        more = [part.file for part in (self.design, self.endpoints, self.monitoring) if part]
        return (*self.sheets, *self.amended, *(self.plan.sheets if self.plan else ()), *more)

    def _plan(self, vocabulary: Vocabulary, faults: list[str]) -> Plan | None:
        if self.plan is None:
            return None
        arms = {arm.id: arm.label for arm in self.study.arms}
        study = self.study
        return resolve_plan(self.plan, arms, study.clauses, study.references, vocabulary.facts, faults)

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
            carried=self.carried,
            declined_because=dict(sheet.consent.declined_because.codes) if sheet.consent.declined_because else {},
        )


def _carried(folder: Path, study: StudySheet, version: VersionSheet) -> frozenset[tuple[str, str]]:
    """The consents to earlier versions that count for this one, back to the last version that asked everybody anew."""
    earlier = _in_order(study)[: _in_order(study).index(version)]
    carried = set()
    while version.reconsent == "no" and earlier:
        version = earlier.pop()
        consent = validated(EnrollmentSheet, read_sheet(folder / version.id / "enrollment.yaml")).consent
        carried.add((consent.document, consent.version))
    return frozenset(carried)


def _texts(version: VersionSheet, sheets: tuple[Sheet, ...]) -> Iterator[tuple[str, str]]:
    """Names and texts of the files of one version. The lines of study.yaml that announce other versions are left out:
    a version stays what it was when the next one is added."""
    for number, sheet in enumerate(sheets):
        text = sheet.text.replace("\r\n", "\n")
        yield sheet.path.name, _without_others(sheet, text, version.id) if number == 0 else text


def _without_others(study_file: Sheet, text: str, kept: str) -> str:
    """Blank lines and remarks between the entries go too: they come along with a new one."""
    lines: list[str | None] = [*text.split("\n")]
    entries = [(keys, node) for keys, node in study_file.nodes.items() if len(keys) == 2 and keys[0] == "versions"]
    ends = [_end_of(node, study_file.text, lines) for _, node in entries]
    for (keys, node), end in zip(entries, ends, strict=True):
        if study_file.nodes[(*keys, "id")].value != kept:
            lines[node.start_mark.line : end] = [None] * (end - node.start_mark.line)
    for number in range(entries[0][1].start_mark.line, max(ends)):
        if _says_nothing(lines[number] or ""):
            lines[number] = None
    return "\n".join(line for line in lines if line is not None)


def _end_of(node: Node, text: str, lines: list[str | None]) -> int:
    """The line after the last one of an entry. A block ends where the next thing begins, so that what says nothing
    before it is not its own; braces, and the end of the file, end within a line."""
    end: int = node.end_mark.line + (text[node.start_mark.index] == "{" or node.end_mark.index >= len(text))
    while _says_nothing(lines[end - 1] or ""):
        end -= 1
    return end


def _says_nothing(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _digest(texts: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over names and texts; line ends do not count, so that a checkout on another system agrees."""
    digest = hashlib.sha256()
    for name, text in texts:
        data = text.encode()
        digest.update(f"{name}\n{len(data)}\n".encode() + data)
    return digest.hexdigest()
