"""Local control of lesions: several lesions of one person are not several people.

By lesion, the point estimate is that of Aalen and Johansen over all treated lesions, and its error leaves out one
person at a time (the jackknife over clusters), so that lesions that fail together do not count as separate evidence. By
person, the first lesion to fail is the event. No arms are compared: lesions are treated where the arm plans it, and a
p-value that takes lesions for people would claim too much. All of it is our proposal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import numpy as np

from evenhand.analysis.efficacy.cases import Case, Cases
from evenhand.analysis.efficacy.distant import EVENT
from evenhand.analysis.saying import noted, share_cell
from evenhand.analysis.tables import Cell, Row, Table, row
from evenhand.protocol.endpoints import Endpoint
from evenhand.statistics.normal import quantile
from evenhand.statistics.survival import cumulative_incidence
from evenhand.statistics.survival.bands import log_log_interval

_LEVEL: Final = 0.95
_FEWEST: Final = 2  # people: with one, nothing can be left out


@dataclass(frozen=True, slots=True)
class Clustered:
    """An incidence whose error goes by people; ``reason`` says what is missing and why."""

    incidence: float | None
    se: float | None
    low: float | None
    high: float | None
    reason: str


def incidence_by_lesion(part: Cases, at: float) -> Clustered:
    """The incidence of local failure at a time (months), its error the jackknife that leaves out one person at a time.

    The interval is on the log(-log) scale. Lipsitz, Dear and Zhao, Biometrics 1994;50:842-846, for the jackknife with
    clustered survival times.
    """
    whole = cumulative_incidence(part.months, part.causes, EVENT).at(at)
    if whole.incidence is None:
        return Clustered(None, None, None, None, whole.reason)
    if not 0 < whole.incidence < 1:
        return Clustered(whole.incidence, None, None, None, whole.reason or "everybody or nobody had the event")
    without = _leaving_out_one(part, at)
    known = [one for one in without if one is not None]
    if len(known) < max(_FEWEST, len(without)):
        return Clustered(whole.incidence, None, None, None, "one person alone was followed that long")
    middle = math.fsum(known) / len(known)
    spread = math.fsum((one - middle) ** 2 for one in known) * (len(known) - 1) / len(known)
    if not spread > 0:
        return Clustered(whole.incidence, None, None, None, "people do not differ, so there is no error to see")
    se = math.sqrt(spread)
    low, high = log_log_interval(whole.incidence, se / whole.incidence, quantile((1 + _LEVEL) / 2))
    return Clustered(whole.incidence, se, low, high, "")


def _leaving_out_one(part: Cases, at: float) -> list[float | None]:
    """The incidence without each person in turn."""
    months, causes = np.asarray(part.months), np.asarray(part.causes)
    _, person = np.unique([one.subject for one in part.all], return_inverse=True)
    found = []
    for number in range(part.subjects):
        kept = person != number
        found.append(cumulative_incidence(months[kept], causes[kept], EVENT).at(at).incidence)
    return found


def by_person(found: Cases) -> Cases:
    """A case a person: the first lesion to fail; else death; else until the first lesion that is no longer followed.

    Each lesion's time runs from the end of its own treatment, so that the shortest time decides.
    """
    kept = []
    for _, group in groupby(sorted(found.all, key=lambda one: one.subject), key=lambda one: one.subject):
        kept.append(_first(tuple(group)))
    return replace(found, all=tuple(kept))


def _first(lesions: tuple[Case, ...]) -> Case:
    order = {1: 0, 2: 1, 0: 2}
    failed = [one for one in lesions if one.event]
    chosen = min(failed or lesions, key=lambda one: (one.days, order[one.cause], one.item))
    return replace(chosen, item="", seqs=tuple(dict.fromkeys(seq for one in lesions for seq in one.seqs)))


def lesion_table(found: Cases, endpoint: Endpoint, *, id: str, population: str, landmarks: Sequence[float]) -> Table:
    """Incidence of local failure by lesion and by person at each landmark (months from the end of treatment)."""
    head = ("", *found.arms.labels)
    people = by_person(found)
    rows: list[Row] = [
        row("lesions", "Lesions treated", *(_many(part) for part in found.both())),
        row("lesions_failed", "Lesions that failed", *(_many(part.where(_event)) for part in found.both())),
        row("people", "People with a treated lesion", *(_many(part) for part in people.both())),
        row("people_failed", "People with a local failure", *(_many(part.where(_event)) for part in people.both())),
    ]
    for at in landmarks:
        label = f"Local failure at {at:g} months"
        rows.append(
            row(f"lesion_{at:g}", f"{label}, by lesion (95 % CI)", *(_clustered(part, at) for part in found.both()))
        )
        rows.append(
            row(f"person_{at:g}", f"{label}, by person (95 % CI)", *(_plain(part, at) for part in people.both()))
        )
    method = (
        "Months from the end of the lesion's local treatment; death without local failure competes. By lesion: "
        "Aalen-Johansen estimate over all lesions, its 95 % interval on the log(-log) scale from the jackknife that "
        "leaves out one person at a time, since lesions of one person are not independent. By person: the first lesion "
        f"to fail; {cumulative_incidence([], [], EVENT).method}. The arms are not compared: lesions are treated "
        "locally where the arm plans it."
    )
    return noted(
        Table(id, f"{endpoint.label}: cumulative incidence", population, method, head, tuple(rows), by_arm=True)
    )


def _event(one: Case) -> bool:
    return one.event


def _many(part: Cases) -> Cell:
    return Cell(str(len(part.all)), (("count", len(part.all)), ("people", part.subjects)), part.behind)


def _clustered(part: Cases, at: float) -> Cell:
    if not part.all:
        return share_cell(None, None, None, "no lesion was treated locally")
    known = incidence_by_lesion(part, at)
    more = {"se": known.se} if known.se is not None else {}
    return share_cell(known.incidence, known.low, known.high, known.reason, **more)


def _plain(part: Cases, at: float) -> Cell:
    if not part.all:
        return share_cell(None, None, None, "no lesion was treated locally")
    here = cumulative_incidence(part.months, part.causes, EVENT).at(at)
    return share_cell(here.incidence, here.low, here.high, here.reason)
