"""``after_randomization:`` of a scenario: what is true of made-up participants, and how their sites work.

Forms, fields, arms and codes are named here and nowhere in code; what a form needs and nothing here says is answered by
what kind of field it is.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from evenhand.dates import parse_date
from evenhand.protocol.sheets import Identifier, Number, SheetModel, Sourced, Words
from evenhand.simulation.courses.ways import FactName, Ways
from evenhand.simulation.draws import Chance, Ends, Weight, Weights

Monthly = Annotated[Decimal | int, Field(ge=0)]
Factor = Annotated[Decimal | int, Field(gt=0)]


def _a_day(text: str) -> str:
    if not parse_date(text).exact:
        raise ValueError(f"{text} is not a full day")
    return text


Day = Annotated[str, AfterValidator(_a_day)]


class Hazard(SheetModel):
    """A monthly rate from a month on, until the next one."""

    from_month: Monthly = 0
    monthly: Monthly


def _in_order(pieces: list[Hazard]) -> list[Hazard]:
    if pieces[0].from_month != 0 or any(one.from_month >= next_one.from_month for one, next_one in pairwise(pieces)):
        raise ValueError("the first piece is from month 0, and each begins later than the one before")
    return pieces


Hazards = Annotated[list[Hazard], Field(min_length=1), AfterValidator(_in_order)]


class Prognosis(SheetModel):
    """A factor on the hazard of progression, in all arms, of those with these levels of the randomization's factors."""

    levels: Annotated[dict[Identifier, Identifier], Field(min_length=1)]
    factor: Factor


class Clinical(Sourced):
    """The share of progressions that are found clinically, since no scan is possible ``because`` of one of these."""

    share: Chance
    because: Weights


class Progressing(Sourced):
    """When the disease progresses, by arm, and how: the chance of ``new_lesions`` (else the known ones grow), and the
    chance that the clinician says ``otherwise`` than the measurements. ``clinical``: found without a scan.

    Hazards in pieces may cross, or differ only after some months. ``drift_yearly``: the factor on the hazard of all
    arms for each year between activation and somebody's randomization, since the usual approach moves. ``prognosis``:
    every one that fits counts.
    """

    hazards: dict[str, Hazards]
    drift_yearly: Factor = 1
    prognosis: list[Prognosis] = []
    new_lesions: Chance = Decimal("0.5")
    otherwise: Chance = 0
    clinical: Clinical | None = None


class Dying(Sourced):
    """Monthly rates of death, before and after progression. ``of_treatment``: the cause where a side effect kills."""

    before: Monthly = 0
    after: Monthly = 0
    causes: dict[Literal["before", "after"], Weights] = Field(default_factory=dict)
    of_treatment: Identifier = "treatment"


class Leaving(Sourced):
    """An ending that people choose or that befalls them, and how often a month; ``found`` is how many days later the
    site says so."""

    ending: Identifier
    monthly: Monthly
    found: Ends = [0, 14]


class Primary(SheetModel):
    """The primary tumour: its label and site in the words of the forms, the chance that it is there, its size. Where
    the ``fact`` is recorded it is there if that is one of ``there``, and chance has no say."""

    label: str
    site: str
    chance: Chance = 1
    fact: Identifier | None = None
    there: list[str] = []
    size_mm: Ends


class Lesions(SheetModel):
    """The fact that lists a person's lesions, and its fields. ``natures``: what lesions of a site are, in the words of
    the form that lists them; those ``never_measured`` have no size.

    ``primary``: it is listed too, under this label, with the chance that it is still there. ``size_mm``: where the
    size of one is not recorded. ``shrink_to``: percent of the size at entry that is reached, for each person.
    ``error_percent``: the spread of one measurement. ``doubling_days``: of what grows. ``new_sites``: where new ones
    appear, in the words of scans.
    """

    fact: Identifier
    label: Identifier
    site: Identifier
    size: Identifier
    natures: dict[str, Weights] = Field(default_factory=dict)
    never_measured: list[str] = []
    primary: Primary | None = None
    size_mm: Ends = [10, 30]
    shrink_to: Ends = [30, 100]
    error_percent: Number = 3
    doubling_days: Ends = [45, 120]
    new_sites: Weights = Field(default_factory=lambda: {"other": 1})


class LeftOut(Sourced):
    """The chance that something of a visit that took place is not done, and why."""

    chance: Chance
    because: Weights


class Visits(Sourced):
    """When people come: days around the planned one; how often not at all, and why.

    ``missed_again``: the chance of that where the visit before was missed, for whoever stays away stays away for a
    while; without it, it is ``missed`` alike. ``weekends``: the chance that a visit which falls on a weekend stays
    there; else it is on the weekday next to it. ``left_out``: by form, what is not done at a visit that took place.
    """

    around: Ends = [-3, 5]
    missed: Chance = 0
    missed_again: Chance | None = None
    reasons: Weights = Field(default_factory=lambda: {"made up: did not come": 1})
    weekends: Chance = 1
    left_out: dict[Identifier, LeftOut] = Field(default_factory=dict)


class Desk(Sourced):
    """How a site works: days from what happened to its entry, at most times and when it is slow; to a signature
    (``determined``: under a response, which does not wait); to the mending of a slip of the pen; to the answer of a
    query and to its end. ``forgotten``: the chance that a form of a visit is never entered; ``unreported``: that a side
    effect that is not serious is not.
    """

    entry: Ends = [0, 8]
    slow: Chance = 0
    slow_entry: Ends = [15, 60]
    signing: Ends = [0, 21]
    determined: Ends = [0, 4]
    signed: Chance = 1
    slips: Chance = 0
    mending: Ends = [5, 40]
    query: Ends = [3, 25]
    answered: Chance = 1
    closing: Ends = [1, 14]
    optional: Chance = Decimal("0.6")
    forgotten: Chance = 0
    unreported: Chance = 0


class AtSite(Sourced):
    """What is otherwise at one site than in ``desk``; None: nothing."""

    entry: Ends | None = None
    slow: Chance | None = None
    slips: Chance | None = None
    query: Ends | None = None
    forgotten: Chance | None = None
    unreported: Chance | None = None


class Monitoring(Sourced):
    """Every so many days somebody comes to each site and compares a share of what is new with the source, and asks
    about some of it; what is verified, and older than ``lock_after`` days, is locked with that chance.
    """

    every: Annotated[int, Field(ge=7)] = 90
    share: Chance = Decimal("0.7")
    asks: Chance = 0
    lock_after: Annotated[int, Field(ge=0)] = 365
    locked: Chance = 1


class Companion(SheetModel):
    """A form that goes with a happening, such as its plan: about a day so many ``days`` after it began, with that
    ``chance``. ``of``: only where the happening is recorded on this form; empty: always."""

    form: Identifier
    of: Identifier | None = None
    days: Ends = [0, 0]
    chance: Chance = 1
    values: Ways = Field(default_factory=dict)


class Fractions(SheetModel):
    """A course of radiation in so many fractions on weekdays, ``every`` so many weekdays; with the chance of a ``gap``
    of so many weekdays ``missed``, ``because`` of one of these, which stands in the course's table of gaps."""

    count: Annotated[int, Field(ge=1, le=60)]
    every: Annotated[int, Field(ge=1, le=5)] = 1
    gap: Chance = 0
    missed: Ends = [1, 3]
    because: Weights = Field(default_factory=lambda: {"other": 1})


class Manner(SheetModel):
    """One way in which something is done: the form that says so, or ``not_done`` with one of these reasons.

    ``called``: a name under which something may follow it, or take it as given, beside that of the happening. ``since``
    and ``before``: in use between these days. ``having``: only for those of whom these facts were recorded before
    randomization with one of these words. ``had``: only for those whom one of these befell. ``lesion_sites``: only for
    lesions there. ``present``, ``absent``: only for those who have, or have not, the lesion of this label. ``treats``:
    the chance that the lesion is controlled by it; ``removes``: the label of that lesion, where it is not the one that
    the happening is about. ``lasts``: days from its beginning to its end, or ``fractions`` by which that is counted.
    ``at_end``: what is known only then; it is added to the entry by a correction. ``also``: forms that go with it.
    """

    weight: Weight = 1
    form: Identifier
    called: Identifier | None = None
    having: dict[FactName, list[str]] = Field(default_factory=dict)
    had: list[Identifier] = []
    since: Day | None = None
    before: Day | None = None
    lesion_sites: list[str] = []
    present: str = ""
    absent: str = ""
    not_done: Weights | None = None
    lasts: Ends = [0, 0]
    fractions: Fractions | None = None
    treats: Chance | None = None
    removes: str = ""
    values: Ways = Field(default_factory=dict)
    at_end: Ways = Field(default_factory=dict)
    also: list[Companion] = []


class Update(SheetModel):
    """What the latest entry among these happenings says now, and why it is said anew."""

    of: Identifier | Annotated[list[Identifier], Field(min_length=1)]
    because: str
    values: Ways

    @property
    def named(self) -> list[str]:
        """The happenings, one or several."""
        return [self.of] if isinstance(self.of, str) else self.of


class Happening(Sourced):
    """Something that befalls participants besides their visits: a treatment, a course, a decision.

    It begins ``days`` after the end of ``after`` (randomization, or another happening), or at a ``monthly`` rate from
    there; with ``weekdays``, never on a weekend, but on the Monday after it. ``each``: one for every lesion. ``arms``
    empty: all. ``also``: forms that go with it, however it is done.
    """

    id: Identifier
    arms: list[Identifier] = []
    after: Identifier = "randomization"
    days: Ends | None = None
    monthly: Monthly | None = None
    each: Literal["lesion"] | None = None
    chance: Chance = 1
    weekdays: bool = False
    also: list[Companion] = []
    manners: Annotated[list[Manner], Field(min_length=1)]
    updates: list[Update] = []

    @model_validator(mode="after")
    def _one_time(self) -> Happening:
        if (self.days is None) == (self.monthly is None):
            raise ValueError("it begins some `days` later, or at a `monthly` rate")
        return self


class Report(Sourced):
    """A report of a serious event: days after the site knew, and the chance that it is sent at all. ``unexpected``:
    only of one that is not known of the treatment that it is laid upon."""

    days: Ends
    unexpected: bool = False
    chance: Chance = 1
    values: Ways


class SideEffect(Sourced):
    """A side effect: how often, when, how severe and for how long.

    It begins ``days`` after the beginning of ``after`` with this ``chance``, or at a ``monthly`` rate. ``serious``: by
    grade, the chance that it leads to hospital. ``related``: the relation to each intervention. Of grade 5, somebody
    dies when it ends.
    """

    term: str
    arms: list[Identifier] = []
    after: Identifier = "randomization"
    days: Ends | None = None
    chance: Chance = 1
    monthly: Monthly | None = None
    grades: Weights
    lasts: Ends
    lingers: Chance = 0
    serious: dict[str, Chance] = Field(default_factory=dict)
    related: dict[str, str]
    values: Ways = Field(default_factory=dict)


class AfterRandomization(SheetModel):
    """The whole section. ``forms``: how fields of forms at visits are drawn, by form and field. ``unrelated``: the word
    for the relation of a side effect to what was given and has nothing to do with it. ``sites``: what differs from
    ``desk`` at some of them.
    """

    assumed: Words
    lesions: Lesions | None = None
    progression: Progressing | None = None
    death: Dying = Field(default_factory=Dying)
    leaving: list[Leaving] = []
    visits: Visits = Field(default_factory=Visits)
    desk: Desk = Field(default_factory=Desk)
    sites: dict[str, AtSite] = Field(default_factory=dict)
    monitoring: Monitoring | None = None
    forms: dict[Identifier, Ways] = Field(default_factory=dict)
    happenings: list[Happening] = []
    side_effects: list[SideEffect] = []
    unrelated: Identifier = "unrelated"
    reports: list[Report] = []
