"""Exact numbers: a probability or a weight that two machines read alike to the last digit."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from evenhand.randomization.errors import DesignError


def exact_fraction(field: str, value: object) -> Fraction:
    """`value` (an int, a Fraction, a Decimal, or text such as "0.8" or "4/5") as a Fraction.

    Raises DesignError for a float, because 0.8 in binary is not four fifths, and for what is no number.
    """
    if isinstance(value, float):
        raise DesignError(field, f"{value!r} is a binary number and not exact", f'write it in quotes: "{value}"')
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Decimal | str):
        raise DesignError(field, f"{value!r} is not a number", 'write a whole number, or "0.8", or "4/5"')
    try:
        return Fraction(value)
    except (ValueError, OverflowError, ZeroDivisionError, InvalidOperation) as error:
        raise DesignError(field, f"{value!r} is not a number", 'write a whole number, or "0.8", or "4/5"') from error


def whole_number(field: str, value: object, *, at_least: int) -> int:
    """`value` when it is an int of at least `at_least`; raises DesignError otherwise."""
    if isinstance(value, bool) or not isinstance(value, int) or value < at_least:
        raise DesignError(field, f"{value!r} is not a whole number of at least {at_least}", "write one")
    return value


def distinct_names(field: str, names: tuple[object, ...], *, at_least: int) -> None:
    """Raise DesignError unless `names` are non-empty, distinct texts, at least `at_least` of them."""
    for name in names:
        if not isinstance(name, str) or not name.strip():
            raise DesignError(field, f"{name!r} is not a name", "write a non-empty text, in quotes if need be")
    if len(set(names)) < len(names):
        raise DesignError(field, f"a name occurs twice in {list(names)}", "give each its own name")
    if len(names) < at_least:
        raise DesignError(field, f"{list(names)} has fewer than {at_least} names", f"name at least {at_least}")
