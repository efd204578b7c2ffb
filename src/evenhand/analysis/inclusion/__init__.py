"""Who takes part, and who is lost on the way: baseline, inclusion tables, representation."""

from evenhand.analysis.inclusion.representation import representation_section
from evenhand.analysis.inclusion.section import inclusion_section

__all__ = ["inclusion_section", "representation_section"]
