"""Figures: what is drawn stands where its number says, told against small cases worked by hand."""

from datetime import date

import pytest

from evenhand.figures import (
    SHEET,
    BarRow,
    Dot,
    DotRow,
    Fan,
    Flow,
    FlowArm,
    FlowBox,
    FlowLine,
    FlowStep,
    ForestRow,
    IncidenceCurve,
    Lane,
    Mark,
    Panel,
    Span,
    SurvivalCurve,
    Track,
    bars,
    dots,
    flow,
    forest,
    incidence_curves,
    steps_over_time,
    survival_curves,
    swimmers,
)
from evenhand.figures.lettering import shortened, width_of, wrapped
from evenhand.figures.scales import Scale, log_ticks, nice_step, printed, ticks
from tests.spec.figures_checks import check, marks, points, text_areas, texts

CONTROL = SurvivalCurve(
    "Control",
    times=(6, 12, 18),
    survival=(0.75, 0.5, 0.5),
    lower=(None, 0.2, 0.2),
    upper=(None, 0.8, 0.8),
    censored=(9, 18),
    at_risk=((6, 12, 18), (8, 5, 2)),
    events=((6, 12), (2, 4)),
)
LOCAL = SurvivalCurve("Local", (10, 24), (0.9, 0.9), at_risk=lambda time: 7 if time < 20 else 3)


def at(drawing, text, place=0):
    """Where the middle, or the beginning, of a text stands."""
    found = [one for one in marks(drawing, "text") if one.text == text]
    return float(found[place].attrib["x"]), float(found[place].attrib["y"])


def coloured(drawing, name, role, key="stroke"):
    """The marks of a kind in the colour of a role."""
    side = "l" if key == "stroke" else "f"
    return [one for one in marks(drawing, name) if f"ev-{role}-{side}" in one.attrib["class"].split()]


def curve_of(drawing, role):
    """The corners of a curve."""
    (line,) = [one for one in coloured(drawing, "path", role) if one.get("stroke-width") == "2"]
    return points(line.attrib["d"])


# ---- survival and incidence --------------------------------------------------------------------


def survival(*curves, **options):
    return survival_curves(curves, prefix="km", label="Progression-free survival", **options)


def test_a_curve_is_a_step_line_at_its_times_and_values():
    drawing = survival(CONTROL, risk_every=6)
    place = [at(drawing, "0", 1)[0], *(at(drawing, str(mark))[0] for mark in (6, 12, 18))]
    levels = [one.attrib for one in coloured(drawing, "line", "grid")]
    height = {name: float(one["y1"]) for name, one in zip((0, 20, 40, 60, 80, 100), levels, strict=True)}
    whole, none = height[100], height[0]
    y = {share: none + share * (whole - none) for share in (1, 0.75, 0.5)}
    wanted = [(0, 1), (6, 1), (6, 0.75), (12, 0.75), (12, 0.5), (18, 0.5)]
    exact = [(place[time // 6], y[share]) for time, share in wanted]
    assert curve_of(drawing, "s0") == [pytest.approx(one, abs=0.02) for one in exact]


def test_numbers_at_risk_stand_under_their_times_and_count_up_to_them():
    drawing = survival(CONTROL, LOCAL, risk_every=6)
    (axis, y), (risk, below) = at(drawing, "12"), at(drawing, "5 (4)")
    assert axis == risk and below > y
    assert [one for one in texts(drawing) if "(" in one and one[0].isdigit()] == [
        "8 (0)",
        "8 (2)",
        "5 (4)",
        "2 (4)",
        "0 (4)",
    ]
    assert [one for one in texts(drawing) if one in ("7", "3")] == ["7", "7", "7", "7", "3"]


@pytest.mark.parametrize(
    ("time", "risk", "events"), [(0, 8, 0), (6, 8, 2), (6.1, 5, 2), (12, 5, 4), (18, 2, 4), (19, 0, 4)]
)
def test_people_are_at_risk_just_before_a_time_and_events_count_at_it(time, risk, events):
    drawing = survival(CONTROL, risk_every=time or 100)
    assert f"{risk} ({events})" in texts(drawing)


def test_without_numbers_at_risk_there_is_no_table():
    assert "Number at risk" not in texts(survival(SurvivalCurve("A", (1,), (0.5,))))


def test_ticks_of_censoring_stand_on_the_curve():
    drawing = survival(CONTROL, risk_every=6)
    (line,) = [one for one in coloured(drawing, "path", "s0") if one.get("stroke-width") == "1"]
    ends = points(line.attrib["d"])
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in zip(ends[::2], ends[1::2], strict=True)]
    corners = curve_of(drawing, "s0")
    assert [y for _, y in middles] == [pytest.approx(corners[2][1], abs=0.02), pytest.approx(corners[-1][1], abs=0.02)]
    assert middles[1][0] == pytest.approx(at(drawing, "18")[0], abs=0.02)


def test_a_band_stands_only_where_there_is_one():
    drawing = survival(CONTROL, risk_every=6)
    (band,) = coloured(drawing, "path", "s0", "fill")
    left, right = (at(drawing, str(time))[0] for time in (12, 18))
    assert {x for x, _ in points(band.attrib["d"])} == {left, right}
    assert coloured(survival(LOCAL), "path", "s0", "fill") == []


def test_curves_differ_in_dashes_and_not_in_colour_alone():
    drawing = survival(CONTROL, LOCAL)
    dashes = [coloured(drawing, "path", role)[0].get("stroke-dasharray") for role in ("s0", "s1")]
    assert dashes == [None, "7 3"]


def test_names_at_the_ends_follow_their_curves_and_keep_apart():
    drawing = survival(CONTROL, SurvivalCurve("Other", (6, 18), (0.75, 0.5)), risk_every=6)
    (x, control), (other_x, other) = at(drawing, "Control"), at(drawing, "Other")
    assert x == other_x > at(drawing, "18")[0] and other - control >= 12


def test_notes_stand_where_no_curve_passes():
    for drawing in (survival(CONTROL, annotation=["HR 0.61"]), survival(LOCAL, annotation=["HR 0.61"])):
        (note,) = [one for one in text_areas(drawing) if one.text == "HR 0.61"]
        corners = curve_of(drawing, "s0")
        assert not any(note.left <= x <= note.right and note.top <= y <= note.bottom for x, y in corners)


def test_landmarks_are_written_with_their_values():
    drawing = survival(CONTROL, LOCAL, landmarks=(12, 24, 90))
    assert [one for one in texts(drawing) if one.endswith("%")] == ["90\u00a0%", "50\u00a0%", "90\u00a0%"]
    assert "Control (8 at risk at the start): 50.0 % at 12." in drawing.says


def test_values_at_landmarks_keep_off_the_curves_though_they_are_close():
    times = tuple(range(1, 37))
    close = [
        SurvivalCurve(name, times, [1 - drop * time for time in times]) for name, drop in (("A", 0.002), ("B", 0.003))
    ]
    drawing = survival(*close, landmarks=(12, 24, 36))
    values = [one for one in text_areas(drawing) if one.text.endswith("\u00a0%")]
    corners = curve_of(drawing, "s0") + curve_of(drawing, "s1")
    assert len(values) == 6
    assert not any(one.left <= x <= one.right and one.top <= y <= one.bottom for one in values for x, y in corners)
    check(drawing, "km")


@pytest.mark.parametrize(("end", "last"), [(36.1, "36"), (20, "18"), (22, "24"), (2, "6"), (24, "24")])
def test_the_axis_ends_at_a_number_or_a_little_after_one(end, last):
    numbers = [one for one in texts(survival(SurvivalCurve("A", (end,), (0.5,)))) if one.isdigit()]
    assert numbers[-1] == last


def test_many_thousand_people_are_drawn_as_the_eye_sees_them():
    many = 20_000
    times, values = [60 * (place + 1) / many for place in range(many)], [1 - place / many for place in range(many)]
    drawing = survival(SurvivalCurve("A", times, values, censored=times))
    assert len(drawing.svg) < 400_000
    line = curve_of(drawing, "s0")
    assert all(
        abs((y - line[0][1]) / (line[-1][1] - line[0][1]) - (x - line[0][0]) / (line[-1][0] - line[0][0])) < 0.01
        for x, y in line
    )


def test_a_figure_of_nobody_says_so():
    for drawing in (survival(), incidence_curves([], prefix="a", label="Distant failure")):
        assert "Nobody to show" in texts(drawing) and "nobody to show" in drawing.says


def test_the_distance_of_the_numbers_at_risk_is_above_nothing():
    with pytest.raises(ValueError, match="risk_every is 0"):
        survival(CONTROL, risk_every=0)


@pytest.mark.parametrize(("highest", "top"), [(0.03, "20"), (0.19, "20"), (0.33, "40"), (0.97, "100"), (1.0, "100")])
def test_incidence_rises_from_nothing_on_an_axis_that_holds_it(highest, top):
    drawing = incidence_curves(
        [IncidenceCurve("A", (6,), (highest,))], prefix="ci", label="Local failure", risk_every=3
    )
    corners = curve_of(drawing, "s0")
    assert corners[0][1] == corners[1][1] > corners[2][1]
    assert [one for one in texts(drawing) if one.isdigit()][:7][::-1].count(top) == 1


# ---- forest ------------------------------------------------------------------------------------

ROWS = (
    ForestRow("All", 0.5, 0.4, 0.625, "0.50 (0.40 to 0.63)", ("40/81", "22/81"), total=True),
    ForestRow("Age"),
    ForestRow("Below 55", 0.5, 0.25, 1.0, "0.50", ("20/40", "11/40"), weight=40, indent=1),
    ForestRow("55 or above", 2.0, 1.0, 4.0, "2.00", ("20/41", "11/41"), weight=10, indent=1),
    ForestRow("Few", text="not estimable: 1 event", cells=("1/1", "0/0"), indent=1),
)


def plot(*rows, **options):
    return forest(rows or ROWS, prefix="fo", label="Subgroup", columns=("Control", "Local"), **options)


def test_ratios_stand_on_a_log_axis_around_one():
    drawing = plot()
    half, one, two = (at(drawing, text)[0] for text in ("0.5", "1", "2"))
    assert one - half == pytest.approx(two - one, abs=0.02)
    squares = coloured(drawing, "rect", "s0", "fill")
    middles = [float(square.attrib["x"]) + float(square.attrib["width"]) / 2 for square in squares]
    assert middles == [pytest.approx(half, abs=0.02), pytest.approx(two, abs=0.02)]


def test_the_area_of_a_square_goes_with_the_weight():
    wide, narrow = (float(one.attrib["width"]) for one in coloured(plot(), "rect", "s0", "fill"))
    assert (wide / narrow) ** 2 == pytest.approx(4, rel=0.01)


def test_the_diamond_of_all_spans_its_interval():
    drawing = plot()
    (diamond,) = coloured(drawing, "path", "s0", "fill")
    xs = sorted({x for x, _ in points(diamond.attrib["d"])})
    half, one = at(drawing, "0.5")[0], at(drawing, "1")[0]
    assert xs[1] == pytest.approx(half, abs=0.02) and xs[1] - xs[0] == pytest.approx(xs[2] - xs[1], abs=0.02)
    assert xs[2] < one


@pytest.mark.parametrize(
    ("lower", "upper", "arrows"), [(0.5, 2, 0), (0, 2, 1), (0.5, float("inf"), 1), (0, float("inf"), 2)]
)
def test_an_interval_that_goes_on_beyond_the_axis_ends_in_an_arrow(lower, upper, arrows):
    drawing = plot(ForestRow("A", 1.0, lower, upper, "1.00"))
    assert len(coloured(drawing, "path", "s0", "fill")) == arrows


def test_a_row_without_an_estimate_keeps_its_text_and_draws_no_mark():
    drawing = plot(ROWS[-1])
    assert "not estimable: 1 event" in texts(drawing) and not coloured(drawing, "rect", "s0", "fill")
    assert "Few: not estimable: 1 event." in drawing.says


def test_the_plot_says_who_is_better_where():
    drawing = plot(favours=("local therapy", "usual approach"))
    assert {"Favours local therapy", "Favours usual approach"} <= set(texts(drawing))
    assert "Age: Below 55 0.50; 55 or above 2.00;" in drawing.says and "below 1 favours local therapy" in drawing.says


# ---- flow --------------------------------------------------------------------------------------

EXCLUDED = FlowBox(
    "Excluded", 40, (FlowLine("Not eligible", 30), FlowLine("No metastasis", 12, 1), FlowLine("Declined", 10))
)
TRUNK = (FlowStep(FlowBox("Assessed", 100), (EXCLUDED,)), FlowStep(FlowBox("Randomized", 60)))
ARMS = tuple(
    FlowArm(name, (FlowBox("Allocated", 30, (FlowLine("Received", 28),)), FlowBox("Analysed", 30)))
    for name in ("Control", "Local")
)
FLOW = Flow(TRUNK, ARMS, ("Enrolment", "Allocation", "Analysis"))


def drawn_flow(boxes=FLOW, **options):
    return flow(boxes, prefix="fl", **options)


def test_every_box_says_its_number():
    told = " ".join(texts(drawn_flow())).replace("\u00a0", " ")
    numbers = (
        "Assessed (n = 100)",
        "Excluded (n = 40)",
        "Not eligible (n = 30)",
        "No metastasis (n = 12)",
        "Declined (n = 10)",
    )
    assert all(one in told for one in (*numbers, "Randomized (n = 60)"))
    assert told.count("Allocated (n = 30)") == told.count("Received (n = 28)") == told.count("Analysed (n = 30)") == 2


def test_texts_stand_in_their_boxes():
    drawing = drawn_flow(width=480)
    boxes = [[float(one.attrib[key]) for key in ("x", "y", "width", "height")] for one in marks(drawing, "rect")]
    level = [one for one in text_areas(drawing) if one.text not in FLOW.stages]
    held = [
        any(x <= t.left and t.right <= x + w and y <= t.top and t.bottom <= y + h for x, y, w, h in boxes)
        for t in level
    ]
    assert len(boxes) == 7 and all(held)


def test_arms_stand_side_by_side_and_everybody_pooled_in_one_column():
    (left, y), (right, other) = at(drawn_flow(), "Control"), at(drawn_flow(), "Local")
    assert y == other and right > left + 200
    pooled = drawn_flow(Flow(TRUNK, ARMS[:1], FLOW.stages))
    assert len(marks(pooled, "rect")) == 5


def test_the_flow_is_told_in_words():
    says = drawn_flow().says
    assert "Excluded 40: Not eligible 30; No metastasis 12; Declined 10." in says
    assert (
        says.index("Assessed 100.") < says.index("Randomized 60.") < says.index("Control: Allocated 30: Received 28.")
    )


# ---- accrual, bars, lanes, sites ---------------------------------------------------------------


def test_what_was_reached_goes_in_steps_and_the_plan_is_a_line():
    days = (date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 1))
    reached, planned = Track("Reached", days, (0, 10, 20)), Track("Plan", days, (0, 10, 20), "planned")
    drawing = steps_over_time([reached, planned], prefix="ac", label="Randomized", target=20, today=days[1])
    assert len(curve_of(drawing, "s0")) == 5 and len(curve_of(drawing, "s4")) == 3
    assert {"Target 20", "1 Jul 2026", "Jan 2026", "Jan 2027", "Reached", "Plan"} <= set(texts(drawing))
    assert "Reached: 20 on 1 Jan 2027." in drawing.says and "Target: 20." in drawing.says


def test_a_forecast_fans_out():
    days = (date(2026, 1, 1), date(2026, 12, 1))
    fan = Fan("Forecast", days, (10, 100), (("95 %", (10, 60), (10, 150)), ("50 %", (10, 90), (10, 110))))
    drawing = steps_over_time([], prefix="ac", label="Randomized", fan=fan)
    heights = [
        max(y for _, y in points(one.attrib["d"])) - min(y for _, y in points(one.attrib["d"]))
        for one in coloured(drawing, "path", "s1", "fill")
    ]
    assert heights[0] > heights[1] and "Forecast, with its 95 % and 50 % interval" in texts(drawing)
    assert "Forecast: 100; 95 % 60 to 150; 50 % 90 to 110 on 1 Dec 2026." in drawing.says


def test_on_narrow_paper_names_stand_below():
    reached = Track("Reached", (date(2026, 1, 1), date(2026, 7, 1)), (0, 10))
    drawing = steps_over_time([reached], prefix="ac", label="Randomized", width=343)
    assert at(drawing, "Reached")[1] > at(drawing, "0")[1]
    check(drawing, "ac")


def test_bars_are_as_long_as_their_values_and_begin_with_the_most_severe():
    rows = [BarRow("Nausea", ((20, 5), (10, 0)), ("25 %", "10 %"))]
    drawing = bars(rows, prefix="ba", label="Event", series=("Control", "Local"), parts=("Mild", "Severe"))
    found = [
        (one.attrib["class"], float(one.attrib["x"]), float(one.attrib["width"])) for one in marks(drawing, "rect")
    ][4:]
    (severe, near, short), (mild, _, long), (local, _, other) = found
    assert (severe, mild, local) == ("ev-g4-f", "ev-g0-f", "ev-h0-f")
    assert long / short == pytest.approx(4, rel=0.01) and other == pytest.approx(long / 2, rel=0.01)
    assert near + short == pytest.approx(at(drawing, "0")[0], abs=0.02)
    assert drawing.says == (
        "Event; people (%), by Mild, Severe. Nausea: Control 25 %: Mild 20, Severe 5; Local 10 %: Mild 10."
    )


def test_what_there_is_to_see_comes_first_of_the_words():
    about = {"prefix": "ba", "label": "Event", "series": ("Control",), "parts": ("Mild", "Severe")}
    found = bars([BarRow("Nausea", ((0, 0),), ("0",))], finding="Nobody had anything.", **about)
    assert found.says == "Nobody had anything. Event; people (%), by Mild, Severe. Nausea: Control 0."
    assert "Nobody had anything. Event;" in found.svg and "Nobody had anything. Event;" in found.narrow


@pytest.mark.parametrize("values", [((1,),), ((1, 2), (1,)), ((1, -1), (0, 0))])
def test_bars_refuse_values_that_do_not_fit(values):
    with pytest.raises(ValueError, match="Nausea: "):
        bars([BarRow("Nausea", values)], prefix="ba", label="Event", series=("A", "B"), parts=("Mild", "Severe"))


LANE_MARKS = {"Surgery": 2, "Progression": 1}


def test_a_lane_shows_what_was_when():
    spans = (Span(0, 12, "Followed"), Span(2, 4, "Radiation"))
    panel = Panel("Local", [Lane("P-1", spans, (Mark(6, "Progression"),), ongoing=True)])
    drawing = swimmers([panel], prefix="sw", label="Course", spans=("Followed", "Radiation"), marks=LANE_MARKS)
    check(drawing, "sw")
    told = set(texts(drawing))
    assert {"Followed", "Radiation", "Progression", "Ongoing", "Local"} <= told and "Surgery" not in told


def test_ten_kinds_of_marks_differ_in_shape():
    kinds = {f"Kind {place}": place for place in range(1, 11)}
    lane = Lane("P-1", (), tuple(Mark(place, kind) for kind, place in kinds.items()))
    drawing = swimmers([Panel("Local", [lane])], prefix="sw", label="Events", spans=("Followed",), marks=kinds)
    check(drawing, "sw")
    assert len(marks(drawing, "circle")) == 2 * (2 + 3)  # in the legend and in the lane: halo and sign, and its hollow


def test_a_flagged_site_is_named_and_differs_in_shape():
    quiet, loud = Dot(0.5, "Hillside"), Dot(4, "Riverside", flagged=True)
    drawing = dots([DotRow("Query rate", (quiet, loud))], prefix="do", label="Sites", unit="z", limits=(-3, 3))
    assert "Riverside" in texts(drawing) and "Hillside" not in texts(drawing)
    assert len(marks(drawing, "circle")) == 1 and len(coloured(drawing, "path", "alarm", "fill")) == 1
    assert "Query rate: 2 shown, flagged Riverside 4." in drawing.says and "Limits: \u22123, 3." in drawing.says


# ---- letters, scales, colours ------------------------------------------------------------------


def test_wrapped_text_fits_and_loses_nothing():
    text = "Progression before the start of local therapy (n\u00a0=\u00a02) gastro-oesophageal/" + "x" * 50
    for width in (40, 90, 200):
        lines = wrapped(text, width)
        assert all(width_of(line) <= width for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert "n\u00a0=\u00a02" in " ".join(wrapped(text, 60)) and wrapped("", 10) == ("",)


@pytest.mark.parametrize(("width", "told"), [(200, "Riverside"), (40, "Rive…"), (1, "…")])
def test_shortened_text_fits_if_anything_does(width, told):
    assert shortened("Riverside", width) == told


def test_scales_and_ticks():
    scale = Scale(0.25, 4, 0, 100, log=True)
    assert [scale.at(value) for value in (0.25, 1, 4, 9)] == [0, pytest.approx(50), 100, 100]
    assert Scale(3, 3, 0, 100).at(3) == 50
    assert [nice_step(span, 5) for span in (1, 7, 0.3, 0)] == [0.2, 2, 0.1, 1]
    assert ticks(-1, 1, 0.5) == (-1, -0.5, 0, 0.5, 1)
    assert log_ticks(0.24, 4.1) == (0.25, 0.5, 1, 2, 4) and log_ticks(0.01, 100) == (0.01, 0.1, 1, 10, 100)
    assert [printed(one) for one in (-2.50, 60.0, 0.1 + 0.2)] == ["\u22122.5", "60", "0.3"]


def test_every_figure_of_this_page_keeps_the_rules():
    check(survival(CONTROL, LOCAL, landmarks=(12,), annotation=["HR 0.61"]), "km")
    check(plot(), "fo")
    check(drawn_flow(), "fl")


def test_the_sheet_holds_only_rules_for_dark_screens():
    assert SHEET.startswith("@media (prefers-color-scheme:dark){@media not print{.ev-ink-f{fill:#")
    assert SHEET.count("{") == SHEET.count("}")
