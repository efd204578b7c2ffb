"""Figures as SVG text, from plain numbers: curves, forest plot, flow of participants, bars, lanes, dots.

Knows no trial and no clock; the same numbers give the same bytes. `SHEET` is the style sheet that a page adds for dark
grounds; each drawing's own colours are those of a light one.
"""

from .bars import BarRow, bars
from .dots import Dot, DotRow, dots
from .drawing import Drawing
from .flow import Flow, FlowArm, FlowBox, FlowLine, FlowStep, flow
from .forest import ForestRow, forest
from .funnel import FunnelLimit, FunnelPoint, funnel
from .incidence import IncidenceCurve, incidence_curves
from .palette import SHEET
from .progress import Fan, Track, steps_over_time
from .survival import SurvivalCurve, survival_curves
from .swimmer import Lane, Mark, Span, swimmer

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
    "FunnelLimit",
    "FunnelPoint",
    "IncidenceCurve",
    "Lane",
    "Mark",
    "Span",
    "SurvivalCurve",
    "Track",
    "bars",
    "dots",
    "flow",
    "forest",
    "funnel",
    "incidence_curves",
    "steps_over_time",
    "survival_curves",
    "swimmer",
]
