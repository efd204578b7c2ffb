"""Protocol deviations of everybody, and how well data come in at each site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evenhand import steps
from evenhand.conduct.findings import Deviation
from evenhand.conduct.quality import Metrics, deviations, metrics
from evenhand.web.desk import Desk
from evenhand.web.pages.participants import links
from evenhand.web.pages.quality_desk.people import Somebody


@dataclass(frozen=True, slots=True)
class Departure:
    """One deviation of one participant; ``address`` is that of the entry that shows it, empty where none does."""

    who: Somebody
    deviation: Deviation
    address: str

    @property
    def recorded(self) -> bool:
        """Whether a person recorded it; else it follows from the record."""
        return self.deviation.id == "recorded"


def departures(desk: Desk, everybody: Iterable[Somebody]) -> list[Departure]:
    """All deviations, the latest first."""
    found = []
    for who in everybody:
        breaches = [
            *steps.eligibility_breaches(who.protocol, desk.history, subject=who.subject),
            *steps.stratum_breaches(who.protocol, desk.history, subject=who.subject),
        ]
        forms = {one.seq for one in who.known.standing if one.kind == "form_entered"}
        for one in deviations(who.protocol, who.known, who.today, breaches):
            seq = one.seq if one.seq in forms else None
            found.append(Departure(who, one, links.entry_address(desk.study, who.subject, seq) if seq else ""))
    return sorted(found, key=lambda one: (one.deviation.day, one.who.participant), reverse=True)


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site and its figures."""

    name: str
    figures: Metrics

    @property
    def oldest(self) -> int | None:
        """The age in days of the oldest query that nobody has answered."""
        return max(self.figures.open_days, default=None)

    @property
    def verified(self) -> int | None:
        """The share of entries that were compared with the source, in percent."""
        share = self.figures.verified_share
        return None if share is None else round(100 * share)


def site_lines(everybody: Iterable[Somebody]) -> list[SiteLine]:
    """The figures of each site that has participants, and of all together where there are several."""
    by_site: dict[str, Metrics] = {}
    for who in everybody:
        one = metrics(who.protocol, [who.known], who.today)
        by_site[who.site_name] = by_site.get(who.site_name, Metrics()) + one
    lines = [SiteLine(name, figures) for name, figures in sorted(by_site.items())]
    return [*lines, SiteLine("All", sum(by_site.values(), Metrics()))] if len(lines) > 1 else lines
