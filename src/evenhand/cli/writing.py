"""Files that stand whole or not at all, and faults of the file system that name their file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, in place of the one that is there. A device or a pipe is written to as it is.

    Raises OSError, which names the file; then an earlier file is as it was.
    """
    with whole(path, content):
        pass


@contextmanager
def whole(path: Path, content: bytes, mode: int = 0o666) -> Iterator[None]:
    """Keep the content beside its place while the block lasts, and put it there after it; if either fails, nowhere.

    ``mode``: the rights of a new file, before the user's own mask; one that is there keeps its own.
    """
    place = path.resolve()  # a link stays, and what it points to is written
    if place.exists() and not place.is_file():
        yield
        with naming(path), path.open("wb") as file:
            file.write(content)
        return
    draft = place.with_name(f".{place.name}.{os.getpid()}.part")
    made = False
    try:
        with naming(path):
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            made = True
            with os.fdopen(handle, "wb") as file:
                if place.exists():
                    draft.chmod(place.stat().st_mode & 0o777)
                file.write(content)
                file.flush()
                os.fsync(handle)
        yield
        with naming(path):
            draft.rename(place)
    except BaseException:
        if made:
            draft.unlink(missing_ok=True)
        raise


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """An OSError says which file could not be read or written, as the user named it."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
