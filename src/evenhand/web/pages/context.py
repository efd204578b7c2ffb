"""What every template may show: the banner of the demonstration, the desk, and a menu of what this user may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from evenhand.web.access import Action
from evenhand.web.desk import Desk

_MENU: Final = (
    ("Worklist", "worklist", Action.SEE_CANDIDATE),
    ("Participants", "participants", Action.SEE_ARM),
    ("Calendar", "calendar", Action.SEE_CANDIDATE),
    ("Safety", "safety", Action.SEE_SAFETY),
    ("Quality", "quality", Action.SEE_QUALITY),
    ("Study", "study", Action.SEE_STUDY),
    ("Reports", "reports", Action.SEE_STUDY),
    ("Board", "board", Action.SEE_BY_ARM),
    ("Record", "record", Action.SEE_RECORD),
    ("Administration", "administration", Action.SEE_ADMINISTRATION),
)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the menu. ``here`` is what aria-current says: "page", or "true" on a page below it."""

    label: str
    address: str
    here: str


def everywhere(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demonstration and, on the pages of a study, the desk, the menu and the user's roles."""
    desk = getattr(request, "desk", None)
    shown: dict[str, object] = {"demo": settings.DEMO}
    if isinstance(desk, Desk):
        shown |= {"desk": desk, "menu": _menu(request.path, desk), "my_roles": _roles(desk)}
    return shown


def _menu(path: str, desk: Desk) -> list[Item]:
    offered = [(label, name) for label, name, action in _MENU if desk.may_somewhere(action)]
    addresses = [(label, name, reverse(name, kwargs={"study": desk.study})) for label, name in offered]
    return [Item(label, address, _here(path, name, address)) for label, name, address in addresses]


def _here(path: str, name: str, address: str) -> str:
    """Candidates are reached from the worklist, and the design from the study, so their pages are below them."""
    if path == address:
        return "page"
    page = address.rstrip("/")
    below = {"worklist": "candidates", "study": "design"}.get(name)
    inside = [f"{page}/"] + ([f"{page.rpartition('/')[0]}/{below}"] if below else [])
    return "true" if path.startswith(tuple(inside)) else ""


def _roles(desk: Desk) -> list[str]:
    """The roles held, in words, each with its place."""
    names = {site.code: site.name for site in desk.sites}
    return [
        f"{grant.role.replace('_', ' ')}, {'whole study' if grant.site is None else names.get(grant.site, grant.site)}"
        for grant in desk.held
    ]
