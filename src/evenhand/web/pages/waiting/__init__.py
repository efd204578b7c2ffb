"""What the worklist page shows: who must act, words and bars for each candidate, and what is filtered."""

from evenhand.web.pages.waiting.axis import Axis, axis_of
from evenhand.web.pages.waiting.filters import Filters, chosen
from evenhand.web.pages.waiting.line import Line, line_of
from evenhand.web.pages.waiting.turns import Turns

__all__ = ["Axis", "Filters", "Line", "Turns", "axis_of", "chosen", "line_of"]
