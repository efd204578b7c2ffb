"""A stratum's id: the levels a person has, as one text that no other levels give."""

from collections.abc import Mapping

from evenhand.randomization.errors import RandomizationError

RESERVED = "=;"


def stratum_id(levels: Mapping[str, str]) -> str:
    """`{"receptor": "positive", "burden": "1-3"}` as "burden=1-3;receptor=positive", factors sorted by name.

    No levels at all (an unstratified study) give "". Raises RandomizationError for an empty name or level,
    and for one that holds "=" or ";": two different strata could then share one id and one list.
    """
    for factor, level in levels.items():
        for text in (factor, level):
            if not text or set(RESERVED) & set(text):
                raise RandomizationError(
                    f"stratum factor {factor!r}, level {level!r}: rename it, not empty and without '=' or ';'"
                )
    return ";".join(f"{factor}={level}" for factor, level in sorted(levels.items()))
