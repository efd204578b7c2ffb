"""How the trial goes: sites against each other, stopping rules, and what is overdue."""

from evenhand.analysis.monitoring.overdue import overdue_section
from evenhand.analysis.monitoring.sites_section import sites_section
from evenhand.analysis.monitoring.stopping_section import stopping_section

__all__ = ["overdue_section", "sites_section", "stopping_section"]
