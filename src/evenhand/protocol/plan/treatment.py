"""``treatment.yaml``: how it becomes a :class:`~evenhand.protocol.plan.therapy.Treatment`."""

from __future__ import annotations

from decimal import Decimal

from evenhand.dates import Period
from evenhand.oncology.radiation import (
    LimitTable,
    PrescriptionTable,
    TableId,
    UnknownTableError,
    limit_table,
    prescription_table,
)
from evenhand.protocol.places import Keys, Sheet
from evenhand.protocol.plan.scope import PlanScope
from evenhand.protocol.plan.therapy import (
    Allowed,
    Caution,
    Cumulative,
    NoPrimary,
    OrganLimits,
    RegisteredLesions,
    SurgeryPlan,
    Treatment,
    UsualApproach,
    Window,
)
from evenhand.protocol.plan.treatment_faults import code_faults, codes_of, engine_code_faults, reference_faults
from evenhand.protocol.plan.treatment_sheets import (
    AllowedSheet,
    LimitsSheet,
    NoPrimarySheet,
    SurgerySheet,
    TreatmentSheet,
    WindowSheet,
)
from evenhand.protocol.reading import day, period

_NO_DAYS = Period(0, "days")


def resolve_treatment(sheet: TreatmentSheet, file: Sheet, scope: PlanScope, faults: list[str]) -> Treatment:
    """The model of the file; faults are added to ``faults``."""
    faults += engine_code_faults(scope, file)
    faults += reference_faults(sheet, file, scope)
    return _Resolving(sheet, file, scope, faults).treatment()


def _no_primary(item: NoPrimarySheet | None) -> NoPrimary | None:
    return NoPrimary(item.fact, frozenset(item.codes)) if item else None


class _Resolving:
    """Looks up tables, periods and days, and collects faults with their places."""

    def __init__(self, sheet: TreatmentSheet, file: Sheet, scope: PlanScope, faults: list[str]) -> None:
        self.sheet = sheet
        self.file = file
        self.scope = scope
        self.faults = faults

    def treatment(self) -> Treatment:
        sheet = self.sheet
        return Treatment(
            usual_approach=self._usual(),
            new_line_for=frozenset(sheet.lines.new_line_for),
            lesions=RegisteredLesions(sheet.metastases.fact, sheet.metastases.counted_by) if sheet.metastases else None,
            surgery=self._surgery(sheet.surgery) if sheet.surgery else None,
            delivered_percent=Decimal(sheet.delivery.at_least_percent),
            prescriptions=tuple(
                allowed
                for number, item in enumerate(sheet.prescriptions)
                if (allowed := self._allowed(item, ("prescriptions", number))) is not None
            ),
            organ_limits=self._limits(sheet.organ_limits) if sheet.organ_limits else None,
            cumulative=Cumulative(sheet.cumulative.alpha_beta_gy, sheet.cumulative.organs)
            if sheet.cumulative
            else None,
            windows=tuple(self._window(item, ("windows", number)) for number, item in enumerate(sheet.windows)),
            cautions=tuple(
                Caution(item.id, frozenset(item.regimens), frozenset(item.codes), item.days_around, item.say)
                for item in sheet.cautions
            ),
        )

    def _usual(self) -> tuple[UsualApproach, ...]:
        """The versions, which stand in the order of their days."""
        versions: list[UsualApproach] = []
        for number, item in enumerate(self.sheet.usual_approach):
            keys: Keys = ("usual_approach", number)
            since = day(item.from_, self.file, (*keys, "from"), self.faults)
            if since is None:
                continue
            if not since.exact:
                self._fault((*keys, "from"), f"{item.from_} is not a full day")
            if versions and since.first <= versions[-1].since:
                self._fault((*keys, "from"), f"{item.from_} is not after the version before it")
            versions.append(UsualApproach(item.id, since.first, tuple(item.regimens), item.note))
        return tuple(versions)

    def _surgery(self, item: SurgerySheet) -> SurgeryPlan:
        within = self._period(item.complications_within, ("surgery", "complications_within"))
        return SurgeryPlan(frozenset(item.primary), within, _no_primary(item.no_primary))

    def _allowed(self, item: AllowedSheet, keys: Keys) -> Allowed | None:
        table = self._prescriptions(TableId(item.table, item.version), keys)
        if table is None:
            return None
        self.faults += code_faults(item.sites, codes_of(self.scope, item.role, item.field), self.file, (*keys, "sites"))
        for code, site in item.sites.items():
            if site not in table.sites:
                known = ", ".join(sorted(table.sites))
                self._fault((*keys, "sites", code), f"{table.id} has no site {site!r}: there are {known}")
        return Allowed(item.role, item.field, table, item.tolerance_percent, item.sites)

    def _prescriptions(self, table: TableId, keys: Keys) -> PrescriptionTable | None:
        try:
            return prescription_table(table)
        except UnknownTableError as error:
            self._fault((*keys, "table"), str(error))
            return None

    def _limits(self, item: LimitsSheet) -> OrganLimits | None:
        keys: Keys = ("organ_limits",)
        try:
            table: LimitTable = limit_table(TableId(item.table, item.version))
        except UnknownTableError as error:
            self._fault((*keys, "table"), str(error))
            return None
        for site, organs in item.report.items():
            for place, organ in enumerate(organs):
                if organ not in table.organs:
                    self._fault((*keys, "report", site, place), f"{table.id} has no organ {organ!r}")
        return OrganLimits(table, {site: tuple(organs) for site, organs in item.report.items()})

    def _window(self, item: WindowSheet, keys: Keys) -> Window:
        for place, arm in enumerate(item.arms):
            if arm not in self.scope.arms:
                self._fault((*keys, "arms", place), f"{arm!r} is no arm: {', '.join(self.scope.arms)}")
        return Window(
            item.id, item.label, frozenset(item.arms), item.of, item.after,
            self._period(item.not_before, (*keys, "not_before")), self._period(item.within, (*keys, "within")),
            item.source or item.assumed or "",
        )  # fmt: skip

    def _period(self, text: str, keys: Keys) -> Period:
        return period(text, self.file, keys, self.faults) or _NO_DAYS

    def _fault(self, keys: Keys, said: str) -> None:
        self.faults.append(self.file.fault(keys, said))
