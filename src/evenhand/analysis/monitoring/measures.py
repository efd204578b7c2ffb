"""What sites are compared by: each measure with its unit and its test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from evenhand.analysis.monitoring import gathering
from evenhand.analysis.monitoring.chances import Draws
from evenhand.analysis.monitoring.comparing import Compared, Share, digits, middles, rates
from evenhand.analysis.monitoring.gathering import Gather, each

Compare = Callable[[Sequence[Share], Draws], tuple[Compared, ...]]


@dataclass(frozen=True, slots=True)
class Measure:
    """``unit``: how a value is printed, ``{}`` standing for the number; ``scale`` and ``digits`` of that number.
    ``counted`` names what is counted (empty: a sum that is no count).

    ``more`` and ``less``: what the site does where it has more, or less, than elsewhere, for a sentence.
    """

    id: str
    label: str
    gather: Gather
    compare: Compare
    unit: str
    counted: str
    more: str
    less: str
    scale: float = 1.0
    digits: int = 2

    def printed(self, value: float | None) -> str:
        """A value in its unit."""
        return "nothing" if value is None else self.unit.format(self.number(value))

    def brief(self, value: float | None) -> str:
        """The same beside the label, which names the unit."""
        return "none" if value is None else self.number(value) + (" %" if "%" in self.unit else "")

    def number(self, value: float) -> str:
        """The number alone."""
        return f"{self.scale * value:.{self.digits}f}"


_DAYS: Final = "{} days"
_PERCENT: Final = "{} %"
_DIGIT: Final = "{} % with that digit"

MEASURES: Final = (
    Measure(
        "late_entry", "Days from event to entry (median)", each(gathering.lateness), middles, _DAYS,
        "entries", "entries come later", "entries come sooner", digits=1,
    ),
    Measure(
        "missed_visits", "Visits missed or unaccounted for", each(gathering.missed_visits), rates, _PERCENT,
        "visits not held", "more visits are missed", "fewer visits are missed", 100, 1,
    ),
    Measure(
        "missing_forms", "Forms missing of visits held", each(gathering.missing_forms), rates, _PERCENT,
        "forms missing", "more forms are missing", "fewer forms are missing", 100, 1,
    ),
    Measure(
        "queries", "Queries per 100 entries", each(gathering.asked), rates, "{} per 100 entries",
        "queries", "more is asked about entries", "less is asked about entries", 100, 1,
    ),
    Measure(
        "query_days", "Days that a query stands open (median)", each(gathering.query_days), middles, _DAYS,
        "queries", "queries stand open longer", "queries are closed sooner", digits=1,
    ),
    Measure(
        "corrections", "Corrections per 100 entries", each(gathering.corrected), rates, "{} per 100 entries",
        "corrections", "more is corrected", "less is corrected", 100, 1,
    ),
    Measure(
        "adverse_events", "Adverse events per person-month", gathering.adverse, rates, "{} a person-month",
        "events", "more adverse events are entered", "fewer adverse events are entered",
    ),
    Measure(
        "serious_events", "Serious events per 12 person-months", gathering.serious_events, rates,
        "{} in 12 person-months", "events", "more serious events are entered", "fewer serious events are entered",
        12,
    ),
    Measure(
        "screen_failures", "Candidates not registered", gathering.screening, rates, _PERCENT,
        "candidates not registered", "more candidates are not registered", "fewer candidates are not registered",
        100, 1,
    ),
    Measure(
        "consent_to_registration", "Days from consent to registration (median)", gathering.registering, middles, _DAYS,
        "registrations", "registration takes longer", "registration takes less time", digits=1,
    ),
    Measure(
        "deviations", "Deviations per 12 person-months", each(gathering.departures), rates, "{} in 12 person-months",
        "deviations", "more deviations are recorded", "fewer deviations are recorded", 12,
    ),
    Measure(
        "weekend_visits", "Visits on a weekend", each(gathering.weekends), rates, _PERCENT,
        "visits on a weekend", "more visits are on a weekend", "fewer visits are on a weekend", 100, 1,
    ),
    Measure(
        "lesion_digits", "Last whole digit of lesion sizes (mm)", each(gathering.sizes), digits, _DIGIT,
        "values", "one last digit is preferred", "one last digit is preferred", 100, 1,
    ),
    Measure(
        "ejection_digits", "Last digit of ejection fractions (%)", each(gathering.ejections), digits, _DIGIT,
        "values", "one last digit is preferred", "one last digit is preferred", 100, 1,
    ),
    Measure(
        "changes", "Change between repeated measurements (usual steps)", gathering.changes, rates,
        "{} of the usual step", "", "repeated measurements differ more", "repeated measurements differ less",
    ),
)  # fmt: skip
"""In the order of the report. Which measures, and in which unit, is our proposal; sites are compared by such measures
in central statistical monitoring since Venet and others, Clinical Trials 2012;9:705-713."""
