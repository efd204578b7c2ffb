"""Accrual by site: how many came how far, and how fast."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

from evenhand.analysis.cut import Cut
from evenhand.analysis.flow.before import left_by
from evenhand.analysis.tables import Behind, Cell, Row, Table, count, row
from evenhand.dates import DAYS_PER_MONTH
from evenhand.enrollment import newest_adopted
from evenhand.enrollment.courses import Course, courses
from evenhand.enrollment.open_days import halts_of, open_days, opened_on

METHOD: Final = (
    "A person belongs to the site that recorded the first entry. A site is open from its first adoption of the "
    "protocol to the cut, the closure of the study or the day on which its target was reached, whichever comes first, "
    "without the days on which accrual was halted; a month is 30.4375 days."
)
NOTE: Final = (
    "The pace of all sites is that of a site on average. Where accrual ended without a halt in the record, the days "
    "after it count as open."
)
HEAD: Final = (
    *("Site", "Screened", "Consented", "Registered", "Randomized", "Not eligible", "Declined", "Months open"),
    "Randomized a month",
)


def sites_table(cut: Cut) -> Table:
    """A row for each site that was opened, in that order, for any other, and for all together."""
    of_site: dict[str | None, list[Course]] = {code: [] for code in cut.history.state.sites}
    for course in courses(cut.history):
        of_site.setdefault(course.site, []).append(course)
    names, halts, last = _names(cut), halts_of(cut.history, cut.effective), _last_day(cut)
    days = {code: open_days(since, last, halts) for code, since in opened_on(cut.history).items()}
    rows = [
        _row(cut, code or "unknown", names.get(code or "", code or "Not recorded"), some, days.get(code or ""))
        for code, some in of_site.items()
    ]
    everybody = [one for some in of_site.values() for one in some]
    return Table(
        "accrual_by_site",
        "Accrual by site",
        f"Everybody assessed for eligibility (n = {len(everybody)})",
        METHOD,
        HEAD,
        (*rows, _row(cut, "all_together", "All sites", everybody, sum(days.values()))),
        (NOTE,),
    )


def _last_day(cut: Cut) -> date:
    """The last day on which accrual could go on."""
    ends = [cut.effective]
    if cut.history.state.closure:
        ends.append(cut.history.state.closure.effective)
    target = newest_adopted(cut.versions, cut.history).enrollment.target
    randomized = sorted(one.effective for one in cut.history.allocations)
    if len(randomized) >= target:
        ends.append(randomized[target - 1])
    return min(ends)


def _names(cut: Cut) -> dict[str, str]:
    """The names that sites were opened under; a site of activation has none but its code."""
    opened = cut.history.about_study.of("site_opened")
    return {str(one.body["site"]): str(one.body.get("name") or one.body["site"]) for one in opened}


_Reached = Callable[[Course], bool]
_STAGES: Final[tuple[_Reached, ...]] = (
    lambda one: True,
    lambda one: one.consented is not None,
    lambda one: one.stage in ("registered", "randomized"),
    lambda one: one.randomized is not None,
)


def _row(cut: Cut, id: str, label: str, some: list[Course], days: int | None) -> Row:
    stages = [count(_behind(cut, filter(reached, some))) for reached in _STAGES]
    waiting = [one for one in some if one.stage in ("screened", "consented")]
    left = {one.subject: left_by(cut, one) for one in waiting}
    lost = [
        count(_behind(cut, (one for one in waiting if left[one.subject] == how)), len(some))
        for how in ("not_eligible", "declined")
    ]
    return row(f"site_{id}", label, *stages, *lost, *_pace(sum(_STAGES[-1](one) for one in some), days))


def _pace(randomized: int, days: int | None) -> Iterator[Cell]:
    """Months open, and people randomized in one; for a site that was never open nothing can be told."""
    if not days:
        yield from (Cell("not open"), Cell("not estimable"))
        return
    months = days / DAYS_PER_MONTH
    yield Cell(f"{months:.1f}", (("months", months), ("days", days)))
    yield Cell(f"{randomized / months:.2f}", (("a_month", randomized / months),))


def _behind(cut: Cut, some: Iterable[Course]) -> Iterator[Behind]:
    return (Behind(one.subject, (cut.history.subject(one.subject).entries[0].seq,)) for one in some)
