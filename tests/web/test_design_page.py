"""The design page: what it computes, what it does with values that are wrong, and how it answers in the browser."""

import re
from dataclasses import replace

import pytest
from django.http import QueryDict

from evenhand.design.assumptions import assumptions_of, varied
from evenhand.design.operating import designed
from evenhand.refusal import Refusal
from evenhand.web.pages.studies.design_answer import answer_of, design_page
from evenhand.web.pages.studies.design_form import DesignForm, assumptions_by, form_of, initial
from evenhand.web.pages.studies.plot import Axis, above
from tests.eligible import PROTOCOL
from tests.web.browser import DESKTOP, PHONE, faults
from tests.web.enrol_help import text
from tests.web.study_help import STUDY, member
from tests.web.test_study_in_browser import at_desk
from tests.web.trial_here import Making

PLANNED = assumptions_of(PROTOCOL)


def page_of(query=""):
    return design_page(PROTOCOL, QueryDict(query))


def asked(query):
    return assumptions_by(PLANNED, form_of(PLANNED, QueryDict(query)))


# ---- the values --------------------------------------------------------------------------------


def test_with_nothing_moved_it_is_the_design_of_the_protocol_to_the_last_digit():
    assert asked("") == PLANNED
    assert asked("&".join(f"{name}={value}" for name, value in initial(PLANNED).items())) == PLANNED
    assert page_of().answer.found == designed(PLANNED)


MOVED = [
    ("control_median=24", {"control_median": "24"}),
    ("hazard_ratio=0.7", {"hazard_ratio": "0.7"}),
    ("accrual_months=48", {"accrual_months": "48"}),
    ("dropout_yearly=10", {"dropout_yearly": "0.1"}),
    ("alpha=0.05", {"alpha": "0.05"}),
    ("efficacy=pocock", {"efficacy": "pocock"}),
    ("efficacy=hwang_shih_decani(-4)", {"efficacy": "hwang_shih_decani(-4)"}),
    ("interim=33", {"looks": "33,complete"}),
    ("interim=0", {"looks": "complete"}),
    ("hazard_ratio=", {}),  # empty: as in the protocol
]


@pytest.mark.parametrize(("query", "given"), MOVED)
def test_each_field_moves_what_it_says(query, given):
    assert asked(query) == varied(PLANNED, given)


def test_more_people_come_in_the_same_months_and_planned_events_grow_with_them():
    now = asked("sample_size=324")
    assert (now.sample_size, now.planned_events) == (324, 2 * PLANNED.planned_events)
    assert now.accrual[0][1] == pytest.approx(2 * PLANNED.accrual[0][1])
    assert asked("sample_size=324&accrual_months=72").accrual[0][1] == pytest.approx(PLANNED.accrual[0][1])


def test_what_one_number_cannot_say_is_left_empty_and_stays():
    delayed = varied(PLANNED, {"hazard_ratio": "1@0,0.6@6", "looks": "30,60,complete", "efficacy": "pocock"})
    was = initial(delayed)
    assert (was["hazard_ratio"], was["interim"], was["efficacy"]) == ("", "", "pocock")
    assert assumptions_by(delayed, form_of(delayed, QueryDict(""))) == delayed
    assert answer_of(delayed).ratio is None


WRONG = [
    ("sample_size=7", "sample_size", "Give a number from 20 to 1000."),
    ("sample_size=100.5", "sample_size", "People are counted in whole numbers."),
    ("alpha=x", "alpha", "Give a number."),
    ("hazard_ratio=nan", "hazard_ratio", "Give a number."),
    ("dropout_yearly=99", "dropout_yearly", "Give a number from 0 to 40."),
    ("efficacy=magic", "efficacy", "Select a valid choice"),
]


@pytest.mark.parametrize(("query", "name", "said"), WRONG)
def test_a_wrong_value_is_said_at_its_field_and_leaves_the_protocols(query, name, said):
    found = page_of(f"{query}&control_median=24")
    assert list(found.form.errors) == [name]
    assert said in found.form.errors[name][0]
    assert not found.good
    assert found.answer.found.assumptions == varied(PLANNED, {"control_median": "24"})


def test_values_that_do_not_go_together_are_refused_and_leave_the_protocols_design(monkeypatch):
    def refuse(now):
        if now != PLANNED:
            raise Refusal("There are no bounds.", "design", "Move the look.")
        return answer_of(now)

    monkeypatch.setattr("evenhand.web.pages.studies.design_answer.answer_of", refuse)
    found = page_of("interim=40")
    assert (found.refusal.reason, found.good) == ("There are no bounds.", False)
    assert found.answer.found.assumptions == PLANNED
    assert found.form.data["interim"] == "40"  # what was typed is kept


@pytest.mark.parametrize("name", DesignForm.base_fields)
def test_every_end_of_every_field_has_an_answer(name):
    field = DesignForm.base_fields[name]
    values = [value for value, _ in field.choices] if name == "efficacy" else [field.min_value, field.max_value]
    for value in values:
        found = page_of(f"{name}={value}")
        assert not found.form.errors
        assert found.refusal is None or found.refusal.reason
        assert 0 <= found.answer.found.power <= 1


# ---- the answer --------------------------------------------------------------------------------


def test_is_it_enough():
    now = answer_of(PLANNED)
    assert not now.enough and now.found.power < now.wanted
    assert designed(replace_people(now.needed)).power >= now.wanted
    enough = answer_of(asked(f"sample_size={now.needed}"))
    assert enough.enough
    by_power = {one.power: one.ratio for one in now.detects}
    assert by_power[0.9] < by_power[0.8] < now.ratio < now.toss < 1


def replace_people(people):
    return asked(f"sample_size={people}")


def test_plots_and_tables_say_the_same():
    now = answer_of(PLANNED)
    curve = dict(now.power.plot.series[0].points)
    powers = [power for _, power in now.power.rows]
    assert powers == sorted(powers, reverse=True)
    assert curve[0.3] > powers[0] and now.power.rows[-1] == pytest.approx((1.0, curve[1.0]))
    mark = now.power.plot.marks[0]
    assert (mark.x, mark.y) == (now.ratio, now.found.power)
    assert [(mark.x, mark.y) for mark in now.bounds.marks[: len(now.found.looks)]] == [
        (look.information, look.z) for look in now.found.looks
    ]
    totals = [row.total for row in now.events.rows]
    assert totals == sorted(totals) and totals[-1] == pytest.approx(now.found.complete.total)
    assert now.events.plot.series[0].points[-1] == pytest.approx((now.found.completion_month, totals[-1]))


def test_every_point_lies_within_its_plot():
    for query in ("", "control_median=120&hazard_ratio=1.2", "sample_size=20&interim=95", "alpha=0.2&efficacy=none"):
        now = page_of(query).answer
        for plot in (now.power.plot, now.bounds, now.events.plot):
            for series in plot.series:
                assert all(plot.across.low <= x <= plot.across.high for x, _ in series.points), (query, series.name)
                assert all(plot.up.low - 1e-9 <= y <= plot.up.high for _, y in series.points), (query, series.name)


@pytest.mark.parametrize(("ratio", "anchor"), [(0.2, "start"), (0.6, "start"), (0.9, "end"), (1.2, "end")])
def test_the_curve_reaches_the_ratio_assumed_and_its_text_stays_within_the_plot(ratio, anchor):
    """Beside a point at the right edge there is no room for a text, on a telephone least of all."""
    plot = page_of(f"hazard_ratio={ratio}").answer.power.plot
    ratios = [x for x, _ in plot.series[0].points]
    assert ratios == sorted(ratios) and ratios[0] <= ratio <= ratios[-1]
    assert (ratios[0], ratios[-1]) == (plot.across.low, plot.across.high)
    (mark,) = plot.placed
    assert mark.anchor == anchor


def test_a_look_without_a_bound_says_so(statistician):
    page = text(statistician.sees("design", query="?efficacy=none"))
    assert "At the first look the effect is shown by no z" in page
    assert "inf" not in re.findall(r"\w+", page)


TICKS = [
    (Axis("", 0, 1, percent=True), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]),
    (Axis("", 0.3, 1), ["0.4", "0.6", "0.8", "1"]),
    (Axis("", 0, 72), ["0", "20", "40", "60"]),
    (Axis("", -1, 3), ["-1", "0", "1", "2", "3"]),
]


@pytest.mark.parametrize(("axis", "texts"), TICKS)
def test_ticks_are_few_and_round(axis, texts):
    assert [text for _, text in axis.ticks()] == texts


@pytest.mark.parametrize(("value", "end"), [(0.9, 1.0), (1.0, 1.2), (98.4, 100), (100, 120), (2.96, 3.0), (7, 8)])
def test_an_axis_ends_at_a_round_value_above(value, end):
    assert above(value) == pytest.approx(end)


# ---- the page ----------------------------------------------------------------------------------


@pytest.fixture
def statistician(database):
    Making().keep()
    return member("statistician")


def test_the_page_answers_and_shows_every_assumption_with_where_it_comes_from(statistician):
    answer = statistician.sees("design")
    page = text(answer)
    now = answer_of(PLANNED)
    assert f"{PLANNED.sample_size} people have a power of {100 * now.found.power:.1f} %" in page
    for one in page_of().assumptions:
        assert one.label in page and (one.assumed or one.source or one.value) in page
    assert "changed here" not in page
    assert not re.search(r"\sstyle=|<style|\son\w+=", answer.content.decode())
    assert not {"HX-Reswap", "HX-Replace-Url"} & set(answer.headers)


def test_what_was_moved_is_marked_and_the_address_keeps_it(statistician):
    page = text(statistician.sees("design", query="?control_median=24"))
    assert re.search(r"Median of the control arm 24 months \W*changed here the protocol says otherwise", page)
    assert page.count("changed here") == 1


def test_a_wrong_value_changes_no_picture_on_the_screen(statistician):
    answer = statistician.sees("design", query="?alpha=7")
    assert (answer.headers["HX-Reswap"], answer.headers["HX-Replace-Url"]) == ("none", "false")
    assert "Give a number from 0.001 to 0.2." in text(answer)


def test_a_protocol_without_a_design_says_what_to_write(statistician, monkeypatch):
    bare = replace(PROTOCOL, design=None)
    monkeypatch.setattr("evenhand.web.desk.newest_adopted", lambda *_: bare)
    assert "there is no design.yaml in its folder" in text(statistician.sees("design"))
    assert "Power, bounds and what if" not in text(statistician.sees("study"))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_fields_and_sliders_move_the_plots_in_place(statistician, server, new_page, size):
    page = new_page(size)
    at_desk(page, server, statistician)
    page.goto(f"{server.address}/{STUDY}/study")
    page.get_by_role("link", name="Power, bounds and what if").click()
    page.get_by_role("heading", level=1, name="Design").wait_for()
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    assert faults(page) == []
    page.get_by_label("Hazard ratio", exact=True).fill("0.5")
    page.locator("#answer").get_by_text("to show a hazard ratio of 0.5").wait_for()
    page.get_by_text("Enough", exact=True).wait_for()
    assert page.get_by_label("Hazard ratio, slider").input_value() == "0.5"
    page.get_by_label("People randomized, slider").focus()
    page.keyboard.press("ArrowLeft")
    page.locator("#answer").get_by_text(f"{PLANNED.sample_size - 2} people have").wait_for()
    assert page.get_by_label("People randomized", exact=True).input_value() == str(PLANNED.sample_size - 2)
    assert "sample_size=160" in page.url
    picture = page.locator("#power ~ figure").inner_html()
    page.get_by_label("Type I error", exact=True).fill("7")
    page.get_by_text("Give a number from 0.001 to 0.2.").wait_for()
    assert page.locator("#power ~ figure").inner_html() == picture
    assert page.locator("#answer").get_by_text(f"{PLANNED.sample_size - 2} people have").is_visible()
    assert faults(page) == []
    page.get_by_label("Type I error", exact=True).fill("0.05")
    page.get_by_text("Give a number from 0.001 to 0.2.").wait_for(state="hidden")
    page.wait_for_url("**alpha=0.05**")
