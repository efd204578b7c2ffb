"""The system proposes, the clinician determines: where they agree, where they do not, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from evenhand.conduct.findings import DoubtAt, doubt_about
from evenhand.conduct.lesions import certainty_words
from evenhand.conduct.response.determining import Determination, about_scan, determinations
from evenhand.conduct.response.evaluation import Evaluation, Proposed, evaluation
from evenhand.oncology.recist import Response
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

Verdict = Literal["agrees", "disagrees", "missing", "unsigned"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A scan, what the clinician made of it, and how the two stand; ``say``: the difference in words."""

    proposed: Proposed
    determined: Determination | None
    verdict: Verdict
    say: str = ""


def compared(protocol: Protocol, known: SubjectHistory) -> tuple[Compared, ...]:
    """Every scan beside the determination about it, oldest first."""
    evaluated, found = evaluation(protocol, known), determinations(protocol, known)
    return tuple(_compared(point, about_scan(point, found, evaluated), evaluated) for point in evaluated.points)


def _compared(point: Proposed, said: Determination | None, evaluated: Evaluation) -> Compared:
    if said is None:
        return Compared(point, None, "missing", f"The response of {point.scan.day:%-d %b %Y} is not determined.")
    difference = _difference(point, said, evaluated)
    if difference:
        return Compared(point, said, "disagrees", difference)
    return Compared(point, said, "agrees" if said.signed else "unsigned")


def _difference(point: Proposed, said: Determination, evaluated: Evaluation) -> str:
    """In words, how a determination differs from the proposal; empty where it does not.

    A clinical progression needs no scan to show it, so it contradicts none.
    """
    proposed, of = point.overall, f"the scan of {point.scan.day:%-d %b %Y}"
    if said.overall is not None and said.overall is not _as_coded(proposed):
        return f"The overall response is determined as {said.overall}; {of} is proposed as {proposed}."
    shows = proposed is Response.PD
    if said.progressed is False and shows:
        return f"No progression is determined; {of} is proposed as PD."
    if said.progressed and not shows and said.basis == "radiographic":
        return f"A radiographic progression is determined; {of} is proposed as {proposed}."
    first = evaluated.progression
    if (
        said.since is not None
        and shows
        and first is not None
        and said.since != first.day
        and said.basis == "radiographic"
    ):
        dated = f"{said.since:%-d %b %Y}; the scans date it to {first.day:%-d %b %Y}"
        return f"The progression is dated to {dated}."
    return ""


def _as_coded(proposed: Response) -> Response:
    """INDETERMINATE has no code of its own on the form: nothing can be said is NE."""
    return Response.NE if proposed is Response.INDETERMINATE else proposed


def response_doubts(protocol: Protocol, known: SubjectHistory) -> Iterator[DoubtAt]:
    """What is to be asked about response: disagreements at the determination, scans that cannot be read at the scan."""
    for one in compared(protocol, known):
        entry = one.proposed.scan.entry
        if one.proposed.fault:
            yield doubt_about(entry, "not read", f"This scan cannot be read: {one.proposed.fault}.", "lesions")
        if one.verdict == "disagrees" and one.determined is not None:
            why = " ".join(one.proposed.reasons)
            yield doubt_about(one.determined.entry, "disagrees", f"{one.say} {why}", "overall")
        for new in one.proposed.scan.new:
            if new.rule is not None and not new.by_rule and new.rule.certainty != new.certainty:
                said = certainty_words(new.certainty)
                say = f"{new.label} is entered as {said}; {new.rule.why} is {new.rule.words} by the rules."
                yield doubt_about(entry, f"certainty {new.label}", say, "new_lesions")
        for label, point in one.proposed.local.items():
            if point.open:
                say = f"{label} was irradiated and is {point.why}."
                yield doubt_about(entry, f"suspected {label}", say, "lesions")
