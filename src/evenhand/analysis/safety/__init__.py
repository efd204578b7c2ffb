"""Safety: adverse events by grade, relation and time, serious events, deaths."""

from evenhand.analysis.safety.sections import safety_sections

__all__ = ["safety_sections"]
