"""Made-up people and made-up trials, on the real steps."""

from evenhand.simulation.course import Course, Pace, Phase, Staff
from evenhand.simulation.scenario import Scenario, load_scenario
from evenhand.simulation.walk import Walk, WalkReport, walk, walk_secret

__all__ = ["Course", "Pace", "Phase", "Scenario", "Staff", "Walk", "WalkReport", "load_scenario", "walk", "walk_secret"]
