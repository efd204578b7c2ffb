"""Adverse events: serious, related, emergent, acute or late; and what of an entry is refused."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from evenhand.conduct import safety
from evenhand.conduct.safety.radiation import when_of
from evenhand.logic import NO, YES, Unknown
from evenhand.refusal import Refusal
from tests.conduct_help import participant
from tests.safety_help import SERIOUS, TODAY, doubts, event, events, irradiated, the_event

NONE_MET = SERIOUS | {"important": "no"}


# ---- the event itself ---------------------------------------------------------------------------


def test_an_event_has_its_term_its_worst_grade_and_its_relations():
    who = event(
        grades="2026-08-10 1, 2026-08-20 3, 2026-09-01 2", attribution="chemotherapy probable, disease unlikely"
    )
    found = the_event(who)
    assert (found.name, found.term.soc, found.grade) == (
        "Fatigue",
        "General disorders and administration site conditions",
        3,
    )
    assert found.relations == {"chemotherapy": "probable", "disease": "unlikely"}
    assert [one.grade for one in found.course] == [1, 3, 2]
    assert found.version == "5.0"


def test_a_correction_of_the_same_item_is_the_same_event():
    who = event(grades="1")
    course = [{"day": "2026-08-10", "grade": "1"}, {"day": "2026-09-10", "grade": "2"}]
    rated = [{"intervention": "disease", "relation": "possible"}]
    given = {"term": "fatigue ", "onset": "2026-08-10", "outcome": "recovering", "serious": "no"}
    who = who.corrected(
        the_event(who).entry.seq,
        "adverse_event",
        reason="it became worse",
        on=TODAY,
        course=course,
        attribution=rated,
        **given,
    )
    assert (the_event(who).item, the_event(who).grade, the_event(who).name) == ("1", 2, "Fatigue")


def test_the_worst_grade_of_each_term():
    who = event(event(grades="3", ended="2026-08-12"), onset="2026-10-01", grades="1", term="Fatigue")
    who = event(who, term="Nausea", grades="2")
    assert safety.by_term(events(who)) == {"Fatigue": 3, "Nausea": 2}


# ---- serious ------------------------------------------------------------------------------------

SERIOUSNESS = [
    ({"serious": "no"}, "2", NO, ()),
    ({"serious": "no"}, "4", NO, ()),  # severity is another thing
    ({**NONE_MET}, "4", NO, ()),
    ({**NONE_MET, "death": "yes", "outcome": "fatal"}, "5", YES, ("death",)),
    ({"serious": "no", "outcome": "fatal", "term": "Heart failure"}, "5", YES, ("death",)),  # grade 5 is death
    ({**NONE_MET, "life_threatening": "yes"}, "1", YES, ("life_threatening",)),
    ({**NONE_MET, "disability": "yes"}, "3", YES, ("disability",)),
    ({**NONE_MET, "congenital": "yes"}, "3", YES, ("congenital",)),
    ({**NONE_MET, "important": "yes"}, "1", YES, ("important",)),
    ({**NONE_MET, "hospitalized": "yes", "planned_admission": "no"}, "2", YES, ("hospitalized",)),
    # a planned admission is none, a stay that the event prolonged is
    ({**NONE_MET, "hospitalized": "yes", "planned_admission": "yes"}, "2", NO, ()),
    ({**NONE_MET, "hospitalized": "yes", "planned_admission": "yes", "prolonged": "yes"}, "2", YES, ("prolonged",)),
]


@pytest.mark.parametrize(("typed", "grades", "serious", "met"), SERIOUSNESS)
def test_serious(typed, grades, serious, met):
    found = the_event(event(grades=grades, **({"term": "Heart failure"} | typed)))
    assert safety.serious(found) is serious
    assert safety.criteria_met(found) == met


def test_a_criterion_without_an_answer_leaves_it_open():
    who = participant("local")
    given = {name: value for name, value in NONE_MET.items() if name != "disability"}
    who = event(who, unless={"disability": "not known yet"}, **given)
    answer = safety.serious(the_event(who))
    assert isinstance(answer, Unknown)
    assert "Lasting or severe disability: not recorded" in str(answer.reasons[0])


# ---- related ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribution", "concerned", "given", "expected"),
    [
        ("chemotherapy possible", {"chemotherapy"}, set(), YES),
        ("chemotherapy definite", {"chemotherapy"}, set(), YES),
        ("chemotherapy unlikely", {"chemotherapy"}, set(), NO),
        ("chemotherapy unrelated", {"chemotherapy"}, set(), NO),
        ("chemotherapy possible", {"surgery"}, set(), NO),  # not given, not rated
        ("chemotherapy possible", {"surgery"}, {"surgery"}, "not rated: Surgery of the primary and the axilla"),
        ("chemotherapy possible", {"surgery", "chemotherapy"}, {"surgery"}, YES),
        ("disease definite", {"surgery", "chemotherapy"}, set(), NO),
    ],
)
def test_related_from_possible_on_and_unknown_where_what_was_given_is_not_rated(
    attribution, concerned, given, expected
):
    who = event(attribution=attribution)
    answer = safety.suspected(the_event(who), who.protocol.plan.safety, concerned, given)
    if isinstance(expected, str):
        assert expected in str(answer.reasons[0])
    else:
        assert answer is expected


def test_what_was_given_is_read_from_the_forms_up_to_the_day():
    who = irradiated(started="2026-08-01")
    plan = who.protocol.plan.safety
    assert safety.given_by(who.protocol, who.known, plan, date(2026, 7, 31)) == set()
    assert safety.given_by(who.protocol, who.known, plan, date(2026, 8, 1)) == {"locoregional_radiation"}


def test_what_the_study_expects_is_a_proposal():
    who = event(term="Dermatitis radiation")
    plan = who.protocol.plan.safety
    assert safety.known_of(the_event(who), plan) == ("locoregional_radiation", "metastasis_radiation")
    assert "Dermatitis radiation" in plan.expected_terms
    assert isinstance(safety.expected(the_event(who)), Unknown)


# ---- new or worse since randomization, which was on 2026-07-01 -----------------------------------


def had(who, **typed):
    return who.entered("baseline_condition", on=TODAY, **({"term": "Fatigue", "onset": "2026-03"} | typed))


EMERGENT = [
    ("2026-07-01", "2", None, YES),
    ("2026-07-02", "2", None, YES),
    ("2026-07-02", "2", {"grade": "1"}, YES),
    ("2026-07-02", "1", {"grade": "1"}, NO),
    ("2026-07-02", "1", {"grade": "2"}, NO),
    ("2026-07-02", "1", {"grade": "2", "term": "Nausea"}, YES),
    ("2026-07-02", "1", {"grade": "2", "ended": "2026-06-20"}, YES),  # it was over
    ("2026-07-02", "1", {"grade": "2", "ended": "2026-07"}, NO),  # it may not have been over
    ("2026-07-02", "1", {}, "the grade at baseline is not recorded"),
    ("2026-07-02", "3", {}, "the grade at baseline is not recorded"),
    ("2026-06-30", "2026-06-30 2", None, NO),
    ("2026-06-30", "2026-06-30 2, 2026-07-01 3", None, YES),
    ("2026-06-30", "2026-06-30 2, 2026-07-05 1", None, NO),
    ("2026-06-30", "2026-07-05 3", None, "the grade before randomization is not recorded"),
    ("2026-07", "2026-07-05 3", None, YES),  # the day of randomization is the first of its month
    ("2026", "2026-07-05 3", None, "a partial date leaves this open"),
]


@pytest.mark.parametrize(("onset", "grades", "condition", "expected"), EMERGENT)
def test_emergent_when_new_or_worse(onset, grades, condition, expected):
    who = participant("local") if condition is None else had(participant("local"), **condition)
    who = event(who, onset=onset, grades=grades if " " in grades else f"2026-07-10 {grades}")
    answer = safety.emergent(who.protocol, who.known, the_event(who))
    if isinstance(expected, str):
        assert isinstance(answer, Unknown)
        assert expected in str(answer.reasons[0])
    else:
        assert answer is expected


def test_other_specify_conditions_are_the_same_only_where_the_words_are():
    other = "Cardiac disorders - Other, specify"
    who = had(participant("local"), term=other, specify="Extra beats", grade="2")
    same = event(who, term=other, specify="extra  BEATS", onset="2026-08-01", grades="2")
    differs = event(who, term=other, specify="a murmur", onset="2026-08-01", grades="2")
    assert safety.emergent(same.protocol, same.known, the_event(same)) is NO
    assert safety.emergent(differs.protocol, differs.known, the_event(differs)) is YES


# ---- acute or late ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((-1, -1), "before"),
        ((0, 0), "acute"),
        ((90, 90), "acute"),
        ((91, 91), "late"),
        ((0, 90), "acute"),
        ((80, 100), "not known"),
        ((-5, 5), "not known"),
        ((91, 400), "late"),
        (None, "not known"),
    ],
)
def test_acute_is_up_to_90_days_from_the_first_fraction(days, expected):
    assert when_of(days, 90) == expected


def test_an_event_is_timed_against_each_course_and_belongs_to_the_most_recent_one():
    who = irradiated(irradiated(started="2026-08-01"), started="2026-12-01", course="R2")
    late = event(who, onset="2026-11-20")
    assert [(one.label, one.when) for one in timed(late)] == [("R1", "late"), ("R2", "before")]
    assert belongs(late) == ("R1", "late")
    acute = event(who, onset="2026-12-01")
    assert [(one.label, one.when) for one in timed(acute)] == [("R1", "late"), ("R2", "acute")]
    assert belongs(acute) == ("R2", "acute")


def test_an_event_before_any_course_belongs_to_none():
    assert safety.after_radiation(*given(event(irradiated(started="2026-08-11")))) is None
    assert safety.after_radiation(*given(event(onset="2026-08-10"))) is None


def test_a_partial_day_may_leave_acute_or_late_open():
    who = event(irradiated(started="2026-08-01"), onset="2026-10", grades="2026-10-10 2")
    assert (timed(who)[0].days, timed(who)[0].when) == ((61, 91), "not known")


def given(who):
    return who.protocol, who.known, the_event(who)


def timed(who):
    return safety.timings(*given(who))


def belongs(who):
    found = safety.after_radiation(*given(who))
    return found.label, found.when


# ---- what is refused ----------------------------------------------------------------------------

REFUSED = [
    ({"term": "Pneumonits"}, "'Pneumonits' is no term of CTCAE 5.0", "such as Pneumonitis"),
    ({"term": "zzzzz"}, "'zzzzz' is no term", "Other, specify"),
    ({"term": "Alopecia", "grades": "3"}, "Alopecia has no grade 3", "Its grades are 1, 2."),
    ({"term": "Heart failure", "grades": "2, 2026-09-01 6"}, "6", ""),
    ({"term": "Eye disorders - Other, specify"}, "needs other words", "Say what it was."),
    ({**SERIOUS, "aware_time": "half past"}, "'half past' is no time of day", "14:05"),
    ({"ended": "2026-08-09"}, "ends before it begins", ""),
    ({"serious": "yes"}, "Day on which the site knew that it was serious is missing", ""),
]


@pytest.mark.parametrize(("typed", "what", "mend"), REFUSED)
def test_an_entry_that_cannot_be_is_refused_with_what_would_be_right(typed, what, mend):
    with pytest.raises((Refusal, AssertionError)) as caught:
        event(**typed)
    assert what in str(caught.value)
    if isinstance(caught.value, Refusal):
        assert mend in caught.value.mend


def test_a_baseline_condition_needs_a_term_and_a_grade_that_exist():
    for typed, what in (({"term": "Tired"}, "no term"), ({"term": "Alopecia", "grade": "3"}, "no grade 3")):
        with pytest.raises(Refusal, match=what):
            had(participant("local"), **typed)


# ---- what is asked ------------------------------------------------------------------------------

ASKED = [
    ({}, []),
    ({**NONE_MET}, [("serious", "criteria")]),
    ({"outcome": "recovered"}, [("ended", "last day")]),
    ({"outcome": "recovered", "ended": "2026-09-01"}, []),
    ({"attribution": "chemotherapy possible, surgery unlikely"}, []),
    ({"term": "Heart failure", "grades": "5", "outcome": "fatal", **SERIOUS, "death": "yes"}, [("course", "death")]),
]


@pytest.mark.parametrize(("typed", "asked"), ASKED)
def test_what_is_asked_about_one_event(typed, asked):
    assert [(path, id_) for _, _, path, id_ in doubts(event(**typed))] == asked


def test_a_recorded_death_answers_the_question():
    who = event(term="Heart failure", grades="5", outcome="fatal", **(SERIOUS | {"death": "yes"}))
    assert doubts(who.entered("death", on=TODAY, died="2026-09-01", cause="treatment")) == []


def test_it_is_asked_how_an_event_relates_to_what_had_been_given():
    who = event(irradiated(started="2026-08-01"), attribution="chemotherapy possible")
    assert doubts(who) == [("adverse_event", "1", "attribution", "relation locoregional_radiation")]
    assert doubts(event(irradiated(started="2026-08-11"))) == []


def test_it_is_asked_why_an_event_relates_to_a_treatment_of_the_other_arm():
    who = event(participant("usual"), attribution="surgery possible")
    assert doubts(who) == [("adverse_event", "1", "attribution", "arm surgery")]
    assert doubts(event(participant("usual"), attribution="surgery unrelated")) == []


@pytest.mark.parametrize(
    ("first", "second", "asked"),
    [
        ({}, {"onset": "2026-09-01"}, True),  # the first one has not ended
        ({"ended": "2026-08-20"}, {"onset": "2026-09-01"}, False),
        ({"ended": "2026-08-20"}, {"onset": "2026-08-15"}, True),
        ({"onset": "2026-09-01"}, {"onset": "2026-08-01"}, True),
        ({"onset": "2026-09-01"}, {"onset": "2026-08-01", "ended": "2026-08-05"}, False),
        ({}, {"onset": "2026-09-01", "term": "Nausea"}, False),
    ],
)
def test_two_events_of_one_kind_at_one_time_are_asked_about(first, second, asked):
    found = doubts(event(event(**first), **second))
    assert found == ([("adverse_event", "2", "term", "twice 1")] if asked else [])


# ---- every combination of answers, against all ways in which the open ones may turn out ----------

CRITERIA = ("death", "life_threatening", "hospitalized", "planned_admission", "prolonged", "important")


def serious_when_all_is_known(answers):
    admitted = answers["hospitalized"] and not answers["planned_admission"]
    others = ("death", "life_threatening", "prolonged", "important")
    return admitted or any(answers[name] for name in others)


def test_seriousness_is_known_exactly_when_what_is_open_cannot_change_it():
    found = the_event(event(**NONE_MET))
    for answers in product((True, False, None), repeat=len(CRITERIA)):
        given = {name: answer for name, answer in zip(CRITERIA, answers, strict=True) if answer is not None}
        missing = [name for name in CRITERIA if name not in given]
        ends = {
            serious_when_all_is_known(given | dict(zip(missing, end, strict=True)))
            for end in product((True, False), repeat=len(missing))
        }
        kept = {name: value for name, value in found.entry.values.items() if name not in CRITERIA}
        answer = safety.serious(replace(found, entry=replace(found.entry, values=kept | given)))
        expected = None if len(ends) == 2 else YES if ends == {True} else NO
        assert answer is expected or (expected is None and isinstance(answer, Unknown)), given
