"""What the design page says: whether the people are enough, what they can and cannot detect, looks and plots.

Imported when somebody asks for the page, for numpy comes with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.http import QueryDict

from evenhand.design.assumptions import Assumptions, Described, assumptions_of, described
from evenhand.design.describing import said_look
from evenhand.design.operating import Designed, DesignedLook, designed, detectable_ratio, people_needed
from evenhand.protocol import Protocol
from evenhand.refusal import Refusal
from evenhand.web.pages.studies.design_form import DesignForm, assumptions_by, form_of
from evenhand.web.pages.studies.design_plots import (
    EventsPlot,
    PowerPlot,
    assumed_ratio,
    bounds_plot,
    events_plot,
    power_plot,
)
from evenhand.web.pages.studies.plot import Plot


@dataclass(frozen=True, slots=True)
class Detects:
    """The hazard ratio that is detected with a power; None: none is."""

    power: float
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is computed from one set of assumptions. ``needed``: people for the power wanted, None: no number is
    enough. ``toss``: the ratio that is as likely missed as shown."""

    found: Designed
    wanted: float
    ratio: float | None
    detects: tuple[Detects, ...]
    toss: float | None
    needed: int | None
    power: PowerPlot
    bounds: Plot
    events: EventsPlot

    @property
    def looks(self) -> list[tuple[int, DesignedLook, str]]:
        """Each look with its number and when it takes place."""
        return [(place, look, said_look(look.look)) for place, look in enumerate(self.found.looks, start=1)]

    @property
    def enough(self) -> bool:
        """Whether the power wanted is there."""
        return self.found.power >= self.wanted


@dataclass(frozen=True, slots=True)
class Page:
    """The page: its form, its answer, the assumptions in words, and what is wrong with the values together."""

    form: DesignForm
    answer: Answer
    assumptions: tuple[Described, ...]
    refusal: Refusal | None

    @property
    def good(self) -> bool:
        """Whether every value given was taken."""
        return self.refusal is None and not self.form.errors


def design_page(protocol: Protocol, given: QueryDict) -> Page:
    """The page for what is asked. Values that do not go together leave the protocol's design in place, and say why.

    Raises Refusal where the protocol itself has no design to compute with.
    """
    planned = assumptions_of(protocol)
    form = form_of(planned, given)
    try:
        now = assumptions_by(planned, form)
        return Page(form, answer_of(now), described(now, protocol), None)
    except Refusal as refusal:
        return Page(form, answer_of(planned), described(planned, protocol), refusal)


@lru_cache(maxsize=64)
def answer_of(assumptions: Assumptions) -> Answer:
    """The answer under some assumptions, computed once a process. Raises Refusal where they make no design."""
    found, wanted = designed(assumptions), 1 - assumptions.beta
    return Answer(
        found=found,
        wanted=wanted,
        ratio=assumed_ratio(assumptions),
        detects=tuple(Detects(power, detectable_ratio(assumptions, power)) for power in sorted({0.8, 0.9, wanted})),
        toss=detectable_ratio(assumptions, 0.5),
        needed=people_needed(assumptions, wanted) if found.power < wanted else assumptions.sample_size,
        power=power_plot(found, wanted),
        bounds=bounds_plot(found),
        events=events_plot(found),
    )
