"""The visits of a participant on a day: planned, done, missed, due, and who must act."""

from evenhand.conduct.schedule.agenda import Due, due
from evenhand.conduct.schedule.departures import deviations
from evenhand.conduct.schedule.occurrence import Occurrence, State, next_unscheduled, suggested
from evenhand.conduct.schedule.occurrences import occurrences
from evenhand.conduct.schedule.planning import Slot, Waiting, waiting
from evenhand.conduct.schedule.sites import Appointment, calendar

__all__ = [
    "Appointment",
    "Due",
    "Occurrence",
    "Slot",
    "State",
    "Waiting",
    "calendar",
    "deviations",
    "due",
    "next_unscheduled",
    "occurrences",
    "suggested",
    "waiting",
]
