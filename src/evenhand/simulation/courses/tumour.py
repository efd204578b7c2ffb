"""The lesions of a made-up participant: what there is, how large it truly is on a day, and what a scan measures.

A lesion shrinks towards a part of its size at entry, holds, and grows again when the disease progresses, with a
doubling time. A lesion that was treated and is controlled shrinks and never grows. All of this is made up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from evenhand.dates import DAYS_PER_MONTH
from evenhand.simulation.courses.chances import Chances, happens, pick, within
from evenhand.simulation.courses.sheet import Lesions, Primary

_SETTLING: Final = 4 * DAYS_PER_MONTH  # days in which what is left of a shrinking lesion falls to a third
_GROWN: Final = (
    1.25  # progression shows when the sum has grown by a fifth and by 5 mm (RECIST 1.1, 4.3.1), and a little
)
_GROWN_MM: Final = 6.0
_NEW_MM: Final = 11.0  # a new lesion is as large as that on the day on which it can first be seen


@dataclass(slots=True)
class Lesion:
    """One lesion. ``entry_mm``: at randomization, ``rest``: the part of it that shrinking leaves. ``treated``: from
    that day on it is controlled; ``given``: the day on which local treatment of it ended, controlled or not.
    ``appeared``: None for those that were there at entry."""

    label: str
    site: str
    entry_mm: float
    rest: float
    nature: str = "solid"
    measured: bool = True
    appeared: date | None = None
    treated: date | None = None
    given: date | None = None
    grows_from: date | None = None
    doubling: float = 90.0

    def there(self, day: date) -> bool:
        """Whether it is there to be seen."""
        return self.appeared is None or self.appeared <= day

    def size(self, day: date, entered: date) -> float:
        """Its true size in mm on a day, ``entered`` being the day of randomization."""
        if self.appeared is not None:
            return _NEW_MM * 2 ** ((day - self.appeared).days / self.doubling)
        since = max(0, (day - entered).days)
        size = self.entry_mm * (self.rest + (1 - self.rest) * math.exp(-since / _SETTLING))
        if self.treated is not None and self.treated <= day:
            return size * (0.3 + 0.7 * math.exp(-(day - self.treated).days / _SETTLING))
        if self.grows_from is not None and self.grows_from < day:
            size *= 2 ** ((day - self.grows_from).days / self.doubling)
        return min(size, 220.0)


@dataclass(slots=True)
class Tumour:
    """All lesions of one participant. They progress on ``progresses``, known ones by growing, or new ones appear."""

    entered: date
    lesions: list[Lesion] = field(default_factory=list)
    progresses: date | None = None
    by_new: bool = False

    def seen(self, day: date) -> list[Lesion]:
        """The lesions that are there on a day."""
        return [lesion for lesion in self.lesions if lesion.there(day)]

    def measured(self, lesion: Lesion, day: date, error_percent: float, random: Random) -> float:
        """What a scan says of its size: the truth, and an error in proportion."""
        return lesion.size(day, self.entered) * max(0.5, random.gauss(1.0, error_percent / 100))

    def locally_treated(self, label: str, day: date) -> None:
        """Local treatment of a lesion ended on a day; whether it controls it is another thing."""
        for lesion in self.lesions:
            if lesion.label == label:
                lesion.given = day

    def grown(self, day: date) -> list[Lesion]:
        """The lesions that make the progression by a day: those that grow again, and new ones."""
        began = (lesion.grows_from or lesion.appeared for lesion in self.lesions)
        return [one for one, since in zip(self.lesions, began, strict=True) if since is not None and since <= day]

    def treat(self, label: str, day: date) -> None:
        """From that day on a lesion is controlled; then the disease cannot progress in it."""
        for lesion in self.lesions:
            if lesion.label == label and (lesion.grows_from is None or day < lesion.grows_from):
                lesion.treated = day

    def progress(self, sheet: Lesions, chances: Chances) -> None:
        """Let what is not controlled grow so that it shows on the day of progression, or something new appear.

        To be called when that day comes, for it depends on what was treated by then.
        """
        if self.progresses is None:
            return
        random, day = chances.of("progression"), self.progresses
        doubling = float(within(sheet.doubling_days, random))
        growing = [one for one in self.lesions if one.treated is None or one.treated > day]
        total = sum(one.size(day, self.entered) for one in growing)
        if self.by_new or not growing or total <= 0:
            number, site = len(self.lesions) + 1, pick(sheet.new_sites, random)
            self.lesions.append(Lesion(f"N{number}", site, _NEW_MM, 1.0, appeared=day, doubling=doubling))
            return
        lead = doubling * math.log2(max(_GROWN, 1 + _GROWN_MM / total))
        for one in growing:
            one.doubling = doubling
            one.grows_from = date.fromordinal(day.toordinal() - math.ceil(lead))


def drawn(
    sheet: Lesions, facts: Sequence[Mapping[str, object]], entered: date, chances: Chances, primary: object = None
) -> Tumour:
    """The lesions that were recorded at entry, with what becomes of them; ``primary`` is what was recorded of it."""
    shrunk = within(sheet.shrink_to, chances.of("response")) / 100
    found = []
    for fact in facts:
        label, site = str(fact[sheet.label]), str(fact.get(sheet.site, ""))
        random, size = chances.of("lesion", label), fact.get(sheet.size)
        mm = float(size) if isinstance(size, int) else float(within(sheet.size_mm, random))
        rest = min(1.0, max(0.0, random.gauss(shrunk, 0.1)))
        nature = pick(sheet.natures[site], random) if site in sheet.natures else "solid"
        found.append(Lesion(label, site, mm, rest, nature, nature not in sheet.never_measured))
    if sheet.primary is not None and _there(sheet.primary, primary, chances):
        mm = float(within(sheet.primary.size_mm, chances.of("primary size")))
        found.append(Lesion(sheet.primary.label, sheet.primary.site, mm, shrunk))
    return Tumour(entered, found)


def _there(sheet: Primary, recorded: object, chances: Chances) -> bool:
    """Whether the primary is there: as recorded, else by chance."""
    by_chance = happens(sheet.chance, chances.of("primary"))
    return recorded in sheet.there if recorded is not None else by_chance
