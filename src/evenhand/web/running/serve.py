"""``serve``: the production form."""

from __future__ import annotations

from argparse import Namespace

import django

from evenhand.web.running.faults import Found

_MEND = "Look at DATABASE_URL and its server where it is the database; for the rest run: python -m evenhand.web migrate"


def run(options: Namespace) -> None:
    """Serve, unless the database is not as this release wants it. Raises Found, CannotStart; leaves by SystemExit."""
    django.setup()
    from evenhand.web import health  # noqa: PLC0415 - not before Django is set up
    from evenhand.web.running import server  # noqa: PLC0415 - the same

    if wrong := health.wrong():
        raise Found(f"not started, since this is missing or does not answer: {', '.join(wrong)}. {_MEND}")
    form = server.Form(options.workers or server.default_workers(), options.threads)
    server.serve(server.listening(options.host, options.port), form)
