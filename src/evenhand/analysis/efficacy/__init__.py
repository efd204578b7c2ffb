"""Does it work: the endpoints compared between the arms, the subgroups, and what an interim look says."""

from evenhand.analysis.efficacy.between_looks import between_looks_section
from evenhand.analysis.efficacy.interim import interim_section
from evenhand.analysis.efficacy.sections import efficacy_sections

__all__ = ["between_looks_section", "efficacy_sections", "interim_section"]
