"""The two arms that are compared: the control first, as the statistics number them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evenhand.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Arms:
    """Arm 0 is the control, arm 1 the experimental arm: their ids and what people call them."""

    ids: tuple[str, str]
    labels: tuple[str, str]

    def number(self, arm: str | None) -> int | None:
        """0 or 1; None for an arm that is neither, or is not known."""
        return self.ids.index(arm) if arm in self.ids else None

    def named(self, text: str) -> str:
        """A sentence of the statistics with the arms' names in place of their numbers."""
        return re.sub(r"\barm ([01])\b", lambda found: self.labels[int(found[1])], text).replace(
            "p_better", "the one-sided p"
        )


def arms_of(protocol: Protocol) -> Arms | None:
    """The arms of a protocol with two of them; None for any other number, which these methods do not compare.

    The control is the design's; where there is no design, the first arm of the protocol ([P]).
    """
    if len(protocol.arms) != 2:
        return None
    control = protocol.design.control if protocol.design is not None else protocol.arms[0].id
    first, second = sorted(protocol.arms, key=lambda arm: arm.id != control)
    return Arms((first.id, second.id), (first.label, second.label))
