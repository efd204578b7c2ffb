"""Mistakes that a record may hold although every step was checked: each is told, with the entries, and by the report.

The entries are written past the steps, as an import, an older version of the program or a correction of facts leaves
them. One table; a clean record has none of them.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from evenhand.analysis import analyse, cut
from evenhand.record import Event, append, fold
from evenhand.reports import make_report
from evenhand.reports.mistakes import SORTS
from tests.conduct_help import BY, RANDOMIZED_ON, participant
from tests.response_help import followed, month

LATE = month(40)
HOUR = timedelta(hours=1)


def day(number):
    """The day so many days after randomization."""
    return (RANDOMIZED_ON + timedelta(days=number)).isoformat()


class Written:
    """A participant's record, grown past the steps."""

    def __init__(self, arm="local"):
        self.given = followed(arm).given
        self.moment = self.given.history.head.recorded_at + timedelta(days=900)

    def entry(self, kind, effective, body, **more):
        """One entry of any kind."""
        self.moment += HOUR
        about = Event(kind, self.given.subject, RANDOMIZED_ON + timedelta(days=effective), body, **more)
        history = self.given.history
        self.given = replace(self.given, history=history.extend(append(history, [about], by=BY, at=self.moment)))
        return self

    def form(self, form, effective, **values):
        """A form with the values as the record holds them."""
        item = str(sum(one.kind == "form_entered" for one in self.given.history.entries))
        return self.entry("form_entered", effective, {"form": form, "item": item, "visit": None, "values": values})

    def changed(self, kind, **otherwise):
        """The record as it would be had an entry of a kind another day (``effective``) or other values in its body."""

        def altered(one):
            if one.kind != kind or (one.subject not in (None, self.given.subject)):
                return one
            days, body = otherwise.get("effective"), {**one.body, **otherwise.get("body", {})}
            return replace(one, effective=one.effective if days is None else RANDOMIZED_ON + timedelta(days), body=body)

        history = fold([altered(one) for one in self.given.history.entries], self.given.history.study)
        self.given = replace(self.given, history=history)
        return self

    def cut(self):
        return cut(self.given.protocol, self.given.history, effective=LATE, recorded=self.moment + HOUR)

    def mistakes(self):
        return analyse(self.cut()).mistakes


def radiation(effective, **values):
    given = {"course": "M1", "lesions": [{"lesion": "M1"}], "site": "liver", "started": day(effective)}
    return lambda: Written().form("metastasis_radiation", effective, **{**given, **values})


def event(effective, *, after_death=False, **values):
    course = [{"day": day(effective), "grade": 2}]
    given = {"term": "Nausea", "onset": day(effective), "course": course, "outcome": "recovered", "serious": False}
    person = Written().form("death", 100, died=day(100), cause="unknown") if after_death else Written()
    return person.form("adverse_event", effective, **{**given, **values})


def dead(form, effective, **values):
    return lambda: Written().form("death", 100, died=day(100), cause="unknown").form(form, effective, **values)


def scan(effective, lesion, **more):
    rows = [{"lesion": lesion, "seen": "measured", "size": 20}]
    return lambda: Written("usual").form("scan", effective, imaged=day(effective), complete=True, lesions=rows, **more)


OTHER = {"hormone_receptors": "negative"}
CASES = {  # what is wrong: the record, the sort of the finding, and words of its sentence
    "radiation of a metastasis before randomization": (
        radiation(-20), "treatment_too_early", "lies before randomization"),
    "surgery before randomization": (
        lambda: Written().form("surgery", -3, performed=day(-3), procedure="mastectomy"),
        "treatment_too_early", "Surgery"),
    "surgery after death": (
        dead("surgery", 120, performed=day(120), procedure="mastectomy"), "after_death", "lies after the death"),
    "radiation after death": (
        dead("metastasis_radiation", 120, course="M1", lesions=[{"lesion": "M1"}], site="liver", started=day(120)),
        "after_death", "lies after the death"),
    "an adverse event that begins after death": (
        lambda: event(130, after_death=True), "after_death", "lies after the death"),
    "an adverse event that ends before it begins": (
        lambda: event(50, ended=day(40)), "ends_before_it_begins", "before it began"),
    "radiation that ends before it begins": (
        radiation(30, ended=day(20), delivered_gy=50, delivered_fractions=5, planned_gy=50, planned_fractions=5),
        "ends_before_it_begins", "before it began"),
    "a regimen that stops before it starts": (
        lambda: Written().form("systemic_therapy", 60, started=day(60), stopped=day(30), regimen="thp_hp"),
        "ends_before_it_begins", "before it began"),
    "a lesion that nobody listed at baseline": (
        scan(90, "M9"), "lesion_not_listed", "M9"),
    "a scan before the birth": (
        lambda: Written("usual").form("scan", 90, imaged="1897-05-02", complete=True),
        "before_birth", "before the birth"),
    "two deaths": (
        lambda: Written().form("death", 90, died=day(90), cause="unknown").form(
            "death", 95, died=day(95), cause="unknown"),
        "two_deaths", "Two deaths"),
    "a stratum that corrected facts contradict": (
        lambda: Written().changed("randomized", body={"levels": OTHER}), "stratum_contradicted", "as the"),
    "randomization without a consent": (
        lambda: Written().changed("randomized", effective=-40), "without_consent", "no consent held"),
    "registration after randomization": (
        lambda: Written().changed("randomized", effective=-1), "out_of_order", "after randomization"),
    "a visit after consent was withdrawn": (
        lambda: Written("usual").entry("consent_withdrawn", 60, {}).form("visit", 90, date=day(90), way="in_person"),
        "after_the_end", "after: Consent withdrawn"),
    "a site that opened later": (
        lambda: Written().changed("randomized", effective=-40), "site_not_open", "which opened on"),
    "a day that is still to come": (
        lambda: Written("usual").form("disposition", 10, ended=day(1100), ending="lost"),
        "in_the_future", "later than its entry"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_planted_mistake_is_told_with_its_entries(name):
    make, sort, words = CASES[name]
    person = make()
    told = [one for one in person.mistakes() if one.id == sort]
    assert told, [one.say for one in person.mistakes()]
    assert words in told[0].say
    subjects = {person.given.history.entry(seq).subject for seq in told[0].seqs}
    assert subjects == {person.given.subject}
    assert told[0].say.endswith(".")


@pytest.mark.parametrize("arm", ["usual", "local"])
def test_a_clean_record_has_none(arm):
    assert Written(arm).mistakes() == ()
    treated = Written(arm).form("scan", 90, imaged=day(90), complete=True,
                                lesions=[{"lesion": "M1", "seen": "measured", "size": 20}])  # fmt: skip
    assert treated.mistakes() == ()


@pytest.mark.parametrize("name", ["surgery after death", "a lesion that nobody listed at baseline"])
def test_the_final_report_tells_it(name):
    make, sort, words = CASES[name]
    person = make()
    report = make_report(
        "final", person.given.protocol, person.given.history, effective=LATE, recorded=person.moment + HOUR
    )
    tables = {table.id: table for table in report.tables}
    (row,) = (one for one in tables["record_findings"].rows if one.id == sort)
    assert dict(row.cells[0].values)["count"] == 1
    assert any(words in one.cells[0].text for one in tables["record_findings_each"].rows)


def test_every_sort_has_words_in_the_report():
    assert {sort for _, sort, _ in CASES.values()} <= set(SORTS)


def test_a_partial_date_that_may_fit_is_no_mistake():
    found = participant("local")
    assert found.subject
    person = Written().form("systemic_therapy", 60, started=day(60), stopped=day(60)[:7], regimen="thp_hp")
    assert [one.id for one in person.mistakes()] == []
