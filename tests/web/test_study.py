"""The study page and the protocol page: what they say; and that nobody who recruits learns anything by arm there."""

import re
from dataclasses import replace
from itertools import product

import pytest

from evenhand import steps
from evenhand.accrual import by_arm
from evenhand.administration import ROLES
from evenhand.protocol.render import render_markdown
from evenhand.web import access, desk, store
from evenhand.web.access import Action
from evenhand.web.templatetags.evenhand import words
from tests.eligible import PROTOCOL
from tests.web.enrol_help import Clock, plain, text
from tests.web.study_help import (
    NORTH,
    RECRUITING,
    STUDY,
    Visitor,
    member,
    randomized_trial,
    shown,
    turned_away,
    with_other_arms,
)
from tests.web.trial_here import ADMINISTRATOR, Making

pytestmark = pytest.mark.usefixtures("database")
SEES_BY_ARM = [role for role in ROLES if Action.SEE_BY_ARM in access.TABLE[role]]


def study_page(role="inspector"):
    answer = member(role).sees("study")
    assert answer.status_code == 200
    return answer


# ---- who sees it, and what by arm --------------------------------------------------------------


def test_every_role_sees_the_study_and_its_protocol():
    randomized_trial(1, 0)[0].keep()
    for role in ROLES:
        person = member(role)
        assert [person.sees(page).status_code for page in ("study", "protocol")] == [200, 200], role


def test_only_the_statistician_and_the_safety_board_may_see_what_is_counted_by_arm():
    assert SEES_BY_ARM == ["statistician", "safety_board"]


LOOKS = [
    ("study", ""),
    ("protocol", ""),
    ("design", ""),
    ("record", ""),
    ("record", "?kind=randomized"),
    ("record", f"?kind=randomized&site={NORTH}"),
    ("record", "?reason=local"),
    ("worklist", ""),
]


def test_no_page_differs_when_every_arm_is_another_one(monkeypatch):
    """Whatever is counted, drawn or listed, for a role that may not see counts by arm: it cannot depend on an arm."""
    randomized_trial(4, 3)[0].keep()
    people = {role: member(role) for role in ROLES if role not in SEES_BY_ARM}
    assert set(RECRUITING) <= set(people)
    Clock(monkeypatch)
    history = store.current(STUDY)
    for (role, person), (page, query) in product(people.items(), LOOKS):
        answers = []
        for told in (history, with_other_arms(history)):
            monkeypatch.setattr(desk.store, "current", lambda _study, told=told: told)
            answers.append(person.sees(page, query=query))
        one, other = answers
        assert one.status_code == other.status_code in (200, 403), (role, page, query)
        assert shown(one) == shown(other), (role, page, query)


@pytest.mark.parametrize("role", SEES_BY_ARM)
def test_who_may_sees_the_counts_by_stratum_and_arm(role):
    making, _ = randomized_trial(4, 3)
    making.keep()
    page = text(study_page(role))
    assert "Randomized by stratum and arm" in page
    counts = by_arm(PROTOCOL, store.current(STUDY))
    assert sum(counts) == 7
    assert f"All {counts[0]} {counts[1]}" in page


def test_who_recruits_sees_totals_by_stratum():
    randomized_trial(4, 3)[0].keep()
    for role in RECRUITING:
        page = text(study_page(role))
        assert "Randomized by stratum and arm" not in page
        assert all(level.label in page for factor in PROTOCOL.randomization.strata for level in factor.levels)
        assert "Arms are counted for the statistician and the safety board alone" in page


# ---- how the study stands ----------------------------------------------------------------------


def test_a_study_that_is_not_activated_says_so():
    store.add_study(STUDY)
    page = text(member("inspector").sees("study"))
    assert "Not activated nobody can be screened yet" in page
    assert "there is nothing to draw" in page


def halted(making):
    making.take(steps.halt_accrual, ADMINISTRATOR, reason="a look at the data", on=making.at.date())


def resumed(making):
    halted(making)
    making.take(steps.resume_accrual, ADMINISTRATOR, reason="all is well", on=making.at.date())


def closed(making):
    making.take(steps.close, ADMINISTRATOR, secret=bytes(range(32)), on=making.at.date())


STANDS = [
    (lambda making: None, "✓?Accrual open since"),
    (halted, "Accrual halted since .*: a look at the data"),
    (resumed, "Accrual open since"),
    (closed, "Closed since .*; the randomization secret is revealed.*000102"),
]


@pytest.mark.parametrize(("change", "said"), STANDS)
def test_the_page_says_how_the_study_stands(change, said):
    making = Making()
    change(making)
    making.keep()
    page = text(Visitor().sees("study"))  # holds the role from before: a closed study grants none
    assert re.search(said, page)
    assert making.history.state.commitment in page
    assert PROTOCOL.digest in page


def test_accrual_is_told_in_numbers_beside_the_drawing():
    making, _ = randomized_trial(3, 2)
    turned_away(making)
    making.keep()
    source = study_page().content.decode()
    page = text(study_page())
    target = PROTOCOL.enrollment.target
    assert re.search(rf"of {target} randomized, \d+ ahead of the \d+ planned by now 5 screened 6", page)
    assert "screened 6 registered 5 randomized 5 planned" in page
    assert re.search(r"\d+ \w{3} \d{4} 6 5 5 5 \d+", page), "the last row of the table by month"
    assert re.search(
        r'<svg class="chart accrual" role="img" aria-labelledby="accrual-says">\s*<title id="accrual-says">', source
    )


def test_the_forecast_says_between_which_days_the_target_and_the_events_are_expected():
    making, _ = randomized_trial(3, 2)
    making.keep()
    answer = study_page()
    page, source, day = text(answer), answer.content.decode(), r"\d+ \w{3} \d{4}"
    target = PROTOCOL.enrollment.target
    assert re.search(rf"{target} will be randomized between {day} and {day} \(90 %\), as likely before", page)
    assert re.search(rf"{target} randomized {day} {day} {day} 50 events never reached in \d+ of 100 draws {day}", page)
    assert "never by arm" in page and "Anisimov and Fedorov" in page
    assert source.count('<polygon class="band"') == 1


def test_with_nobody_yet_the_forecast_rests_on_the_plan_and_says_so():
    Making().keep()
    assert "Nobody is randomized yet: this rests on the plan alone." in text(study_page())


def test_a_halted_study_says_what_its_forecast_means():
    making, _ = randomized_trial(1, 1)
    halted(making)
    making.keep()
    assert "these days are those on which it would come to that if accrual went on today" in text(study_page())


def test_there_is_no_forecast_of_a_study_that_has_not_begun():
    store.add_study(STUDY)
    assert "Forecast" not in text(study_page())


def test_there_is_no_forecast_of_a_closed_study():
    making = Making()
    closed(making)
    making.keep()
    assert "Forecast" not in text(Visitor().sees("study"))


def test_the_page_has_no_inline_style_and_no_inline_script():
    making, _ = randomized_trial(2, 1)
    making.keep()
    for page in ("study", "protocol"):
        source = member("inspector").sees(page).content.decode()
        assert not re.search(r"\sstyle=|<style|\son\w+=", source)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source))


def test_sites_are_listed_with_their_names_also_an_idle_one():
    making, _ = randomized_trial(3, 0)
    making.keep()
    assert re.search(r"North 3 3 3 South 0 0 0", text(study_page()))


def test_the_way_from_screening_to_randomization_and_those_who_left_it():
    making, _ = randomized_trial(2, 1)
    turned_away(making)
    making.candidate("consented")
    making.keep()
    page = text(study_page())
    assert "Screened 5 Consented 4 80 % Registered 3 75 % Randomized 3 100 %" in page
    assert re.search(r"Not eligible failed a criterion[^0-9]*1 0 0 1", page)
    assert re.search(r"Open may still be randomized[^0-9]*0 1 0 1", page)


def test_screening_failures_name_the_criterion():
    making, _ = randomized_trial(1, 0)
    turned_away(making)
    turned_away(making)
    making.candidate("screened")
    making.keep()
    page = text(study_page())
    assert "Of 3 candidates who were not registered, 2 failed at least one criterion when last judged" in page
    (ecog,) = [one for one in PROTOCOL.criteria if "ECOG" in one.title]
    assert re.search(rf"{ecog.id} {re.escape(ecog.title)} 2 \d \d", page)


# ---- the protocol ------------------------------------------------------------------------------


def protocol_page():
    Making().keep()
    return member("coordinator").sees("protocol")


def test_the_protocol_is_all_there():
    page = re.sub(r"[`*\\]", "", text(protocol_page()))
    for criterion in PROTOCOL.criteria:
        assert f"{criterion.id}. {criterion.title}." in page
        assert " ".join(criterion.text.split()) in page
    for arm in PROTOCOL.arms:
        assert " ".join(arm.treatment.split()) in page
    assert PROTOCOL.digest in page
    assert "## " not in page


def test_every_assumption_is_listed_once_and_first():
    source = protocol_page().content.decode()
    rows = plain(source.split('<h2 id="assumptions">')[1].split("</table>")[0])
    assert f"Assumptions ({len(PROTOCOL.assumptions)})" in plain(source)
    for origin in PROTOCOL.assumptions:
        assert rows.count(f" {words(origin.about)} {' '.join(origin.assumed.split())} ") == 1
    assert source.index('<h2 id="assumptions">') < source.rindex("Where each clause of the description lives")


def test_every_line_of_the_contents_leads_somewhere_on_the_page():
    source = protocol_page().content.decode()
    addresses = re.findall(r'href="#([^"]+)"', source)
    headings = [line for line in render_markdown(PROTOCOL).splitlines() if line.startswith(("## ", "### "))]
    assert len(set(addresses)) >= len(headings)
    assert [name for name in addresses if source.count(f'id="{name}"') != 1] == []


def test_the_criteria_of_the_study_page_lead_to_the_protocol():
    making, _ = randomized_trial(1, 0)
    turned_away(making)
    making.keep()
    person = member("coordinator")
    names = set(re.findall(r'/study/protocol#([^"]+)"', person.sees("study").content.decode()))
    assert names
    assert all(f'id="{name}"' in person.sees("protocol").content.decode() for name in names)


# ---- the planned number ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "halted", "role", "said"),
    [
        (6, False, "administrator", ""),
        (5, False, "administrator", "The planned number is reached: 5 of 5 are randomized, and accrual is still open"),
        (4, False, "inspector", "5 of 4 are randomized, and accrual is still open. Whoever steers the study can"),
        (5, True, "administrator", ""),
    ],
)
def test_that_the_planned_number_is_reached_is_said_while_accrual_is_open(monkeypatch, target, halted, role, said):
    making, _ = randomized_trial(3, 2)
    if halted:
        making.take(steps.halt_accrual, ADMINISTRATOR, reason="enough", on=making.at.date())
    making.keep()
    fewer = replace(PROTOCOL, enrollment=replace(PROTOCOL.enrollment, target=target))
    monkeypatch.setattr(desk.Desk, "newest", property(lambda _: fewer))
    page = study_page(role)
    assert ("The planned number is reached" in text(page)) == bool(said)
    assert said in text(page)
    assert ("Halt accrual</a>" in page.content.decode()) == (bool(said) and role == "administrator")
