"""Making a report: the cut, the analysis, the sections of the kind, and what they follow from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from evenhand import __version__
from evenhand.analysis import Analysis, Cut, analyse, cut
from evenhand.analysis.datasets import Dataset, datasets
from evenhand.analysis.outcome import said
from evenhand.analysis.tables import Section
from evenhand.enrollment import newest_adopted
from evenhand.protocol import Protocol, Versions, as_versions
from evenhand.record import TRACES, History
from evenhand.record.entry import in_utc
from evenhand.refusal import Refusal
from evenhand.reports.document import Report, Source
from evenhand.reports.kinds import KINDS, Kind
from evenhand.reports.parts import PARTS
from evenhand.reports.wording import moment

Progress = Callable[[str, int, int], None]
"""Told before each part: what comes now, how many parts are done, of how many."""


def quiet(what: str, done: int, of: int) -> None:
    """Progress that nobody watches."""


def end_of(day: date) -> datetime:
    """The last moment of a day, UTC: the moment of a cut for which no other is named."""
    return datetime.combine(day, time.max, UTC)


def make_report(
    kind: Kind | str,
    versions: Versions | Protocol,
    history: History,
    *,
    effective: date,
    recorded: datetime | None = None,
    progress: Progress = quiet,
) -> Report:
    """The report of a kind at a cut; ``recorded`` is the end of the day of the cut (UTC) unless it is given.

    The same protocol, record and cut give the same report, whatever was entered since. Raises Refusal for a kind that
    there is not, a study that was not activated by then, and a protocol without endpoints; RecordError for a
    ``recorded`` without a time zone.
    """
    chosen = kind_of(kind)
    steps = len(chosen.sections) + 2
    progress("the cut", 0, steps)
    whole, moment = as_versions(versions), in_utc(recorded or end_of(effective))
    made = cut(whole, history, effective=effective, recorded=moment)
    source = _source(whole, history, made)
    progress("everybody randomized", 1, steps)
    analysis = _analysis(made)
    sections: list[Section] = []
    for place, name in enumerate(chosen.sections):
        progress(name.replace("_", " "), 2 + place, steps)
        sections += PARTS[name](analysis, chosen.by_arm)
    progress("", steps, steps)
    return Report(
        kind=chosen,
        source=source,
        arms=_arms(analysis.protocol),
        candidates=len(made.history.subjects),
        randomized=len(analysis.people),
        sections=tuple(sections),
        datasets=_datasets(analysis) if chosen.datasets else (),
        entries=tuple(made.history.entries),
        program=__version__,
    )


def kind_of(kind: Kind | str) -> Kind:
    """The kind of an id. Raises Refusal for another one."""
    if isinstance(kind, Kind):
        return kind
    if kind not in KINDS:
        raise Refusal(f"There is no kind of report {kind!r}.", "reports", f"Choose one of: {', '.join(KINDS)}.")
    return KINDS[kind]


def _source(versions: Versions, history: History, made: Cut) -> Source:
    state = made.history.state
    if not state.activated:
        raise _too_early(history, made)
    newest = newest_adopted(versions, made.history)
    last = _last_known(history, made.recorded)
    adopted = {one.version.id: one.digest for one in versions if state.adopted(one.digest)}
    adopted = adopted or {newest.version.id: newest.digest}
    entries = len(made.history.entries)
    return Source(
        newest.study, newest.title, tuple(adopted.items()), made.effective, made.recorded, *last, entries
    )  # fmt: skip


def _too_early(history: History, made: Cut) -> Refusal:
    """Why there is nothing to report yet, and from which day and moment on there is."""
    say = f"The study was not activated by {said(made.effective)}, as recorded by {moment(made.recorded)}."
    begun = history.state.activation
    if begun is None:
        return Refusal(say, "data cut", "The record does not say of an activation: choose a record that does.")
    known = moment(begun.latest.recorded_at)
    return Refusal(say, "data cut", f"It was on {said(begun.effective)}, recorded {known}: choose no earlier cut.")


def _last_known(history: History, moment: datetime) -> tuple[int, str]:
    """Number and hash of the last entry by a moment; who made or opened a report is not counted."""
    known = [entry for entry in history.entries if entry.recorded_at <= moment and entry.kind not in TRACES]
    return known[-1].seq, known[-1].hash


def _analysis(made: Cut) -> Analysis:
    try:
        return analyse(made)
    except LookupError as error:
        raise Refusal(str(error), "endpoints.yaml", "A report needs a protocol that names its endpoints.") from error


def _arms(protocol: Protocol) -> tuple[tuple[str, str], ...]:
    """Id and label, control first."""
    control = protocol.design.control if protocol.design else None
    ordered = sorted(protocol.arms, key=lambda arm: arm.id != control) if control else protocol.arms
    return tuple((arm.id, arm.label) for arm in ordered)


def _datasets(analysis: Analysis) -> tuple[Dataset, ...]:
    return datasets(analysis)
