"""A participant of the shipped study in an arm, and the entries of forms about that participant, for tests."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache

from evenhand import steps
from evenhand.conduct.entering import Given
from evenhand.conduct.forms import read_typed
from evenhand.protocol import Protocol
from evenhand.record import Actor, History, SubjectHistory, append
from tests.eligible import ON, PROTOCOL, Trial

BY = Actor("c.ordinator", "coordinator", "north")


@dataclass(frozen=True)
class Participant:
    """A randomized participant: the protocol, the record, and the pseudonym."""

    protocol: Protocol
    history: History
    subject: str

    @property
    def known(self) -> SubjectHistory:
        return self.history.subject(self.subject)

    def after(self, step, *, on, by=BY, **given):
        """The same after one more step, taken on a day."""
        last = self.history.head.recorded_at
        at = max(last + timedelta(minutes=1), datetime.combine(on, time(9), UTC))
        events = step(self.protocol, self.history, on=on, by=by, at=at, **given)
        return replace(self, history=self.history.extend(append(self.history, events, by=by, at=at)))

    def entered(self, form, *, on, item=None, visit=None, unless=None, not_done=None, by=BY, **typed):
        """The same after filling in a form on a day; values are given as they would be typed."""
        read = read_typed(self.protocol.plan.forms[form], typed)
        assert not read.faults, read.faults
        given = Given(form, read.values, item, visit, unless, not_done)
        return self.after(steps.enter, subject=self.subject, given=given, on=on, by=by)

    def corrected(self, seq, form, *, reason, on, unless=None, not_done=None, by=BY, **typed):
        """The same after a correction."""
        read = read_typed(self.protocol.plan.forms[form], typed)
        assert not read.faults, read.faults
        given = Given(form, read.values, unless=unless, not_done=not_done)
        return self.after(steps.correct_form, seq=seq, given=given, reason=reason, on=on, by=by)


@cache
def participant(arm: str) -> Participant:
    """A participant randomized on 2026-07-01 to an arm, with nothing entered yet."""
    for number in range(64):
        trial = Trial()
        secret = bytes([number]) * 32
        trial.take(steps.activate, secret=secret, sites=["north"], on=trial.at.date())
        subject = trial.registered()
        trial.take(steps.randomize, subject=subject, secret=secret, on=ON)
        if trial.history.subject(subject).allocation.arm == arm:
            return Participant(PROTOCOL, trial.history, subject)
    raise AssertionError(f"no secret leads to {arm}")


RANDOMIZED_ON = ON
