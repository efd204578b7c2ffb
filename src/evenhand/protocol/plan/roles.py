"""The roles in which engines read forms, and the fields that a form needs for each.

A study's form says ``reads: surgery``; whoever computes something from surgery finds the form by that role and may
rely on these fields, by name and kind. Labels, codes beyond those that an engine knows, limits and checks are the
study's own. ``table.column`` names a column of a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from evenhand.facts.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Role:
    """What a form must have to be read in a role; an ``optional`` field must be of its kind where there is one."""

    needs: Mapping[str, Kind]
    optional: Mapping[str, Kind] = field(default_factory=dict)


ROLES: Final[Mapping[str, Role]] = {
    # Each room that reads forms adds its roles here, in the order of a participant's path.
    # Schedule and disposition. A visit marked not done was missed, for the reason given.
    "visit": Role({"date": "date"}, {"way": "code"}),
    "performance_status": Role({"performed": "date"}, {"ecog": "number", "kps": "number"}),
    "disposition": Role(
        {"ending": "code", "ended": "date"}, {"attempts": "record", "attempts.date": "date", "reason": "text"}
    ),
    "death": Role({"died": "date", "cause": "code"}),
}
