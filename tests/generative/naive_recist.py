"""RECIST 1.1 told a second time, plainly and slowly: in millimetres as fractions, each scan from all before it.

Written from the rules and not from the program; the tests hold the program to it.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Seen:
    """A scan: sizes in mm (None: not assessed), words for non-targets, certainties of new lesions, all regions seen."""

    sizes: tuple
    non_targets: tuple = ()
    new: tuple = ()
    searched: bool = True


def overall_responses(baseline, nodes, scans):
    """The overall response at each scan; ``baseline`` in mm, ``nodes`` tells which of them are nodes."""
    answers = []
    for number in range(len(scans)):
        answers.append(overall_response(baseline, nodes, scans[: number + 1], answers))
    return answers


def overall_response(baseline, nodes, scans, earlier):
    now = scans[-1]
    had_complete = any(
        answer == "CR" and "equivocal" not in scan.new for answer, scan in zip(earlier, scans, strict=False)
    )
    target = targets(baseline, nodes, scans, had_complete) if baseline else None
    others = non_targets(now.non_targets, had_complete) if now.non_targets else None
    if "unequivocal" in now.new or target == "PD" or others == "PD":
        return "PD"
    if not now.searched:
        return "NE"
    if target is None and others is None:
        return "NED"
    if target is None:
        return others
    if target == "CR" and others in ("NON-CR/NON-PD", "NE"):
        return "PR"
    return target


def targets(baseline, nodes, scans, had_complete):
    """The target response at the last scan, its history told again from the first scan on."""
    answer, response_before = None, False
    for number in range(len(scans)):
        last = number == len(scans) - 1
        # Whether a complete response was assigned matters at the last scan alone: before it, any progression that it
        # makes is found by asking about that scan.
        complete_then = had_complete if last else complete_before(baseline, nodes, scans[: number + 1])
        answer = one_scan(baseline, nodes, scans[: number + 1], response_before, complete_then)
        response_before = (response_before or answer == "PR") and answer != "PD"
    return answer


def complete_before(baseline, nodes, scans):
    """Whether a complete response overall was assigned at one of the scans before the last."""
    earlier = overall_responses(baseline, nodes, scans[:-1])
    return any(answer == "CR" and "equivocal" not in scan.new for answer, scan in zip(earlier, scans, strict=False))


def one_scan(baseline, nodes, scans, response_before, had_complete):
    sizes = scans[-1].sizes
    known = [(Fraction(size), node) for size, node in zip(sizes, nodes, strict=True) if size is not None]
    whole = len(known) == len(sizes)
    gone = all(size < 10 if node else size == 0 for size, node in known)
    total = sum(size for size, _ in known)
    complete = [scan.sizes for scan in scans[:-1] if None not in scan.sizes]
    smallest = min(sum(map(Fraction, some)) for some in [baseline, *complete])
    if whole and gone:
        return "CR"
    if had_complete and not gone:
        return "PD"
    if smallest > 0 and total >= smallest * Fraction(6, 5) and total >= smallest + 5:
        return "PD"
    if not whole:
        return "NE"
    if smallest == 0 and total >= 5:
        return "INDETERMINATE"
    if total <= Fraction(7, 10) * sum(map(Fraction, baseline)) or response_before:
        return "PR"
    return "SD"


def non_targets(words, had_complete):
    if "progressed" in words or (had_complete and "present" in words):
        return "PD"
    if "not assessed" in words:
        return "NE"
    return "NON-CR/NON-PD" if "present" in words or "residue" in words else "CR"
