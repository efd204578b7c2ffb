"""From assessment to randomization: everybody of whom anything is recorded at the cut, by what became of them.

CONSORT 2025, item 22a. Whoever is neither registered nor excluded is still in screening, in a box of their own, which
the diagram of a finished trial does not have. Once the study is closed nobody is in screening: whom nothing excluded
was then not decided in time; and while accrual is halted, whom nothing excluded on the day of the halt is told by that.
All three are our proposal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, Literal

from evenhand.analysis.cut import Cut
from evenhand.analysis.flow.parts import Part, whole
from evenhand.analysis.tables import Behind
from evenhand.eligibility.judged import Fate, Judged, fate_of, last_judged, stopped_by
from evenhand.enrollment import newest_adopted, protocol_for
from evenhand.enrollment.courses import Course, courses
from evenhand.protocol import Criterion
from evenhand.protocol.markdown import flat

Left = Literal["not_eligible", "declined", "withdrew", "out_of_time", "halted", "closed", "open"]
_OF_FATE: Final[dict[Fate, Left]] = {
    "not eligible": "not_eligible",
    "declined": "declined",
    "withdrew": "withdrew",
    "ran out of time": "out_of_time",
    "halted": "halted",
    "closed": "closed",
    "open": "open",
}
_EXCLUDED: Final[dict[Left, str]] = {
    "not_eligible": "Did not meet the criteria",
    "declined": "Declined to participate",
    "withdrew": "Withdrew consent",
    "out_of_time": "Time ran out",
    "halted": "Undecided when accrual was halted",
    "closed": "Undecided when the study was closed",
}


def before(cut: Cut) -> Part:
    """Everybody assessed: excluded, in screening, or registered; the registered randomized or not.

    Raises StudyError as ``protocol_for``.
    """
    known = courses(cut.history)
    screened = [one for one in known if one.stage in ("screened", "consented")]
    registered = [one for one in known if one.stage == "registered"]
    parts = [
        whole("excluded", "Excluded before registration", _excluded(cut, screened, "excluded")),
        Part("screening", "Still in screening", _open(cut, screened)),
        whole("registered", "Registered", _registered(cut, registered)),
    ]
    return whole("assessed", "Assessed for eligibility", parts)


def _registered(cut: Cut, waiting: list[Course]) -> Iterator[Part]:
    lost = whole("not_randomized", "Registered and not randomized", _excluded(cut, waiting, "not_randomized"))
    yield replace(lost, parts=tuple(part for part in lost.parts if part.number))
    yield Part("awaiting", "Registered, randomization to come", _open(cut, waiting))
    yield Part("randomized", "Randomized", tuple(Behind(one.subject, (one.seq,)) for one in cut.history.allocations))


def left_by(cut: Cut, course: Course) -> Left:
    """What became of somebody who is not randomized, as of the cut (see ``fate_of``)."""
    protocol = protocol_for(cut.versions, cut.history, course.subject)
    return _OF_FATE[fate_of(protocol, cut.history.state, cut.history.subject(course.subject), cut.effective)]


def judged_last(cut: Cut, subject: str) -> Judged:
    """What somebody failed or left open at the last judgement."""
    return last_judged(protocol_for(cut.versions, cut.history, subject), cut.history.subject(subject))


def criteria_asked(cut: Cut, subjects: Iterable[str]) -> tuple[Criterion, ...]:
    """The criteria of the newest version, then those that only the versions of some of these people have."""
    found = {one.id: one for one in newest_adopted(cut.versions, cut.history).criteria}
    for name in subjects:
        for one in protocol_for(cut.versions, cut.history, name).criteria:
            found.setdefault(one.id, one)
    return tuple(found.values())


def _open(cut: Cut, among: list[Course]) -> tuple[Behind, ...]:
    return tuple(_behind(cut, one) for one in among if left_by(cut, one) == "open")


def _excluded(cut: Cut, among: list[Course], of: str) -> Iterator[Part]:
    for left, label in _EXCLUDED.items():
        people = tuple(_behind(cut, one) for one in among if left_by(cut, one) == left)
        judged = {one.subject: judged_last(cut, one.subject) for one in people}
        parts = _WHY[left](cut, people, judged, of) if left in _WHY else ()
        yield Part(f"{of}_{left}", label, people, tuple(parts), apart=left != "not_eligible")


_People = tuple[Behind, ...]
_Last = Mapping[str, Judged]


def _criteria(cut: Cut, people: _People, judged: _Last, of: str) -> Iterator[Part]:
    """Whoever did not meet the criteria, under each criterion that failed."""
    behind = {one.subject: one for one in people}
    for one in stopped_by(criteria_asked(cut, judged), judged):
        name, title = one.criterion.id, flat(one.criterion.title)
        if one.failed:
            yield Part(f"{of}_{name.lower()}", f"{name} {title}", tuple(behind[who] for who in one.failed))


def _in_time(cut: Cut, people: _People, judged: _Last, of: str) -> Iterator[Part]:
    """Whom nothing stopped but time: with something left open, or with every criterion met."""
    unknown = tuple(one for one in people if judged[one.subject].unknown)
    met = tuple(one for one in people if not judged[one.subject].unknown)
    if people:
        yield Part(f"{of}_left_open", "Something was not known", unknown)
        yield Part(f"{of}_met", "Every criterion was met", met)


def _reasons(cut: Cut, people: _People, judged: _Last, of: str) -> Iterator[Part]:
    """Whoever declined, by the reason that was given, if one was."""
    given: dict[str, list[Behind]] = {}
    for one in people:
        declined = cut.history.subject(one.subject).declined
        given.setdefault(declined.because if declined else "", []).append(one)
    labels = {code: label for version in cut.versions for code, label in version.enrollment.declined_because.items()}
    for code in (*labels, *sorted(given.keys() - labels.keys() - {""}), ""):
        if code in given:
            label = flat(labels.get(code, code)) if code else "no reason given"
            yield Part(f"{of}_declined_{code or 'unsaid'}", _capital(label), tuple(given[code]))


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


_WHY: Final = {"not_eligible": _criteria, "declined": _reasons, "out_of_time": _in_time}


def _behind(cut: Cut, course: Course) -> Behind:
    """Somebody who is not randomized: by the entry of a decline or a withdrawal where there is one, else by the first
    one."""
    known = cut.history.subject(course.subject)
    if known.declined is not None:
        return Behind(course.subject, (known.declined.seq,))
    withdrawn = known.of("consent_withdrawn") if course.consented and not course.agrees else ()
    return Behind(course.subject, (withdrawn[-1].seq if withdrawn else known.entries[0].seq,))
