"""Evenhand runs a randomized oncology trial from protocol to result.

The protocol is data. The record is append-only. Everything else is a pure function of the two.
"""

__version__ = "0.1.0"
