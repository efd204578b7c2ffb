"""What `manage check --deploy` looks at beside Django's own checks. Each finding says how to mend it."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from evenhand.web import health

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_FEWEST: Final = 12  # assumed: different characters in a key that was drawn at random; 32 hex digits have 12 to 16


@register(Tags.security, deploy=True)
def deployment(**_: Any) -> list[CheckMessage]:
    """The settings of the production form."""
    findings = [
        (settings.DEMO, "E001", "this is the demonstration", "Start without EVENHAND_DEMO."),
        (
            not settings.HTTPS,
            "E002",
            "passwords and names would go over the network in the clear",
            "Put it behind HTTPS and set EVENHAND_HTTPS=1.",
        ),
        (not settings.SECOND_FACTOR, "E003", "nobody needs a second factor", "Leave SECOND_FACTOR as it is."),
        (
            not set(settings.ALLOWED_HOSTS) - _LOOPBACK,
            "E004",
            "it answers under no name but this machine's own",
            "Set EVENHAND_HOSTS to the names under which it is reached.",
        ),
        (
            any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS),
            "E005",
            "it answers under any name",
            "Name the hosts in EVENHAND_HOSTS, each of them.",
        ),
        (
            len(set(settings.KEY)) < _FEWEST,
            "E006",
            "the key does not look drawn at random",
            "Make one with: python -c 'import secrets; print(secrets.token_hex(32))'",
        ),
    ]
    return [Error(f"{text}.", hint=mend, id=f"evenhand.{number}") for found, number, text, mend in findings if found]


@register(Tags.security, deploy=True)
def database(**_: Any) -> list[CheckMessage]:
    """The database as it is: it answers, and the record's guard stands in it."""
    mend = "Look at DATABASE_URL and at its server, then run: python -m evenhand.web migrate"
    return [Error(f"not in order: {one}.", hint=mend, id="evenhand.E010") for one in health.wrong()]
