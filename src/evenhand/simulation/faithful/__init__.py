"""Faithful simulation: trials at full length from the assumptions of a design, on the steps that real trials take."""

from evenhand.simulation.faithful.outcomes import Outcome, cut_at, outcomes
from evenhand.simulation.faithful.running import simulate_faithfully
from evenhand.simulation.faithful.scenario import scenario_for
from evenhand.simulation.faithful.trial import Setting, run, setting_of

__all__ = ["Outcome", "Setting", "cut_at", "outcomes", "run", "scenario_for", "setting_of", "simulate_faithfully"]
