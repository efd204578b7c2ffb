"""A participant led through visits and endings in any order, legal and illegal, by the steps themselves.

After each step the schedule and the endings must still tell one story about the record.
"""

from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from evenhand import steps
from evenhand.conduct.disposition import standing
from evenhand.conduct.ending import ends_of
from evenhand.conduct.forms import entries
from evenhand.conduct.schedule import due, occurrences
from evenhand.dates import parse_date
from evenhand.refusal import Refusal
from tests.conduct_help import RANDOMIZED_ON, participant
from tests.eligible import PROTOCOL

PLAN = PROTOCOL.plan
assert PLAN and PLAN.schedule
ENDINGS = PLAN.schedule.endings.by_id
SAID = sorted(name for name in PLAN.forms["disposition"].fields["ending"].type.codes)
VISITS = ["baseline", *(f"follow_up.{number}" for number in range(1, 14)), "unscheduled.1", "unscheduled.2"]
AHEAD = st.integers(0, 1200)


class Endings(RuleBasedStateMachine):
    """Time only goes on; what is entered may be about any day until then."""

    @initialize(arm=st.sampled_from(["usual", "local"]))
    def begin(self, arm):
        self.who = participant(arm)
        self.today = RANDOMIZED_ON
        self.refused = 0

    @rule(days=st.integers(1, 200))
    def time_passes(self, days):
        self.today += timedelta(days=days)

    def take(self, form, **given):
        """Enter a form, and hold a refusal for being after an ending against the endings."""
        before = self.who
        day = next((given[name] for name in (PROTOCOL.plan.forms[form].day,) if name in given), None)
        forbidden = day is not None and not allowed(before, form, parse_date(day).first)
        try:
            self.who = before.entered(form, on=self.today, **given)
            assert not forbidden, "recorded, though it happened after what ends its collection"
        except Refusal as refusal:
            self.refused += 1
            assert refusal.reason and refusal.clause and refusal.mend
            assert forbidden or " after: " not in refusal.reason

    def day(self, ahead):
        return (RANDOMIZED_ON + timedelta(days=min(ahead, (self.today - RANDOMIZED_ON).days))).isoformat()

    @rule(visit=st.sampled_from(VISITS), ahead=AHEAD)
    def hold(self, visit, ahead):
        self.take("visit", visit=visit, date=self.day(ahead), way="in_person")

    @rule(visit=st.sampled_from(VISITS))
    def miss(self, visit):
        self.take("visit", visit=visit, not_done="did not come")

    @rule(visit=st.sampled_from(VISITS), ahead=AHEAD)
    def ask(self, visit, ahead):
        self.take("side_effects", visit=visit, asked=self.day(ahead), reported="no")

    @rule(ending=st.sampled_from(SAID), ahead=AHEAD)
    def leave(self, ending, ahead):
        because = {"because": "other"} if ending == "treatment_stopped" else {}
        self.take("disposition", ending=ending, ended=self.day(ahead), **because)

    @rule(ahead=AHEAD, vague=st.booleans())
    def die(self, ahead, vague):
        day = self.day(ahead)
        if vague and date.fromisoformat(day).replace(day=28) > self.today:
            vague = False
        self.take("death", died=day[:7] if vague and day[:7] > str(RANDOMIZED_ON)[:7] else day, cause="unknown")

    @precondition(lambda self: self.who.known.consent_on(self.today) is not None)
    @rule()
    def withdraw(self):
        self.who = self.who.after(steps.withdraw_consent, subject=self.who.subject, on=self.today, reason=None)

    @precondition(lambda self: self.who.known.consent_on(self.today) is None)
    @rule()
    def consent_anew(self):
        self.who = self.who.after(steps.consent, subject=self.who.subject, on=self.today)

    @invariant()
    def every_entry_belongs_to_one_visit(self):
        found = occurrences(PROTOCOL, self.who.known, self.today, ends_of(PROTOCOL, self.who.known))
        belonging = sorted(entry.seq for one in found for entry in one.entries)
        assert belonging == [one.seq for one in entries(PROTOCOL, self.who.known) if one.visit is not None]
        assert len({one.id for one in found}) == len(found)

    @invariant()
    def follow_up_ends_once_and_in_time(self):
        ends = ends_of(PROTOCOL, self.who.known)
        assert ends.last is not None and ends.at_most is not None
        assert RANDOMIZED_ON <= ends.last <= ends.at_most
        assert [one.day for one in ends.endings] == sorted(one.day for one in ends.endings)
        reached = standing(ends, self.today)
        assert reached is not None or not ends.over(self.today)

    @invariant()
    def nothing_is_due_that_cannot_be_done(self):
        ends = ends_of(PROTOCOL, self.who.known)
        agenda = due(PROTOCOL, self.who.known, self.today, ends)
        for item in agenda:
            assert item.when != "coming" or item.first > self.today
            assert item.what != "visit" or item.last <= max(ends.last, item.first)
        said = [item for item in agenda if item.what == "disposition"]
        assert len(said) <= 1 and (not said or ends.over(self.today))


def allowed(who, form, day):
    """Whether an entry may be taken, told plainly from the study's table."""
    role = PROTOCOL.plan.forms[form].reads
    for ended in ends_of(PROTOCOL, who.known).endings:
        table = ENDINGS[ended.ending.id].afterwards
        if day <= ended.span.last or table is None:
            continue
        if form not in table and role not in table:
            return False
        limit = table[form] if form in table else table[role]
        if limit is not None and day > limit.after(ended.span.last):
            return False
    return True


TestEndings = Endings.TestCase
TestEndings.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
