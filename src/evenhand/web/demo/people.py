"""Who works and who is seen in the demonstration. Nobody of them exists, and every name says so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

from evenhand.administration import SITE_ROLES, STUDY_ROLES, Grant, Site
from evenhand.simulation import Staff

_ZONES: Final = ("Europe/Berlin", "America/New_York", "Europe/Lisbon")
_FIRST: Final = (
    *("Ada", "Berta", "Clara", "Dora", "Emma", "Frida", "Greta", "Hanna", "Ida", "Jana", "Klara", "Lena", "Mira"),
    *("Nora", "Olga", "Paula", "Quinta", "Rosa", "Sara", "Tilda", "Ulla", "Vera", "Wanda", "Xenia", "Yara", "Zita"),
)
_LAST: Final = ("Example", "Sample", "Invented", "Placeholder", "Imaginary", "Fictive", "Pretend", "Nobody")


def sites_of(codes: list[str]) -> tuple[Site, ...]:
    """The sites of a scenario, with names and with time zones in turn."""
    return tuple(
        Site(code, f"Demo Hospital {code.replace('-', ' ').title()}", _ZONES[place % len(_ZONES)])
        for place, code in enumerate(codes)
    )


def staff(role: str, site: str | None) -> Staff:
    """The one who holds a role, at a site or for the whole study."""
    at = [] if site is None else [site]
    words = " ".join([*role.split("_"), *at])
    return Staff("-".join(["demo", *role.split("_"), *at]), f"Demo {words.title()}")


def grants_of(sites: tuple[Site, ...]) -> tuple[Grant, ...]:
    """Every role once, the site roles at each site; the coordinator of the first site works at the second one too."""
    everywhere = [Grant(staff(role, None).user, role, None) for role in STUDY_ROLES]
    local = [Grant(staff(role, site.code).user, role, site.code) for site, role in product(sites, SITE_ROLES)]
    twice = [Grant(staff("coordinator", sites[0].code).user, "coordinator", site.code) for site in sites[1:2]]
    return (*everywhere, *local, *twice)


def names() -> Iterator[str]:
    """Names of people who are seen, each only once."""
    for turn, last, first in product(range(1, 1_000), _LAST, _FIRST):
        yield f"Demo {first} {last}" if turn == 1 else f"Demo {first} {last} {turn}"
