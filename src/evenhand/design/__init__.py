"""What the protocol's design means: its assumptions, and what follows from them.

Handed on here is what needs no numpy; ``operating`` and ``around`` compute.
"""

from evenhand.design.assumptions import Assumptions, Look, Pieces, Stratum, assumptions_of, described, varied

__all__ = ["Assumptions", "Look", "Pieces", "Stratum", "assumptions_of", "described", "varied"]
