"""Each figure in two widths: one for a page or a sheet of paper, and one for a phone, on which nothing is shrunk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Final, ParamSpec

from .drawing import Drawing

PHONE: Final = 340.0  # px: what the narrowest phones leave beside the margins of a page; letters keep their size
_P = ParamSpec("_P")


def also_narrow(draw: Callable[_P, Drawing]) -> Callable[_P, Drawing]:
    """A drawing function whose drawings bring their narrow form along (``Drawing.narrow``)."""

    @wraps(draw)
    def both(*given: _P.args, **named: _P.kwargs) -> Drawing:
        drawn = draw(*given, **named)
        if drawn.width <= PHONE:
            return drawn
        less: dict[str, Any] = {**named, "width": PHONE, "prefix": f"{named['prefix']}-narrow"}
        return replace(drawn, narrow=draw(*given, **less).svg)

    return both
