"""Hypothesis profiles: `dev` looks for new examples at every run, `ci` tries the same ones each time.

Coverage counts what the tables of cases, the pages and the studies reach. Second opinions (`generative`, `double`) run
the same lines thousands of times more; measuring them makes them two to three times slower and finds no new line.
"""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=100, print_blob=True)
settings.load_profile("dev")

_HERE = Path(__file__).parent
_SECOND_OPINIONS = (_HERE / "generative", _HERE / "double")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in _SECOND_OPINIONS):
            item.add_marker("no_cover")
