"""What an endpoint makes of one person: an event or a censoring, on a day, explained by the entries behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_DAY: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")

CENSORED: Final[dict[str, tuple[int, str]]] = {
    "data_cut": (1, "followed without an event until the data cut"),
    "end": (2, "followed without an event until the end of follow-up"),
    "left": (3, "left follow-up without an event"),
    "new_therapy": (4, "new anticancer therapy"),
    "unplanned_local_therapy": (5, "local therapy in an arm that plans none"),
    "missed": (6, "event after missed assessments"),
    "clinical": (7, "clinical progression alone"),
    "unsigned": (8, "progression that nobody has determined and signed"),
    "unassessed": (9, "no adequate assessment after baseline"),
    "no_baseline": (10, "no complete baseline"),
    "day_unknown": (11, "died on a day of which nothing is known"),
    "contradiction": (12, "the record contradicts itself"),
    "place_unknown": (13, "progressed, and where is not recorded"),
    "unseen": (14, "never seen after randomization"),
    "unwatched": (15, "not assessed since the end of its local treatment"),
    "suspected": (16, "local failure suspected, and neither confirmed nor ruled out"),
    "death": (20, "died before (competing event)"),
    "other_progression": (21, "progressed otherwise before (competing event)"),
}
"""The reasons for censoring: CNSR (a positive whole number, CDISC ADaM ADTTE; the numbers are ours) and CNSDTDSC.

A reason says the same for every endpoint that gives it: one that would not has a reason of its own."""

COMPETING: Final = frozenset({"death", "other_progression"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one person (or one lesion, ``item``) for one endpoint under one estimand.

    ``reason``: what the event is, or a key of ``CENSORED``. ``say``: one sentence. ``seqs``: the numbers of the entries
    that it rests on. ``domain``: that of the entry that gives the day (SRCDOM). ``imputed``: what of the day was chosen
    (ADTF: D the day, M the month as well; empty: nothing).
    """

    subject: str
    endpoint: str
    estimand: str
    start: date
    day: date
    event: bool
    reason: str
    say: str
    seqs: tuple[int, ...]
    domain: str = ""
    imputed: str = ""
    item: str = ""

    @property
    def censored(self) -> int:
        """CNSR: 0 for an event, else the number of the reason."""
        return 0 if self.event else CENSORED[self.reason][0]

    @property
    def competing(self) -> bool:
        """Whether another event came first."""
        return not self.event and self.reason in COMPETING

    @property
    def days(self) -> int:
        """AVAL: the days from the start, which is day 1 (CDISC ADaM)."""
        return (self.day - self.start).days + 1


def said(day: date) -> str:
    """A day for people."""
    return f"{day:%-d %b %Y}"


def days_said(text: str) -> str:
    """A text with its whole days (2030-05-01) as people read them; a part of a date (2030-05) stays."""
    return _DAY.sub(lambda found: said(date.fromisoformat(found[0])), text)
