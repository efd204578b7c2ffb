"""The worklist of a study: every candidate who is not randomized, by urgency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from evenhand.eligibility import assessor_of
from evenhand.eligibility.attested import expired
from evenhand.enrollment import protocol_at, protocol_for
from evenhand.facts import Person
from evenhand.protocol import Protocol, Versions, as_versions
from evenhand.record import Entry, History, SubjectHistory
from evenhand.record.facts import recorded_person
from evenhand.worklist.outlook import outlook_of
from evenhand.worklist.row import Holding, Row, Stage, Window
from evenhand.worklist.tasks import tasks_of
from evenhand.worklist.urgency import urgency
from evenhand.worklist.window import windows_of

Days = Mapping[str | None, date]


@dataclass(frozen=True, slots=True)
class Worklist:
    """The open candidates in the order of urgency, and by site how many others are randomized already."""

    rows: tuple[Row, ...]
    randomized: Mapping[str | None, int]


def worklist(
    protocol: Protocol | Versions, history: History, days: Days, sites: Iterable[str | None] | None = None
) -> Worklist:
    """Who waits for what, each by the version that he or she follows. ``days`` says today by site, and under None for
    subjects of no known site. With ``sites`` only their people are judged and counted (None: those of no known site).

    An entry, and what the record says of a subject, is a value that stays the same object until something new is
    recorded: the list is kept for each study as long as the last entry is the same, each row as long as its subject
    is and the day, and what time alone brings (``outlook``) as long as the subject is. Raises RecordError for facts
    that do not fit the vocabulary.
    """
    places = None if sites is None else frozenset(sites)
    question = (protocol, history.head, len(history.entries), dict(days))
    asked, answer = _LISTS.get((protocol.study, places), (None, None))
    if asked is None or answer is None or not _same(asked, question):
        answer = _made(as_versions(protocol), history, days, places)
        if len(_LISTS) >= _MOST_LISTS:
            _LISTS.clear()
        _LISTS[protocol.study, places] = question, answer
    return answer


_Question = tuple[Protocol | Versions, Entry | None, int, dict[str | None, date]]
_MOST_LISTS = 100  # assumed: more studies than one place runs, and more groups of sites than are asked for
_LISTS: dict[tuple[str, frozenset[str | None] | None], tuple[_Question, Worklist]] = {}
_Asked = tuple[Protocol, Protocol, SubjectHistory, date]
_MOST_ROWS = 100_000  # assumed: more subjects than all trials of one place have
_ROWS: dict[tuple[str, str], tuple[_Asked, Row | None]] = {}


def _same(one: _Question, other: _Question) -> bool:
    return one[0] is other[0] and one[1] is other[1] and one[2:] == other[2:]


def _made(versions: Versions, history: History, days: Days, places: frozenset[str | None] | None) -> Worklist:
    rows: list[Row] = []
    randomized: dict[str | None, int] = {}
    for site, row in _each(versions, history, days, places):
        if row is None:
            randomized[site] = randomized.get(site, 0) + 1
        else:
            rows.append(row)
    return Worklist(tuple(sorted(rows, key=urgency)), randomized)


def _each(
    versions: Versions, history: History, days: Days, places: frozenset[str | None] | None
) -> Iterator[tuple[str | None, Row | None]]:
    """The site and the row of every subject of these places, in the order of the record."""
    for subject in history.subjects:
        known = history.subject(subject)
        if places is not None and known.site not in places:
            continue
        own = protocol_for(versions, history, subject)
        current = protocol_at(versions, history, known.site)
        yield known.site, row_of(own, known, known.site, days.get(known.site, days[None]), current)


def judged_ahead(protocol: Protocol | Versions, history: History, days: Days) -> Iterator[None]:
    """Judge one subject after the other, so that lists find their rows made; whoever asks may stop at any time."""
    for _ in _each(as_versions(protocol), history, days, None):
        yield


def row_of(
    protocol: Protocol, known: SubjectHistory, site: str | None, on: date, current: Protocol | None = None
) -> Row | None:
    """The row of a subject, None for one who is randomized: what was found last, as long as it still holds.

    ``protocol`` is the version that the subject follows, ``current`` the one by which the site enrols (default: the
    same one).
    """
    current = current or protocol
    key = protocol.study, known.subject or ""
    found = _ROWS.get(key)
    if found is not None and _unchanged(found[0], (protocol, current, known, on)):
        return found[1]
    row = None if known.of("randomized") else _judged(protocol, known, site, on, current)
    if len(_ROWS) >= _MOST_ROWS:
        _ROWS.clear()
    _ROWS[key] = (protocol, current, known, on), row
    return row


def _unchanged(one: _Asked, other: _Asked) -> bool:
    return one[2] is other[2] and one[0] is other[0] and one[1] is other[1] and one[3] == other[3]


def _judged(protocol: Protocol, known: SubjectHistory, site: str | None, on: date, current: Protocol) -> Row:
    outlook = outlook_of(protocol, known)
    window = outlook.window(on)
    row = Row(
        known.subject or "",
        site,
        _stage(known, on),
        on,
        "over",
        *outlook.stands(on),
        window,
        withdrawn=None if known.declined else _withdrawn(known, on),
        declined=known.declined.effective if known.declined else None,
        participant=str(known.registration.body["participant"]) if known.registration else "",
    )
    if row.withdrawn or row.declined or window is None or (window.last is not None and window.last < on):
        return row
    person = recorded_person(known, protocol.vocabulary)
    ready = max(on, window.first or on)
    then = assessor_of(protocol).assess(person, ready)
    if window.sure_last is None and (window.last is not None or windows_of(protocol).lacks_a_date(then)):
        window = replace(window, known=False)
    return replace(
        row,
        place="opens" if ready > on else "open",
        window=window,
        tasks=tasks_of(protocol, known, then, on, current),
        lapsing=_lapsing(protocol, person, window, on),
    )


def _stage(known: SubjectHistory, on: date) -> Stage:
    if known.registration is not None:
        return "registered"
    return "consented" if known.consent_on(on) is not None else "screened"


def _withdrawn(known: SubjectHistory, on: date) -> date | None:
    """The day on which consent was withdrawn, where none was given again."""
    days = [given.withdrawn for given in known.consents if given.withdrawn is not None and given.withdrawn <= on]
    return max(days) if days and known.consent_on(on) is None else None


def _lapsing(protocol: Protocol, person: Person, window: Window, on: date) -> tuple[Holding, ...]:
    """Of each judgement, the signature in force that lapses first, when that is before the window closes."""
    newest: dict[tuple[str, str | None], date] = {}
    for given in person.attestations:
        judgement = protocol.judgements.get(given.judgement)
        if judgement is None or judgement.expires is None or not given.answer or expired(judgement, given, on):
            continue
        key = given.judgement, given.item
        until = judgement.expires.after(given.date.first)
        newest[key] = max(until, newest.get(key, until))
    first: dict[str, date] = {}
    for (name, _), until in newest.items():
        first[name] = min(until, first.get(name, until))
    last = window.last or date.max
    return tuple(Holding(name, until) for name, until in sorted(first.items(), key=lambda one: one[1]) if until < last)
