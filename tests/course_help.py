"""A participant of the small study with three forms, and who does what to the entries, for tests of data quality."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from evenhand import steps
from evenhand.conduct import forms, quality
from evenhand.conduct.entering import Given
from evenhand.conduct.forms import read_typed, shown_digest
from evenhand.facts import Fact, Person, Source
from evenhand.protocol import Protocol
from evenhand.record import Actor, History, SubjectHistory, append
from tests.studies_here import ROOT, protocol_of

COURSE = ROOT / "tests" / "studies" / "course"
ON = date(2026, 3, 2)  # the day of randomization
NURSE = Actor("n.urse", "coordinator", "north")
DOCTOR = Actor("d.octor", "treating_clinician", "north")
SURGEON = Actor("s.urgeon", "surgeon", "north")
MANAGER = Actor("m.anager", "data_manager", None)
MONITOR = Actor("m.onitor", "monitor", None)


@dataclass(frozen=True)
class Course:
    """The protocol, the record and the participant; every method gives another one, a day's minute later."""

    protocol: Protocol
    history: History
    subject: str = ""

    @property
    def known(self) -> SubjectHistory:
        return self.history.subject(self.subject)

    @property
    def entries(self):
        return forms.entries(self.protocol, self.known)

    @property
    def last(self):
        """The number of the last entry of a form."""
        return self.entries[-1].seq

    def entry(self, seq):
        return next(entry for entry in self.entries if entry.seq == seq)

    def asked(self, state=None):
        """What is asked: (form, path, check) of the queries in a state, or of all that are not closed."""
        wanted = ("open", "answered") if state is None else (state,)
        return [(one.place[0], one.path, one.check) for one in quality.queries(self.known) if one.state in wanted]

    def after(self, step, *, on=ON, by=NURSE, **given):
        last = self.history.head
        at = datetime.combine(on, time(8), UTC)
        at = max(last.recorded_at + timedelta(minutes=1), at) if last else at
        events = step(self.protocol, self.history, on=on, by=by, at=at, **given)
        return replace(self, history=self.history.extend(append(self.history, events, by=by, at=at)))

    def entered(self, form, *, on=ON, item=None, visit=None, unless=None, not_done=None, by=NURSE, **typed):
        given = Given(form, self.read(form, typed), item, visit, unless, not_done)
        return self.after(steps.enter, subject=self.subject, given=given, on=on, by=by)

    def corrected(self, seq, *, reason="misread", on=ON, unless=None, not_done=None, by=NURSE, **typed):
        form = self.entry(seq).form.id
        given = Given(form, self.read(form, typed), unless=unless, not_done=not_done)
        return self.after(steps.correct_form, seq=seq, given=given, reason=reason, on=on, by=by)

    def struck(self, seq, *, reason="another person's", on=ON, by=NURSE):
        return self.after(steps.strike, subject=self.subject, seq=seq, reason=reason, on=on, by=by)

    def signed(self, *seqs, on=ON, by=DOCTOR):
        return self.after(steps.sign_forms, subject=self.subject, shown=self.shown(*seqs), on=on, by=by)

    def verified(self, *seqs, on=ON, by=MONITOR):
        return self.after(steps.verify_source, subject=self.subject, shown=self.shown(*seqs), on=on, by=by)

    def locked(self, *seqs, on=ON, by=MANAGER):
        return self.after(steps.lock_forms, subject=self.subject, seqs=list(seqs), on=on, by=by)

    def unlocked(self, *seqs, reason="a mistake", on=ON, by=MANAGER):
        return self.after(steps.unlock_forms, subject=self.subject, seqs=list(seqs), reason=reason, on=on, by=by)

    def questioned(self, doubt, *, on=ON, by=MONITOR):
        return self.after(steps.open_query, subject=self.subject, asked=doubt, on=on, by=by)

    def answered(self, query, text="as in the chart", *, on=ON, by=NURSE):
        return self.after(steps.answer_query, query=query, text=text, on=on, by=by)

    def closed(self, query, how="answered", reason="seen", *, on=ON, by=MANAGER):
        return self.after(steps.close_query, query=query, how=how, reason=reason, on=on, by=by)

    def shown(self, *seqs):
        """What is shown of entries, for whoever signs or verifies them."""
        return {seq: shown_digest(self.entry(seq).standing) for seq in seqs}

    def read(self, form, typed):
        read = read_typed(self.protocol.plan.forms[form], typed)
        assert not read.faults, read.faults
        return read.values

    def query(self, check=None):
        """The number of the last query, or of the last one that a check opened."""
        return [one.seq for one in quality.queries(self.known) if check in (None, one.check)][-1]


@cache
def course(arm="walking"):
    """A participant randomized on ON, nothing entered yet; the arm follows from the secret."""
    for number in range(32):
        drawn = bytes([number]) * 32
        made = _randomized(Course(protocol_of(COURSE), History("course")), drawn)
        if made.known.allocation.arm == arm:
            return made
    raise AssertionError(f"no secret leads to {arm}")


def _randomized(world, secret):
    world = world.after(steps.activate, secret=secret, sites=["north"])
    able = Person("ann", {"able": (Fact("able", True, None, Source("form", "", "n.urse")),)})
    world = world.after(steps.screen, person=able)
    world = replace(world, subject=world.history.subjects[0])
    world = world.after(steps.consent, subject=world.subject)
    world = world.after(steps.register, subject=world.subject)
    return world.after(steps.randomize, subject=world.subject, secret=secret)
