"""Who is lost at which criterion, by sex, age, race and ethnicity, so that a rule that narrows access shows itself.

Described, and not tested: shares with exact intervals, and each group against everybody else. Many comparisons are
made, and by chance alone about one in twenty stands out; what stands out is a reason to look, and no finding. Nothing
here depends on an arm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from evenhand.analysis.cut import Cut
from evenhand.analysis.flow.before import Left, criteria_asked, judged_last, left_by
from evenhand.analysis.inclusion.baseline import Item, group_item, origin_items
from evenhand.analysis.inclusion.categories import UNKNOWN
from evenhand.analysis.inclusion.people import Described, age_of, described
from evenhand.analysis.tables import Behind, Cell, Row, Section, Table, count, row
from evenhand.eligibility.judged import Stopped, stopped_by
from evenhand.enrollment import newest_adopted
from evenhand.enrollment.courses import courses
from evenhand.protocol.baseline import Baseline
from evenhand.protocol.markdown import flat
from evenhand.statistics.survival import ProportionDifference, proportion, proportion_difference

METHOD: Final = (
    "By what became of people at the cut. Shares with exact 95 % intervals (Clopper and Pearson); "
    "each group against everybody else of whom the characteristic is known, as difference in percentage points with "
    "Newcombe's 95 % interval (method 10). No tests and no correction for the many comparisons."
)


DECLINING: Final = (
    "Whoever declined and later consented counts as having consented. Somebody who was never asked cannot decline, and "
    "is left out here."
)
LEAST: Final = 5  # people, assumed: of a smaller group nothing stands out that one person more would not undo


class Group(NamedTuple):
    """People who have one value of a characteristic, and all others of whom it is known."""

    of: Item
    label: str
    id: str
    people: tuple[Described, ...]
    others: tuple[Described, ...]

    @property
    def subjects(self) -> frozenset[str]:
        """Who they are."""
        return frozenset(one.subject for one in self.people)


class Difference(NamedTuple):
    """How a group differs from the others at one criterion."""

    group: Group
    stopped: Stopped
    found: ProportionDifference


def representation_section(cut: Cut) -> Section:
    """Who is lost, and at which criterion. Raises StudyError as ``protocol_for``."""
    title, protocol = "Representation", newest_adopted(cut.versions, cut.history)
    baseline = protocol.endpoints.baseline if protocol.endpoints else None
    if baseline is None:
        return Section("representation", title, ("The protocol names no facts of sex, age, race or ethnicity.",))
    everybody = described(cut, cut.history.subjects)
    groups = [one for item in _items(everybody, baseline) for one in _groups(item, everybody)]
    judged = {one.subject: judged_last(cut, one.subject) for one in courses(cut.history) if one.registered is None}
    stopped = stopped_by(criteria_asked(cut, judged), judged)
    differences = [one for group in groups if _comparable(group) for one in _differences(group, stopped)]
    return Section(
        "representation",
        title,
        tuple(_sentences(groups, differences)),
        (
            _lost(cut, groups, len(everybody)),
            _declining(cut, groups),
            _told(differences, len(everybody)),
            *_by_criterion(groups, stopped),
        ),
    )


def _comparable(group: Group) -> bool:
    return min(len(group.people), len(group.others)) >= LEAST


def _items(people: tuple[Described, ...], baseline: Baseline) -> Iterator[Item]:
    """Sex, age, race, ethnicity, as far as the study records them."""
    if baseline.age is not None and baseline.age.groups:
        yield group_item({one.subject: age_of(one, baseline) for one in people}, baseline)
    yield from origin_items(people, baseline)


def _groups(item: Item, people: tuple[Described, ...]) -> Iterator[Group]:
    """Everybody stands in one group of each characteristic; those of whom it is unknown have no others."""
    said = {one.subject: next(iter(item.answers[one.subject].values), UNKNOWN) for one in people}
    known = tuple(one for one in people if said[one.subject] != UNKNOWN)
    for place, value in enumerate(dict.fromkeys((*item.values, UNKNOWN)), start=1):
        some = tuple(one for one in people if said[one.subject] == value)
        others = tuple(one for one in known if said[one.subject] != value) if value != UNKNOWN else ()
        if some:
            label = value[:1].upper() + value[1:]
            yield Group(item, label, f"{item.id}_{'unknown' if value == UNKNOWN else place}", some, others)


def _differences(group: Group, stopped: Sequence[Stopped]) -> Iterator[Difference]:
    for one in stopped:
        yield Difference(group, one, _against(group, frozenset(one.failed)))


def _against(group: Group, lost: frozenset[str]) -> ProportionDifference:
    """The share lost of the group less that of the others."""
    others = frozenset(one.subject for one in group.others)
    return proportion_difference((len(others & lost), len(others)), (len(group.subjects & lost), len(group.people)))


def _stands_out(one: Difference) -> bool:
    return one.found.low is not None and one.found.high is not None and not one.found.low <= 0 <= one.found.high


def _sentences(groups: Sequence[Group], differences: Sequence[Difference]) -> Iterator[str]:
    out = [one for one in differences if _stands_out(one)]
    if not differences:
        yield "There are not enough people yet to set a group against everybody else."
        return
    yield (
        f"The share of each of {len(groups)} groups that failed a criterion was set against that of everybody else, "
        f"{len(differences)} times in all: {len(out)} of the intervals leave out 0."
    )
    more = [one for one in out if (one.found.difference or 0) > 0]
    if more:
        told = "; ".join(f"{one.group.label} at {one.stopped.criterion.id}" for one in more)
        yield f"Lost more often than everybody else: {told}. By chance alone about one interval in twenty leaves out 0."


# ---- tables -------------------------------------------------------------------------------------


def _lost(cut: Cut, groups: Sequence[Group], of: int) -> Table:
    """What became of each group."""
    left = {one.subject: left_by(cut, one) for one in courses(cut.history) if one.randomized is None}
    rows: list[Row] = []
    for group in groups:
        if not rows or rows[-1].id.rsplit("_", 1)[0] != group.of.id:
            rows.append(row(group.of.id, group.of.label))
        rows.append(row(group.id, group.label, *_fates(group, left), indent=1))
    return Table(
        "representation_lost",
        "What became of whom",
        f"Everybody assessed for eligibility (n = {of})",
        METHOD,
        (
            *("", "Assessed", "Did not meet the criteria", "Against others", "Declined"),
            *("Withdrew, or not decided in time", "In screening", "Randomized", "Against others"),
        ),
        tuple(rows),
    )


_DECLINED: Final[frozenset[Left]] = frozenset({"declined"})
_OTHERWISE: Final[frozenset[Left]] = frozenset({"withdrew", "out_of_time", "halted", "closed"})


def _fates(group: Group, left: Mapping[str, Left]) -> Iterator[Cell]:
    everybody = (*group.people, *group.others)
    ineligible = frozenset(name for name, how in left.items() if how == "not_eligible")
    randomized = frozenset(one.subject for one in everybody if one.subject not in left)
    yield count(_behind(group, group.subjects))
    yield _share(group, ineligible)
    yield _difference(_against(group, ineligible))
    for wanted in (_DECLINED, _OTHERWISE, frozenset({"open"})):
        some = frozenset(name for name in group.subjects if left.get(name) in wanted)
        yield count(_behind(group, some), len(group.people))
    yield _share(group, randomized)
    yield _difference(_against(group, randomized))


def _declining(cut: Cut, groups: Sequence[Group]) -> Table:
    """Who declined, of those who were asked: to be asked is to have declined, or to have given consent."""
    known = courses(cut.history)
    declined = frozenset(one.subject for one in known if cut.history.subject(one.subject).declined is not None)
    asked = declined | {one.subject for one in known if one.consented is not None}
    rows: list[Row] = []
    for group in (_asked(one, asked) for one in groups):
        if not group.people:
            continue
        if not rows or rows[-1].id.rsplit("_", 1)[0] != group.of.id:
            rows.append(row(group.of.id, group.of.label))
        cells = count(_behind(group, group.subjects)), _share(group, declined), _difference(_against(group, declined))
        rows.append(row(group.id, group.label, *cells, indent=1))
    return Table(
        "representation_declined",
        "Who declined to participate",
        f"Everybody of whom an answer to being asked for consent is recorded (n = {len(asked)})",
        f"{DECLINING} {METHOD}",
        ("", "Asked", "Declined", "Against others"),
        tuple(rows),
    )


def _asked(group: Group, asked: frozenset[str]) -> Group:
    """The group and its others, those of them alone who were asked."""
    people, others = (tuple(one for one in some if one.subject in asked) for some in (group.people, group.others))
    return group._replace(people=people, others=others)


def _share(group: Group, lost: frozenset[str]) -> Cell:
    """How many of a group, with the exact interval of their share."""
    some = group.subjects & lost
    found = proportion(len(some), len(group.people))
    text = f"{len(some)} ({_percent(found.proportion)} %; {_percent(found.low)} to {_percent(found.high)})"
    values = (
        ("count", len(some)), ("of", len(group.people)), ("share", found.proportion), ("low", found.low),
        ("high", found.high),
    )  # fmt: skip
    return Cell(text, values, _behind(group, some))


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


def _difference(found: ProportionDifference) -> Cell:
    if found.difference is None:
        return Cell("", (("difference", None),))
    values = (("difference", found.difference), ("low", found.low), ("high", found.high))
    signed = f"{100 * found.difference:+.1f}"
    return Cell(f"{signed} ({_percent(found.low)} to {_percent(found.high)})", values)


def _behind(group: Group, some: frozenset[str]) -> tuple[Behind, ...]:
    return tuple(one.behind(*group.of.facts) for one in group.people if one.subject in some)


def _by_criterion(groups: Sequence[Group], stopped: Sequence[Stopped]) -> Iterator[Table]:
    """For each characteristic who failed which criterion at the last judgement."""
    for item in dict.fromkeys(one.of.id for one in groups):
        some = [one for one in groups if one.of.id == item]
        people = sum(len(one.people) for one in some)
        label = some[0].of.label
        yield Table(
            f"representation_{item}",
            f"Who failed which criterion: {label.lower()}",
            f"Everybody assessed for eligibility (n = {people})",
            "Those not registered, judged on the last day on which anything was recorded; whoever fails several "
            "criteria counts under each. Shares are of the group; unknown is neither met nor failed.",
            ("Criterion", *(f"{one.label} (n = {len(one.people)})" for one in some)),
            tuple(_criterion(one, some) for one in stopped),
        )


def _criterion(one: Stopped, groups: Sequence[Group]) -> Row:
    name = one.criterion.id
    lost = frozenset(one.failed)
    cells = [count(_behind(group, group.subjects & lost), len(group.people)) for group in groups]
    return row(f"criterion_{name.lower()}", f"{name} {flat(one.criterion.title)}", *cells)


def _told(differences: Sequence[Difference], of: int) -> Table:
    """The differences whose interval leaves out 0."""
    out = [one for one in differences if _stands_out(one)]
    return Table(
        "representation_differences",
        "Where a group was lost more or less often than everybody else",
        f"Everybody assessed for eligibility (n = {of})",
        METHOD,
        ("Criterion and group", "Failed in the group", "Failed of the others", "Difference"),
        tuple(_different(one) for one in out),
        (
            f"Of {len(differences)} comparisons (groups of at least {LEAST} people) those whose 95 % interval leaves "
            "out 0; by chance alone about one in twenty does so. Each is a reason to look, and no finding.",
        ),
    )


def _different(one: Difference) -> Row:
    group, criterion = one.group, one.stopped.criterion
    lost = frozenset(one.stopped.failed)
    others = [who for who in group.others if who.subject in lost]
    return row(
        f"{criterion.id.lower()}_{group.id}",
        f"{criterion.id} {flat(criterion.title)}: {group.of.label.lower()} {group.label}",
        count(_behind(group, group.subjects & lost), len(group.people)),
        count((who.behind(*group.of.facts) for who in others), len(group.others)),
        _difference(one.found),
    )
