"""The median and other quantiles of survival time, with the interval that inverts the log(-log) bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .kaplan_meier import Curve

METHOD = (
    "first time at which the Kaplan-Meier estimate is at or below the level, and the middle of its flat piece where it "
    "equals the level; the interval inverts the pointwise {level} log(-log) band (Brookmeyer and Crowley)"
)
EQUAL = 1.5e-8  # R's tolerance for a curve that runs at exactly the level: the root of the machine's precision


@dataclass(frozen=True, slots=True)
class Quantile:
    """The time by which ``share`` of the people had the event: 0.5 is the median.

    What is not reached is None, and ``reason`` says why; an upper limit of None is an interval that is open above.
    """

    share: float
    time: float | None
    low: float | None
    high: float | None
    method: str
    reason: str


def quantile_of(curve: Curve, share: float = 0.5) -> Quantile:
    """Brookmeyer and Crowley, Biometrics 1982;38:29-41, as R's survfit inverts its bands.

    Raises ValueError unless ``share`` lies between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"the share is {share}; give one between 0 and 1, such as 0.5 for the median")
    time = _reached(curve.time, curve.survival, 1 - share)
    low = _reached(curve.time, curve.low, 1 - share)
    high = _reached(curve.time, curve.high, 1 - share)
    method = METHOD.format(level=f"{100 * curve.confidence:g} %")
    return Quantile(share, time, low, high, method, curve.reason or _why(share, time, low, high))


def quartiles(curve: Curve) -> tuple[Quantile, Quantile, Quantile]:
    """The times by which a quarter, half and three quarters had the event."""
    return quantile_of(curve, 0.25), quantile_of(curve, 0.5), quantile_of(curve, 0.75)


def _reached(times: Sequence[float], curve: Sequence[float | None], level: float) -> float | None:
    """Where ``curve`` comes down to ``level``; where it runs at the level, the middle of that piece."""
    known = [(time, value) for time, value in zip(times, curve, strict=True) if value is not None]
    first = next((time for time, value in known if value <= level + EQUAL), None)
    if first is None:
        return None
    below = next((time for time, value in known if value < level - EQUAL), times[-1])
    at = min(value for time, value in known if time <= first)
    return (first + below) / 2 if abs(at - level) <= EQUAL else first


def _why(share: float, time: float | None, low: float | None, high: float | None) -> str:
    if time is None:
        return f"the estimate never came down to {1 - share:g}: fewer had the event while they were followed"
    missing = [name for name, value in (("lower", low), ("upper", high)) if value is None]
    return f"the {' and the '.join(missing)} limit is not reached by the band" if missing else ""
