"""Safety tables: people once at the worst grade, three answers kept apart, the people and entries behind a number."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from evenhand.analysis.safety import happenings, safety_sections
from evenhand.analysis.safety.observed import observed_until
from evenhand.analysis.safety.rates import PER, AtRisk, rate_cell
from evenhand.analysis.tables import Behind, Figure
from evenhand.conduct.safety import adverse_events
from evenhand.oncology.ctcae import VersionsMixed
from tests.conduct_help import RANDOMIZED_ON, participant
from tests.safety_help import SERIOUS, TODAY, event, irradiated
from tests.shared_data import shared
from tests.tables_help import arms_exchanged, check_shape, parts, people, texts, value, world
from tests.treatment_entries import regimen, surgery

CUT = date(2028, 1, 1)


def on_therapy(arm):
    """Somebody on chemotherapy and antibodies since before randomization."""
    return regimen(participant(arm), "2026-03-01", agents=[{"agent": "paclitaxel"}])


RATED = "chemotherapy possible, her2_antibodies unlikely"


def one_of_each():
    """Two of the usual arm, the second without an event; one of the other arm, operated."""
    first = event(on_therapy("usual"), grades="2026-08-10 1, 2026-08-12 3", attribution=RATED, item="1")
    first = event(first, onset="2026-10-01", grades="2", attribution=RATED, item="2")
    first = event(first, term="Nausea", grades="1", attribution="her2_antibodies probable", item="3")
    third = event(surgery(on_therapy("local")), term="Seroma", grades="2", attribution="surgery definite", item="1",
                  **SERIOUS, narrative="Drained twice.")  # fmt: skip
    return world(first, on_therapy("usual"), third, until=CUT)


def tables(analysis, by_arm=True):
    found = parts(*safety_sections(analysis, by_arm=by_arm))
    for one in found.values():
        if not isinstance(one, Figure):
            check_shape(one)
    return found


def seqs(analysis, subject, *items):
    """The entries of some events of a person."""
    (one,) = [one for one in analysis.people if one.person.subject == subject]
    events = adverse_events(one.person.protocol, one.person.known)
    return tuple(each.entry.seq for each in events if each.item in items)


def test_the_overview_counts_people_once_and_names_them():
    analysis = one_of_each()
    overview = tables(analysis)["adverse_events"]
    assert overview.head[1:] == ("Usual approach (n = 2)", "Usual approach plus local therapy (n = 1)", "All (n = 3)")
    rows = texts(overview)
    assert rows["any"] == ["1 (50.0 %)", "1 (100.0 %)", "2 (66.7 %)"]
    assert rows["severe"] == ["1 (50.0 %)", "0 (0.0 %)", "1 (33.3 %)"]
    assert rows["serious"] == ["0 (0.0 %)", "1 (100.0 %)", "1 (33.3 %)"]
    assert rows["fatal"] == ["0 (0.0 %)", "0 (0.0 %)", "0 (0.0 %)"]
    assert rows["related"] == ["1 (50.0 %)", "1 (100.0 %)", "2 (66.7 %)"]
    assert rows["events"] == ["3", "1", "4"]
    assert people(overview, "any", 0) == {"P1": seqs(analysis, "P1", "1", "2", "3")}
    assert people(overview, "severe", 2) == {"P1": seqs(analysis, "P1", "1")}


def test_terms_count_each_person_at_the_worst_grade():
    found = tables(one_of_each())
    side = texts(found["adverse_event_terms"])
    fatigue = "general+disorders+and+administration+site+conditions/fatigue"
    assert side[fatigue] == ["1 (50.0 %)", "1 (50.0 %)", "0 (0.0 %)", "0 (0.0 %)", "1 (33.3 %)", "1 (33.3 %)"]
    usual = found["adverse_event_grades_usual"]
    assert usual.head == ("Class and term", "Any grade", *(f"Grade {n}" for n in range(1, 6)), "Grade 3 or higher")
    nobody = "0 (0.0 %)"
    assert texts(usual)[fatigue] == ["1 (50.0 %)", nobody, nobody, "1 (50.0 %)", nobody, nobody, "1 (50.0 %)"]
    assert [row.label for row in usual.rows] == [
        "Gastrointestinal disorders", "Nausea", "General disorders and administration site conditions", "Fatigue",
    ]  # fmt: skip


def test_other_specify_is_told_apart_by_what_was_written():
    other = "General disorders and administration site conditions - Other, specify"
    who = event(on_therapy("usual"), term=other, specify="Feeling  Odd", item="1")
    who = event(who, term=other, specify="feeling odd", onset="2027-01-01", item="2")
    who = event(who, term=other, specify="thirst", item="3")
    rows = [row.label for row in tables(world(who, until=CUT))["adverse_event_terms"].rows if row.indent]
    assert rows == [f"{other}: feeling odd", f"{other}: thirst"]


NEW = [
    # onset, grades, grade at baseline: counted, not counted, unclear
    ("2026-08-10", "2", None, "1", "0", "0"),
    ("2026-07-01", "2", None, "1", "0", "0"),  # the day of randomization itself
    ("2026-06-01", "2026-06-01 2, 2026-08-01 2", None, "0", "1", "0"),  # there before and no worse
    ("2026-06-01", "2026-06-01 1, 2026-08-01 2", None, "1", "0", "0"),  # worse since
    ("2026-08-10", "2", "2", "0", "1", "0"),  # as it was at baseline
    ("2026-08-10", "3", "2", "1", "0", "0"),
    ("2026-07", "2", None, "1", "0", "0"),  # some day of that month, all on or after the day
    ("2026", "2", None, "1", "0", "1"),  # may have been before: counts, and says so
]


@pytest.mark.parametrize(("onset", "grades", "baseline", "counted", "kept_out", "unclear"), NEW)
def test_what_was_there_before_is_not_counted_and_told(onset, grades, baseline, counted, kept_out, unclear):
    who = on_therapy("usual")
    if baseline:
        who = who.entered("baseline_condition", on=RANDOMIZED_ON, item="1", term="Fatigue", grade=baseline)
    if len(onset) < 10 and " " not in grades:
        grades = f"2026-08-10 {grades}"
    found = tables(world(event(who, onset=onset, grades=grades), until=CUT))
    rows = texts(found["adverse_events"])
    assert rows["any"][0].split(" ")[0] == counted
    assert len([row for row in found["adverse_event_terms"].rows if row.indent]) == int(counted)
    assert (rows["before"][0], rows["unclear"][0]) == (kept_out, unclear)


def test_a_relation_that_was_not_rated_is_unknown_and_not_unrelated():
    who = event(on_therapy("usual"), attribution="disease unlikely")  # chemotherapy and antibodies were given
    found = tables(world(who, event(on_therapy("usual"), attribution=RATED), until=CUT))
    rows = texts(found["adverse_events"])
    assert rows["related"][0] == "1 (50.0 %)"
    assert rows["related/not_recorded"][0] == "1 (50.0 %)"
    by_intervention = texts(found["adverse_event_relations"])
    assert by_intervention["chemotherapy"][:3] == ["1 (50.0 %)", "0 (0.0 %)", "0 (0.0 %)"]
    assert by_intervention["chemotherapy/possible"][0] == "1 (50.0 %)"
    assert by_intervention["chemotherapy/not_recorded"][0] == "1 (50.0 %)"


@pytest.mark.parametrize(
    ("attribution", "related", "open_"),
    [
        ("other definite, chemotherapy unlikely, her2_antibodies unrelated", "0 (0.0 %)", None),
        ("other definite, chemotherapy possible, her2_antibodies unrelated", "1 (100.0 %)", None),
        ("other definite, chemotherapy unlikely", "0 (0.0 %)", "1 (100.0 %)"),
    ],
)
def test_another_cause_is_suspected_of_no_treatment_and_leaves_unknown_what_was_not_rated(attribution, related, open_):
    found = texts(tables(world(event(on_therapy("usual"), attribution=attribution), until=CUT))["adverse_events"])
    assert found["related"][-1] == related
    assert (found["related/not_recorded"][-1] if "related/not_recorded" in found else None) == open_


def test_each_relation_counts_a_person_once_at_the_highest():
    who = event(on_therapy("usual"), attribution="chemotherapy possible", item="1", grades="1")
    who = event(who, term="Nausea", attribution="chemotherapy definite", item="2", grades="1")
    who = event(who, term="Vomiting", attribution="chemotherapy unlikely", item="3", grades="4")
    rows = texts(tables(world(who, until=CUT))["adverse_event_relations"])
    assert rows["chemotherapy/definite"][0] == "1 (100.0 %)"
    assert "chemotherapy/possible" not in rows  # the highest alone
    assert rows["chemotherapy"][1] == "0 (0.0 %)"  # the severe event is not related


def test_seriousness_without_an_answer_is_listed_and_not_counted():
    given = {name: answer for name, answer in SERIOUS.items() if name != "disability"}
    open_ = event(on_therapy("usual"), unless={"disability": "not known yet"}, **{**given, "important": "no"})
    found = tables(world(open_, until=CUT))
    rows = texts(found["adverse_events"])
    assert (rows["serious"][0], rows["serious/not_recorded"][0]) == ("0 (0.0 %)", "1 (100.0 %)")
    (listed,) = found["serious_events"].rows
    assert listed.cells[3].text == "whether it is serious is not recorded"


def test_whoever_surely_had_one_is_not_among_those_of_whom_it_is_not_known():
    given = {name: answer for name, answer in SERIOUS.items() if name != "disability"}
    both = event(on_therapy("usual"), unless={"disability": "not known yet"}, item="1", **{**given, "important": "no"})
    both = event(both, term="Nausea", item="2", **SERIOUS)
    rows = texts(tables(world(both, until=CUT))["adverse_events"])
    assert rows["serious"][0] == "1 (100.0 %)"
    assert "serious/not_recorded" not in rows


def test_serious_events_are_listed_with_what_the_form_tells():
    analysis = one_of_each()
    (row,) = tables(analysis)["serious_events"].rows
    assert row.label == "P3, event 1"
    assert [cell.text for cell in row.cells] == [
        "Seroma, grade 2", "since 10 Aug 2026 (day 41)", "not recovered", "medically important in another way",
        "not recorded", "Usual approach plus local therapy",
        "Surgery of the primary and the axilla (definite), Chemotherapy (not recorded), "
        "Trastuzumab, pertuzumab (not recorded)", "Drained twice.",
    ]  # fmt: skip
    (pooled,) = tables(analysis, by_arm=False)["serious_events"].rows
    assert len(pooled.cells) == 5  # no arm, nothing that names a treatment
    assert not {"surgery", "Drained"} & set(" ".join(cell.text for cell in pooled.cells).split())


def test_where_no_form_tells_what_happened_there_is_no_column_for_it():
    told, silent = tables(one_of_each()), tables(world(event(on_therapy("usual"), **SERIOUS), until=CUT))
    assert told["serious_events"].head[-1] == "What happened" and not told["serious_events"].notes
    assert silent["serious_events"].head[-1] == "Related to"
    assert silent["serious_events"].notes == ("What happened is not written on any of these forms.",)


def test_deaths_by_cause_and_each_with_its_day():
    dead = on_therapy("usual").entered("death", on=TODAY, died="2027-02", cause="other", other_cause="a fall")
    fatal = event(on_therapy("usual"), term="Heart failure", grades="5", outcome="fatal", attribution=RATED,
                  **{**SERIOUS, "death": "yes"})  # fmt: skip
    told = fatal.entered("death", on=TODAY, died="2027-05-01", cause="treatment")
    both = tables(world(told, until=CUT))["deaths"]
    assert (texts(both)["deaths/treatment"][0], texts(both)["unrecorded"][0]) == ("1 (100.0 %)", "0 (0.0 %)")
    found = tables(world(dead, fatal, until=CUT))
    rows = texts(found["deaths"])
    assert rows["deaths"] == rows["deaths/other"] == ["1 (50.0 %)", "0", "1 (50.0 %)"]
    assert people(found["deaths"], "unrecorded", 2).keys() == {"P2"}  # no form of a death: told, and not one of them
    assert people(found["adverse_events"], "fatal", 2).keys() == {"P2"}
    (row,) = found["death_list"].rows
    assert [cell.text for cell in row.cells] == ["Feb 2027", "", "another cause: a fall", "Usual approach"]


def test_acute_and_late_count_from_the_latest_course():
    who = irradiated(irradiated(on_therapy("local"), started="2026-09-01"), started="2027-02-01", course="R2")
    who = event(who, term="Dermatitis radiation", onset="2026-11-30", item="1")  # day 90 of the first
    who = event(who, term="Fatigue", onset="2026-12-01", grades="3", item="2")  # day 91
    who = event(who, term="Nausea", onset="2027-02-01", item="3")  # day 0 of the second
    who = event(who, term="Arthralgia", onset="2026-08-01", item="4")  # before any
    who = event(who, term="Pneumonitis", onset="2026-12", grades="2026-12-20 2", item="5")
    who = event(who, term="Esophagitis", onset="2026-11", grades="2026-11-30 1", item="6")
    found = tables(world(who, on_therapy("local"), until=CUT))["adverse_events_after_radiation"]
    rows = {row.label: [cell.text for cell in row.cells] for row in found.rows}
    yes, no = "1 (100.0 %)", "0 (0.0 %)"
    assert rows == {
        "Dermatitis radiation": [yes, no, no, no],
        "Esophagitis": [yes, no, no, no],
        "Fatigue": [no, no, yes, yes],
        "Nausea": [yes, no, no, no],
        "Pneumonitis": [no, no, yes, no],
    }
    assert found.population == "Safety population, with radiation (n = 1)"


def test_late_events_are_of_whoever_was_observed_for_so_long():
    who = event(irradiated(on_therapy("local"), started="2026-09-01"), onset="2026-09-10")
    for until, late in ((date(2026, 11, 30), 0), (date(2026, 12, 1), 1)):  # day 90 and day 91
        found = tables(world(who, until=until))["adverse_events_after_radiation"]
        assert found.head[3] == f"Late (n = {late}): any grade"


def test_whether_acute_or_late_is_not_known_has_a_column_of_its_own():
    who = irradiated(on_therapy("local"), started="2026-09-15")
    who = event(who, onset="2026-12", grades="2026-12-20 2")  # day 77 to 107
    who = event(who, term="Nausea", onset="2026-09", grades="2026-09-20 1", item="2")  # perhaps before it
    found = tables(world(who, until=CUT))["adverse_events_after_radiation"]
    assert found.head[-2] == "Acute or late is not known: any grade"
    assert [row.label for row in found.rows] == ["Fatigue", "Nausea"]
    assert [row.cells[4].text for row in found.rows] == ["1 (100.0 %)"] * 2


def test_rates_count_the_time_to_the_first_event():
    who = event(on_therapy("usual"), onset="2026-07-31", grades="2026-07-31 1, 2026-08-30 3")
    nobody = on_therapy("usual")
    found = tables(world(who, nobody, until=date(2026, 9, 28)))["adverse_event_rates"]
    assert value(found, "any", 2, "people") == 1
    assert value(found, "any", 2, "years") == pytest.approx((31 + 90) / 365.25, rel=1e-12)
    assert value(found, "severe", 2, "years") == pytest.approx((61 + 90) / 365.25, rel=1e-12)
    assert value(found, "serious", 2, "years") == pytest.approx((90 + 90) / 365.25, rel=1e-12)
    assert people(found, "any", 2) == {"P1": (max(people(found, "any", 2)["P1"]),)}


def test_rates_end_with_death():
    dead = on_therapy("usual").entered("death", on=TODAY, died="2026-07-30", cause="unknown")
    found = tables(world(dead, until=CUT))["adverse_event_rates"]
    assert value(found, "any", 0, "years") == pytest.approx(30 / 365.25, rel=1e-12)


def test_death_ends_observation_also_where_the_study_names_no_endings():
    dead = on_therapy("usual").entered("death", on=TODAY, died="2026-07", cause="unknown")
    (one,) = world(dead, until=CUT).people
    plan = replace(one.person.protocol.plan, schedule=None)
    without = replace(one, person=replace(one.person, protocol=replace(one.person.protocol, plan=plan)))
    assert observed_until(without) == observed_until(one) == date(2026, 7, 31)


def test_rates_are_those_of_r():
    for one in json.loads(shared("statistics/ae_reference.json").read_text())["poisson_rate"]:
        given = AtRisk(tuple(Behind(f"P{n}") for n in range(one["events"])), one["exposure"])
        values = dict(rate_cell(given).values)
        expected = [one["rate"], *one["exact_ci95"]]
        assert [values[name] / PER for name in ("rate", "low", "high")] == pytest.approx(expected, rel=1e-9)


def test_differences_are_listed_from_five_percent_of_an_arm():
    found = tables(one_of_each())["adverse_event_differences"]
    rows = {row.label: row.cells[2].text for row in found.rows if not row.indent}
    assert list(rows) == ["Fatigue", "Nausea", "Seroma"]
    assert rows["Seroma"].startswith("100.0 (")
    assert value(found, found.rows[0].id, 2, "difference") == -0.5


def test_without_arms_nothing_depends_on_anybodys_arm():
    analysis = one_of_each()
    assert safety_sections(analysis, by_arm=False) == safety_sections(arms_exchanged(analysis), by_arm=False)
    for part in tables(analysis, by_arm=False).values():
        assert not part.by_arm
        for arm in analysis.protocol.arms:
            assert arm.label not in str(part)
    assert safety_sections(analysis, by_arm=True) != safety_sections(arms_exchanged(analysis), by_arm=True)


def test_without_arms_interventions_of_one_arm_stay_out():
    pooled = texts(tables(one_of_each(), by_arm=False)["adverse_event_relations"])
    assert "surgery" not in pooled and "chemotherapy" in pooled


def test_the_same_analysis_gives_the_same_sections():
    analysis = one_of_each()
    assert safety_sections(analysis, by_arm=True) == safety_sections(analysis, by_arm=True)


def test_the_order_of_people_changes_no_number():
    analysis = one_of_each()
    first = parts(*safety_sections(analysis, by_arm=True))
    turned = parts(*safety_sections(replace(analysis, people=analysis.people[::-1]), by_arm=True))
    for name in ("adverse_events", "adverse_event_terms", "adverse_event_rates", "adverse_event_relations"):
        assert texts(first[name]) == texts(turned[name])


def test_whoever_was_not_treated_is_not_counted_and_said():
    analysis = world(participant("usual"), event(on_therapy("usual")), until=CUT)
    (first, _) = safety_sections(analysis, by_arm=True)
    assert "1 of 2 randomized are not in this population." in first.says
    empty = world(participant("usual"), until=CUT)
    (first, _) = safety_sections(empty, by_arm=True)
    assert first.says == ("Nobody has been treated since randomization.",)


def test_whoever_counts_in_another_arm_is_named():
    analysis = world(surgery(on_therapy("usual")), until=CUT)
    overview = tables(analysis)["adverse_events"]
    assert overview.head[1:3] == ("Usual approach (n = 0)", "Usual approach plus local therapy (n = 1)")
    assert list(people(overview, "elsewhere", 1)) == ["P1"]


def test_grades_of_several_versions_are_refused_with_the_reason(monkeypatch):
    def refuse(*_):
        raise VersionsMixed("grades of CTCAE 5.0 and 6.0 cannot be pooled")

    monkeypatch.setattr(happenings, "one_version", refuse)
    (only,) = safety_sections(one_of_each(), by_arm=True)
    assert only.says == ("Adverse events are not counted: grades of CTCAE 5.0 and 6.0 cannot be pooled.",)
    assert not only.parts


def test_a_study_without_safety_says_so():
    analysis = one_of_each()
    plan = replace(analysis.protocol.plan, safety=None)
    (only,) = safety_sections(replace(analysis, protocol=replace(analysis.protocol, plan=plan)), by_arm=True)
    assert only.says == ("The study has no safety.yaml, so that nothing is counted here.",)


def test_the_figure_draws_what_its_data_say():
    figure = tables(one_of_each())["adverse_event_grades_figure"]
    head, *rows = figure.data
    assert head == ("term", "group", "grade", "people", "of")
    assert ("Fatigue", "Usual approach", 3, 1, 2) in rows
    assert sum(many for term, _, _, many, _ in rows if term == "Fatigue") == 1  # each person once
    assert "<svg" in figure.svg and "Fatigue" in figure.says


def test_the_words_of_the_figure_tell_the_most_frequent_and_the_severe_with_their_numbers():
    figure = tables(one_of_each())["adverse_event_grades_figure"]
    _, *rows = figure.data
    for group in {group for _, group, *_ in rows}:
        own = [one for one in rows if one[1] == group]
        size = own[0][4]
        for words, grades in (("most frequent", (1, 2, 3, 4, 5, "not recorded")), ("at grade 3 or higher", (3, 4, 5))):
            people = Counter()
            for term, _, grade, many, _ in own:
                people[term] += many * (grade in grades)
            most = max(people.values())
            names = " and ".join(term.lower() for term in people if people[term] == most)
            told = f"{names} ({most} of {size}, {100 * most / size:.1f} %)" if most else "none of these"
            assert f"{words} {told}" in figure.says
    (first, _) = figure.says.split(" Adverse event; people (%)")
    assert first.count("most frequent") == len({group for _, group, *_ in rows})


def test_a_trial_in_which_nobody_is_randomized_yet_has_tables_of_nobody():
    nobody = replace(one_of_each(), people=())
    for by_arm in (True, False):
        found = tables(nobody, by_arm=by_arm)
        assert set(texts(found["adverse_events"])["any"]) == {"0"}
        assert set(texts(found["adverse_event_rates"])["any"][: len(nobody.protocol.arms)]) == {"not estimable"}
