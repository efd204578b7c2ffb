"""One process of several that randomize: `python -m tests.web.backup_help SUBJECT...` on the environment's database.

Prints one line for each allocation, once it is acknowledged.
"""

import os
import subprocess
import sys

import django

from tests.web.postgres import ROOT


def writing(database, subjects):
    """Start such a process on a test's database."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.web.backup_help", *subjects],
        cwd=ROOT,
        env={**os.environ, **database.environment, "DJANGO_SETTINGS_MODULE": "evenhand.web.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )


def main(subjects):
    django.setup()
    from evenhand import steps  # noqa: PLC0415 - not before Django is set up
    from evenhand.web import store  # noqa: PLC0415 - the same
    from tests.web.trial_here import COORDINATOR, STUDY  # noqa: PLC0415 - the same

    for subject in subjects:
        (entry,) = store.perform(STUDY, steps.randomize, by=COORDINATOR, subject=subject, key=subject).entries
        print(entry.hash, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
