"""Made-up comparisons for tests of efficacy: cases from a few words, and an analysis of made-up people.

The people of an analysis have the real record of one participant, under a name, an arm and strata of their own; their
outcomes are given.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import product

from evenhand.analysis import Analysed, Analysis, Cut, Outcome, Participant, Seen
from evenhand.analysis.efficacy.arms import Arms
from evenhand.analysis.efficacy.cases import Case, Cases
from evenhand.analysis.populations import Membership
from evenhand.protocol import as_versions
from evenhand.record import History
from tests.conduct_help import RANDOMIZED_ON, participant
from tests.eligible import PROTOCOL
from tests.retelling import randomized_as

ARMS = Arms(("usual", "local"), ("Control", "Experimental"))
STRATA = tuple(product(("positive", "negative"), ("one_to_three", "four_to_five")))


def case(arm, days, event=1, subject="", stratum=("a",), item=""):
    """Somebody, or a lesion: ``event`` 1, 0 for censored, 2 for a competing event."""
    reason = {0: "data_cut", 1: "progression", 2: "death"}[event]
    return Case(subject, arm, days, event == 1, event == 2, reason, stratum, (days,), item)


def made(*rows, arms=ARMS):
    """Cases from (arm, days, event) or (arm, days, event, stratum), each a person of a name of its own."""
    found = []
    for number, (arm, days, event, *more) in enumerate(rows):
        stratum = tuple(more) or ("a",)
        found.append(case(arm, days, event, f"P-{number}", stratum))
    return Cases(arms, tuple(found))


def table_of(table):
    """The printed table: a tuple of texts by the id of the row."""
    return {row.id: tuple(cell.text for cell in row.cells) for row in table.rows}


def value(table, row, column=0, name="estimate"):
    """One number of a table at full precision."""
    (found,) = (one for one in table.rows if one.id == row)
    return dict(found.cells[column].values).get(name)


def outcome(subject, endpoint, days, event, reason, estimand="primary", item=""):
    day = RANDOMIZED_ON + timedelta(days=days - 1)
    return Outcome(subject, endpoint, estimand, RANDOMIZED_ON, day, event, reason, "made up", (7,), item=item)


@cache
def _template():
    return participant("usual")


def known_as(subject, arm, levels):
    """The record of the one participant under another name, in an arm and strata."""
    factors = [factor.id for factor in PROTOCOL.randomization.strata]
    known = _template().known
    said = {"arm": arm, "levels": dict(zip(factors, levels, strict=True))}
    return replace(known, subject=subject, standing=randomized_as(known.standing, lambda _: said))


def somebody(subject, arm, days, event, levels=STRATA[0], *, protocol=PROTOCOL, reason="", **otherwise):
    """A made-up person of the shipped study: one outcome of the primary endpoint under every estimand.

    Otherwise: ``outcomes`` of other endpoints, the arm that the person was ``treated`` in, the populations that the
    person is ``excluded`` from.
    """
    more, treated = otherwise.get("outcomes", ()), otherwise.get("treated", arm)
    excluded = otherwise.get("excluded", ())
    endpoints = protocol.endpoints
    pfs = endpoints.by_id["pfs"]
    why = reason or ("progression" if event else "data_cut")
    outcomes = [outcome(subject, "pfs", days, event, why, one.id) for one in pfs.estimands]
    members = [
        Membership(name, name not in excluded, None if name in excluded else treated, ())
        if name != "intention_to_treat"
        else Membership(name, True, arm, ())
        for name in endpoints.populations
    ]
    seen = Seen(subject, RANDOMIZED_ON, 1, date(2030, 1, 1), date(2029, 7, 1))
    person = Participant(protocol, known_as(subject, arm, levels))
    return Analysed(person, seen, (*outcomes, *more), tuple(members), ())


def analysis_of(people, *, protocol=PROTOCOL, effective=date(2030, 1, 1), history=None):
    """The analysis of made-up people."""
    moment = datetime.combine(effective, time(23, 59), UTC)
    found = Cut(as_versions(protocol), history or _template().history, effective, moment)
    return Analysis(found, protocol, protocol.endpoints, tuple(people))


def trial(events=(60, 40), people=(80, 80), *, every=9, protocol=PROTOCOL, **more):
    """A made-up trial: so many events and people in the control and the experimental arm, spread over time."""
    found = []
    for place, arm in enumerate(("usual", "local")):
        for number in range(people[place]):
            event = number < events[place]
            days = 40 + every * number + 5 * place if event else 1100
            levels = STRATA[number % 4]
            found.append(somebody(f"{arm}-{number}", arm, days, event, levels, protocol=protocol))
    return analysis_of(found, protocol=protocol, **more)


def empty():
    """Nobody is randomized yet."""
    return analysis_of((), history=History(PROTOCOL.study))
