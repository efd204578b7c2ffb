"""The comparison signs and how they turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evenhand.rules.nodes import ComparisonOperator

# not (a < b) is a >= b
OPPOSITE: Final[Mapping[ComparisonOperator, ComparisonOperator]] = {
    "<": ">=", "<=": ">", "==": "!=", "!=": "==", ">=": "<", ">": "<=",
}  # fmt: skip
# a < b is b > a
MIRRORED: Final[Mapping[ComparisonOperator, ComparisonOperator]] = {
    "<": ">", "<=": ">=", "==": "==", "!=": "!=", ">=": "<=", ">": "<",
}  # fmt: skip
