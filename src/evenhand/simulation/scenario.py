"""``scenario.yaml``: how made-up candidates look and behave, and what becomes of them after randomization. The engine
draws; the study says from what.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from evenhand.dates import parse_date
from evenhand.protocol.places import read_sheet
from evenhand.protocol.sheets import SheetModel, Words, validated
from evenhand.simulation.course import Pace
from evenhand.simulation.courses import AfterRandomization, Monthly
from evenhand.simulation.draws import AnyDraw, Chance, Draw, Ends, ListDraw, RecordDraw, Weight, Weights

__all__ = ["AnyDraw", "Draw", "ListDraw", "RecordDraw", "Scenario", "Signing", "Together", "load_scenario"]


def _a_day(text: str) -> str:
    parse_date(text)
    return text


class Signing(SheetModel):
    """The chance that a judgement is signed, and that the answer is yes."""

    signed: Chance = 1
    yes: Chance = 1


class Steps(SheetModel):
    """Days between a step and the next one, up to randomization. By default a candidate comes back once, and all is
    done on that day."""

    consent: Ends = Field(default_factory=lambda: [1, 1])
    signing: Ends = Field(default_factory=lambda: [0, 0])
    registration: Ends = Field(default_factory=lambda: [0, 0])
    randomization: Ends = Field(default_factory=lambda: [0, 0])

    @property
    def pace(self) -> Pace:
        """The same, as a course has it."""
        ends = (self.consent, self.signing, self.registration, self.randomization)
        return Pace(*((low, high) for low, high in ends))


class Declining(SheetModel):
    """What whoever does not consent says: nothing (``unsaid``), or one of these reasons of the study, with one of these
    ``words`` where the reason is "other"; and who comes back and consents after all, so many days later."""

    unsaid: Chance = 1
    because: Weights | None = None
    words: Weights | None = None
    returns: Chance = 0
    after: Ends = Field(default_factory=lambda: [7, 30])
    assumed: Words | None = None

    @model_validator(mode="after")
    def _sayable(self) -> Declining:
        if self.unsaid < 1 and self.because is None:
            raise ValueError("some give a reason (`unsaid` is below 1): say which (`because`)")
        if self.because and self.because.get("other") and self.words is None:
            raise ValueError('the reason "other" goes with `words`')
        return self


class Accrual(SheetModel):
    """From a month since the start on, candidates come to a site at this rate, one by one by chance; it holds until the
    site's next piece. The first one opens the site."""

    site: str
    from_month: Monthly = 0
    monthly: Monthly


class Case(SheetModel):
    """One way in which some facts hang together; these draws take the place of those under ``facts``."""

    weight: Weight = 1
    facts: dict[str, AnyDraw]


class Together(SheetModel):
    """Facts that are not independent of each other, such as two scales of one thing: one of the cases, by weight."""

    about: str
    cases: Annotated[list[Case], Field(min_length=1)]
    source: Words | None = None
    assumed: Words | None = None

    @model_validator(mode="after")
    def _sound(self) -> Together:
        if not any(case.weight for case in self.cases):
            raise ValueError("at least one weight is above 0")
        if self.source is None and self.assumed is None:
            raise ValueError("say where it comes from (`source`), or why it was taken (`assumed`)")
        return self


class Scenario(SheetModel):
    """A whole scenario. ``together``: facts that are drawn jointly; where two name one fact, the later one counts.
    ``arrivals`` are the days between one candidate and the next, at any site; or ``accrual`` says
    when each site opens, and its own rate. ``declines``: of whoever does not consent. Without
    ``after_randomization`` a walk ends at the allocation."""

    start: Annotated[str, AfterValidator(_a_day)]
    sites: Annotated[list[str], Field(min_length=1)]
    arrivals: Ends | None = None
    accrual: list[Accrual] = Field(default_factory=list)
    consents: Chance
    declines: Declining = Field(default_factory=Declining)
    steps: Steps = Field(default_factory=Steps)
    facts: dict[str, AnyDraw]
    together: list[Together] = Field(default_factory=list)
    judgements: dict[str, Signing] = Field(default_factory=dict)
    after_randomization: AfterRandomization | None = None
    assumed: Words

    @model_validator(mode="after")
    def _one_way_to_arrive(self) -> Scenario:
        if (self.arrivals is None) != bool(self.accrual):
            raise ValueError("candidates come some days apart (`arrivals`), or at each site's rate (`accrual`)")
        self._check_accrual()
        return self

    def _check_accrual(self) -> None:
        """Every site has pieces in order, and candidates never cease to come for good."""
        for site in dict.fromkeys(piece.site for piece in self.accrual):
            if site not in self.sites:
                raise ValueError(f"accrual: {site!r} is not among the sites: {', '.join(self.sites)}")
            pieces = [piece.from_month for piece in self.accrual if piece.site == site]
            if any(later <= earlier for earlier, later in pairwise(pieces)):
                raise ValueError(f"accrual: each piece of {site} begins later than the one before")
        last = {piece.site: piece.monthly for piece in self.accrual}
        if self.accrual and not any(last.values()):
            raise ValueError("accrual: the last rate of some site is above 0, since candidates go on coming")


def load_scenario(folder: Path, version: str) -> Scenario:
    """The scenario of a protocol version. Raises StudyError with file, line and column."""
    return validated(Scenario, read_sheet(folder / version / "scenario.yaml"))
