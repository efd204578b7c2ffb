"""Compiling with numba, so that the rest of the room stays typed Python.

With ``NUMBA_DISABLE_JIT=1`` in the environment the same functions run as plain Python and give the same numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """A function compiled on its first call; it lets go of the interpreter while it runs."""
    from numba import njit  # noqa: PLC0415  # takes a second to load, and who asks for the digest alone needs none

    return cast("Callable[P, R]", njit(nogil=True, error_model="numpy")(function))


def kept(function: Callable[P, R]) -> Callable[P, R]:
    """The same, and what was compiled is kept on disk, if any folder for it can be written.

    numba asks only whether the file of this one function is newer. So whatever is kept closes over
    ``sources_digest()``, which numba makes part of the key, and a change in any file of the room compiles it anew.
    """
    from numba import njit  # noqa: PLC0415  # the same

    try:
        return cast("Callable[P, R]", njit(nogil=True, cache=True, error_model="numpy")(function))
    except RuntimeError:  # no folder for it: neither beside the source nor in the user's own cache
        return compiled(function)


def sources_digest() -> str:
    """SHA-256 over the sources of this room: two programs with the same digest compute the same numbers."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()
