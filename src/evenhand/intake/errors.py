"""What intake raises: only for what is no input at all. Everything smaller becomes a Problem of a person."""

from __future__ import annotations


class InputError(Exception):
    """A file that cannot be read as people at all: says what, where and how to mend it. The exit code is 2."""
