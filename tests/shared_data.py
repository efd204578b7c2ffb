"""Where the large shared data lies: beside the repository, never in it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = "EVENHAND_SHARED_DATA"


def shared(path: str = "") -> Path:
    """Return the file or folder `path` of the shared data; skip the test where it is not there.

    The data is looked for in the folder that EVENHAND_SHARED_DATA names, else in `../shared/data`.
    """
    folder = Path(os.environ.get(VARIABLE) or ROOT.parent / "shared" / "data")
    found = folder / path
    if not found.exists():
        pytest.skip(f"shared data {path or 'folder'} is not at {found}; set {VARIABLE} to where it is")
    return found
