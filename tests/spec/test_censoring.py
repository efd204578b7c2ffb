"""Why somebody is censored, in the words of each endpoint: a reason says what is true of its endpoint."""

import pytest

from evenhand.analysis.outcome import CENSORED
from evenhand.analysis.overall import distant_failure, overall_survival
from tests.analysis_help import answer, begun, died, month, person, progressed
from tests.eligible import PROTOCOL
from tests.response_help import followed
from tests.response_help import month as on
from tests.spec.test_analysis import entered_anyway, outcome

assert PROTOCOL.endpoints is not None
ENDPOINTS = PROTOCOL.endpoints.by_id


def survival(seen):
    return overall_survival(seen, ENDPOINTS["os"], "middle")


def distant(seen):
    return distant_failure(seen, ENDPOINTS["distant_failure"], "middle")


def alive(number, **more):
    return person(alive=month(number), **more)


DECLINED = begun(7, label="follow-up declined")
UNASSESSED = "no adequate assessment after baseline"
NO_EVENT = "followed without an event until"

# endpoint, person, CNSDTDSC, in words
ROWS = [
    (survival, person(until=month(20)), "never seen after randomization", "never seen after randomization"),
    (survival, alive(9, until=month(20)), f"{NO_EVENT} the data cut", "last seen alive"),
    (survival, alive(9, determined=(progressed(8),), until=month(20)), f"{NO_EVENT} the end of follow-up",
     "last seen alive"),
    (survival, alive(35), f"{NO_EVENT} the end of follow-up", "last seen alive"),
    (survival, alive(6, left=DECLINED), "left follow-up without an event", "last seen alive; follow-up declined on"),
    (survival, alive(6, nameless=9), "died on a day of which nothing is known", "died, and of the day"),
    (survival, alive(6, died=died(-1)), "the record contradicts itself", "at randomization: the death is dated"),
    (distant, person(until=month(20)), UNASSESSED, UNASSESSED),
    (distant, person(3, until=month(20)), f"{NO_EVENT} the data cut", "last adequate assessment"),
    (distant, person(3), f"{NO_EVENT} the end of follow-up", "last adequate assessment"),
    (distant, person(3, left=DECLINED), "left follow-up without an event", "last adequate assessment"),
    (distant, person(3, 6, unsigned=progressed(6)), "progression that nobody has determined and signed",
     "last adequate assessment before a progression of 1 Jul 2026 that is not signed"),
    (distant, person(unsigned=progressed(2, basis="proposed")), "progression that nobody has determined and signed",
     "no adequate assessment after baseline before a progression of 1 Mar 2026 that the scans propose"),
    (distant, person(3, 36, 40, unsigned=progressed(40)), f"{NO_EVENT} the end of follow-up", "last adequate"),
    (distant, person(3, nameless=9), "died on a day of which nothing is known", "; died, and of the day nothing"),
    (distant, person(3, determined=(progressed(6),)), "progressed, and where is not recorded", "where is not recorded"),
    (distant, person(3, determined=(progressed(6, distant=False),)), "progressed otherwise before (competing event)",
     "progressed before, and not at a distance"),
    (distant, person(3, died=died(5)), "died before (competing event)", "died before a distant failure"),
    (distant, person(3, determined=(progressed(-1),)), "the record contradicts itself", "a progression is dated"),
    (answer, person(until=month(20)), UNASSESSED, UNASSESSED),
    (answer, person(3, nameless=9), "died on a day of which nothing is known", "; died, and of the day"),
    (answer, person(3, until=month(20)), f"{NO_EVENT} the data cut", "last adequate assessment by the data cut"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("endpoint", "seen", "words", "say"), ROWS, ids=[f"{row[0].__name__} {row[2]}" for row in ROWS]
)
def test_the_reason_in_words(endpoint, seen, words, say):
    found = endpoint(seen)
    assert not found.event
    assert (CENSORED[found.reason][1], say in found.say) == (words, True), found.say
    assert found.seqs


def irradiated():
    return followed("local").irradiated(on(1), on(1, 10), "M1")


def test_a_lesion_that_nobody_looked_at_again():
    found = outcome(irradiated(), until=on(3), endpoint="local_failure")
    assert CENSORED[found.reason][1] == "not assessed since the end of its local treatment"
    assert found.say == "M1: censored 10 Aug 2026, at the end of local treatment: not assessed since"


def test_a_lesion_whose_failure_is_suspected():
    suspected = irradiated().scanned(on(3), {"M1": 15}).scanned(on(6), {"M1": 25})
    found = outcome(suspected, until=on(10), endpoint="local_failure")
    assert (found.event, found.day) == (False, on(3))
    assert CENSORED[found.reason][1] == "local failure suspected, and neither confirmed nor ruled out"
    assert found.say == "M1: censored 1 Oct 2026: last seen controlled; a failure is suspected since 1 Jan 2027"
    (entry,) = (suspected.given.history.entry(seq) for seq in found.seqs)
    assert entry.body["values"]["imaged"] == on(6).isoformat()


def test_a_lesion_that_is_suspected_from_the_first_look_on():
    """Grown before growth may count: neither an event nor a look that shows control."""
    found = outcome(irradiated().scanned(on(2), {"M1": 15}).scanned(on(3), {"M1": 25}), endpoint="local_failure")
    assert (found.day, found.reason) == (on(2), "suspected")


def test_after_a_suspicion_that_is_withdrawn_looks_count_again():
    person = irradiated().scanned(on(3), {"M1": 15}).scanned(on(6), {"M1": 25}).scanned(on(9), {"M1": 15})
    found = outcome(person, until=on(10), endpoint="local_failure")
    assert (found.event, found.day, found.reason) == (False, on(9), "data_cut")


def test_a_look_that_tells_nothing_leaves_a_suspicion_open():
    person = irradiated().scanned(on(3), {"M1": 15}).scanned(on(6), {"M1": 25}).scanned(on(9), {"M1": "present"})
    found = outcome(person, until=on(10), endpoint="local_failure")
    assert (found.day, found.reason) == (on(3), "suspected")


def test_a_lesion_of_somebody_who_died_and_nobody_knows_when():
    person = irradiated().scanned(on(3), {"M1": 15})
    dead = entered_anyway(person, "death", on(5), on(5), cause="unknown")
    found = outcome(dead, until=on(10), endpoint="local_failure")
    assert (found.day, found.reason) == (on(3), "day_unknown")
    assert found.say == "M1: censored 1 Oct 2026: last seen controlled; died, and of the day nothing is known"


def test_each_reason_has_a_number_and_words_of_its_own():
    assert len({number for number, _ in CENSORED.values()}) == len({words for _, words in CENSORED.values()})
    assert len({words for _, words in CENSORED.values()}) == len(CENSORED)
