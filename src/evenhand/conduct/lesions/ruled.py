"""New lesions of which the rules say how certain they are: a lymph node that was normal and grew, an uptake on PET.

Sources: RECIST 1.1, 4.3.2 (nodes) and 4.3.5 (new lesions, FDG-PET). That a reader may leave the certainty to the rules,
and is asked where the reader's own word differs from them, is our proposal; the reader's word counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast, get_args

from evenhand.conduct.forms import Row
from evenhand.conduct.treatment.answers import number, word
from evenhand.oncology.recist import micrometres, node_certainty, pet_certainty
from evenhand.oncology.recist.doubtful import ByCt, Uptake
from evenhand.oncology.recist.scan import Certainty

BY_RULE: Final = "by_rule"
"""The certainty that a reader leaves to the rules."""
_STRENGTH: Final = ("cleared", "equivocal", "unequivocal")
_WORDS: Final[dict[Certainty, str]] = {
    "unequivocal": "new beyond doubt",
    "equivocal": "doubtful",
    "cleared": "no new lesion",
}


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a rule makes of a finding, and why, as part of a sentence."""

    certainty: Certainty
    why: str

    @property
    def words(self) -> str:
        """The certainty in words."""
        return _WORDS[self.certainty]


def ruled(row: Row) -> Ruled | None:
    """What the rules say about a row of new lesions; of two that apply, the one that is surer of a new lesion.

    None where neither applies, or where it lacks an answer: an unknown PET at baseline is not one that was not done.
    """
    found = [*_node(row), *_pet(row)]
    return max(found, key=lambda one: _STRENGTH.index(one.certainty), default=None)


def certainty_words(certainty: Certainty) -> str:
    """A certainty in words."""
    return _WORDS[certainty]


def _node(row: Row) -> Iterator[Ruled]:
    before, now = number(row, "grew_from"), number(row, "size")
    if before is not None and now is not None:
        certainty = node_certainty(micrometres(before), micrometres(now)) or "cleared"
        yield Ruled(certainty, f"a lymph node of {before} mm that is {now} mm now (RECIST 1.1, 4.3.2)")


def _pet(row: Row) -> Iterator[Ruled]:
    before, by_ct = _uptake(row, "pet_before"), (word(row, "by_ct") or "").replace("_", " ")
    if _uptake(row, "pet") != "positive" or before is None:
        return
    if before == "none" and by_ct not in get_args(ByCt):
        return
    seen = cast(ByCt, by_ct) if by_ct in get_args(ByCt) else "not done"
    certainty = pet_certainty(before, "positive", seen) or "cleared"
    on_ct = f", CT: {by_ct}" if before == "none" else ""
    was = "not done" if before == "none" else before
    yield Ruled(certainty, f"FDG-PET positive, at baseline {was}{on_ct} (RECIST 1.1, 4.3.5)")


def _uptake(row: Row, name: str) -> Uptake | None:
    told = word(row, name)
    found = "none" if told == "not_done" else told
    return cast(Uptake, found) if found in get_args(Uptake) else None


def certainty_of(row: Row) -> Certainty:
    """How certain a new lesion is by its reader, or by the rules where the reader leaves it to them.

    What is left to rules that cannot tell is doubtful.
    """
    told = word(row, "certainty")
    if told in get_args(Certainty):
        return cast(Certainty, told)
    rule = ruled(row) if told == BY_RULE else None
    return rule.certainty if rule is not None else "equivocal"
