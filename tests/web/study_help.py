"""A study in which several people were randomized at two sites on two days, and pages told apart by what they say."""

import re
from dataclasses import replace
from datetime import timedelta

from evenhand import steps
from evenhand.facts.wire import fact_json
from evenhand.record import Actor, History
from tests.eligible import PROTOCOL, SECRET, changed
from tests.web.candidate_help import Visitor, address
from tests.web.trial_here import COORDINATOR, NORTH, SOUTH, STUDY, Making, eligible_now

CHANGING = re.compile(r'(name="csrfmiddlewaretoken" value="|name="(?:key|seen)" value=")[^"]*')
RECRUITING = ("coordinator", "treating_clinician", "pathologist", "radiation_oncologist", "surgeon")
WHY = "The chart says ECOG 2"
SITE_BOUND = dict.fromkeys(RECRUITING, NORTH)


def member(role):
    """Somebody who holds one role alone: at the northern site, where the role is held at a site."""
    return Visitor(f"only.{role}", role, SITE_BOUND.get(role))


def randomized_trial(north=3, south=2, wait=timedelta(0)):
    """Candidates of two sites, randomized one after the other; the clock may be put forward in between."""
    making = Making()
    subjects = {NORTH: [], SOUTH: []}
    for site, count in ((NORTH, north), (SOUTH, south)):
        for _ in range(count):
            subject = making.candidate("registered", site)
            by = Actor(COORDINATOR.user, "coordinator", site)
            making.take(steps.randomize, by, subject=subject, secret=SECRET, on=making.at.date())
            subjects[site].append(subject)
        making.at += wait
    return making, subjects


def turned_away(making, site=NORTH):
    """One more candidate, who fails a criterion."""
    who = eligible_now()
    worse = changed("ecog", 4, str(who.facts["ecog"][0].date))
    return making.candidate("screened", site, replace(who, facts={**who.facts, "ecog": (worse,)}))


def corrected(making, subject):
    """ECOG put right by the data manager, the Karnofsky status left out; gives the numbers of both entries."""
    entry = making.history.subject(subject).entries[0]
    facts = [given for given in entry.body["facts"] if given["fact"] not in ("ecog", "estrogen_receptor")]
    facts.append(fact_json(changed("ecog", 2, str(making.at.date() - timedelta(days=10)))))
    by = Actor("dana", "data_manager", NORTH)
    making.take(steps.correct, by, seq=entry.seq, body={"facts": facts}, reason=WHY, on=making.at.date())
    return entry.seq, making.history.head.seq


def with_other_arms(history):
    """The same record, had every allocation come out as the other arm. Nothing else differs."""
    one, two = (arm.id for arm in PROTOCOL.arms)
    other = {one: two, two: one}
    entries = [
        replace(entry, body={**entry.body, "arm": other[str(entry.body["arm"])]})
        if entry.kind == "randomized"
        else entry
        for entry in history.entries
    ]
    return History(history.study).extend(entries)


def shown(answer):
    """A page without what changes from one look to the next."""
    return CHANGING.sub(r"\1", answer.content.decode())


__all__ = ["NORTH", "RECRUITING", "SOUTH", "STUDY", "Visitor", "address", "member"]
