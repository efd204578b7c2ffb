"""From the record to time points: the response that the system proposes at each scan, and the progression it proposes.

Two baselines (ours, as RECIST leaves it to the protocol): that of registration, and a second one at the first scan
after local therapy (in the other arm: of a matching time) on which every lesion left was assessed. A lesion that was
treated by the day of a scan leaves the sums of that scan, and those of the baseline and the scans that it is compared
with. A target that is absent at the second baseline is followed on as a non-target.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from evenhand.conduct.forms import context, remembered
from evenhand.conduct.lesions import (
    LesionList,
    Lives,
    ScanSeen,
    assessments_of,
    lesion_list,
    lives,
    scans,
)
from evenhand.conduct.response.following import (
    Followed,
    baseline_of,
    followed_on,
    nodes_of,
    recist_scan,
    size_then,
)
from evenhand.conduct.response.places import patterns_at
from evenhand.conduct.response.tracking import LocalPoint, local_points
from evenhand.conduct.treatment.local import local_therapy_complete_on
from evenhand.conduct.treatment.registered import registered_lesions
from evenhand.oncology.recist import (
    NOTHING_EARLIER,
    Assessed,
    Baseline,
    Best,
    Course,
    Earlier,
    Pattern,
    Progression,
    Response,
    TimePoint,
    best_response,
    confirmed_response,
    evaluate,
    explain,
)
from evenhand.protocol import Protocol
from evenhand.protocol.plan.assessments import Again, Assessments
from evenhand.record import SubjectHistory


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the system makes of one scan. ``baseline`` is what it was compared with, ``renewed``: the second one.

    ``local`` tells of each irradiated lesion; ``patterns``: where it progressed, as far as recorded; ``fault``: why the
    scan cannot be read (then ``point`` is None).
    """

    scan: ScanSeen
    baseline: Baseline
    renewed: bool
    point: TimePoint | None
    local: Mapping[str, LocalPoint] = field(default_factory=dict)
    patterns: frozenset[Pattern] = frozenset()
    fault: str = ""

    @property
    def overall(self) -> Response:
        """The overall response; a scan that cannot be read is not evaluable."""
        return self.point.overall if self.point else Response.NE

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, in sentences with numbers and sources."""
        if self.point is None:
            return (f"Not read: {self.fault}.",)
        said = [f"{label}, irradiated: {one.status}; {one.why}." for label, one in self.local.items()]
        return (*explain(self.point, self.baseline), *self._by_rule(), *said)

    def _by_rule(self) -> Iterator[str]:
        """What the reader left to the rules about new lesions."""
        for new in self.scan.new:
            if new.by_rule and new.rule is not None:
                yield f"{new.label}: {new.rule.words}, by the rules: {new.rule.why}."


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All scans of a participant, oldest first; ``second`` is the scan that is the second baseline, if there is one.

    ``progression`` is what the data propose; ``best`` the best response by the study's rules, from randomization.
    """

    listed: LesionList | None
    points: tuple[Proposed, ...]
    second: ScanSeen | None
    progression: Progression | None
    best: Best


@remembered
def evaluation(protocol: Protocol, known: SubjectHistory) -> Evaluation:
    """The proposed responses of a participant; none where the lesions at baseline are not entered."""
    listed, plan = lesion_list(protocol, known), assessments_of(protocol)
    about = context(known)
    if listed is None:
        return Evaluation(None, (), None, None, Best(Response.NE, None, "the lesions at baseline are not entered"))
    seen = tuple(_in_order(scans(protocol, known), listed.day))
    reader = _Reader(plan, listed, lives(protocol, known), seen)
    second = reader.second_baseline(_since(protocol, known, plan.second_baseline.get(about.arm or "")))
    points = reader.points(second)
    progression = _progression(points)
    return Evaluation(
        listed, points, second, progression, _best(points, progression, about.randomized or listed.day, plan)
    )


def _in_order(seen: tuple[ScanSeen, ...], baseline: date) -> Iterator[ScanSeen]:
    """The scans after baseline; of two of the same day the one entered last."""
    for number, scan in enumerate(seen):
        last_of_day = number + 1 == len(seen) or seen[number + 1].day != scan.day
        if scan.day > baseline and last_of_day:
            yield scan


def _since(protocol: Protocol, known: SubjectHistory, again: Again | None) -> date | None:
    """The first day on which a scan may be the second baseline; None where there is none, or not yet."""
    if again is None:
        return None
    if again.after == "randomization":
        start = context(known).randomized
    elif protocol.plan is None or protocol.plan.treatment is None:
        return None
    else:
        start = local_therapy_complete_on(protocol, known, registered_lesions(protocol, known))
    return None if start is None else again.offset.after(start)


def _progression(points: tuple[Proposed, ...]) -> Progression | None:
    """The earliest day that any scan dates a progression to, and the first scan that says so."""
    found = [Progression(one.point.progressed, one.scan.day) for one in points if one.point and one.point.progressed]
    return min(found, default=None)


def _best(points: tuple[Proposed, ...], progression: Progression | None, reference: date, plan: Assessments) -> Best:
    seen = [Assessed(one.scan.day, one.overall) for one in points]
    if progression is not None:
        seen = [one for one in seen if one.day < progression.day]
        seen.append(Assessed(progression.day, Response.PD))
    find = confirmed_response if plan.confirmed else best_response
    return find(seen, reference, plan.best)


@dataclass(frozen=True, slots=True)
class _Phase:
    """A baseline before treatment is looked at: its day, the sizes then (micrometres), what is followed as what."""

    day: date
    sizes: Mapping[str, int]
    targets: tuple[str, ...]
    others: tuple[str, ...]
    renewed: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """A course, its points by the number of the scan's entry, and why other scans could not be read."""

    course: Course
    points: Mapping[int, TimePoint]
    faults: Mapping[int, str]


class _Reader:
    """Reads the scans of one participant against the baselines."""

    def __init__(self, plan: Assessments, listed: LesionList, all_lives: Lives, seen: tuple[ScanSeen, ...]) -> None:
        self.plan = plan
        self.listed = listed
        self.lives = all_lives
        self.seen = seen
        self.nodes = nodes_of(listed)
        targets = (one for one in listed.lesions if one.followed == "target" and one.candidate.size)
        self.targets = tuple(one.label for one in targets)
        self.others = tuple(one.label for one in listed.lesions if one.label not in self.targets)
        self.sizes = {one.label: one.candidate.size or 0 for one in listed.lesions}
        policy = plan.treated
        self.local = (
            {life.label: local_points(life, seen, policy) for life in all_lives.lesions} if policy.excluded else {}
        )

    def second_baseline(self, since: date | None) -> ScanSeen | None:
        """The first scan from a day on, on which every target left was assessed."""
        if since is None:
            return None
        for scan in self.seen:
            left = followed_on(self.targets, self.others, self.lives, scan.day, self.plan.treated.excluded).targets
            if scan.day >= since and all(size_then(scan, label) is not None for label in left):
                return scan
        return None

    def points(self, second: ScanSeen | None) -> tuple[Proposed, ...]:
        """Every scan, compared with the baseline of its time; the second baseline itself with the first one."""
        first = [scan for scan in self.seen if second is None or scan.day <= second.day]
        phase = _Phase(self.listed.day, self.sizes, self.targets, self.others, renewed=False)
        found, earlier = self._phase(phase, first, NOTHING_EARLIER)
        if second is None:
            return tuple(found)
        rest = [scan for scan in self.seen if scan.day > second.day]
        sizes = {label: size_then(second, label) or 0 for label in self.targets}
        targets = tuple(label for label in self.targets if sizes[label])
        others = (*self.others, *(label for label in self.targets if not sizes[label]))
        later, _ = self._phase(_Phase(second.day, sizes, targets, others, renewed=True), rest, earlier)
        return (*found, *later)

    def _phase(self, phase: _Phase, seen: list[ScanSeen], earlier: Earlier) -> tuple[list[Proposed], Earlier]:
        """The scans of one baseline; once a lesion has left the sums, all scans so far are read again without it."""
        excluded = self.plan.treated.excluded
        counted = [followed_on(phase.targets, phase.others, self.lives, scan.day, excluded) for scan in seen]
        told: dict[Followed, _Told] = {}
        found = []
        for number, (scan, followed) in enumerate(zip(seen, counted, strict=True)):
            if followed not in told:
                until = max(place for place, other in enumerate(counted) if other == followed)
                told[followed] = self._told(phase, followed, seen[: until + 1], earlier)
            found.append(self._proposed(scan, told[followed], followed, phase.renewed))
            if number + 1 == len(seen):
                earlier = told[followed].course.known
        return found, earlier

    def _told(self, phase: _Phase, followed: Followed, seen: list[ScanSeen], earlier: Earlier) -> _Told:
        """The course of what counts, over all scans that can be read."""
        baseline = baseline_of(phase.day, phase.sizes, self.nodes, followed)
        read, faults = {}, {}
        for scan in seen:
            try:
                read[scan.seq] = recist_scan(scan, baseline, followed, self.local)
            except ValueError as error:
                faults[scan.seq] = str(error)
        course = evaluate(baseline, read.values(), earlier=earlier)
        return _Told(course, dict(zip(read, course.points, strict=True)), faults)

    def _proposed(self, scan: ScanSeen, told: _Told, followed: Followed, renewed: bool) -> Proposed:
        point = told.points.get(scan.seq)
        local = {label: self.local[label][scan.seq] for label in followed.irradiated if scan.seq in self.local[label]}
        patterns = frozenset[Pattern]()
        if point is not None:
            patterns = patterns_at(scan, point, followed, local.values(), self.lives, self.plan)
        fault = told.faults.get(scan.seq, "")
        return Proposed(scan, told.course.baseline, renewed, point, local, patterns, fault)
