"""A participant driven through random steps, legal or not, beside a plain model of what must come of them.

The model knows the three forms of the small study by heart and shares no code with the rooms it judges: which steps
are refused, what is asked, what is signed, verified and locked.
"""

from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from evenhand import steps
from evenhand.conduct import forms, quality
from evenhand.conduct.entering import Given
from evenhand.conduct.findings import DoubtAt
from evenhand.record import dump, fold, verify
from evenhand.refusal import Refusal
from evenhand.replay import verify_record
from tests.course_help import DOCTOR, MANAGER, MONITOR, NURSE, ON, SURGEON, course


def mostly(often, *seldom):
    """Mostly what is legal, or else the machine would refuse its way through the day."""
    return st.sampled_from([*often * 3, *seldom])


VISITS = st.sampled_from(["week.1", "week.2"])
DAYS = mostly(["2026-03-01", "2026-03-02"], "2026-03-05", "2026-04-11")
WEIGHTS = st.fixed_dictionaries({"weighed": DAYS, "weight": mostly([39, 45, 121, 130], 40, 70, 120, 401)})
BRUISES = st.lists(st.sampled_from([3, 30]), max_size=2).map(
    lambda sizes: [{"place": f"p{number}", "size": size} for number, size in enumerate(sizes)]
)
BESIDES = {"healed": st.sampled_from(["2026-02", "2026-03", "2026-05-01"]), "bruises": BRUISES}
HURT = st.fixed_dictionaries({"fell": DAYS, "hurt": st.just(True), "where": st.just("arm")}, optional=BESIDES)
UNHURT = st.fixed_dictionaries({"fell": DAYS, "hurt": st.just(False)}, optional=BESIDES)
WRONG = st.fixed_dictionaries({"fell": DAYS, "hurt": st.just(False), "where": st.just("leg")})
FALLS = st.one_of(HURT, HURT, UNHURT, UNHURT, WRONG)
SUMMARIES = st.fixed_dictionaries({"content": st.booleans()}, optional={"why": mostly(["the arm", "the knee"], " ")})
ANSWERS = {"weight": WEIGHTS, "fall": FALLS, "summary": SUMMARIES}
NOT_DONE = mostly([None, None], "away", " ")
REASONS = mostly(["misread"], " ")
PEOPLE = st.sampled_from([NURSE, DOCTOR, SURGEON, MANAGER, MONITOR])
SIGNING = mostly([DOCTOR], SURGEON, NURSE)
PICK = st.integers(0, 30)  # which of what there is, counted round
SIGNERS = {"weight": {"treating_clinician"}, "summary": {"treating_clinician", "surgeon"}, "fall": set()}


class Kept:
    """What the model knows of one entry."""

    def __init__(self, seq, form, item, visit, body, by):
        self.seq, self.form, self.place = seq, form, (form, item, visit)
        self.bodies, self.by = [body], by
        self.struck = self.locked = self.verified = False
        self.signed = set()

    @property
    def body(self):
        return self.bodies[-1]

    @property
    def values(self):
        return self.body["values"]

    @property
    def counts(self):
        return not self.struck and self.body["not_done"] is None

    def say(self, body, by):
        self.bodies.append(body)
        self.by, self.signed, self.verified = by, set(), False


class Participant(RuleBasedStateMachine):
    @initialize()
    def randomized(self):
        self.world = course()
        self.on = ON
        self.kept = []
        self.asked = {}  # of the rules: key to number of the query
        self.questions = {}  # of people, and of rules: number to [key, by rule, who answered last]
        self.settled = {}  # closed by a person: key to the body it was closed about
        self.closings = []
        self.consenting = True

    # ---- trying a step -------------------------------------------------------------------------

    def attempt(self, legal, step, *, by, asks=False, **given):
        """Take a step that must be refused unless it is legal; the entry it made, None if it was refused."""
        before = self.world
        try:
            self.world = before.after(step, on=self.on, by=by, **given)
        except Refusal as refusal:
            assert not legal, f"refused, and should not be: {refusal}"
            assert refusal.reason
            assert refusal.clause
            return None
        assert legal, f"{step.__name__} was taken, and should be refused: {given}"
        made = list(self.world.history.entries[len(before.history.entries) :])
        if not asks:
            assert len(made) == 1
        self.made = made[1:]
        return made[0]

    def pick(self, number, among):
        return among[number % len(among)] if among else None

    # ---- forms ---------------------------------------------------------------------------------

    def complaints(self, form, values, not_done):
        """Whether a form may not be taken with these answers."""
        if not_done is not None:
            return not not_done.strip() or bool(values)
        if form == "weight":
            return not 1 <= values["weight"] <= 400 or values["weighed"] > self.on.isoformat()
        if form == "fall":
            return (
                values["hurt"] != ("where" in values)
                or values["fell"] > self.on.isoformat()
                or ("healed" in values and self.latest(values["healed"]) < values["fell"])
            )
        return self.hurt != ("why" in values) or not values.get("why", "x").strip()

    @staticmethod
    def latest(text):
        return {"2026-02": "2026-02-28", "2026-03": "2026-03-31"}.get(text, text)

    @property
    def hurt(self):
        return any(one.counts and one.form == "fall" and one.values["hurt"] for one in self.kept)

    @rule(
        data=st.data(),
        form=st.sampled_from(sorted(ANSWERS)),
        visit=VISITS,
        not_done=NOT_DONE,
    )
    def enter(self, data, form, visit, not_done):
        values = {} if not_done is not None else data.draw(ANSWERS[form])
        visit = visit if form == "weight" else None
        item = str(1 + sum(one.form == "fall" for one in self.kept)) if form == "fall" else "1"
        taken = any(one.place == (form, item, visit) and not one.struck for one in self.kept)
        legal = not taken and not self.complaints(form, values, not_done)
        given = Given(form, values, visit=visit, not_done=not_done)
        entry = self.attempt(legal, steps.enter, by=NURSE, subject=self.world.subject, given=given, asks=True)
        if entry is not None:
            self.kept.append(Kept(entry.seq, form, item, visit, entry.body, NURSE.user))
            assert entry.body["values"] == values
            self.rules_ask()

    @precondition(lambda self: self.kept)
    @rule(data=st.data(), number=PICK, not_done=NOT_DONE, reason=REASONS, by=st.sampled_from([NURSE, DOCTOR]))
    def correct(self, data, number, not_done, reason, by):
        one = self.pick(number, self.kept)
        self.corrected(one, {} if not_done is not None else data.draw(ANSWERS[one.form]), not_done, reason, by)

    @precondition(lambda self: self.settled)
    @rule(number=PICK, weight=st.sampled_from([39, 45, 121, 130, 131]), day=DAYS)
    def say_otherwise_what_somebody_accepted(self, number, weight, day):
        place = self.pick(number, sorted(key[0] for key in self.settled if key[0][0] == "weight"))
        for one in self.kept:
            if one.place == place and not one.struck:
                self.corrected(one, {"weighed": day, "weight": weight}, None, "misread", NURSE)

    def corrected(self, one, values, not_done, reason, by):
        same = values == one.values and not_done == one.body["not_done"]
        before, one.struck = one.struck, True  # what it says itself does not speak for or against it
        wrong = self.complaints(one.form, values, not_done)
        one.struck = before
        legal = not (one.struck or one.locked or wrong or same) and bool(reason.strip())
        given = Given(one.form, values, not_done=not_done)
        entry = self.attempt(legal, steps.correct_form, by=by, seq=one.seq, given=given, reason=reason, asks=True)
        if entry is not None:
            one.say(entry.body, by.user)
            self.rules_ask()

    @precondition(lambda self: self.kept)
    @rule(number=PICK)
    def strike(self, number):
        one = self.pick(number, self.kept)
        given = {"subject": self.world.subject, "seq": one.seq, "reason": "another person's"}
        entry = self.attempt(not (one.struck or one.locked), steps.strike, by=NURSE, **given, asks=True)
        if entry is not None:
            one.say(entry.body, NURSE.user)
            one.struck = True
            self.rules_ask()

    # ---- marks ---------------------------------------------------------------------------------

    @precondition(lambda self: self.kept)
    @rule(numbers=st.lists(PICK, min_size=1, max_size=2), by=SIGNING, stale=mostly([False], True))
    def sign(self, numbers, by, stale):
        chosen = {one.seq: one for one in (self.pick(number, self.kept) for number in numbers)}
        shown = {seq: "0" * 64 if stale else self.world.shown(seq)[seq] for seq in chosen}
        legal = not stale and all(
            not one.struck and by.role in SIGNERS[one.form] and by.user not in one.signed for one in chosen.values()
        )
        entry = self.attempt(legal, steps.sign_forms, by=by, subject=self.world.subject, shown=shown, asks=True)
        if entry is not None:
            assert entry.body["entries"] == [{"seq": seq, "digest": digest} for seq, digest in shown.items()]
            for one in chosen.values():
                one.signed.add(by.user)
            self.rules_ask()

    @precondition(lambda self: self.kept)
    @rule(number=PICK, by=PEOPLE)
    def verify(self, number, by):
        one = self.pick(number, self.kept)
        legal = not (one.struck or one.verified or one.by == by.user)
        given = {"subject": self.world.subject, "shown": self.world.shown(one.seq)}
        if self.attempt(legal, steps.verify_source, by=by, **given):
            one.verified = True

    @precondition(lambda self: self.kept)
    @rule(number=PICK)
    def lock(self, number):
        one = self.pick(number, self.kept)
        unsigned = one.counts and SIGNERS[one.form] and not one.signed
        questioned = any(key[0] == one.place for key, _, _ in self.questions.values())
        legal = not (one.struck or one.locked or unsigned or questioned)
        if self.attempt(legal, steps.lock_forms, by=MANAGER, subject=self.world.subject, seqs=[one.seq]):
            one.locked = True

    @precondition(lambda self: self.kept)
    @rule(number=PICK, reason=REASONS)
    def unlock(self, number, reason):
        one = self.pick(number, self.kept)
        given = {"subject": self.world.subject, "seqs": [one.seq], "reason": reason}
        if self.attempt(
            one.locked and not one.struck and bool(reason.strip()), steps.unlock_forms, by=MANAGER, **given
        ):
            one.locked = False

    # ---- queries -------------------------------------------------------------------------------

    def doubts(self):
        """What the three forms ask, by heart: (place, field, check)."""
        found = set()
        for one in self.kept:
            if one.counts:
                found |= {(one.place, path, check) for path, check in getattr(self, f"_{one.form}")(one.values)}
        return found

    def _weight(self, values):
        if not 40 <= values["weight"] <= 120:
            yield "weight", "range weight"
        if values["weighed"] < ON.isoformat():
            yield "weighed", "W1"
        if values["weight"] < 50 and self.hurt:
            yield "weight", "W2"

    def _fall(self, values):
        for row, bruise in enumerate(values.get("bruises", ()), start=1):
            if bruise["size"] > 20:
                yield f"bruises.{row}.size", f"range bruises.{row}.size"
        unhealed = values["hurt"] and "healed" not in values
        if unhealed and (self.on - date.fromisoformat(values["fell"])).days > 60:
            yield "healed", "F2"

    def _summary(self, values):
        if self.hurt != ("why" in values):
            yield "why", "fault"

    def rules_ask(self):
        """The queries that the last step must have opened and closed by itself."""
        doubts = self.doubts()
        closed = {key for key in self.asked if key not in doubts}
        opened = {key for key in doubts if key not in self.asked and not self.is_settled(key)}
        made = {"query_opened": {}, "query_closed": {}}
        for entry in self.made:
            body = entry.body
            assert entry.subject == self.world.subject
            made[entry.kind][entry.seq] = body
        assert {
            ((b["form"], b["item"], b["visit"]), b["path"], b["check"]) for b in made["query_opened"].values()
        } == opened
        assert {b["query"] for b in made["query_closed"].values()} == {self.asked[key] for key in closed}
        assert all(b["how"] == "data agree" for b in made["query_closed"].values())
        for key in closed:
            self.close(self.asked.pop(key))
        for seq, b in made["query_opened"].items():
            key = (b["form"], b["item"], b["visit"]), b["path"], b["check"]
            self.asked[key] = seq
            self.questions[seq] = [key, True, None]
            self.settled.pop(key, None)

    def is_settled(self, key):
        return key in self.settled and self.settled[key] == self.body_at(key[0])

    def body_at(self, place):
        return next((one.body for one in self.kept if one.place == place and not one.struck), None)

    def close(self, seq):
        del self.questions[seq]
        self.closings.append(seq)

    @rule(days=st.sampled_from([1, 30]))
    def time_passes(self, days):
        self.on += timedelta(days=days)

    @rule()
    def look_again(self):
        """Reconciling may have nothing to add, so it is not one entry like the other steps."""
        before = self.world
        self.world = before.after(steps.settle_queries, on=self.on, by=MANAGER, subject=before.subject)
        self.made = list(self.world.history.entries[len(before.history.entries) :])
        self.rules_ask()

    @rule(form=st.sampled_from(sorted(ANSWERS)), visit=st.none() | VISITS, text=mostly(["So?"], ""))
    def question(self, form, visit, text):
        legal = (form == "weight") == (visit is not None) and bool(text)
        doubt = DoubtAt(form, "1", visit, "", "", text)
        entry = self.attempt(legal, steps.open_query, by=MONITOR, subject=self.world.subject, asked=doubt)
        if entry is not None:
            self.questions[entry.seq] = [(doubt.place, "", ""), False, None]

    @rule(number=PICK, by=PEOPLE)
    def answer(self, number, by):
        seq = self.pick(number, [*self.questions, *self.closings, 1])
        if self.attempt(seq in self.questions, steps.answer_query, by=by, query=seq, text="as in the chart"):
            self.questions[seq][2] = by.user

    @rule(number=PICK, by=PEOPLE, how=mostly(["withdrawn"], "answered", "data agree"))
    def close_by_hand(self, number, by, how):
        seq = self.pick(number, [*[*self.questions] * 3, *self.closings, 1])
        key, by_rule, answered = self.questions.get(seq, [None, False, None])
        legal = key is not None and (how == "withdrawn" or (how == "answered" and answered not in (None, by.user)))
        given = {"query": seq, "how": how, "reason": "looked at"}
        if self.attempt(legal, steps.close_query, by=by, **given):
            self.close(seq)
            if by_rule:
                del self.asked[key]
                self.settled[key] = self.body_at(key[0])

    @rule()
    def withdraw(self):
        given = {"subject": self.world.subject, "reason": None}
        if self.attempt(self.consenting, steps.withdraw_consent, by=NURSE, **given):
            self.consenting = False

    # ---- what holds after every step -----------------------------------------------------------

    @invariant()
    def entries_are_what_the_model_keeps(self):
        for entry, one in zip(self.world.entries, self.kept, strict=True):
            assert (entry.seq, entry.place, entry.struck, entry.counts) == (one.seq, one.place, one.struck, one.counts)
            assert entry.standing.body == one.body

    @invariant()
    def nothing_typed_is_lost(self):
        recorded = [entry.body for entry in self.world.known.entries if entry.kind == "form_entered"]
        kept = [body for one in self.kept for body in one.bodies]
        assert sorted(map(repr, recorded)) == sorted(map(repr, kept))

    @invariant()
    def marks_are_of_what_stands(self):
        for one in self.kept:
            marks = forms.marks_of(self.world.known, one.seq)
            assert {mark.by.user for mark in marks.signatures} == one.signed
            assert (marks.verified is not None, marks.locked is not None) == (one.verified, one.locked)
            for mark in marks.signatures:
                assert {"seq": one.seq, "digest": forms.shown_digest(self.world.entry(one.seq).standing)} in (
                    mark.body["entries"]
                )

    @invariant()
    def queries_are_what_is_asked(self):
        known = self.world.known
        assert {one.seq: one.key for one in quality.open_queries(known)} == {
            seq: question[0] for seq, question in self.questions.items()
        }
        closings = [entry.body["query"] for entry in known.entries if entry.kind == "query_closed"]
        assert sorted(closings) == sorted(self.closings)
        assert len(set(closings)) == len(closings)

    @invariant()
    def statuses_agree(self):
        for status, one in zip(
            quality.statuses(self.world.protocol, self.world.known, self.on), self.kept, strict=True
        ):
            asked = sum(question[0][0] == one.place for question in self.questions.values())
            assert len(status.queries) == (0 if one.struck else asked)
            assert (status.state == "locked") == (one.locked and not one.struck)

    def teardown(self):
        if not hasattr(self, "world"):
            return
        entries = self.world.history.entries
        assert verify(entries) == []
        assert fold(entries).subject(self.world.subject) == self.world.known
        found = verify_record(dump(entries), self.world.protocol)
        assert found.findings == (), found.findings


TestParticipant = Participant.TestCase
TestParticipant.settings = settings(max_examples=40, stateful_step_count=50, deadline=None)
