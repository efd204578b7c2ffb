"""The assumptions of a protocol's design: read from it, varied by name, and said in words."""

from __future__ import annotations

from evenhand.design.describing import Described, described
from evenhand.design.reading import assumptions_of
from evenhand.design.shape import Assumptions, Look, Pieces, Stratum
from evenhand.design.varying import varied

__all__ = ["Assumptions", "Described", "Look", "Pieces", "Stratum", "assumptions_of", "described", "varied"]
