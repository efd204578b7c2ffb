"""How the trial goes: sites against each other, stopping rules, the safety board, and what is overdue."""

from evenhand.analysis.monitoring.board_section import board_section, meetings_section
from evenhand.analysis.monitoring.overdue import overdue_section
from evenhand.analysis.monitoring.sites_section import sites_section
from evenhand.analysis.monitoring.stopping_section import stopping_section

__all__ = ["board_section", "meetings_section", "overdue_section", "sites_section", "stopping_section"]
