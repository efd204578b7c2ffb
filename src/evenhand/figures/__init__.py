"""Figures as SVG text, from plain numbers: curves, forest plot, flow of participants, bars, lanes, dots.

Knows no trial and no clock; the same numbers give the same bytes. `SHEET` is the style sheet that a page adds for dark
grounds; each drawing's own colours are those of a light one.
"""

from .bars import BarRow, bars
from .dots import Dot, DotRow, dots
from .drawing import Drawing
from .flow import Flow, FlowArm, FlowBox, FlowLine, FlowStep, flow
from .forest import ForestRow, forest
from .incidence import IncidenceCurve, incidence_curves
from .palette import SHEET
from .progress import Fan, Track, steps_over_time
from .survival import SurvivalCurve, survival_curves
from .swimmers import Lane, Mark, Panel, Span, swimmers

__all__ = [
    "SHEET",
    "BarRow",
    "Dot",
    "DotRow",
    "Drawing",
    "Fan",
    "Flow",
    "FlowArm",
    "FlowBox",
    "FlowLine",
    "FlowStep",
    "ForestRow",
    "IncidenceCurve",
    "Lane",
    "Mark",
    "Panel",
    "Span",
    "SurvivalCurve",
    "Track",
    "bars",
    "dots",
    "flow",
    "forest",
    "incidence_curves",
    "steps_over_time",
    "survival_curves",
    "swimmers",
]
