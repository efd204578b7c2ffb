"""The people that a column of a table is of: those of an arm, or everybody."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.datasets.subjects import membership
from evenhand.protocol.endpoints import Population

EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class Group:
    """``id`` is that of an arm, or ``EVERYBODY``; the people are in the order of randomization."""

    id: str
    label: str
    people: tuple[Analysed, ...]

    @property
    def size(self) -> int:
        """How many people."""
        return len(self.people)

    @property
    def head(self) -> str:
        """The head of its column."""
        return f"{self.label} (n = {self.size})"


def groups(analysis: Analysis, population: Population, *, by_arm: bool) -> tuple[Group, ...]:
    """The arms in the order of the protocol and then everybody; everybody alone where arms are not told apart, for
    which nobody's arm is looked at."""
    inside = tuple(one for one in analysis.people if membership(one, population.id).included)
    everybody = Group(EVERYBODY, "All", inside)
    if not by_arm:
        return (everybody,)
    return (*(_of_arm(arm.id, arm.label, inside, population) for arm in analysis.protocol.arms), everybody)


def _of_arm(arm: str, label: str, inside: tuple[Analysed, ...], population: Population) -> Group:
    return Group(arm, label, tuple(one for one in inside if membership(one, population.id).arm == arm))


def treated(analysis: Analysis) -> Population | None:
    """The population of whoever was treated, in the arm treated in where the study has that; None without one."""
    found = [one for one in analysis.endpoints.populations.values() if one.who == "treated"]
    return max(found, key=lambda one: one.arm == "treated", default=None)


def randomized(analysis: Analysis) -> Population | None:
    """The population of everybody randomized, in the arm allocated; None where the study has none."""
    found = (one for one in analysis.endpoints.populations.values() if one.who == "randomized" and not one.without)
    return max(found, key=lambda one: one.arm != "treated", default=None)


def of_whom(population: Population, group: Group) -> str:
    """The population of a table, with its number."""
    where = "" if group.id == EVERYBODY else f", {group.label}"
    return f"{population.label} population{where} (n = {group.size})"
