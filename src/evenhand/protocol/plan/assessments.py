"""``assessments.yaml``: how lesions are followed and response is judged: its shape and its model.

The criteria themselves are RECIST's (``evenhand.oncology.recist``); the file says what RECIST leaves to a protocol:
which sites are one organ, which are the primary and its region, how lesions are read that the protocol treats locally,
from when on everything is compared with a baseline taken anew, and how the best response is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from pydantic import Field

from evenhand.dates import Period
from evenhand.oncology.recist import BestRules, LesionState, TreatedPolicy, micrometres
from evenhand.protocol.places import Keys, Sheet
from evenhand.protocol.plan.scope import PlanScope
from evenhand.protocol.reading import period
from evenhand.protocol.sheets import Identifier, Number, SheetModel, Sourced

_NO_DAYS: Final = Period(0, "days")
_STATES: Final = {"resected": LesionState.RESECTED, "irradiated": LesionState.IRRADIATED}


class CriteriaSheet(Sourced):
    version: Literal["RECIST 1.1"]


class OrgansSheet(Sourced):
    of: dict[Identifier, str]  # site -> organ; a site that is not named is an organ of its own


class RegionSheet(Sourced):
    primary: Annotated[list[Identifier], Field(min_length=1)]
    regional: list[Identifier]


class BestSheet(Sourced):
    confirmed: bool
    stable_from: str
    confirm_after: str
    unevaluable_between: Annotated[int, Field(ge=0)]
    stable_between: bool


class ReachSheet(Sourced):
    """A local treatment that is not entered lesion by lesion, and the sites whose lesions it treats."""

    role: Literal["surgery", "locoregional_radiation"]
    field: Identifier
    codes: Annotated[list[str], Field(min_length=1)]
    sites: Annotated[list[Identifier], Field(min_length=1)]
    state: Literal["resected", "irradiated"]


class AgainSheet(Sourced):
    after: Literal["local_therapy", "randomization"]
    offset: str


class TreatedSheet(Sourced):
    excluded: bool
    growth_percent: Annotated[int, Field(ge=1, le=1000)]
    growth_mm: Annotated[Number, Field(gt=0)]
    not_before: str
    confirm_after: str
    confirmed_by: Annotated[list[Literal["scan", "pet", "biopsy"]], Field(min_length=1)]
    left_behind: list[str] = []  # margins of a resection that leave the lesion where it is


class AssessmentsSheet(SheetModel):
    """``assessments.yaml``."""

    criteria: CriteriaSheet
    organs: OrgansSheet
    region: RegionSheet
    best_response: BestSheet
    treated_lesions: TreatedSheet
    reaches: list[ReachSheet] = []
    second_baseline: dict[Identifier, AgainSheet] = {}


@dataclass(frozen=True, slots=True)
class Reach:
    """A form of ``role`` that says one of ``codes`` in ``field`` (``volumes``: in a row of that table) puts lesions of
    ``sites`` into ``state``."""

    role: str
    field: str
    codes: frozenset[str]
    sites: frozenset[str]
    state: LesionState


@dataclass(frozen=True, slots=True)
class Again:
    """When a baseline is taken anew: at the first scan that lies ``offset`` or more after local therapy was complete,
    or after randomization."""

    after: Literal["local_therapy", "randomization"]
    offset: Period


@dataclass(frozen=True, slots=True)
class Assessments:
    """What a study's file says; the defaults are RECIST without local treatment."""

    version: str = "RECIST 1.1"
    organs: Mapping[str, str] = field(default_factory=dict)
    primary: frozenset[str] = frozenset()
    regional: frozenset[str] = frozenset()
    best: BestRules = field(default_factory=BestRules)
    confirmed: bool = False
    treated: TreatedPolicy = field(default_factory=TreatedPolicy)
    left_behind: frozenset[str] = frozenset()
    reaches: tuple[Reach, ...] = ()
    second_baseline: Mapping[str, Again] = field(default_factory=dict)

    def organ_of(self, site: str) -> str:
        """The organ that a site belongs to, for the limit of targets of one organ."""
        return self.organs.get(site, site)


def resolve_assessments(sheet: AssessmentsSheet, file: Sheet, scope: PlanScope, faults: list[str]) -> Assessments:
    """The model of the file; faults are added to ``faults``."""
    resolving = _Resolving(sheet, file, scope, faults)
    sites = resolving.sites()
    resolving.known(sheet.organs.of, sites, ("organs", "of"))
    resolving.known(sheet.region.primary, sites, ("region", "primary"))
    resolving.known(sheet.region.regional, sites, ("region", "regional"))
    best = sheet.best_response
    return Assessments(
        version=sheet.criteria.version,
        organs=sheet.organs.of,
        primary=frozenset(sheet.region.primary),
        regional=frozenset(sheet.region.regional),
        best=BestRules(
            resolving.days(best.stable_from, ("best_response", "stable_from")),
            resolving.days(best.confirm_after, ("best_response", "confirm_after")),
            best.unevaluable_between,
            best.stable_between,
        ),
        confirmed=best.confirmed,
        treated=resolving.treated(),
        left_behind=resolving.left_behind(),
        reaches=tuple(resolving.reach(number, item, sites) for number, item in enumerate(sheet.reaches)),
        second_baseline=resolving.second_baseline(),
    )


class _Resolving:
    """Looks up what the file names, and collects faults with their places."""

    def __init__(self, sheet: AssessmentsSheet, file: Sheet, scope: PlanScope, faults: list[str]) -> None:
        self.sheet = sheet
        self.file = file
        self.scope = scope
        self.faults = faults

    def sites(self) -> frozenset[str]:
        """The codes of sites that the forms of lesions know."""
        found: set[str] = set()
        for form in self.scope.forms.values():
            for table, column in (("lesions", "site"), ("new_lesions", "site")):
                asked = form.fields.get(table)
                if form.reads in ("lesion_list", "scan") and asked is not None and asked.columns:
                    found |= set(asked.columns[column].type.codes) if column in asked.columns else set()
        if not found:
            self._fault((), "no form reads as lesion_list or scan: there is nothing to assess")
        return frozenset(found)

    def known(self, names: Mapping[str, str] | list[str], sites: frozenset[str], keys: Keys) -> None:
        """Each name is a site that the forms know."""
        for place, name in enumerate(names):
            if name not in sites:
                at = place if isinstance(names, list) else name
                self._fault((*keys, at), f"{name!r} is no site of the forms: {', '.join(sorted(sites)) or 'none'}")

    def treated(self) -> TreatedPolicy:
        item = self.sheet.treated_lesions
        keys: Keys = ("treated_lesions",)
        try:
            size = micrometres(item.growth_mm)
        except ValueError as error:
            self._fault((*keys, "growth_mm"), str(error))
            size = 0
        return TreatedPolicy(
            item.excluded,
            item.growth_percent,
            size,
            period(item.not_before, self.file, (*keys, "not_before"), self.faults) or _NO_DAYS,
            self.days(item.confirm_after, (*keys, "confirm_after")),
            frozenset(item.confirmed_by),
        )

    def left_behind(self) -> frozenset[str]:
        """The margins of resections that leave a lesion where it is."""
        margins: set[str] = set()
        for form in self.scope.forms.values():
            table = form.fields.get("lesions")
            if form.reads == "metastasis_resection" and table is not None and table.columns:
                margins |= set(table.columns["margin"].type.codes) if "margin" in table.columns else set()
        for place, code in enumerate(self.sheet.treated_lesions.left_behind):
            if code not in margins:
                known = ", ".join(sorted(margins)) or "none"
                self._fault(("treated_lesions", "left_behind", place), f"{code!r} is no margin of the forms: {known}")
        return frozenset(self.sheet.treated_lesions.left_behind)

    def reach(self, number: int, item: ReachSheet, sites: frozenset[str]) -> Reach:
        keys: Keys = ("reaches", number)
        self.known(item.sites, sites, (*keys, "sites"))
        codes = self._codes(item.role, item.field)
        for place, code in enumerate(item.codes):
            if codes is not None and code not in codes:
                said = f"{code!r} is no code of {item.field} in forms of {item.role}: {', '.join(codes)}"
                self._fault((*keys, "codes", place), said)
        return Reach(item.role, item.field, frozenset(item.codes), frozenset(item.sites), _STATES[item.state])

    def _codes(self, role: str, name: str) -> list[str] | None:
        """The codes of a field, or of the column ``volume`` of such a table; None where no form has the role."""
        forms = [form for form in self.scope.forms.values() if form.reads == role]
        if not forms:
            return None
        found: list[str] = []
        for form in forms:
            asked = form.fields.get(name)
            if asked is not None and asked.columns and "volume" in asked.columns:
                asked = asked.columns["volume"]
            found += list(asked.type.codes) if asked is not None else []
        return found

    def second_baseline(self) -> dict[str, Again]:
        found = {}
        for arm, item in self.sheet.second_baseline.items():
            if arm not in self.scope.arms:
                self._fault(("second_baseline", arm), f"{arm!r} is no arm: {', '.join(self.scope.arms)}")
            keys: Keys = ("second_baseline", arm, "offset")
            found[arm] = Again(item.after, period(item.offset, self.file, keys, self.faults) or _NO_DAYS)
        return found

    def days(self, text: str, keys: Keys) -> int:
        """A number of days."""
        found = period(text, self.file, keys, self.faults)
        if found is not None and found.unit != "days":
            self._fault(keys, f"{text} is not counted in days: write days({found.count * 30}) or the like")
        return found.count if found is not None else 0

    def _fault(self, keys: Keys, said: str) -> None:
        self.faults.append(self.file.fault(keys, said))
