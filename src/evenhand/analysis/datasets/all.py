"""Every dataset of an analysis."""

from __future__ import annotations

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.datasets.events import events
from evenhand.analysis.datasets.responses import responses
from evenhand.analysis.datasets.subjects import subjects
from evenhand.analysis.datasets.table import Dataset
from evenhand.analysis.datasets.times import times
from evenhand.analysis.datasets.visits import visits


def datasets(analysis: Analysis) -> tuple[Dataset, ...]:
    """ADSL, ADTTE, ADRS, ADAE and ADSV."""
    return tuple(make(analysis) for make in (subjects, times, responses, events, visits))
