"""A progress bar on standard error, where somebody watches; silence where nobody does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(what: str, total: int, before: str = "") -> Iterator[Callable[[int], None]]:
    """Gives a function that takes how much is done. ``before``: what goes on until it is called first."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(before or what, total=total)
        yield lambda done: bar.update(task, completed=done, description=what)
