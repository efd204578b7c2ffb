"""What ends with the study."""

from __future__ import annotations

from evenhand.record import History
from evenhand.refusal import Refusal


def require_not_closed(history: History) -> None:
    """Raise Refusal once the study is closed."""
    if history.state.closure is not None:
        raise Refusal("the study is closed", "activation", "Nothing more is recorded about it.")
