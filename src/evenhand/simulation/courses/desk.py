"""The desk of a made-up site: enters forms some days after what they are about, signs, mends slips, answers queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any, Final

from evenhand import steps
from evenhand.administration import SITE_ROLES
from evenhand.conduct import disposition, forms, quality
from evenhand.conduct.ending import ends_of
from evenhand.conduct.entering import Given
from evenhand.conduct.forms import FormEntry
from evenhand.conduct.quality import QUERY_OPENED, Query
from evenhand.protocol.plan import Form
from evenhand.record import JSON, Actor, Entry, SubjectHistory
from evenhand.refusal import Refusal
from evenhand.simulation.courses.answering import answered
from evenhand.simulation.courses.chances import happens, within
from evenhand.simulation.courses.drawing import Drawn, Scene
from evenhand.simulation.courses.person import Person
from evenhand.simulation.courses.sheet import AfterRandomization
from evenhand.simulation.courses.sheet import Desk as Habits
from evenhand.simulation.courses.slips import slipped
from evenhand.simulation.courses.trial import Tally, Trial
from evenhand.simulation.courses.ways import Ways

_TRIES: Final = 12  # how often an entry that a check refuses is drawn anew
_DETERMINED: Final = "response"  # what a clinician determines counts once it is signed
_READ_TWICE: Final = ("lesion_list", "scan")  # a slip there would look like a progression and end follow-up
_FIRST: Final = 0.85  # the chance that whoever stands first among those who may enter a form does it


@dataclass(slots=True)
class Sheet:
    """A form to be filled in: about which day, what is known of it, and what is to follow once it is entered."""

    form: Form
    day: date
    ended: date | None = None
    visit: str | None = None
    item: str | None = None
    known: Mapping[str, Drawn] = field(default_factory=dict)
    ways: Ways = field(default_factory=dict)
    lesion: Mapping[str, object] = field(default_factory=dict)
    not_done: str | None = None
    then: Callable[[Entry, date], None] | None = None


class Desk:
    """Takes the steps of all sites."""

    def __init__(self, trial: Trial, section: AfterRandomization, tally: Tally) -> None:
        self.trial = trial
        self.section = section
        self.tally = tally
        self.after_signing: Callable[[Person, date], None] | None = None
        self._habits = {
            site: section.desk.model_copy(update=other.model_dump(exclude_none=True))
            for site, other in section.sites.items()
        }

    def habits(self, person: Person) -> Habits:
        """How the person's site works."""
        return self._habits.get(person.site or "", self.section.desk)

    def known(self, person: Person) -> SubjectHistory:
        """What is recorded about somebody by now."""
        return self.trial.history.subject(person.subject)

    def later(self, person: Person, what: str, day: date) -> date:
        """The day on which something that happened on ``day`` is entered."""
        random, habits = person.chances.of("entry", what, day), self.habits(person)
        ends = habits.slow_entry if happens(habits.slow, random) else habits.entry
        return day + timedelta(days=within(ends, random))

    def record(self, person: Person, sheet: Sheet, on: date | None = None) -> None:
        """Enter a form some days later, or on the day that is given."""
        due = on or self.later(person, sheet.form.id, max(sheet.day, sheet.ended or sheet.day))
        self.trial.plan(due, partial(self.enter, person, sheet))

    def enter(self, person: Person, sheet: Sheet, on: date) -> Entry | None:
        """Enter a form now; None where it may not be collected any more, or is refused however it is drawn."""
        form, known = sheet.form, self.known(person)
        day = None if sheet.not_done is not None else sheet.day
        if disposition.may_collect(ends_of(self.trial.protocol, known), form, day) is not None:
            return None
        random = person.chances.of("form", form.id, sheet.visit or sheet.day, person.number())
        by, said = self._maker(person, form, random), ""
        for attempt in range(_TRIES):
            right = self._values(person, sheet, known, random)
            careless = attempt == 0 and form.reads not in _READ_TWICE and happens(self.habits(person).slips, random)
            wrong = slipped(form, right, random) if careless else None
            given = Given(form.id, wrong or right, sheet.item, sheet.visit, not_done=sheet.not_done)
            try:
                entries = self.take(steps.enter, by, on, person, subject=person.subject, given=given)
            except Refusal as refusal:
                said = str(refusal)
                continue
            self.tally.entries[form.id] += 1
            if wrong is not None:
                self._slipped(person, entries[0].seq, right, on, random)
            self._afterwards(person, sheet, entries[0], on, random)
            return entries[0]
        self.tally.refused[f"{form.id}: {said}"] += 1
        return None

    def _values(self, person: Person, sheet: Sheet, known: SubjectHistory, random: Random) -> dict[str, JSON]:
        if sheet.not_done is not None:
            return {}
        scene = Scene(
            sheet.day, sheet.ended or sheet.day, person.randomized, person.chances, random, sheet.lesion, person.held,
            {"lesions": [lesion.label for lesion in person.tumour.seen(sheet.day)]}, self.section.desk.optional,
            person.facts,
        )  # fmt: skip
        ways = {**self.section.forms.get(sheet.form.id, {}), **sheet.ways}
        return answered(sheet.form, self.trial.protocol, known, scene, ways=ways, given=sheet.known)

    def _maker(self, person: Person, form: Form, random: Random) -> Actor:
        """Somebody of the site, mostly whoever stands first."""
        roles = [role for role in form.entered_by if role in SITE_ROLES] or list(form.entered_by)
        role = roles[0] if random.random() < _FIRST else random.choice(roles)
        return self.trial.actor(role, person.site)

    def _afterwards(self, person: Person, sheet: Sheet, entry: Entry, on: date, random: Random) -> None:
        """Plan the signature, and let follow what is to follow."""
        habits = self.section.desk
        if sheet.form.signed_by and happens(habits.signed, random):
            soon = habits.determined if sheet.form.reads == _DETERMINED else habits.signing
            self._to_sign(person, sheet.form, entry.seq, on + timedelta(days=within(soon, random)))
        if sheet.then is not None:
            sheet.then(entry, on)

    # ---- signatures

    def _to_sign(self, person: Person, form: Form, seq: int, due: date) -> None:
        person.to_sign[seq] = due
        self.trial.plan(due, partial(self._sign, person, form.signed_by[0]))

    def _sign(self, person: Person, role: str, on: date) -> None:
        """Sign everything that is due by now and not signed as it stands."""
        known = self.known(person)
        waiting = {
            entry.seq: forms.shown_digest(entry.standing)
            for entry in forms.entries(self.trial.protocol, known)
            if role in entry.form.signed_by and person.to_sign.get(entry.seq, date.max) <= on
            if not entry.struck and quality.wants_signature(entry, forms.marks_of(known, entry.seq))
        }
        if waiting:
            by = self.trial.actor(role, person.site)
            self.take(
                steps.sign_forms, by, on, person, subject=person.subject, shown=waiting, signer=self.trial.signer(by)
            )
            if self.after_signing is not None:
                self.after_signing(person, on)

    # ---- corrections

    def amend(self, person: Person, seq: int, values: Mapping[str, JSON], because: str, on: date) -> None:
        """Say anew what an entry says, with a reason; what is not among ``values`` stays. A locked one is unlocked."""
        entry = self._entry(person, seq)
        if entry is None or entry.not_done is not None or entry.struck:
            return
        if forms.marks_of(self.known(person), seq).locked is not None:
            manager = self.trial.actor("data_manager", None)
            self.take(steps.unlock_forms, manager, on, person, subject=person.subject, seqs=[seq], reason=because)
        said: Any = entry.standing.body["values"]
        given = Given(entry.form.id, {**said, **values}, unless=entry.unless)
        role = entry.standing.latest.by.role
        by = self.trial.actor(role, person.site)
        try:
            self.take(steps.correct_form, by, on, person, seq=seq, given=given, reason=because)
        except Refusal as refusal:
            self.tally.refused[f"correcting {entry.form.id}: {refusal}"] += 1
            return
        if entry.form.signed_by and seq in person.to_sign:
            habits, random = self.section.desk, person.chances.of("signing anew", seq, on)
            self._to_sign(person, entry.form, seq, on + timedelta(days=within(habits.signing, random)))

    def _entry(self, person: Person, seq: int) -> FormEntry | None:
        found = forms.entries(self.trial.protocol, self.known(person))
        return next((entry for entry in found if entry.seq == seq), None)

    def _slipped(self, person: Person, seq: int, right: Mapping[str, JSON], on: date, random: Random) -> None:
        """A number was copied wrongly; it is found later, when somebody looks again or asks."""
        person.slips[seq] = right
        self.trial.plan(
            on + timedelta(days=within(self.section.desk.mending, random)), partial(self._mend, person, seq)
        )

    def _mend(self, person: Person, seq: int, on: date) -> None:
        right = person.slips.pop(seq, None)
        if right is not None:
            self.amend(person, seq, right, "made up: copied wrongly from the source", on)

    # ---- queries

    def take(self, step: steps.Step, by: Actor, on: date, person: Person, **given: object) -> list[Entry]:
        """Take a step about somebody, and plan the answers to the queries that it opened."""
        entries = self.trial.take(step, by, on, **given)
        for entry in entries:
            if entry.kind == QUERY_OPENED:
                random = person.chances.of("query", entry.seq)
                if happens(self.section.desk.answered, random):
                    due = on + timedelta(days=within(self.habits(person).query, random))
                    self.trial.plan(due, partial(self._answer, person, entry.seq))
        return entries

    def _open(self, person: Person, seq: int) -> Query | None:
        asked = quality.queries(self.known(person))
        return next((one for one in asked if one.seq == seq and one.closed is None), None)

    def _answer(self, person: Person, seq: int, on: date) -> None:
        """Look again: what was copied wrongly is put right, everything else is confirmed."""
        asked = self._open(person, seq)
        if asked is None:
            return
        about = next(
            (one for one in forms.entries(self.trial.protocol, self.known(person)) if one.place == asked.place), None
        )
        if about is not None and about.seq in person.slips:
            self._mend(person, about.seq, on)
            if self._open(person, seq) is None:
                return
        by, random = self.trial.actor("coordinator", person.site), person.chances.of("answer", seq)
        text = random.choice(
            ("made up: checked against the source, it is as entered", "made up: confirmed by the site")
        )
        self.take(steps.answer_query, by, on, person, query=seq, text=text)
        due = on + timedelta(days=within(self.section.desk.closing, random))
        self.trial.plan(due, partial(self._close, person, seq))

    def _close(self, person: Person, seq: int, on: date) -> None:
        if self._open(person, seq) is not None:
            by = self.trial.actor("data_manager", None)
            self.take(steps.close_query, by, on, person, query=seq, how="answered", reason="made up: answer accepted")
