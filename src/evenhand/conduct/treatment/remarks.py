"""What somebody should look at about a participant's treatment; it decides nothing and asks nothing of the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from evenhand.conduct.treatment.beside import cautions, intercurrent_events
from evenhand.conduct.treatment.planning import CumulativeDose, cumulative_doses
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence or two, and the numbers of the entries that they rest on."""

    say: str
    seqs: tuple[int, ...]


def remarks(protocol: Protocol, known: SubjectHistory) -> tuple[Remark, ...]:
    """Treatments that ask for care together, organs dosed by several courses, local therapy that the arm does not plan.

    None where the study plans no treatment.
    """
    if protocol.plan is None or protocol.plan.treatment is None:
        return ()
    return (*_cautions(protocol, known), *_doses(protocol, known), *_intercurrent(protocol, known))


def _cautions(protocol: Protocol, known: SubjectHistory) -> Iterator[Remark]:
    for one in cautions(protocol, known):
        yield Remark(f"{one.course.label}: {one.caution.say}", (one.course.entry.seq, one.regimen.entry.seq))


def _doses(protocol: Protocol, known: SubjectHistory) -> Iterator[Remark]:
    for one in cumulative_doses(protocol, known):
        organ, labels = one.organ.replace("_", " "), " and ".join(one.courses)
        yield Remark(f"{labels} give dose to one organ, the {organ}: {_sum(one)}", one.seqs)


def _sum(dose: CumulativeDose) -> str:
    if dose.eqd2_gy is None:
        return "what they add up to cannot be said without each point maximum and number of fractions."
    added = said_gy(dose.eqd2_gy)
    return f"at most {added} Gy in equivalents of 2 Gy (alpha/beta {dose.alpha_beta_gy} Gy), if the maxima coincide."


def said_gy(dose: Fraction) -> str:
    """A dose in Gy with one decimal, rounded up: an upper bound stays one."""
    tenths = -((-dose * 10) // 1)
    return f"{tenths // 10}.{tenths % 10}"


def _intercurrent(protocol: Protocol, known: SubjectHistory) -> Iterator[Remark]:
    for one in intercurrent_events(protocol, known):
        said = f"{one.entry.form.title} on {one.on}, which this arm does not plan: an intercurrent event."
        yield Remark(said, (one.entry.seq,))
