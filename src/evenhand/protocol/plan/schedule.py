"""``schedule.yaml``: its shape, and how it becomes a :class:`~evenhand.protocol.plan.visits.Schedule`."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from evenhand.dates import Period
from evenhand.facts import FactType, Vocabulary
from evenhand.protocol.places import Keys, Sheet
from evenhand.protocol.plan.endings import DispositionSheet, Endings, resolve_endings
from evenhand.protocol.plan.forms import ARM, ENTRIES, RANDOMIZED, REGISTERED, Check, Form
from evenhand.protocol.plan.schedule_faults import anchor_faults, visit_faults
from evenhand.protocol.plan.scope import PlanScope
from evenhand.protocol.plan.visits import SIGN_WITHIN, Anchor, Expected, PlannedVisit, Schedule, Window
from evenhand.protocol.reading import Rules, period
from evenhand.protocol.sheets import Identifier, SheetModel, Sourced

__all__ = ["VISITED", "Schedule", "ScheduleSheet", "resolve_schedule"]

VISITED: Final = "visited"  # in the rules of a schedule: the day of the visit, as done or else as planned

_NO_DAYS = Period(0, "days")


class AnchorSheet(SheetModel):
    """``{visit: id}``, or ``{reads: [roles], date: field, which: first | last}``."""

    visit: Identifier | None = None
    reads: list[Identifier] = []
    date: Identifier | None = None
    which: Literal["first", "last"] = "last"


AnchorText = Literal["randomization", "registration"] | AnchorSheet


class WindowSheet(Sourced):
    before: str = "days(0)"
    after: str = "days(0)"


class ExpectedSheet(SheetModel):
    form: Identifier
    when: str


class VisitSheet(Sourced):
    label: str
    phase: Identifier
    arms: list[Identifier] = []
    anchor: AnchorText
    offset: str = "days(0)"
    every: str | None = None
    times: Annotated[int, Field(ge=1)] | None = None
    until: AnchorSheet | None = None
    moves: Literal["nothing", "later"] = "nothing"
    window: Literal["tiled"] | WindowSheet
    forms: list[Identifier | ExpectedSheet]


class UnscheduledSheet(Sourced):
    forms: list[Identifier | ExpectedSheet]


class WithinSheet(Sourced):
    period: str


class ScheduleSheet(SheetModel):
    """``schedule.yaml``."""

    phases: dict[Identifier, str]
    entry_within: WithinSheet
    coming_within: WithinSheet
    sign_within: WithinSheet | None = None
    visits: dict[Identifier, VisitSheet]
    unscheduled: UnscheduledSheet
    disposition: DispositionSheet | None = None


def resolve_schedule(sheet: ScheduleSheet, file: Sheet, scope: PlanScope, faults: list[str]) -> Schedule:
    """The model of the file; faults are added to ``faults``."""
    resolving = _Resolving(sheet, file, scope, faults)
    visits = {name: resolving.visit(name, item) for name, item in sheet.visits.items()}
    faults += anchor_faults(visits, file)
    return Schedule(
        sheet.phases,
        visits,
        resolving.expected(sheet.unscheduled.forms, ("unscheduled", "forms")),
        resolving.period(sheet.entry_within.period, ("entry_within", "period")),
        resolving.period(sheet.coming_within.period, ("coming_within", "period")),
        resolve_endings(sheet.disposition, file, scope, faults) if sheet.disposition else Endings(),
        resolving.conditions(),
        resolving.period(sheet.sign_within.period, ("sign_within", "period")) if sheet.sign_within else SIGN_WITHIN,
    )


class _Resolving:
    """Looks up what the visits name, and collects faults with their places."""

    def __init__(self, sheet: ScheduleSheet, file: Sheet, scope: PlanScope, faults: list[str]) -> None:
        self.sheet = sheet
        self.file = file
        self.scope = scope
        self.faults = faults
        self.rules = Rules(schedule_words(scope), {}, faults)
        self.asked: list[Check] = []

    def visit(self, name: str, item: VisitSheet) -> PlannedVisit:
        keys: Keys = ("visits", name)
        visit = PlannedVisit(
            id=name,
            label=item.label,
            phase=item.phase,
            arms=frozenset(item.arms),
            anchor=self._anchor(item.anchor),
            offset=self.period(item.offset, (*keys, "offset")),
            every=self.period(item.every, (*keys, "every")) if item.every else None,
            times=item.times,
            until=self._anchor(item.until) if item.until else None,
            moves=item.moves,
            window=self._window(item.window, (*keys, "window")),
            forms=self.expected(item.forms, (*keys, "forms")),
            each=self._follows_a_series(item.anchor),
            source=item.source or item.assumed or "",
        )
        for part, said in visit_faults(visit, self.scope, self.sheet.phases):
            self.faults.append(self.file.fault((*keys, *part), said))
        return visit

    def expected(self, forms: list[str | ExpectedSheet], keys: Keys) -> tuple[Expected, ...]:
        """The forms that a visit asks for."""
        found = []
        for number, item in enumerate(forms):
            name, when = (item, None) if isinstance(item, str) else (item.form, item.when)
            form = self.scope.forms.get(name)
            if form is None or not form.visits:
                said = "is no form" if form is None else "is no form of visits: give it `visits: true`"
                self.faults.append(self.file.fault((*keys, number), f"{name!r} {said}"))
            rule = self.rules.rule(when, self.file, (*keys, number, "when")) if when else None
            found.append(Expected(name, rule))
            if rule is not None:
                self.asked.append(Check(f"{keys[1]}.{name}", rule, (), "", False, ""))
        return tuple(found)

    def conditions(self) -> Form | None:
        """All conditions as the checks of a form without questions, so that they are judged as those of forms are."""
        if not self.asked:
            return None
        return Form(
            "", "", "", "", repeats=False, visits=False, arms=(), entered_by=(), signed_by=(), day="", fields={},
            checks=tuple(self.asked), vocabulary=self.rules.words,
        )  # fmt: skip

    def period(self, text: str, keys: Keys) -> Period:
        """A period; after a fault, none."""
        return period(text, self.file, keys, self.faults) or _NO_DAYS

    def _anchor(self, text: AnchorText) -> Anchor:
        if isinstance(text, str):
            return Anchor(text)
        if text.visit is not None:
            return Anchor("visit", (text.visit,))
        return Anchor("form", tuple(text.reads), text.date or "", text.which)

    def _follows_a_series(self, text: AnchorText) -> bool:
        """Whether the visit follows each occurrence of the one that it is anchored to."""
        seen: set[str] = set()
        while isinstance(text, AnchorSheet) and text.visit in self.sheet.visits and text.visit not in seen:
            seen.add(text.visit)
            other = self.sheet.visits[text.visit]
            if other.every is not None:
                return True
            text = other.anchor
        return False

    def _window(self, item: Literal["tiled"] | WindowSheet, keys: Keys) -> Window:
        if isinstance(item, str):
            return Window(tiled=True)
        return Window(self.period(item.before, (*keys, "before")), self.period(item.after, (*keys, "after")))


def schedule_words(scope: PlanScope) -> Vocabulary:
    """What a rule of the schedule may name: the day of the visit, the participant's dates and arm, and the entries of
    all forms as lists."""
    words: dict[str, FactType] = {VISITED: FactType(VISITED, "date", "day of the visit")}
    for form in scope.forms.values():
        for name, kind in form.vocabulary.facts.items():
            shared = name in (RANDOMIZED, REGISTERED, ARM) or name.endswith(ENTRIES)
            if shared and name not in form.fields:
                words[name] = kind
    return Vocabulary(words)
