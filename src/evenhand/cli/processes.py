"""Other processes that do the work of a command."""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class Processes(ProcessPoolExecutor):
    """As many as there are processors, all deaf to Ctrl-C.

    A terminal sends it to every process, and one that is interrupted on its own breaks the pool, with a traceback,
    while the command is about to end in order. A process is born with the signals blocked that are blocked where it is
    made, which is in the first ``submit``; a Ctrl-C that comes meanwhile is heard just after it.
    """

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have a function called in one of them."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
