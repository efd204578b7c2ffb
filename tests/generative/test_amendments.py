"""Amendments under any order of events: nobody goes back, and a record replays exactly where its steps were legal.

The reference is written from the rules alone: it reads the raw entries, and knows the versions as a table.
"""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand import steps
from evenhand.enrollment import reconsent_list
from evenhand.record import Event, append, dump
from evenhand.refusal import Refusal
from evenhand.replay import verify_record
from tests.amended import ADMINISTRATOR, SECRET, SITES, Amended, at_site, versions_in

CONSENTS = {"v1": {"1"}, "v2": {"1"}, "v3": {"2"}, "v4": {"2", "3"}}  # what counts for each version
PLACES = (*SITES, "late")
ACTS = st.one_of(
    st.tuples(st.just("adopt"), st.sampled_from(PLACES), st.sampled_from(("v1", "v2", "v3", "v4", "v5"))),
    st.tuples(st.just("screen"), st.sampled_from(PLACES), st.none()),
    st.tuples(st.just("consent"), st.integers(0, 3), st.sampled_from((None, None, "0.9", "1", "2", "3"))),
    st.tuples(st.just("withdraw"), st.integers(0, 3), st.none()),
    st.tuples(st.just("register"), st.integers(0, 3), st.none()),
    st.tuples(st.just("randomize"), st.integers(0, 3), st.none()),
    st.tuples(st.just("open"), st.just("late"), st.sampled_from((None, None, "v1", "v3"))),
    st.tuples(st.just("later"), st.integers(1, 2), st.none()),
)


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    return versions_in(tmp_path_factory.mktemp("amended"))


@dataclass
class Life:
    """A trial in which things happen, legal or not; ``refused`` keeps what an illegal adoption would have recorded."""

    trial: Amended
    people: list
    refused: list

    def happens(self, act, what, more):
        if act == "later":
            self.trial.later(what)
            return
        if act in ("adopt", "screen", "open"):
            getattr(self, act)(what, more)
        elif what < len(self.people):
            getattr(self, act)(self.people[what], more)

    def adopt(self, site, version):
        try:
            self.trial.adopt(site, version)
        except Refusal:
            known = self.trial.versions.named(version)
            body = {"site": site, "version": version, "digest": known.digest if known else "0" * 64}
            self.refused.append((self.trial.history, self.trial.at, body))

    def open(self, site, version):
        if site not in self.trial.history.state.sites and (version is None or version in self._adopted()):
            self.trial.opened(site, version=version)

    def _adopted(self):
        return {one.version for one in self.trial.history.state.adoptions}

    def screen(self, site, _):
        if site in self.trial.history.state.sites and len(self.people) < 4:
            self.people.append(self.trial.signed(self.trial.screened(site)))

    def consent(self, subject, version):
        self.trial.consented(subject, version=version)

    def withdraw(self, subject, _):
        self._tried(steps.withdraw_consent, subject, reason=None)

    def register(self, subject, _):
        self._tried(steps.register, subject)

    def randomize(self, subject, _):
        self._tried(steps.randomize, subject, secret=SECRET)

    def _tried(self, step, subject, **more):
        known = self.trial.history.subject(subject)
        try:
            self.trial.take(step, at_site(known.site), subject=subject, **more)
        except Refusal as refusal:
            current, own = adopted_at(self.trial, known.site)[-1], follows(self.trial, subject)
            if step in (steps.register, steps.randomize) and own != current and known.consents:
                assert refusal.clause in ("amendment", "registration", "randomization"), refusal


# ---- the reference -----------------------------------------------------------------------------


def adopted_at(trial, site):
    """The versions of a site in their order, from the raw entries."""
    found = []
    for entry in trial.history.about_study.entries:
        if entry.kind == "study_activated" and site in entry.body["sites"]:
            found.append(entry.body["protocol_version"])
        elif entry.kind in ("site_opened", "version_adopted") and entry.body["site"] == site:
            found.append(entry.body["version"])
    return found


def follows(trial, subject):
    entries = trial.history.subject(subject).entries
    adopted = adopted_at(trial, entries[0].by.site)
    said = {entry.body["version"] for entry in entries if entry.kind == "consented"}
    return next((one for one in reversed(adopted) if said & CONSENTS[one]), adopted[-1])


def to_ask(trial, subject):
    """Whether a consent holds today, but none that counts for the site's version; a withdrawal ends all before it."""
    entries = trial.history.subject(subject).entries
    holding = set()
    for entry in entries:
        if entry.kind == "consented":
            holding.add(entry.body["version"])
        elif entry.kind == "consent_withdrawn":
            holding.clear()
    return bool(holding) and not holding & CONSENTS[adopted_at(trial, entries[0].by.site)[-1]]


# ---- the properties ----------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(acts=st.lists(ACTS, min_size=4, max_size=22), start=st.sampled_from(("v1", "v1", "v2")))
def test_nobody_goes_back_and_everything_legal_replays(versions, acts, start):
    life = Life(Amended(versions, start), [], [])
    before = {}
    for act in acts:
        allocations = life.trial.history.allocations
        life.happens(*act)
        assert life.trial.history.allocations[: len(allocations)] == allocations
        for subject in life.people:
            now = life.trial.follows(subject)
            assert now == follows(life.trial, subject)
            if life.trial.history.subject(subject).consents:
                assert now >= before.get(subject, now), "whoever consented never goes back"
                before[subject] = now if CONSENTS[now] & _said(life, subject) else before.get(subject, "v0")
    today = life.trial.today
    asked = {one.subject for one in reconsent_list(versions, life.trial.history, today)}
    assert asked == {subject for subject in life.people if to_ask(life.trial, subject)}
    found = verify_record(dump(life.trial.history.entries), versions, secret=SECRET)
    assert found.findings == ()
    _illegal_adoptions_are_found(life, versions)


def _said(life, subject):
    return {given.version for given in life.trial.history.subject(subject).consents}


def _illegal_adoptions_are_found(life, versions):
    for history, at, body in life.refused[:2]:
        event = Event("version_adopted", None, at.date(), body, reason="approved")
        forged = history.extend(append(history, [event], by=ADMINISTRATOR, at=at))
        findings = verify_record(dump(forged.entries), versions, secret=SECRET).findings
        assert [one.seq for one in findings] == [len(forged.entries)], body
