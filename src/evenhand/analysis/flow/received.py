"""Whether somebody received what was allocated, as far as the record says at the cut, and if not, why.

Our proposal, where CONSORT leaves it open: local therapy tells the arms apart (``populations.treated_in``), so whoever
began any received an arm that plans it; whoever had none, an arm that plans none. While the window in which local
therapy is to begin is open, it is due and not missing.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from evenhand.analysis.analysing import Analysed
from evenhand.analysis.populations import Treated, treated_in
from evenhand.conduct.ending import ends_of
from evenhand.conduct.forms import context
from evenhand.conduct.treatment.local import local_therapy
from evenhand.conduct.treatment.registered import registered_lesions
from evenhand.conduct.treatment.windows import windows
from evenhand.protocol import Protocol


class Why(NamedTuple):
    """A sort of reason, the same from person to person."""

    id: str
    say: str


class Received(NamedTuple):
    """``why`` is empty where it was received, or is due still. ``seqs`` are the entries that say so."""

    kind: Literal["received", "due", "not received"]
    why: Why = Why("", "")
    seqs: tuple[int, ...] = ()


def received(one: Analysed, protocol: Protocol) -> Received:
    """How it stands with one person; ``protocol`` labels the arms."""
    allocated, treated = context(one.person.known).arm, treated_in(one.person, one.seen)
    if treated.at_all and treated.arm == allocated:
        return Received("received", seqs=treated.why.seqs)
    return _instead(one, treated, protocol) or _lacking(one)


def _instead(one: Analysed, treated: Treated, protocol: Protocol) -> Received | None:
    """Local therapy in an arm that plans none."""
    if not one.seen.unplanned:
        return None
    label = next((arm.label for arm in protocol.arms if arm.id == treated.arm), "another arm")
    return Received("not received", Why("other", f"Treated as in {label}"), treated.why.seqs)


def _lacking(one: Analysed) -> Received:
    """Nothing of what the arm plans: due still, left out for a reason, ended before, or not recorded."""
    protocol, known, on = one.person.protocol, one.person.known, one.seen.until
    if protocol.plan is None or protocol.plan.treatment is None:
        return Received("not received", Why("untold", "The study records no treatment"))
    labels, ends = registered_lesions(protocol, known), ends_of(protocol, known)
    parts = local_therapy(protocol, known, labels).parts
    if parts and all(part.state == "closed with a reason" for part in parts):
        seqs = tuple(seq for part in parts for seq in part.seqs)
        return Received("not received", Why("documented", "Left out for a documented reason"), seqs)
    if not parts:
        return Received("not received", Why("unrecorded", "No treatment since randomization is recorded"))
    over = ends.over(on)
    begin = [one for one in windows(protocol, known, labels, on, ends.last) if one.window.of == "local_therapy_begun"]
    if not over and any(one.state == "open" for one in begin):
        return Received("due")
    if over and ends.follow_up is not None:
        ended = ends.follow_up
        why = Why(f"ended_{ended.ending.id}", f"{ended.ending.label} before it began")
        return Received("not received", why, (ended.seq,) if ended.seq else ())
    return Received("not received", Why("not_begun", "Not begun in time, and no reason recorded"))
