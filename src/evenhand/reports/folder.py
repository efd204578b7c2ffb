"""Writing a report: its folder stands whole or not at all, and what stands there otherwise is never overwritten."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from evenhand.refusal import Refusal

_MEND: Final = "Name another folder, or move that one away."


def require_place(folder: Path, manifest: str = "") -> None:
    """Raises Refusal where no report could be written, whatever is in it: a file, a folder that holds nothing, or one
    inside none. With the name of the ``manifest`` also a folder without it, which cannot be the same report."""
    if not folder.exists() and not folder.parent.is_dir():
        raise Refusal(f"{folder.parent} is no folder.", "--out", "Name a folder in one that exists.")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise Refusal(f"{folder} is a file.", "--out", _MEND)
    there = sorted(one.name for one in folder.iterdir())
    if not there:
        raise Refusal(f"{folder} exists and is empty.", "--out", "Name a folder that does not exist yet.")
    if manifest and manifest not in there:
        raise Refusal(f"{folder} exists with other content, such as {there[0]}.", "--out", _MEND)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Write files into a new folder; False where it stood there already with just these.

    The files are written beside it first and renamed when all are there. Raises Refusal where the folder holds
    anything else, or has no folder to be in; OSError as writing does.
    """
    require_place(folder)
    if folder.exists():
        _require_same(folder, files)
        return False
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in files.items():
            file = draft / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        draft.chmod(0o755)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return True


def _require_same(folder: Path, files: Mapping[str, bytes]) -> None:
    """Raises Refusal unless the folder holds these files, and no other, with these bytes."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    if there != set(files):
        odd = sorted(there ^ set(files))[0]
        raise Refusal(f"{folder} exists with other content, such as {odd}.", "--out", _MEND)
    differing = [name for name, content in files.items() if (folder / name).read_bytes() != content]
    if differing:
        raise Refusal(f"{folder} exists with other content: {differing[0]} differs.", "--out", _MEND)
