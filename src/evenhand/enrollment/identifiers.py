"""Identifiers with a check digit, so that a slip of the pen names nobody instead of somebody else.

The check digit is Damm's (H. M. Damm, Total anti-symmetrische Quasigruppen, 2004): it finds every single wrong digit
and every swap of neighbours.
"""

from __future__ import annotations

import re
from typing import Final

# Damm's totally anti-symmetric quasigroup of order 10.
_TABLE: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_IDENTIFIER: Final = re.compile(r"([A-Z])(\d{4,})-(\d)")


def check_digit(number: str) -> int:
    """The digit that makes a string of decimal digits checkable."""
    interim = 0
    for digit in number:
        interim = _TABLE[interim][int(digit)]
    return interim


def screening_number(count: int) -> str:
    """The pseudonym of the ``count``-th candidate of a study: ``S0001-3``."""
    return _identifier("S", count)


def participant_number(count: int) -> str:
    """The identifier of the ``count``-th registered participant: ``P0001-3``."""
    return _identifier("P", count)


def _identifier(letter: str, count: int) -> str:
    number = f"{count:04d}"
    return f"{letter}{number}-{check_digit(number)}"


def checked(identifier: str) -> str:
    """The identifier, if it is well formed and its check digit fits. Raises ValueError with what is wrong."""
    match = _IDENTIFIER.fullmatch(identifier)
    if match is None:
        raise ValueError(f"{identifier!r} is no identifier: a letter, four digits, a hyphen and a check digit")
    if check_digit(match[2]) != int(match[3]):
        raise ValueError(f"{identifier!r}: the check digit does not fit; a digit is wrong or two are swapped")
    return identifier
