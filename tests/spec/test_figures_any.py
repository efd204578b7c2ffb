"""Whatever the numbers: every figure is valid, the same twice, inside its box, and no text lies over another."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evenhand.figures import (
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
from tests.spec.figures_checks import check, narrow_of

FEW = settings(max_examples=10, deadline=None)
WORDS = [
    "a",
    "Usual",
    "approach",
    "plus",
    "local",
    "therapy",
    "<b>&\"'",
    "Thoracoabdominal-reconstruction",
    "W" * 60,
    "é≥3",
]
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
ANYTHING = st.text(max_size=30)
WIDTHS = st.sampled_from([343, 480, 640, 720, 1000])
SHARES = st.floats(0, 1)
TIMES = st.floats(0, 400)


def twice(draw, *args, apart=True, **options):
    """Drawn twice: the same bytes, and what holds of every figure holds."""
    one, other = draw(*args, prefix="fig", **options), draw(*args, prefix="fig", **options)
    assert one == other
    check(one, "fig", apart=apart)
    if one.narrow:
        check(narrow_of(one), "fig-narrow", apart=apart)
    return one


@st.composite
def curve_rows(draw):
    """Times in order with values, a band and numbers at risk; perhaps nobody."""
    times = sorted(draw(st.lists(TIMES, max_size=12, unique=True)))
    values = draw(st.lists(SHARES, min_size=len(times), max_size=len(times)))
    bounds = draw(st.lists(st.none() | SHARES, min_size=len(times), max_size=len(times)))
    risk = (
        times,
        sorted(draw(st.lists(st.integers(0, 10**6), min_size=len(times), max_size=len(times))), reverse=True),
    )
    band = draw(st.booleans())
    return {
        "times": times,
        "lower": [None if one is None else one * value for one, value in zip(bounds, values, strict=True)]
        if band
        else (),
        "upper": [None if one is None else max(one, value) for one, value in zip(bounds, values, strict=True)]
        if band
        else (),
        "censored": draw(st.lists(TIMES, max_size=5)),
        "at_risk": draw(st.sampled_from([None, risk])),
        "events": draw(st.sampled_from([None, risk])),
    }, values


CURVES = st.lists(st.tuples(NAMES, curve_rows()), max_size=3)


@FEW
@given(CURVES, WIDTHS, st.lists(NAMES, max_size=2), NAMES)
def test_survival_curves(made, width, notes, label):
    curves = [SurvivalCurve(name, survival=sorted(values, reverse=True), **rest) for name, (rest, values) in made]
    twice(survival_curves, curves, width=width, annotation=notes, label=label)


@FEW
@given(CURVES, WIDTHS, st.lists(NAMES, max_size=2), NAMES)
def test_incidence_curves(made, width, notes, label):
    curves = [IncidenceCurve(name, incidence=sorted(values), **rest) for name, (rest, values) in made]
    twice(incidence_curves, curves, width=width, annotation=notes, label=label)


@FEW
@given(CURVES, WIDTHS)
def test_curves_with_landmarks_stay_inside(made, width):
    curves = [SurvivalCurve(name, survival=sorted(values, reverse=True), **rest) for name, (rest, values) in made]
    twice(survival_curves, curves, width=width, landmarks=(0, 6, 12, 500), label="Survival")


RATIOS = st.floats(1e-12, 1e12)
FOREST_ROWS = st.builds(
    ForestRow,
    NAMES,
    st.none() | RATIOS,
    st.none() | st.just(0.0) | RATIOS,
    st.none() | st.just(float("inf")) | RATIOS,
    st.sampled_from(["", "0.61 (0.43 to 0.87)", "not estimable: no events in either arm"]),
    st.sampled_from([(), ("12/40", "3/38")]),
    st.none() | st.floats(0, 1e6),
    st.booleans(),
    st.integers(0, 2),
)


@FEW
@given(st.lists(FOREST_ROWS, max_size=12), WIDTHS, NAMES, st.tuples(NAMES, NAMES), st.tuples(NAMES, NAMES))
def test_forest(rows, width, label, columns, favours):
    twice(forest, rows, width=width, label=label, columns=columns, favours=favours)


BOXES = st.builds(
    FlowBox,
    NAMES,
    st.none() | st.integers(0, 10**6),
    st.lists(st.builds(FlowLine, NAMES, st.none() | st.integers(0, 10**6), st.integers(0, 2)), max_size=4),
)
STEPS = st.builds(FlowStep, BOXES, st.lists(BOXES, max_size=2))
ARMS = st.builds(FlowArm, NAMES, st.lists(st.none() | BOXES, max_size=3))
FLOWS = st.builds(Flow, st.lists(STEPS, max_size=3), st.lists(ARMS, max_size=3), st.lists(NAMES, max_size=4))


@FEW
@given(FLOWS, WIDTHS, NAMES)
def test_flow(boxes, width, label):
    twice(flow, boxes, width=width, label=label)


DAYS = st.dates(date(2000, 1, 1), date(2080, 1, 1))


@st.composite
def tracks(draw):
    days = sorted(draw(st.lists(DAYS, max_size=6)))
    numbers = sorted(draw(st.lists(st.integers(0, 10**5), min_size=len(days), max_size=len(days))))
    return Track(draw(NAMES), days, numbers, draw(st.sampled_from(["reached", "planned"])))


@st.composite
def fans(draw):
    first, many = draw(DAYS), draw(st.integers(0, 6))
    middle = sorted(draw(st.lists(st.integers(0, 10**5), min_size=many, max_size=many)))
    band = ("95 %", [one * 0.5 for one in middle], [one * 1.5 for one in middle])
    return Fan(draw(NAMES), [first + timedelta(days=30 * step) for step in range(many)], middle, [band])


@FEW
@given(st.lists(tracks(), max_size=3), st.none() | fans(), st.none() | st.integers(0, 10**5), st.none() | DAYS, WIDTHS)
def test_steps_over_time(made, fan, target, today, width):
    twice(steps_over_time, made, fan=fan, target=target, today=today, width=width, label="Randomized", apart=False)


@st.composite
def bar_charts(draw):
    many, parts = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    value = st.floats(0, 100)
    values = st.lists(st.lists(value, min_size=parts, max_size=parts), min_size=many, max_size=many)
    texts = st.lists(st.sampled_from(["", "12 (14.8 %)"]), min_size=many, max_size=many)
    full = st.builds(BarRow, NAMES, values, texts)
    rows = draw(st.lists(full | st.builds(BarRow, NAMES), max_size=60))
    names = draw(st.lists(NAMES, min_size=many, max_size=many))
    return rows, {"series": names, "parts": [f"Grade {place + 1}" for place in range(parts)]}


@FEW
@given(bar_charts(), WIDTHS, NAMES)
def test_bars(made, width, label):
    rows, names = made
    twice(bars, rows, width=width, label=label, **names)


KINDS = st.sampled_from(["Pertuzumab", "Radiation of every metastasis", "Surgery", "Death", "x", "y", "z"])
LANES = st.builds(
    Lane,
    NAMES,
    st.lists(st.builds(Span, TIMES, TIMES, KINDS), max_size=3),
    st.lists(st.builds(Mark, TIMES, KINDS), max_size=3),
    st.booleans(),
)


@FEW
@given(st.lists(st.builds(Panel, NAMES, st.lists(LANES, max_size=30)), max_size=3), WIDTHS, NAMES)
def test_swimmers(panels, width, label):
    lanes = [lane for one in panels for lane in one.lanes]
    spans = list(dict.fromkeys(span.kind for lane in lanes for span in lane.spans))
    marks = {kind: place for place, kind in enumerate(dict.fromkeys(m.kind for lane in lanes for m in lane.marks))}
    twice(swimmers, panels, width=width, label=label, spans=spans, marks=marks)


VALUES = st.floats(-1e4, 1e4)
DOTS = st.builds(Dot, VALUES, NAMES, st.booleans(), st.none() | VALUES, st.none() | VALUES)
DOT_ROWS = st.builds(DotRow, NAMES, st.lists(DOTS, max_size=6), st.sampled_from(["", "0.31 (0.10 to 0.72)"]))


@FEW
@given(st.lists(DOT_ROWS, max_size=5), WIDTHS, st.none() | VALUES, st.lists(VALUES, max_size=2), NAMES)
def test_dots(rows, width, centre, limits, label):
    twice(dots, rows, width=width, centre=centre, limits=limits, label=label, unit=label, apart=False)


@given(ANYTHING, ANYTHING)
@example("\x1f" * 4, "x")  # drawn as replacement characters, which are wider
@FEW
def test_any_text_is_valid_xml(name, label):
    twice(survival_curves, [SurvivalCurve(name, [1], [0.5])], label=label or "x", apart=False)
    twice(flow, Flow((FlowStep(FlowBox(name)),), ()), label=label or "x", apart=False)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused(bad):
    with pytest.raises(ValueError, match="cannot be drawn"):
        survival_curves([SurvivalCurve("A", [1, bad], [0.9, 0.5])], prefix="x", label="y")
    with pytest.raises(ValueError, match="give one above 0"):
        forest([ForestRow("A", bad, 1, 2)], prefix="x", label="y")
    with pytest.raises(ValueError, match="cannot be drawn"):
        dots([DotRow("A", [Dot(bad)])], prefix="x", label="y", unit="z")
