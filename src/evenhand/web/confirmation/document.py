"""A confirmation set on paper: one page, the same bytes for the same content."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from evenhand.record import JSON
from evenhand.typesetting import typeset

SOURCE: Final = Path(__file__).with_name("confirmation.typ").read_bytes()
_FEW = 64


def as_pdf(content: dict[str, JSON], *, demo: bool = False) -> bytes:
    """The confirmation as PDF, dated by the entry's moment. ``demo`` marks it as one of made-up people."""
    return _pdf(json.dumps({**content, "demo": demo}, sort_keys=True))


@lru_cache(_FEW)
def _pdf(data: str) -> bytes:
    content = json.loads(data)
    return typeset(SOURCE, content, datetime.fromisoformat(content["made"]))
