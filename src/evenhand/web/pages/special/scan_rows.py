"""What a scan's page says beside each lesion: what it is, how it was treated, how large it was when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from evenhand.conduct.lesions import Life, Sight
from evenhand.oncology.recist import LesionState, TreatedPolicy, millimetres
from evenhand.web.templatetags.evenhand import day, words


@dataclass(frozen=True, slots=True)
class Beside:
    """One lesion before a scan. ``marks``: ``irradiated`` and such; ``policy``: how the study reads it because of that;
    ``sizes``: label and words of the sizes to compare with."""

    label: str
    kind: str
    site: str
    marks: tuple[str, ...]
    policy: str
    sizes: tuple[tuple[str, str], ...]

    @property
    def irradiated(self) -> bool:
        """Whether PET and biopsy are asked for at once."""
        return "irradiated" in self.marks


def beside(life: Life, on: date, own: int | None, policy: TreatedPolicy, sites: Mapping[str, str]) -> Beside:
    """A lesion as it stood before a scan of a day; ``own``: the entry that is being corrected, which is left out."""
    before = [sight for sight in life.sights if sight.day < on and sight.seq != own]
    state = life.state(on)
    marks = (str(state),) if state is not LesionState.PRESENT else ()
    kind = {"target": "target", "non_target": "non-target", "new": "new lesion"}[life.kind]
    return Beside(
        life.label,
        kind,
        sites.get(life.site, words(life.site)),
        marks,
        _policy(life, state, on, before, policy),
        tuple(_sizes(before)),
    )


def _sizes(before: list[Sight]) -> Iterator[tuple[str, str]]:
    """The size at baseline, the last and the smallest one; nothing twice in a row."""
    if not before:
        return
    yield "Baseline", _sight(before[0])
    if len(before) > 1:
        yield "Last", _sight(before[-1])
    measured = [sight for sight in before if sight.size is not None]
    if len(measured) > 1:
        yield "Smallest", _sight(min(measured, key=lambda sight: sight.size or 0))


def _sight(one: Sight) -> str:
    seen = "" if one.seen in ("measured", "present") and one.size is not None else words(one.seen)
    size = f"{one.size} mm" if one.size is not None and one.seen != "absent" else ""
    return f"{' '.join(part for part in (size, seen) if part)} on {day(one.day)}"


def _policy(life: Life, state: LesionState, on: date, before: Iterable[Sight], policy: TreatedPolicy) -> str:
    if state is not LesionState.IRRADIATED:
        return ""
    ended = max(change.day for change in life.changes if change.state is LesionState.IRRADIATED and change.day <= on)
    until = f"Irradiated until {day(ended)}."
    if not policy.excluded:
        return f"{until} It is read as any other lesion."
    after = [sight.size for sight in before if sight.day > ended and sight.size is not None]
    smallest = f" ({min(after)} mm)" if after else ""
    return (
        f"{until} It is left out of the sums and followed as a non-target. Growth of {policy.growth} % and "
        f"{millimetres(policy.growth_size)} mm beyond its smallest size since then{smallest} counts from "
        f"{day(policy.not_before.after(ended))} on, {_confirmed(policy)}."
    )


def _confirmed(policy: TreatedPolicy) -> str:
    ways = {"scan": f"a scan at least {policy.confirm_after} days later", "pet": "PET", "biopsy": "a biopsy"}
    said = [ways[way] for way in ways if way in policy.confirmed_by]
    if not said:
        return "at once"
    return f"once {' or '.join(filter(None, (', '.join(said[:-1]), said[-1])))} confirms it"
