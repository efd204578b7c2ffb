"""The path of a test statistic from look to look, as numbers: recursive integration.

Armitage, McPherson and Rowe, Journal of the Royal Statistical Society A 1969;132:235-244; Jennison and Turnbull, Group
Sequential Methods, 1999, chapter 19. The statistic is followed as b = z times the root of information, which moves by
independent normal steps whose variance is the gain in information. What has not stopped yet is a density, kept at the
nodes of Gauss-Legendre panels narrow enough for the steps on both sides, which is our choice: 16 nodes to four
standard deviations of the smaller step give about 1e-13.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from evenhand.statistics.legendre import rule

Floats = npt.NDArray[np.float64]

NODES = 16
PANEL_WIDTH = 4.0  # standard deviations of the smaller neighbouring step
REACH = 9.0  # standard deviations around the mean beyond which nothing is (1e-19)
_ROOT_TAU = math.sqrt(2 * math.pi)


@dataclass(frozen=True, slots=True)
class Step:
    """To ``information``, with ``mean`` expected of b, and the ``following`` information where a look comes after."""

    information: float
    mean: float
    following: float | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """Where those that go on are: ``mass`` at ``place`` (of b), with ``information`` in and ``mean`` expected of b."""

    information: float
    mean: float
    place: Floats
    mass: Floats

    def remaining(self) -> float:
        """The probability of having gone on so far."""
        return float(self.mass.sum())

    def beyond(self, step: Step, z: float, side: int = 1) -> float:
        """The probability of going on so far and being above ``z`` (side 1) or below it (side -1) at the step."""
        if math.isinf(z):
            return self.remaining() if (z < 0) == (side > 0) else 0.0
        return float(self.mass @ ndtr(side * self._distance(step, z)))

    def quantile(self, step: Step, probability: float, side: int = 1) -> float:
        """The z beyond which just ``probability`` lies; infinite for none of it, or for more than there is.

        Newton's method on the logarithm, which is concave (Prekopa 1973: marginals of a log-concave density), from a
        start beyond the answer, so that every iteration comes nearer from one side.
        """
        if probability <= 0:
            return side * math.inf
        if probability >= self.remaining():
            return -side * math.inf
        z = side * _far(probability) + step.mean / math.sqrt(step.information)
        for _ in range(200):
            there, slope = self._beyond_and_density(step, z, side)
            if there <= 0:
                z -= side * 0.25
                continue
            move = there * math.log(there / probability) / slope
            z += side * move
            if abs(move) < 1e-13 * max(1.0, abs(z)):
                break
        return z

    def onward(self, step: Step, lower: float, upper: float, nodes: int = NODES) -> Walk:
        """Those that go on after the step: with z between ``lower`` and ``upper``."""
        scale = math.sqrt(step.information)
        low = max(lower, step.mean / scale - REACH) * scale
        high = min(upper, step.mean / scale + REACH) * scale
        gains = [step.information - self.information]
        gains += [step.following - step.information] if step.following is not None else []
        place, weight = _panels(low, high, PANEL_WIDTH * math.sqrt(min(gains)), nodes)
        deviation = math.sqrt(gains[0])
        apart = (place[:, None] - (self.place + (step.mean - self.mean))[None, :]) / deviation
        density = np.exp(-0.5 * apart * apart) @ self.mass / (_ROOT_TAU * deviation)
        return Walk(step.information, step.mean, place, weight * density)

    def _distance(self, step: Step, z: float) -> Floats:
        """How far above z each place is expected to come, in standard deviations of the step."""
        ahead: Floats = self.place + (step.mean - self.mean - z * math.sqrt(step.information))
        return ahead / math.sqrt(step.information - self.information)

    def _beyond_and_density(self, step: Step, z: float, side: int) -> tuple[float, float]:
        """The probability of being beyond z, and how fast it changes there."""
        apart = self._distance(step, z)
        ratio = math.sqrt(step.information / (step.information - self.information))
        slope = float(self.mass @ np.exp(-0.5 * apart * apart)) / _ROOT_TAU * ratio
        return float(self.mass @ ndtr(side * apart)), slope


def start(information: float = 0.0, b: float = 0.0) -> Walk:
    """A walk that stands at ``b`` for certain."""
    return Walk(information, b, np.array([b]), np.array([1.0]))


def _far(probability: float) -> float:
    """A z beyond which a standard normal surely has no more than ``probability``: the start of the search."""
    return math.sqrt(-2 * math.log(2 * probability)) if probability < 0.5 else 0.0


@cache
def _rule(nodes: int) -> tuple[Floats, Floats]:
    place, weight = rule(nodes)
    return np.array(place), np.array(weight)


def _panels(low: float, high: float, width: float, nodes: int) -> tuple[Floats, Floats]:
    """Nodes and weights of panels at most ``width`` wide; none where ``high`` is not above ``low``."""
    if not high > low:
        return np.empty(0), np.empty(0)
    edges = np.linspace(low, high, max(1, math.ceil((high - low) / width)) + 1)
    half = (edges[1] - edges[0]) / 2
    place, weight = _rule(nodes)
    return (edges[:-1, None] + half * (place + 1)).ravel(), np.tile(half * weight, len(edges) - 1)
