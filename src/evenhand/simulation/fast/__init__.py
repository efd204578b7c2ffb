"""Fast simulation: operating characteristics of a design from many thousand trials, in compiled loops."""

from evenhand.simulation.fast.characteristics import Characteristics, Figure, LookFigures
from evenhand.simulation.fast.inputs import Arrivals, Limits
from evenhand.simulation.fast.running import Scenario, limits_of, simulate, simulate_grid

__all__ = [
    "Arrivals",
    "Characteristics",
    "Figure",
    "Limits",
    "LookFigures",
    "Scenario",
    "limits_of",
    "simulate",
    "simulate_grid",
]
