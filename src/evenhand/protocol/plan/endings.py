"""How people leave a study, and what may be collected afterwards: the part ``disposition:`` of ``schedule.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from pydantic import Field

from evenhand.dates import Period
from evenhand.protocol.places import Keys, Sheet
from evenhand.protocol.plan.roles import ROLES
from evenhand.protocol.plan.scope import PlanScope
from evenhand.protocol.reading import period
from evenhand.protocol.sheets import Identifier, Sourced

By = Literal["progression", "time", "death", "consent", "disposition"]
DISPOSITION: Final = "disposition"
ONCE: Final[tuple[By, ...]] = ("progression", "time", "death", "consent")  # by these, at most one ending each


class EndingSheet(Sourced):
    label: str
    by: By
    ends: Literal["treatment", "follow_up"]
    clause: str = ""
    afterwards: Literal["everything"] | dict[Identifier, str]
    attempts: Annotated[int, Field(ge=0)] = 0
    until_seen_again: bool = False


class DispositionSheet(Sourced):
    within: str
    endings: dict[Identifier, EndingSheet]


@dataclass(frozen=True, slots=True)
class Ending:
    """One way to leave treatment or follow-up.

    ``by`` says what tells that it happened: a determined ``progression``, the ``time`` that follow-up lasts at most, a
    form of role ``death``, withdrawn ``consent`` in the record, or only the ``disposition`` form, which may name any of
    them. ``afterwards``: the roles and forms of which entries dated after that day may still be recorded, and for how
    long (None: without an end); None: all of them. ``attempts``: contacts to be tried before somebody counts as lost.
    ``until_seen_again``: a later visit takes it back.
    """

    id: str
    label: str
    by: By
    ends: Literal["treatment", "follow_up"]
    clause: str
    afterwards: Mapping[str, Period | None] | None
    attempts: int = 0
    until_seen_again: bool = False


_WITHIN: Final = Period(28, "days")  # assumed, where a study says nothing


@dataclass(frozen=True, slots=True)
class Endings:
    """All endings by id; the disposition form is due ``within`` that period of the end of follow-up."""

    within: Period = _WITHIN
    by_id: Mapping[str, Ending] = field(default_factory=dict)

    def by(self, what: By) -> Ending | None:
        """The ending that is told by ``what``, for those of which there is at most one."""
        return next((ending for ending in self.by_id.values() if ending.by == what), None)


def resolve_endings(sheet: DispositionSheet, file: Sheet, scope: PlanScope, faults: list[str]) -> Endings:
    """The endings. Names of roles and forms are looked up, and the codes of the disposition form held against them."""
    at: Keys = ("disposition",)
    within = period(sheet.within, file, (*at, "within"), faults)
    endings: dict[str, Ending] = {}
    for name, item in sheet.endings.items():
        keys = (*at, "endings", name)
        if item.clause and item.clause not in scope.clauses:
            faults.append(file.fault((*keys, "clause"), f"{item.clause!r} is no clause of study.yaml"))
        if item.by in ONCE and any(other.by == item.by for other in endings.values()):
            faults.append(file.fault((*keys, "by"), f"a second ending is told by {item.by!r}: there is one at most"))
        afterwards = _afterwards(item, file, keys, scope, faults)
        endings[name] = Ending(
            name, item.label, item.by, item.ends, item.clause or item.source or "study plan, disposition",
            afterwards, item.attempts, item.until_seen_again,
        )  # fmt: skip
    faults += _form_faults(endings, file, at, scope)
    return Endings(within or Period(0, "days"), endings)


def _afterwards(
    item: EndingSheet, file: Sheet, keys: Keys, scope: PlanScope, faults: list[str]
) -> dict[str, Period | None] | None:
    if item.afterwards == "everything":
        return None
    allowed: dict[str, Period | None] = {}
    for name, length in item.afterwards.items():
        if name not in ROLES and name not in scope.forms:
            faults.append(file.fault((*keys, "afterwards", name), f"{name!r} is neither a role of forms nor a form"))
        place = (*keys, "afterwards", name)
        allowed[name] = None if length == "always" else period(length, file, place, faults)
    return allowed


def _form_faults(endings: Mapping[str, Ending], file: Sheet, keys: Keys, scope: PlanScope) -> list[str]:
    """The codes of the field ``ending`` of a disposition form are endings, and no ending lacks its way to be told."""
    forms = [form for form in scope.forms.values() if form.reads == DISPOSITION]
    if not forms:
        return [file.fault(keys, f"no form reads as {DISPOSITION!r}: nobody could say that somebody left")]
    codes = {code for form in forms if "ending" in form.fields for code in form.fields["ending"].type.codes}
    faults = [
        file.fault(keys, f"the form {forms[0].id} offers the ending {code!r}, which is not described here")
        for code in sorted(codes - endings.keys())
    ]
    return faults + [
        file.fault((*keys, "endings", name), f"no disposition form offers the code {name!r}, so nobody could say it")
        for name, ending in endings.items()
        if ending.by == DISPOSITION and name not in codes
    ]
