"""What the tests of the faithful simulation share: a light study, its trials, their rows given to the fast kernel."""

from functools import cache

from evenhand.design.assumptions import assumptions_of, varied
from evenhand.protocol import load_protocol
from evenhand.simulation import load_scenario
from evenhand.simulation.faithful import run, scenario_for, setting_of
from evenhand.simulation.fast import limits_of
from evenhand.simulation.fast.hazard_ratio import log_hazard_ratio
from evenhand.simulation.fast.inputs import prepared
from evenhand.simulation.fast.log_rank import add_stratum, z_of
from evenhand.simulation.fast.scratch import FOUND, GOING_ARM, GOING_FOR, GONE_AFTER, GONE_HOW, empty
from tests.studies_here import ROOT

LIGHT = ROOT / "tests" / "studies" / "light"
PROTOCOL = load_protocol(LIGHT)
SCENARIO = load_scenario(LIGHT, PROTOCOL.version.id)
ASSUMED = assumptions_of(PROTOCOL)
CONTROL = PROTOCOL.design.control if PROTOCOL.design else ""


def assumed(**changes):
    """The assumptions of the light study, with some of them varied."""
    return varied(ASSUMED, {name: str(value) for name, value in changes.items()})


@cache
def setting(assumptions, *, every_visit=False):
    return setting_of(PROTOCOL, scenario_for(PROTOCOL, assumptions, SCENARIO), assumptions, every_visit=every_visit)


@cache
def trial(assumptions, seed, *, every_visit=False):
    """One trial at full length."""
    return run(setting(assumptions, every_visit=every_visit), seed)


def kernel(found, assumptions, *, stratified):
    """The same outcomes through the fast path's own loops: its z, its sums, its log hazard ratio."""
    of = empty(prepared(assumptions, limits_of(assumptions)))
    for stratum in sorted({one.stratum for one in found}) if stratified else [None]:
        here = sorted((one for one in found if stratum in (None, one.stratum)), key=lambda one: one.months)
        gone = [one for one in here if one.why and not one.in_time]
        going = [one for one in here if not one.why or one.in_time]
        for place, one in enumerate(gone):
            of.real[GONE_AFTER, place] = one.months
            of.whole[GONE_HOW, place] = 2 * one.event + (one.arm != CONTROL)
        for place, one in enumerate(going):
            of.real[GOING_FOR, place], of.whole[GOING_ARM, place] = one.months, one.arm != CONTROL
        experimental = sum(one.arm != CONTROL for one in here)
        add_stratum(of, len(gone), len(going), len(here), experimental)
    return z_of(of), of.real[FOUND][:5].tolist(), log_hazard_ratio(of)
