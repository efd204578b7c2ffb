"""Cox's partial likelihood with Efron's ties: its value, slope and information at given coefficients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .data import Floats, Ints, counted
from .risk import RiskTable, risk_table

STEEPEST = 600.0  # spread of log hazards within a stratum that numbers can still hold


@dataclass(frozen=True, slots=True, eq=False)
class Slope:
    """The likelihood's logarithm, its gradient and its information (less the second derivative)."""

    value: float
    gradient: Floats
    information: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """People in the order of ``table``: their covariates and whether they had the event.

    One row an event in ``moment`` and ``share``: when it happened, and which part of the events of that moment is taken
    to have left the risk set already (Efron, J Am Stat Assoc 1977;72:557-565).
    """

    covariates: Floats
    event: Floats
    table: RiskTable
    moment: Ints
    share: Floats

    def at(self, coefficients: Floats) -> Slope | None:
        """The slope, or None where the hazards spread too far for numbers to hold."""
        held = self._held(coefficients)
        if held is None:
            return None
        log_hazard, hazard = held
        among, mean = self._risk_sets(hazard)
        value = float(self.event @ log_hazard - np.log(among).sum())
        gradient = self.event @ self.covariates - mean.sum(axis=0)
        return Slope(value, gradient, self._spread(hazard, among, mean, np.ones_like(among)))

    def over_time(self, coefficients: Floats, of_time: Floats) -> tuple[Floats, Floats, Floats]:
        """What tests a coefficient that changes with ``of_time``, a value for each event.

        The gradient of its change, the information that change shares with the coefficients, and its own.
        """
        held = self._held(coefficients)
        if held is None:
            raise ArithmeticError("the coefficients are not those of a maximum")
        hazard = held[1]
        among, mean = self._risk_sets(hazard)
        size = self.table.starts.size
        each = counted(self.moment, size, of_time) / np.maximum(counted(self.moment, size), 1)
        people = self.event * each[self.table.moment]
        gradient = people @ self.covariates - of_time @ mean
        shared, own = (self._spread(hazard, among, mean, of_time**power) for power in (1, 2))
        return np.asarray(gradient), shared, own

    def _held(self, coefficients: Floats) -> tuple[Floats, Floats] | None:
        """(logarithm of the hazards, hazards), relative to the largest of each stratum."""
        log_hazard = self.covariates @ coefficients
        for one in self.table.strata:
            first = self.table.starts[one.start]
            people = slice(first, self.table.starts[one.stop] if one.stop < self.table.starts.size else None)
            log_hazard[people] -= log_hazard[people].max()
        if not log_hazard.min(initial=0.0) > -STEEPEST:
            return None
        return log_hazard, np.exp(log_hazard)

    def _risk_sets(self, hazard: Floats) -> tuple[Floats, Floats]:
        """(sum of the hazards, mean covariates by hazard) of those at risk, for each event."""
        table, dying = self.table, hazard * self.event
        total = table.from_here_on(table.sums(hazard))[self.moment]
        among = total - self.share * table.sums(dying)[self.moment]
        columns = []
        for one in self.covariates.T:
            of_all = table.from_here_on(table.sums(hazard * one))[self.moment]
            columns.append((of_all - self.share * table.sums(dying * one)[self.moment]) / among)
        return among, np.stack(columns, axis=1)

    def _spread(self, hazard: Floats, among: Floats, mean: Floats, weight: Floats) -> Floats:
        """The sum over events of the covariates' variance in the risk set, each times ``weight``.

        Written as a sum over people, who count in every risk set up to their own time.
        """
        size, table = self.table.starts.size, self.table
        while_at_risk = table.up_to_here(counted(self.moment, size, weight / among))
        on_leaving = counted(self.moment, size, weight * self.share / among)
        people = hazard * (while_at_risk[table.moment] - self.event * on_leaving[table.moment])
        squares = self.covariates.T @ (people[:, None] * self.covariates)
        return np.asarray(squares - mean.T @ (weight[:, None] * mean))


def partial_likelihood(time: Floats, event: Floats, covariates: Floats, stratum: Ints) -> Likelihood:
    """The likelihood of people with these covariates, one row a person."""
    table = risk_table(time, stratum)
    events = event[table.order]
    died = np.rint(table.sums(events)).astype(np.intp)
    moment = np.repeat(np.arange(died.size), died)
    place = np.arange(moment.size) - np.repeat(np.cumsum(died) - died, died)
    return Likelihood(covariates[table.order], events, table, moment, place / died[moment])
