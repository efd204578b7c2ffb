"""Standard output that may be closed, full, or unable to show every character. It loads nothing slow: the help uses
it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any

NAME = "standard output"


class Output:
    """Standard output of this moment. Whoever closes it has read enough: what follows is dropped, and the command goes
    on to the exit code that it would have had. Where it cannot be written, the OSError names it."""

    def write(self, text: str) -> int:
        """Write to it."""
        with _guarded():
            sys.stdout.write(text)
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        with _guarded():
            sys.stdout.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stdout, name)


def prepare() -> None:
    """Make standard output usable: there may be none, and it may be unable to show every character."""
    if sys.stdout is None:  # closed by whoever started the program
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - it stays open to the end
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def shows(text: str) -> bool:
    """Whether standard output has all of these characters."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def _guarded() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        _drop_the_rest()
    except OSError as error:
        _drop_the_rest()
        raise OSError(error.errno, error.strerror, NAME) from error


def _drop_the_rest() -> None:
    """What is still held back must not fail once more when Python closes standard output."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
