"""What the demonstration says when it is up: where it is, and how to enter in each role."""

from __future__ import annotations

import http.client
import os
import signal
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from evenhand.administration import ROLES, Grant, grants
from evenhand.web import access, store

_PATIENCE: Final = 30  # seconds until the workers answer
_PAUSE: Final = 0.05


def text(address: str, folder: Path, *, made: str, password: str) -> str:
    """The welcome: address, folder, password, and a link for each role."""
    lines = [
        "",
        f"Evenhand is up at {address} with a demonstration. Everybody in it is made up.",
        "",
        f"  data       {folder}",
        f"             made on {made}; delete the folder for a new one, as of today",
        f"  password   {password}   for signatures, and to sign in anew, the same for every demo user",
        "",
        "Each of these links signs in once. Use a private window for each further role:",
        "",
    ]
    entered = list(_entrances(address))
    widths = [max((len(row[column]) for row in entered), default=0) for column in (0, 1)]
    lines += [f"  {role:{widths[0]}}  {user:{widths[1]}}  {link}" for role, user, link in entered]
    return "\n".join([*lines, "", f"More links: {address}/demo/ in a browser on this machine. Ctrl-C ends it.", ""])


def _entrances(address: str) -> Iterator[tuple[str, str, str]]:
    """Role and site, user name, link: the coordinators of two sites, and one user for each further role."""
    held = [grant for study in store.studies() for grant in grants(store.current(study))]
    ours = {account.username for account in access.demo_accounts()}
    for role in ROLES:
        users = dict.fromkeys(grant.user for grant in held if grant.role == role and grant.user in ours)
        for user in list(users)[: 2 if role == "coordinator" else 1]:
            yield _words(role, user, held), user, address + access.make_demo_link(user)


def _words(role: str, user: str, held: list[Grant]) -> str:
    at = [grant.site for grant in held if (grant.user, grant.role) == (user, role) and grant.site]
    return " ".join([role.replace("_", " "), *(["at", " and ".join(dict.fromkeys(at))] if at else [])])


def when_up(address: str, said: str, *, browser: bool) -> None:
    """Leave a process behind that waits until the server answers, prints, opens the browser, and ends."""
    if os.fork() != 0:
        return
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        if _answers(address):
            print(said, flush=True)
            if browser and has_display():
                webbrowser.open(f"{address}/demo/")
    finally:
        sys.stderr.flush()
        os._exit(0)  # nothing of the server is run down by its messenger


def _answers(address: str) -> bool:
    end, parent = time.monotonic() + _PATIENCE, os.getppid()
    while time.monotonic() < end and os.getppid() == parent:
        try:
            with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=5)) as connection:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == http.client.OK:
                    return True
        except OSError:
            pass
        time.sleep(_PAUSE)
    return False


def has_display() -> bool:
    """Whether a browser window could be seen; on a server there is none."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
