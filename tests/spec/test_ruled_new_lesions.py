"""New lesions whose certainty the rules know: nodes that grew, and PET, from the form of the scan to the response."""

import pytest

from evenhand.conduct import quality
from evenhand.conduct.lesions import lesion_list, ruled, scans
from evenhand.conduct.response import evaluation, response_doubts
from evenhand.record import dump
from evenhand.refusal import Refusal
from evenhand.replay import verify_record
from tests.response_help import LIVER, followed, month, proposed
from tests.spec import recist_table as tables

PROGRESSED, OPEN, STABLE = ("PD", False), ("SD", True), ("SD", False)  # the overall response, whether it is provisional
AT = {"unequivocal": PROGRESSED, "equivocal": OPEN, "no": STABLE}  # of a scan on which nothing else has changed
CODE = {"none": "not_done"}


def node(smallest, now, **more):
    return {"lesion": "N1", "site": "distant_node", "certainty": "by_rule", "grew_from": smallest, "size": now, **more}


def uptake(before, now, by_ct, **more):
    codes = {"pet_before": before, "pet": now, "by_ct": by_ct.replace(" ", "_")}
    told = {name: CODE.get(code, code) for name, code in codes.items()}
    return {"lesion": "P1", "site": "lung", "certainty": "by_rule", **told, **more}


def scanned(*new, on=None, person=None):
    return (person or followed("usual", LIVER)).scanned(on or month(3), {"M1": LIVER["size"]}, new=new)


def read(person):
    point = evaluation(*person.about).points[-1].point
    return point.overall, point.provisional


def reasons(person):
    return " ".join(evaluation(*person.about).points[-1].reasons)


# ---- the rules, by the vectors of the engine ---------------------------------------------------

NODES = [row for row in tables.body(tables.NODES) if float(row[0]) < 10]  # the form takes no other as normal
POSITIVE = [row for row in tables.body(tables.PET) if row[1] == "positive"]
OTHERS = [row for row in tables.body(tables.PET) if row[1] != "positive"]


@pytest.mark.parametrize(("smallest", "now", "new"), NODES)
def test_a_node_that_was_normal_and_grew(smallest, now, new):
    person = scanned(node(smallest, now))
    assert read(person) == AT[new]
    assert f"a lymph node of {smallest} mm that is {now} mm now" in reasons(person)


@pytest.mark.parametrize(("before", "now", "by_ct", "new"), POSITIVE)
def test_an_uptake_on_pet(before, now, by_ct, new):
    person = scanned(uptake(before, now, by_ct))
    assert read(person) == AT[new]
    assert f"FDG-PET positive, at baseline {'not done' if before == 'none' else before}" in reasons(person)


@pytest.mark.parametrize(("before", "now", "by_ct", "new"), OTHERS)
def test_a_pet_that_is_not_positive_says_nothing(before, now, by_ct, new):
    with pytest.raises(Refusal, match="neither the growth of a node nor a positive PET is described"):
        scanned(uptake(before, now, by_ct))
    assert new == "no"


def test_a_node_that_was_pathological_is_followed_and_is_not_new():
    assert ruled({"grew_from": 10, "size": 30}).certainty == "cleared"


@pytest.mark.parametrize(("one", "other"), [(("9", "11"), "new site"), (("5", "10"), "not seen")])
def test_of_two_rules_the_surer_counts(one, other):
    both = node(*one, **{key: value for key, value in uptake("none", "positive", other).items() if key not in
                         ("lesion", "site")})  # fmt: skip
    assert read(scanned(both)) == PROGRESSED


def test_a_doubtful_node_that_is_confirmed_dates_the_progression_to_the_first_sight():
    person = scanned(node("9", "11"), on=month(3))
    assert proposed(person) is None
    person = scanned(node("9", "15"), on=month(6), person=person)
    assert proposed(person) == (month(3), "proposed", False)


def test_a_doubtful_uptake_at_a_place_that_ct_knew_was_no_progression():
    person = scanned(uptake("none", "positive", "not done"), on=month(3))
    person = scanned(uptake("none", "positive", "known site"), on=month(6), person=person)
    assert (read(person), proposed(person)) == (STABLE, None)


# ---- the reader's own word ---------------------------------------------------------------------

WORDS = [
    (node("9", "11", certainty="unequivocal"), PROGRESSED, "N1 is entered as new beyond doubt; a lymph node of 9 mm"),
    (node("5", "12", certainty="equivocal"), OPEN, "is new beyond doubt by the rules"),
    (uptake("negative", "positive", "not done", certainty="cleared"), STABLE, "P1 is entered as no new lesion"),
    (uptake("none", "positive", "known site", certainty="unequivocal"), PROGRESSED, "is no new lesion by the rules"),
    (node("5", "12", certainty="unequivocal"), PROGRESSED, ""),
    (uptake("none", "positive", "not seen", certainty="equivocal"), OPEN, ""),
    ({"lesion": "X1", "site": "lung", "certainty": "unequivocal"}, PROGRESSED, ""),
    # A PET alone is judged by no rule.
    ({"lesion": "X1", "site": "lung", "certainty": "unequivocal", "pet": "positive"}, PROGRESSED, ""),
]


@pytest.mark.parametrize(("row", "overall", "asked"), WORDS)
def test_the_readers_word_counts_and_is_asked_about_where_the_rules_differ(row, overall, asked):
    person = scanned(row)
    assert read(person) == overall
    said = [one.say for one in response_doubts(*person.about) if one.path == "new_lesions"]
    assert bool(said) is bool(asked)
    assert asked in " ".join(said)
    queries = [one.text for one in quality.open_queries(person.about[1]) if one.path == "new_lesions"]
    assert queries == said, "it is asked at once"


# ---- what the form asks for --------------------------------------------------------------------

REFUSED = [
    ({"certainty": "by_rule"}, "neither the growth of a node nor a positive PET"),
    ({"certainty": "by_rule", "grew_from": "8"}, "neither the growth of a node nor a positive PET"),
    ({"certainty": "by_rule", "size": "12"}, "neither the growth of a node nor a positive PET"),
    ({"certainty": "by_rule", "pet": "negative", "pet_before": "negative"}, "neither the growth"),
    ({"certainty": "by_rule", "pet": "positive"}, "judge a positive PET by the PET at baseline"),
    ({"certainty": "by_rule", "pet": "positive", "pet_before": "not_done"}, "by what CT or MRI shows there"),
]


@pytest.mark.parametrize(("columns", "said"), REFUSED)
def test_nothing_is_left_to_rules_without_what_they_judge_by(columns, said):
    with pytest.raises(Refusal, match=said):
        scanned({"lesion": "X1", "site": "lung", **columns})


def test_a_scan_that_was_entered_before_the_questions_were_asked_reads_as_ever():
    person = scanned({"lesion": "X1", "site": "lung", "certainty": "equivocal", "size": "12"})
    protocol, known = person.about
    assert [(one.certainty, one.rule, one.by_rule) for one in scans(protocol, known)[0].new] == [
        ("equivocal", None, False)
    ]
    assert lesion_list(protocol, known) is not None
    assert verify_record(dump(person.given.history.entries), protocol).findings == ()
