"""One design varied: ``name=value``, as people type it after ``--set`` or move it on a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from evenhand.design.lengths import accrual_months
from evenhand.design.reading import hazard_of_median
from evenhand.design.shape import Assumptions, Look, Pieces, Stratum
from evenhand.refusal import Refusal
from evenhand.statistics.spending import KINDS, WITHOUT_GAMMA, Spending

_SPENDING = re.compile(r"([a-z_]+)(?:\((-?[0-9.]+)\))?")
LONGEST = 1200.0
"""Months. assumed: a century is beyond any trial, and what is summed over months stays small."""
FASTEST, STRONGEST = 100.0, 1000.0
"""Hazards a month and their ratio at most. assumed: half are gone within five hours, which is beyond any disease."""
Change = Callable[[Assumptions, str], Assumptions]


def varied(assumptions: Assumptions, given: Mapping[str, str]) -> Assumptions:
    """The assumptions with these values, each as text. ``sample_size`` and ``allocation`` are set first, whatever the
    order, since ``accrual_months`` needs them. Raises Refusal naming what there is, for a name or a value that there
    is not."""
    for name in given:
        if name not in NAMES:
            close = "".join(f"Did you mean {near}? " for near in get_close_matches(name, NAMES, n=1))
            raise Refusal(f"There is no assumption {name!r}.", "design", f"{close}There are {', '.join(NAMES)}.")
    for one, other in _ALIKE:
        if one in given and other in given:
            raise Refusal(f"{one} and {other} set the same thing.", "design", "Set one of the two.")
    for name, (change, example) in NAMES.items():
        if name in given:
            try:
                assumptions = change(assumptions, given[name].strip())
            except ValueError as error:
                said = f"{name}={given[name]}: {error}."
                raise Refusal(said, "design", f"Write for instance {example}.") from None
    return _sound(assumptions)


def pieces(text: str, low: float = 0.0, high: float = 1e6) -> Pieces:
    """``0.6``, or ``1@0,0.6@6``: values, each with the month from which on it holds. Raises ValueError."""
    if "@" not in text:
        return ((0.0, number(text, low, high)),)
    parts = [part.partition("@") for part in text.split(",")]
    found = tuple((number(month, 0, LONGEST), number(value, low, high)) for value, _, month in parts)
    if found[0][0] != 0 or any(later <= earlier for (earlier, _), (later, _) in pairwise(found)):
        raise ValueError("the first piece begins at month 0, each other one later than the one before")
    return found


def number(text: str, low: float = 0.0, high: float = 1e6) -> float:
    """A number within bounds; where it is a share, ``5%`` is 0.05. Raises ValueError."""
    share = text.endswith("%") and high <= 1
    try:
        if not text.isascii() or "_" in text:  # which Python reads and a protocol does not write
            raise ValueError
        value = float(text[:-1]) / 100 if share else float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number") from None
    if not low <= value <= high:
        raise ValueError(f"{value:g} is not between {low:g} and {high:g}")
    return value


def _whole(text: str, low: int = 1, high: int = 100_000) -> int:
    value = number(text, low, high)
    if value != int(value):
        raise ValueError(f"{value:g} is no whole number")
    return int(value)


def _or_none(text: str, low: float, high: float) -> float | None:
    return None if text == "none" else number(text, low, high)


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError("it is yes or no")
    return text == "yes"


def _spending(text: str) -> Spending:
    """``obrien_fleming`` or ``hwang_shih_decani(-4)``."""
    match = _SPENDING.fullmatch(text)
    if match is None:
        raise ValueError(f"there are {', '.join(KINDS)}, some with their gamma in brackets")
    if match[2] and match[1] in WITHOUT_GAMMA:
        raise ValueError(f"{match[1]} has no gamma")
    return Spending(match[1], number(match[2], -50, 50) if match[2] else None)  # type: ignore[arg-type]  # it looks


def _futility(text: str) -> Spending | None:
    return None if text == "none" else _spending(text)


def _looks(text: str, events: int | None) -> tuple[Look, ...]:
    return tuple(_look(part.strip(), events) for part in text.split(","))


def _look(text: str, events: int | None) -> Look:
    """``50`` events, ``50%`` of the planned ones, ``36m`` for a month, or ``complete``."""
    if text == "complete":
        return Look(complete=True)
    if text.endswith("m"):
        return Look(month=number(text[:-1], 0.01, 2 * LONGEST))
    if text.endswith("%"):
        if events is None:
            raise ValueError("a share of the events needs planned_events")
        return Look(events=max(1, round(number(text, 0.01, 1) * events)))
    return Look(events=_whole(text))


def _strata(text: str) -> tuple[Stratum, ...]:
    """``none``, or ``0.4:1,0.6:1.5``: the share of each stratum and the factor on its hazard."""
    if text == "none":
        return ()
    parts = [part.partition(":") for part in text.split(",")]
    found = tuple(Stratum(number(share, 1e-6, 1), number(factor or "1", 1e-3, STRONGEST)) for share, _, factor in parts)
    if abs(sum(one.share for one in found) - 1) > 1e-9:
        raise ValueError("the shares make 1 together")
    return found


def _allocation(text: str) -> tuple[int, int]:
    control, _, experimental = text.partition(":")
    return _whole(control), _whole(experimental)


def _sized(now: Assumptions, text: str) -> Assumptions:
    """More people at the same pace take longer; ``accrual_months`` says otherwise."""
    return replace(now, sample_size=_whole(text, 2))


def _paced(now: Assumptions, text: str) -> Assumptions:
    return replace(now, accrual=((0.0, now.sample_size / number(text, 0.1, LONGEST)),))


def _with(name: str, read: Callable[[str], Any], **also: Any) -> Change:
    return lambda now, text: replace(now, **{name: read(text), **also})


def _sound(now: Assumptions) -> Assumptions:
    """What values may not be together. Raises Refusal."""
    if now.accrual[-1][1] <= 0:
        raise Refusal("People must go on entering in the last piece of accrual.", "design", "Give it a pace above 0.")
    if (months := accrual_months(now)) > LONGEST:
        said = f"The last person enters in month {months:.4g}, beyond {LONGEST:g}."
        raise Refusal(said, "design", "Let more people a month enter, or fewer in all.")
    if any(look.complete for look in now.looks[:-1]):
        raise Refusal("After everything is complete there is nothing more to look at.", "design", "Put it last.")
    for part in ("events", "month"):
        named = [value for look in now.looks if (value := getattr(look, part)) is not None]
        if any(later <= earlier for earlier, later in pairwise(named)):
            raise Refusal("The looks do not come in order.", "design", "Name the earlier ones first, as in 50,100.")
    if any(size % sum(now.allocation) for size in now.block_sizes):
        ratio, sizes = ":".join(map(str, now.allocation)), " or ".join(map(str, now.block_sizes))
        raise Refusal(f"Blocks of {sizes} cannot hold {ratio}.", "design", "Set block_sizes as well.")
    return now


_ALIKE = (
    ("accrual", "accrual_months"),
    ("control_median", "control_hazard"),
    ("cap_months", "after_last_months"),
)  # of these the later one would win, unsaid

NAMES: Mapping[str, tuple[Change, str]] = {
    "sample_size": (_sized, "sample_size=200"),
    "allocation": (_with("allocation", _allocation), "allocation=1:1 (control:experimental)"),
    "accrual": (_with("accrual", pieces), "accrual=2@0,5@6 (people a month)"),
    "accrual_months": (_paced, "accrual_months=48"),
    "control_median": (
        lambda now, text: replace(now, control_hazard=((0.0, hazard_of_median(number(text, 0.1, 1e5))),)),
        "control_median=24",
    ),
    "control_hazard": (
        _with("control_hazard", lambda text: pieces(text, 0, FASTEST)),
        "control_hazard=0.03@0,0.02@12 (a month)",
    ),
    "hazard_ratio": (
        _with("hazard_ratio", lambda text: pieces(text, 1e-3, STRONGEST)),
        "hazard_ratio=0.6 or 1@0,0.6@6",
    ),
    "drift_yearly": (_with("drift_yearly", lambda text: number(text, 0.1, 10)), "drift_yearly=0.9"),
    "dropout_yearly": (_with("dropout_yearly", lambda text: number(text, 0, 0.99)), "dropout_yearly=0.05"),
    "cap_months": (
        _with("cap_months", lambda text: number(text, 0.1, LONGEST), after_last_months=None),
        "cap_months=36 (each person)",
    ),
    "after_last_months": (
        _with("after_last_months", lambda text: number(text, 0, LONGEST), cap_months=None),
        "after_last_months=24 (all, counted from the last entry)",
    ),
    "detection_months": (
        _with("detection_months", lambda text: _or_none(text, 0.1, LONGEST)),
        "detection_months=3 or none",
    ),
    "strata": (_with("strata", _strata), "strata=0.4:1,0.6:1.5 (share:hazard factor) or none"),
    "stratified_test": (_with("stratified_test", _yes), "stratified_test=yes"),
    "block_sizes": (
        _with("block_sizes", lambda text: tuple(_whole(part, 1, 1000) for part in text.split(","))),
        "block_sizes=4,6",
    ),
    "alpha": (_with("alpha", lambda text: number(text, 1e-6, 0.5)), "alpha=0.025"),
    "sided": (_with("sided", lambda text: _whole(text, 1, 2)), "sided=1 or sided=2"),
    "power": (
        lambda now, text: replace(now, beta=1 - number(text, 0.01, 0.9999)),
        "power=0.9 (wanted; futility spends what it leaves)",
    ),
    "planned_events": (
        lambda now, text: replace(now, planned_events=None if text == "none" else _whole(text)),
        "planned_events=100 or none",
    ),
    "looks": (
        lambda now, text: replace(now, looks=_looks(text, now.planned_events)),
        "looks=50,100 (events), 50%,complete or 36m,complete",
    ),
    "efficacy": (_with("efficacy", _spending), "efficacy=pocock or hwang_shih_decani(-4)"),
    "futility": (_with("futility", _futility), "futility=hwang_shih_decani(-4) or none"),
    "binding": (_with("binding", _yes), "binding=no"),
}
"""What can be set, with an example of each, in the order in which it is applied."""
