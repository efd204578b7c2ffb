"""How commands fail: one plain line for each fault on standard error, and the right exit code."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable

from evenhand.cli.output import Output
from evenhand.intake import InputError
from evenhand.protocol import StudyError
from evenhand.randomization import RandomizationError
from evenhand.record import RecordError
from evenhand.refusal import Refusal

BAD_INPUT = 2


def reported(run: Callable[[Namespace], int], options: Namespace) -> int:
    """Run a command; input that cannot be used becomes messages and exit code 2."""
    try:
        result = run(options)
        Output().flush()
        return result
    except (StudyError, InputError, RecordError, Refusal, RandomizationError) as error:
        print(f"evenhand {options.command}: {error}", file=sys.stderr)
    except OSError as error:
        name = error.filename if error.filename else "a file"
        print(f"evenhand {options.command}: {name}: {error.strerror or error}", file=sys.stderr)
    return BAD_INPUT
