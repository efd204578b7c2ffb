"""Which sites differ from the others by more than chance would make them: reasons to ask, never to conclude."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scipy.special import ndtri

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.monitoring.chances import Draws, adjusted, shrunken
from evenhand.analysis.monitoring.comparing import Compared, Share
from evenhand.analysis.monitoring.gathering import participating
from evenhand.analysis.monitoring.measures import MEASURES, Compare, Measure
from evenhand.protocol.monitoring import SiteRules

SET_ASIDE: Final = 0.01
"""The p-value up to which a site is set aside while the others are compared. Our proposal."""


@dataclass(frozen=True, slots=True)
class SiteFound:
    """One site by one measure: ``p`` adjusted over all that were judged (None: too few people to judge), ``ratio``
    drawn towards the others, and what the people of the site gave."""

    measure: Measure
    compared: Compared
    ratio: float
    p: float | None
    stands_out: bool
    shares: tuple[Share, ...]

    @property
    def site(self) -> str:
        """The site."""
        return self.compared.site

    @property
    def score(self) -> float:
        """The standard normal value of the p-value that is not adjusted, with the sign of the difference: all measures
        on one scale."""
        distance = self.compared.told.digit is not None  # has one side
        p = max(self.compared.p, 1e-300)  # of very many people it may be 0 but for rounding
        value = max(0.0, -float(ndtri(p if distance else p / 2)))
        return value if distance else math.copysign(value, self.compared.z)


@dataclass(frozen=True, slots=True)
class SitesFound:
    """Every site by every measure, and how many people were randomized at each."""

    rules: SiteRules
    people: Mapping[str, int]
    found: tuple[SiteFound, ...]

    @property
    def findings(self) -> tuple[SiteFound, ...]:
        """Those that stand out, the least likely first."""
        out = [one for one in self.found if one.stands_out]
        return tuple(sorted(out, key=lambda one: (one.p or 0, -abs(one.compared.z), one.site, one.measure.id)))


def rules_of(analysis: Analysis) -> SiteRules:
    """Those of the protocol; our own where it says nothing."""
    monitoring = analysis.protocol.monitoring
    return monitoring.sites if monitoring is not None else SiteRules()


def sites_found(analysis: Analysis, measures: Sequence[Measure] = MEASURES) -> SitesFound:
    """Every site against the others, by every measure, all arms together."""
    rules, people, draws = rules_of(analysis), participating(analysis), Draws()
    gathered = [(measure, measure.gather(analysis, people)) for measure in measures]
    compared = [(measure, shares, one_by_one(measure.compare, shares, draws)) for measure, shares in gathered]
    judged = {
        (measure.id, one.site): one.p for measure, _, those in compared for one in those if one.people >= rules.least
    }
    ps = adjusted(judged)
    found = [_found(measure, shares, one, rules, ps) for measure, shares, those in compared for one in those]
    counted = {site: sum(one.site == site for one in people) for site in sorted({one.site for one in people})}
    return SitesFound(rules, counted, tuple(found))


def one_by_one(compare: Compare, shares: Sequence[Share], draws: Draws) -> tuple[Compared, ...]:
    """Every site against the others. The one that differs most is set aside before the others are compared with each
    other, so that it does not make them look odd; and so on, while one differs much and three or more are left."""
    aside: list[Compared] = []
    while True:
        rest = compare([one for one in shares if one.site not in {gone.site for gone in aside}], draws)
        most = min(rest, key=lambda one: (one.p, -abs(one.z)), default=None)
        if most is None or most.p > SET_ASIDE or len(rest) < 3:
            return tuple(sorted((*aside, *rest), key=lambda one: one.site))
        aside.append(most)


def _found(
    measure: Measure, shares: Sequence[Share], one: Compared, rules: SiteRules, ps: Mapping[tuple[str, str], float]
) -> SiteFound:
    p = ps.get((measure.id, one.site))
    ratio = shrunken(one.told.ratio, one.people, rules.shrink)
    far = max(ratio, 1 / ratio) >= float(rules.ratio)
    out = p is not None and p <= float(rules.false_share) and far
    return SiteFound(measure, one, ratio, p, out, tuple(share for share in shares if share.site == one.site))
