"""A small reader of the grade expressions of admiral (pharmaverse):
``signif(AVAL, signif_dig) < 80 ~ "3"``, in R.

Each code is a list of ``condition ~ result``, as in dplyr's ``case_when``: the first condition that is true decides,
and NA counts as false. ``signif`` guards against binary fractions; the numbers here are exact, so it does nothing.
"""

import ast
import re
from dataclasses import dataclass
from decimal import Decimal

ORDER = ("GRADE_NA_CODE", "GRADE_4_CODE", "GRADE_3_CODE", "GRADE_2_CODE", "GRADE_1_CODE")
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?!\w)")


@dataclass(frozen=True)
class Given:
    """What admiral calls AVAL, ANRLO, ANRHI and BASE; None is NA."""

    value: Decimal
    low: Decimal | None
    high: Decimal | None
    base: Decimal | None

    @property
    def names(self):
        above = self.base is not None and self.high is not None and self.base > self.high
        change = None if not self.base else (self.value - self.base) / self.base * 100
        numbers = {"AVAL": self.value, "ANRLO": self.low, "ANRHI": self.high, "BASE": self.base, "PCHG": change}
        return {name: Maybe(number) for name, number in numbers.items()} | {"HIGH": above}


@dataclass(frozen=True)
class Maybe:
    """A number or NA; whatever is computed from NA is NA, and a comparison with it is None."""

    number: Decimal | None

    def _with(self, other, operation):
        other = other if isinstance(other, Maybe) else Maybe(other)
        return None if self.number is None or other.number is None else operation(self.number, other.number)

    def __mul__(self, other):
        return Maybe(self._with(other, Decimal.__mul__))

    __rmul__ = __mul__

    def __add__(self, other):
        return Maybe(self._with(other, Decimal.__add__))

    def __lt__(self, other):
        return self._with(other, Decimal.__lt__)

    def __le__(self, other):
        return self._with(other, Decimal.__le__)

    def __gt__(self, other):
        return self._with(other, Decimal.__gt__)

    def __ge__(self, other):
        return self._with(other, Decimal.__ge__)


def clauses(row):
    """Each condition of a row as a compiled Python expression, with its grade (None is NA), in order."""
    for name in ORDER:
        for text in re.split(r",\s*(?![^()]*\))", row.get(name) or ""):
            if text.strip():
                condition, result = text.split("~")
                grade = None if "NA" in result else int(result.strip().strip('"'))
                yield compile(ast.parse(in_python(condition), mode="eval"), name, "eval"), grade


def in_python(condition):
    text = condition.replace("BNRIND %in% high_indicator", "HIGH").replace("is.na(", "isna(")
    text = text.replace("&", " and ").replace("|", " or ").replace("!", " not ")
    return NUMBER.sub(lambda found: f"number('{found[0]}')", text).strip()


def grade(compiled, given):
    """The grade that the clauses give (0 where none holds), or None for NA."""
    names = given.names | {
        "isna": lambda maybe: maybe.number is None,
        "signif": lambda maybe, _: maybe,
        "signif_dig": None,
        "number": lambda text: Maybe(Decimal(text)),
    }
    for condition, found in compiled:
        if eval(condition, {"__builtins__": {}}, names):
            return found
    return 0


def numbers_in(row):
    """Every number that a row compares with, multiplies by, or adds."""
    texts = (NUMBER.findall((row.get(name) or "").split("~")[0] + (row.get(name) or "")) for name in ORDER)
    return sorted({Decimal(text) for found in texts for text in found})
