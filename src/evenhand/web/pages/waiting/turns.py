"""Who must act: the roles that a task waits for, and whether one of them is the user's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from evenhand.administration import Grant
from evenhand.web.access import TABLE, Action
from evenhand.worklist import Row, Task

ACTIONS: Final[Mapping[str, Action]] = {
    "record": Action.ENTER_FACTS,
    "consent": Action.RECORD_CONSENT,
    "sign": Action.ATTEST,
    "register": Action.REGISTER,
    "randomize": Action.RANDOMIZE,
}
_GATHERS: Final = "coordinator"  # collects every fact, whoever determines it


def roles_for(task: Task) -> tuple[str, ...]:
    """The roles that a task waits for: whom the protocol names, as far as the rights allow them to do it.

    A fact waits for whoever determines it and for the coordinator; what the protocol leaves to nobody in particular,
    for everybody who may do it.
    """
    return _roles(task.act, task.roles)


@lru_cache(maxsize=1024)
def _roles(act: str, named: tuple[str, ...]) -> tuple[str, ...]:
    wanted = (_GATHERS, *named) if act == "record" else named or tuple(TABLE)
    return tuple(dict.fromkeys(role for role in wanted if ACTIONS[act] in TABLE[role]))


class Turns:
    """The user's roles by site, against the tasks of rows."""

    def __init__(self, held: Iterable[Grant]) -> None:
        self._held = frozenset((grant.role, grant.site) for grant in held)
        self._able: dict[tuple[str, tuple[str, ...], str | None], bool] = {}  # few questions, asked of every row

    def mine(self, role: str, site: str | None) -> bool:
        """Whether the user holds a role at a site."""
        return (role, site) in self._held or (role, None) in self._held

    def may_do(self, task: Task, site: str | None) -> bool:
        """Whether the user holds a role that the task waits for."""
        asked = task.act, task.roles, site
        if asked not in self._able:
            self._able[asked] = any(self.mine(role, site) for role in roles_for(task))
        return self._able[asked]

    def is_on(self, row: Row) -> bool:
        """Whether something about a candidate can be done today, by this user."""
        return any(self.may_do(task, row.site) and (not task.start or task.start <= row.on) for task in row.tasks)

    @property
    def acts(self) -> bool:
        """Whether any role of the user acts on candidates at all: a monitor has no turn."""
        return any(action in TABLE[role] for role, _ in self._held for action in ACTIONS.values())

    @property
    def usual(self) -> str:
        """Whose turn is shown unless the user asks otherwise.

        Who signs sees what waits for the own signature. Who registers sees everybody: a signature that is missing on a
        window's last day is the coordinator's to telephone for, although somebody else gives it.
        """
        leads = any(Action.REGISTER in TABLE[role] for role, _ in self._held)
        return "mine" if self.acts and not leads else "all"
