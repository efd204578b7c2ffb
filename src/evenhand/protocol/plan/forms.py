"""The forms of a study: what is asked after randomization, and what is checked about the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from evenhand.facts import FactType, Vocabulary
from evenhand.rules.nodes import Rule
from evenhand.units import Number

RANDOMIZED: Final = "randomized"
REGISTERED: Final = "registered"
ARM: Final = "arm"
ENTRIES: Final = "_entries"  # after a form's id: the list of its entries, as rules of other forms name it


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    ``type`` says what an answer is, with the limits beyond which it is refused; beyond ``expected_low`` and
    ``expected_high`` it is queried. ``cdash``: the standard name (CDASH, SDTM), where there is one. ``asked_when``: a
    rule; answered no, the question is not asked. ``partial``: a date may lack day or month. ``bounds``: a number may
    be "less than 0.2". ``offered``: what a page offers as answers (such as the participant's lesions). ``required``: an
    answer, or a reason why there is none. ``columns``: of a table.
    """

    type: FactType
    cdash: str = ""
    help: str = ""
    expected_low: Number | None = None
    expected_high: Number | None = None
    asked_when: Rule | None = None
    partial: bool = False
    bounds: bool = False
    offered: str = ""
    required: bool = False
    columns: Mapping[str, Field] | None = None

    @property
    def is_table(self) -> bool:
        """Whether its answer is a list of rows."""
        return self.type.many


@dataclass(frozen=True, slots=True)
class Check:
    """An edit check: fires when its rule is answered yes. A ``hard`` one refuses the entry, others open a query."""

    id: str
    rule: Rule
    fields: tuple[str, ...]
    say: str
    hard: bool
    source: str


@dataclass(frozen=True, slots=True)
class Form:
    """One form. ``repeats``: several items a participant; ``visits``: one at each visit that asks for it; neither: one.

    ``arms``: where it is planned (all arms, if empty). ``day``: the date field that says when it happened, empty where
    the day of entry counts. ``vocabulary``: what its rules may name, its own fields among it. ``domain``: the CDISC
    domain; ``reads``: the role in which an engine reads it, empty for none.
    """

    id: str
    title: str
    domain: str
    reads: str
    repeats: bool
    visits: bool
    arms: tuple[str, ...]
    entered_by: tuple[str, ...]
    signed_by: tuple[str, ...]
    day: str
    fields: Mapping[str, Field]
    checks: tuple[Check, ...]
    vocabulary: Vocabulary
    source: str = ""
