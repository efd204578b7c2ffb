"""What stands of one subject's entries once corrections are applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from evenhand.record.entry import Entry
from evenhand.record.errors import RecordError
from evenhand.record.kinds import Body, Kinds
from evenhand.record.trial_kinds import CONSENT_DECLINED

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of one entry: the entry as first recorded, and the latest correction of it.

    ``original`` is the entry that was corrected, ``latest`` the one whose body, day and signature count (the
    same where nothing was corrected). ``body`` is the latest one's, in the current version of its kind.
    ``corrections`` are the numbers of all corrections, in order. Both entries stay in the record.
    """

    original: Entry
    latest: Entry
    body: Body
    corrections: tuple[int, ...] = ()

    @property
    def seq(self) -> int:
        """The number of the original entry, which keeps its place in the order."""
        return self.original.seq

    @property
    def kind(self) -> str:
        """The kind, which a correction cannot change."""
        return self.original.kind

    @property
    def subject(self) -> str | None:
        """The subject, which a correction cannot change."""
        return self.original.subject

    @property
    def effective(self) -> date:
        """The day on which it happened, as corrected."""
        return self.latest.effective

    @property
    def happened(self) -> tuple[date, int]:
        """What orders things as they happened: by day, and within a day as they were first recorded."""
        return self.latest.effective, self.original.seq

    def value(self, key: str, shape: type[_Value]) -> _Value:
        """One value of the body. Raises RecordError where it is absent or of another type."""
        value = self.body.get(key)
        if not isinstance(value, shape):
            raise RecordError(
                f'"{key}" must be {shape.__name__}, not {value!r}.',
                where=str(self.latest),
                mend="Correct the entry.",
            )
        return value


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent: to which ``version`` of which ``document``, since when, and until when if withdrawn.

    ``withdrawn`` is the day of the first withdrawal that came after it (by day, and within a day by number),
    None when there is none. On that day it no longer holds. ``seq`` is the number of the entry.
    """

    seq: int
    document: str
    version: str
    effective: date
    withdrawn: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it was given by ``day`` and not withdrawn by then."""
        return self.effective <= day and (self.withdrawn is None or day < self.withdrawn)


@dataclass(frozen=True, slots=True)
class Decline:
    """Somebody was asked and declined: which ``version`` of which ``document``, on which day, and (where it was given)
    ``because`` of what, a code of the study; ``words`` go with the code "other". ``seq`` is the number of the entry."""

    seq: int
    document: str
    version: str
    effective: date
    because: str
    words: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """One randomization, exactly as it was made: ``position`` counts from the body's own convention, as
    ``levels`` do.

    ``levels`` is the body's optional object "levels", from each stratification factor to the level that was
    used.
    """

    seq: int
    subject: str
    effective: date
    arm: str
    method: str
    stratum: str
    levels: Body
    position: int


@dataclass(frozen=True, slots=True)
class SubjectHistory:
    """Everything recorded about one subject (None: about the study), in order of recording.

    ``entries`` are the entries as recorded, corrections among them; ``standing`` is what stands of them.
    """

    subject: str | None
    entries: tuple[Entry, ...] = ()
    standing: tuple[Standing, ...] = ()

    def after(self, entry: Entry, kinds: Kinds) -> SubjectHistory:
        """The same with one more entry, which is about this subject and obeys the rules."""
        body = kinds.current(entry.kind, entry.version, entry.body)
        if entry.corrects is None:
            standing = (*self.standing, Standing(entry, entry, body))
        else:
            standing = _corrected(self.standing, entry, body)
        return SubjectHistory(self.subject, (*self.entries, entry), standing)

    def of(self, kind: str) -> tuple[Standing, ...]:
        """What stands of the entries of one kind."""
        return tuple([one for one in self.standing if one.original.kind == kind])

    def _first(self, kind: str) -> Standing | None:
        """The first entry of a kind as it stands: found early, for these come before everything that follows."""
        for one in self.standing:
            if one.original.kind == kind:
                return one
        return None

    @property
    def site(self) -> str | None:
        """The site that recorded this subject first; None where nothing is recorded, or no site recorded it."""
        return self.entries[0].by.site if self.entries else None

    @property
    def facts(self) -> tuple[Standing, ...]:
        """The entries with facts; the facts themselves are in ``body["facts"]``, as recorded."""
        return self.of("facts_recorded")

    @property
    def attestations(self) -> tuple[Standing, ...]:
        """The signed judgements."""
        return self.of("attested")

    @property
    def registration(self) -> Standing | None:
        """The registration, None before it."""
        return self._first("registered")

    @property
    def allocation(self) -> Allocation | None:
        """The allocation, None before randomization. Raises RecordError for a body of the wrong shape."""
        found = self._first("randomized")
        return allocation_of(found) if found is not None else None

    @property
    def consents(self) -> tuple[Consent, ...]:
        """Every consent, withdrawn or not, in the order in which they were given."""
        withdrawals = sorted(one.happened for one in self.of("consent_withdrawn"))
        return tuple(
            Consent(
                seq=given.seq,
                document=given.value("document", str),
                version=given.value("version", str),
                effective=given.effective,
                withdrawn=next((day for day, seq in withdrawals if (day, seq) > given.happened), None),
            )
            for given in sorted(self.of("consented"), key=lambda one: one.happened)
        )

    def consent_on(self, day: date) -> Consent | None:
        """The latest consent that holds on ``day``, None where none does."""
        return next((consent for consent in reversed(self.consents) if consent.holds_on(day)), None)

    @property
    def declined(self) -> Decline | None:
        """The latest time that the subject declined, None where consent was given since (by day, and within a day by
        number): who declined may come back."""
        last = max(self.of(CONSENT_DECLINED), key=lambda one: one.happened, default=None)
        if last is None or any(given.happened > last.happened for given in self.of("consented")):
            return None
        return decline_of(last)


def decline_of(standing: Standing) -> Decline:
    """The decline of a standing entry of that kind. Raises RecordError for a body of the wrong shape."""
    return Decline(
        seq=standing.seq,
        document=standing.value("document", str),
        version=standing.value("version", str),
        effective=standing.effective,
        because=standing.value("because", str) if "because" in standing.body else "",
        words=standing.value("words", str) if "words" in standing.body else "",
    )


def _corrected(standing: tuple[Standing, ...], entry: Entry, body: Body) -> tuple[Standing, ...]:
    """With the correction in its place. What is corrected was mostly recorded of late, so the search begins there."""
    for place in range(len(standing) - 1, -1, -1):
        one = standing[place]
        if entry.corrects == one.original.seq or entry.corrects in one.corrections:
            new = Standing(one.original, entry, body, (*one.corrections, entry.seq))
            return (*standing[:place], new, *standing[place + 1 :])
    return standing


def allocation_of(standing: Standing) -> Allocation:
    """The allocation of a standing "randomized". Raises RecordError for a body of the wrong shape."""
    return Allocation(
        seq=standing.seq,
        subject=standing.subject or "",
        effective=standing.effective,
        arm=standing.value("arm", str),
        method=standing.value("method", str),
        stratum=standing.value("stratum", str),
        levels=standing.value("levels", dict) if "levels" in standing.body else {},
        position=standing.value("position", int),
    )
