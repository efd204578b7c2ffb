"""Why a command stops, and how that is said."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from evenhand.protocol import StudyError
from evenhand.record import RecordError
from evenhand.refusal import Refusal


class CannotStart(Exception):
    """What is wrong and how to mend it: bad input, or surroundings that do not allow a start."""


class Found(Exception):
    """A finding: the command could look, and what it looked at is not in order."""


def reported(run: Callable[[Namespace], None], options: Namespace) -> int:
    """Run a command; what stops it is said on stderr, and gives the exit code."""
    try:
        run(options)
    except (Found, Refusal) as finding:
        return _said(finding, 1)
    except DatabaseError as error:
        return _said(f"the database does not answer as it should: {type(error).__name__}: {error}".strip(), 2)
    except (CannotStart, ImproperlyConfigured, StudyError, RecordError, OSError) as error:
        return _said(error, 2)
    return 0


def _said(what: object, code: int) -> int:
    print(f"evenhand: {what}", file=sys.stderr)
    return code
