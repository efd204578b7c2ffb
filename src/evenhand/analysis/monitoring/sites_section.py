"""Central statistical monitoring of sites, as a section of a report: all arms together."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.monitoring.chances import FEW, MANY, MOST_DRAWN, WORTH_MANY
from evenhand.analysis.monitoring.measures import MEASURES
from evenhand.analysis.monitoring.sites import SET_ASIDE, SiteFound, SitesFound, sites_found
from evenhand.analysis.outcome import said
from evenhand.analysis.saying import fixed, p_text
from evenhand.analysis.tables import Behind, Cell, Figure, Number, Row, Section, Table, row
from evenhand.figures import Dot, DotRow, dots
from evenhand.protocol.monitoring_text import percent

METHOD = (
    f"Each site against the others; one with a p-value of {SET_ASIDE} or less is set aside before the others are "
    f"compared with each other. P-values are those of permutation tests in which people, with all they give, are "
    f"drawn to sites anew {FEW} times, and {MANY:,} times where that gives {WORTH_MANY} or less (fixed seed; above "
    f"{MOST_DRAWN:,} people the normal limit): of sums for rates and shares, of ranks for medians, of the chi-square "
    "distance between distributions for last digits. Adverse events are weighed by the usual rate at that time since "
    "randomization. P-values are two-sided (for digits one-sided, as a distance is) and adjusted over all sites and "
    "measures after Benjamini and Hochberg. The factor is that between here and elsewhere (of medians, the odds that "
    "a value of the site is the higher; of digits, that of the one most preferred), drawn towards 1 for small sites: "
    "its logarithm times n / (n + "
)
DRAWN = (
    "). z is the standard normal value of the p-value before it is adjusted, above 0 where the site has more (of "
    "digits, where they differ)."
)
MOST_ROWS = 10  # sites a measure that the table lists; the figure's data have all
HEAD = ("Measure and site", "People", "Here", "Elsewhere", "Factor", "z", "Adjusted p", "Stands out")


def sites_section(analysis: Analysis) -> Section:
    """Whether a site differs from the others by more than chance would make it."""
    found = sites_found(analysis)
    if len(found.people) < 2:
        return Section("sites", "Sites compared", ("With fewer than two sites there is nothing to compare.",))
    of = f"Everybody randomized at a site by {said(analysis.cut.effective)} (n = {sum(found.people.values())})"
    population = f"{of}; candidates screened there, for what is measured at screening"
    method = f"{METHOD}{found.rules.shrink}{DRAWN}"
    return Section("sites", "Sites compared", tuple(_says(found)), tuple(_parts(found, population, method)))


def _says(found: SitesFound) -> Iterator[str]:
    judged = sum(one.p is not None for one in found.found)
    if not found.findings:
        yield (
            f"No site stands out: of {judged} comparisons none has an adjusted p-value of {found.rules.false_share} or "
            f"less with a factor of {found.rules.ratio} or more."
        )
        return
    yield (
        f"{len(found.findings)} of {judged} comparisons stand out; of such findings at most "
        f"{percent(found.rules.false_share)} are expected to be false. Each is a reason to ask the site, and no proof."
    )
    yield from (sentence(one) for one in found.findings)


def sentence(one: SiteFound) -> str:
    """A finding in one sentence."""
    told, measure = one.compared.told, one.measure
    what = measure.more if told.ratio >= 1 else measure.less
    digit = f" ({told.digit})" if told.digit is not None else ""
    mine, other = told.counted
    counted = f"{mine:,.0f} {measure.counted} of " if measure.counted else ""
    elsewhere = f", elsewhere {other:,.0f}" if measure.counted else ""
    values = f"{measure.printed(told.here)} against {measure.brief(told.elsewhere)} elsewhere"
    return (
        f"Site {one.site}: {what}{digit}, {values} ({counted}{one.compared.people} people{elsewhere}; "
        f"adjusted p {p_text(one.p or 0)})."
    )


def _parts(found: SitesFound, population: str, method: str) -> Iterator[Table | Figure]:
    mix = "What differs between the arms may differ between sites whose people are in one arm more often."
    notes = [
        mix,
        f"Stands out: adjusted p at most {found.rules.false_share}, and a factor of {found.rules.ratio} or more.",
    ]
    if any(one.p is None for one in found.found):
        notes.append(f"Not judged: fewer than {found.rules.least} people.")
    if len(found.people) > MOST_ROWS:
        notes.append(
            f"Of each measure the {MOST_ROWS} sites with the largest z are listed; the figure's data have all."
        )
    yield Table(
        "site_measures", "Sites by measure", population, method, HEAD, tuple(_rows(found)), tuple(notes)
    )  # fmt: skip
    yield _figure(found, population, method)


def _rows(found: SitesFound) -> Iterator[Row]:
    for measure in MEASURES:
        those = [one for one in found.found if one.measure.id == measure.id]
        if not those:
            yield row(measure.id, f"{measure.label}: nothing recorded")
            continue
        yield row(measure.id, measure.label)
        far = sorted(those, key=lambda one: (-abs(one.score), -abs(one.compared.z)))[:MOST_ROWS]
        for one in sorted(far, key=lambda one: one.site):
            yield Row(f"{measure.id}_{one.site}", one.site, tuple(_cells(one)), 1)


def _cells(one: SiteFound) -> Iterator[Cell]:
    compared, told, measure = one.compared, one.compared.told, one.measure
    behind = tuple(Behind(share.subject, share.seqs) for share in one.shares)
    people = tuple(Behind(share.subject) for share in one.shares)
    yield Cell(str(compared.people), (("people", compared.people),), people)
    digit = f", digit {told.digit}" if told.digit is not None else ""
    here: tuple[tuple[str, Number], ...] = (("value", told.here), ("counted", told.counted[0]))
    yield Cell(measure.brief(told.here) + digit, (*here, *((("digit", told.digit),) if digit else ())), behind)
    yield Cell(measure.brief(told.elsewhere), (("value", told.elsewhere), ("counted", told.counted[1])))
    yield Cell(f"{one.ratio:.2f}", (("factor", one.ratio), ("not_drawn", told.ratio)))
    yield Cell(fixed(one.score, 2), (("z", one.score), ("statistic", compared.z)))
    p: tuple[tuple[str, Number], ...] = (("p", one.p), ("p_not_adjusted", compared.p))
    yield Cell("not judged" if one.p is None else p_text(one.p), p)
    yield Cell("yes" if one.stands_out else "no" if one.p is not None else "not judged")


def _figure(found: SitesFound, population: str, method: str) -> Figure:
    rows = [
        DotRow(
            measure.label,
            [Dot(one.score, one.site, one.stands_out) for one in found.found if one.measure is measure],
        )
        for measure in MEASURES
    ]
    drawn = dots(
        [one for one in rows if one.dots], prefix="sites", label="How far each site is from the others", centre=0.0,
        unit="z, above 0 where the site has more",
    )  # fmt: skip
    data = [
        (
            one.measure.id, one.site, one.compared.people, one.compared.told.here, one.compared.told.elsewhere,
            one.ratio, one.score, one.compared.p, one.p, "yes" if one.stands_out else "no",
        )
        for one in found.found
    ]  # fmt: skip
    head = ("measure", "site", "people", "here", "elsewhere", "factor", "z", "p", "adjusted_p", "stands_out")
    return Figure(
        "site_dots", "How far each site is from the others", population, method, drawn.svg, drawn.says, (head, *data),
        ("A dot is a site; dashed lines are at z of -3 and 3, and decide nothing.",),
        narrow=drawn.narrow,
    )  # fmt: skip
