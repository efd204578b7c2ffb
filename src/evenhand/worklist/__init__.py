"""Who waits for what: open candidates by urgency, each with its window, what is missing, and who must act."""

from evenhand.worklist.listing import Worklist, judged_ahead, row_of, worklist
from evenhand.worklist.row import Holding, Row, Stage, Task, Window
from evenhand.worklist.urgency import UNKNOWN_CLOSES_IN, urgency

__all__ = [
    "UNKNOWN_CLOSES_IN",
    "Holding",
    "Row",
    "Stage",
    "Task",
    "Window",
    "Worklist",
    "judged_ahead",
    "row_of",
    "urgency",
    "worklist",
]
