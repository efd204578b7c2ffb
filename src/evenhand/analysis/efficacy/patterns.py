"""Where the disease came back first: within what was treated, in the region of the primary, at a distance.

The pattern is what the clinician said of the progression that is the event; where nothing is said, what the scans show.
A place that nobody recorded is a row of its own (reference: oncology rules, 2.7).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.efficacy.cases import Case, Cases
from evenhand.analysis.efficacy.counts import event_word
from evenhand.analysis.tables import Cell, Row, Table, count, row
from evenhand.conduct.response import determinations, evaluation
from evenhand.protocol.endpoints import Endpoint

_PLACES: Final = ("local", "regional", "distant")
_WORDS: Final = {"local": "within what was treated locally", "regional": "in the region of the primary",
                 "distant": "at a distance"}  # fmt: skip
_ORDER: Final = tuple(
    tuple(place for bit, place in enumerate(_PLACES) if number >> bit & 1) for number in (1, 2, 4, 3, 5, 6, 7)
)
_NOWHERE: Final[tuple[str, ...]] = ()


def patterns_table(found: Cases, analysis: Analysis, endpoint: Endpoint, *, id: str, population: str) -> Table:
    """Each event of the endpoint by where it was; shares are of the people of the arm."""
    people = {one.person.subject: one for one in analysis.people}
    where = {
        one.subject: places(people[one.subject], one) for one in found.all if one.event and one.reason == "progression"
    }
    control, experimental = found.arms.labels
    rows: list[Row] = [
        row("people", "People", *(count(part.behind) for part in (*found.both(), found))),
        row("progressed", "Progression as the first event", *_counts(found, where)),
    ]
    for place in (*_ORDER, _NOWHERE):
        fitting = [subject for subject, known in where.items() if known == place]
        if fitting or len(place) < 2:
            named = "_and_".join(place) or "place_unknown"
            rows.append(row(named, _word(place), *_counts(found, fitting), indent=1))
    others = sorted({one.reason for one in found.all if one.event and one.reason != "progression"})
    for reason in others:
        label = f"{event_word(reason).capitalize()} as the first event"
        fitting = [one.subject for one in found.all if one.event and one.reason == reason]
        rows.append(row(reason, label, *_counts(found, fitting)))
    without = [one.subject for one in found.all if not one.event]
    rows.append(row("none", "No event so far", *_counts(found, without)))
    method = (
        "The first event under the primary estimand; its place as the clinician determined it, and where that says "
        "nothing as the scans of that progression show it. A progression may be in several places at once."
    )
    title = f"{endpoint.label}: pattern of the first failure"
    return Table(id, title, population, method, ("", control, experimental, "Total"), tuple(rows), by_arm=True)


def places(one: Analysed, case: Case) -> tuple[str, ...]:
    """Where the progression of a person was, in the order local, regional, distant; empty where it is not recorded."""
    protocol, known = one.person.protocol, one.person.known
    for said in determinations(protocol, known):
        if said.seq in case.seqs:
            told = tuple(place for place in _PLACES if said.entry.values.get(place) is True)
            if told:
                return told
    for point in evaluation(protocol, known).points:
        dated = point.point.progressed if point.point is not None else None
        if dated is not None and (point.scan.seq in case.seqs or (dated - one.seen.start).days + 1 == case.days):
            return tuple(place for place in _PLACES if any(str(seen) == place for seen in point.patterns))
    return _NOWHERE


def _word(place: tuple[str, ...]) -> str:
    if not place:
        return "place not recorded"
    return " and ".join(_WORDS[one] for one in place) + (" alone" if len(place) == 1 else "")


def _counts(found: Cases, subjects: Collection[str]) -> tuple[Cell, ...]:
    inside = frozenset(subjects)
    return tuple(
        count([one.behind for one in part.all if one.subject in inside], len(part.all))
        for part in (*found.both(), found)
    )
