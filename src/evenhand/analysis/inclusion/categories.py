"""The categories in which race and ethnicity are reported, and which of them an answer names.

Sources: OMB Statistical Policy Directive 15 as revised in 1997 (NIH NOT-OD-01-053) and in 2024 (SPD 15, 89 FR 22182);
codes: CDC Race and Ethnicity code set, as US Core uses it. Only answers in the words (or codes) of these categories are
placed. Any other answer is kept as it is and counts as unknown: which category somebody would have chosen is never
guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

Category = Literal["native", "asian", "pacific", "black", "white", "hispanic", "mena"]
Ethnicity = Literal["not_hispanic", "hispanic"]

RACES_1997: Final[Mapping[Category, str]] = {
    "native": "American Indian or Alaska Native",
    "asian": "Asian",
    "pacific": "Native Hawaiian or Other Pacific Islander",
    "black": "Black or African American",
    "white": "White",
}
CATEGORIES_2024: Final[Mapping[Category, str]] = {
    "native": "American Indian or Alaska Native",
    "asian": "Asian",
    "black": "Black or African American",
    "hispanic": "Hispanic or Latino",
    "mena": "Middle Eastern or North African",
    "pacific": "Native Hawaiian or Pacific Islander",
    "white": "White",
}
ETHNICITIES: Final[Mapping[Ethnicity | None, str]] = {
    "not_hispanic": "Not Hispanic or Latino",
    "hispanic": "Hispanic or Latino",
    None: "Unknown or not reported",
}
UNKNOWN: Final = "Unknown or not reported"
MORE_THAN_ONE: Final = "More than one race"

_NAMES: Final[Mapping[str, Category]] = {
    **{label.casefold(): name for name, label in (*RACES_1997.items(), *CATEGORIES_2024.items())},
    "african american": "black",
    "black": "black",
    "1002-5": "native",
    "2028-9": "asian",
    "2054-5": "black",
    "2076-8": "pacific",
    "2106-3": "white",
    "2118-8": "mena",
    "2135-2": "hispanic",
}
_ETHNICITIES: Final[Mapping[str, Ethnicity]] = {
    "hispanic or latino": "hispanic",
    "not hispanic or latino": "not_hispanic",
    "non hispanic or latino": "not_hispanic",
    "2135-2": "hispanic",
    "2186-5": "not_hispanic",
}
_NO_ANSWER: Final = frozenset({"not reported", "unknown", "asked but unknown", "asked but no answer", "declined", ""})
_BETWEEN: Final = re.compile(r"[,;|/]")


def races_in(text: str) -> tuple[frozenset[Category], tuple[str, ...]]:
    """The categories that an answer names, several between commas; and the parts that name none."""
    found: set[Category] = set()
    unplaced = []
    for part in (" ".join(one.split()) for one in _BETWEEN.split(text)):
        name = _NAMES.get(part.casefold())
        if name is not None:
            found.add(name)
        elif part.casefold() not in _NO_ANSWER:
            unplaced.append(part)
    return frozenset(found), tuple(unplaced)


def ethnicity_in(text: str) -> tuple[Ethnicity | None, tuple[str, ...]]:
    """The ethnicity that an answer names; else None, and the answer where it is one."""
    said = " ".join(text.split())
    found = _ETHNICITIES.get(said.casefold().replace("non-", "non "))
    return found, () if found is not None or said.casefold() in _NO_ANSWER else (said,)


def race_of_1997(races: frozenset[Category]) -> Category | Literal["several"] | None:
    """The row of the table of 1997: Middle Eastern or North African is White there, Hispanic or Latino no race; None
    where no race is named."""
    known = {("white" if one == "mena" else one) for one in races} - {"hispanic"}
    if len(known) > 1:
        return "several"
    return next((one for one in RACES_1997 if one in known), None)


def race_label(row: Category | Literal["several"] | None) -> str:
    """The row of the table of 1997, for people."""
    return UNKNOWN if row is None else MORE_THAN_ONE if row == "several" else RACES_1997[row]
