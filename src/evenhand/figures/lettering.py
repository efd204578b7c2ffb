"""How wide text is, so that boxes fit it and labels do not meet.

Widths in thousandths of the size of the letters: the greater of Helvetica's, which are Arial's (the AFM files of the
PostScript base fonts, Adobe 1989 to 1997), and those of Libertinus Serif, which stands in where neither is there, as
in typst. So text never comes out wider in one of these than it was measured.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate, takewhile
from typing import Final

FAMILY: Final = "Helvetica, Arial, 'Liberation Sans', 'Libertinus Serif', sans-serif"
BOLDER: Final = 1.1  # Helvetica-Bold over these widths: 556 to 611 for b, d, g, h, n, o, p, q, u; less for the rest
UNKNOWN: Final = 780  # of a letter outside the table: the widest capital but M and W; most are narrower
WIDE: Final = 1000  # ideographs and symbols from U+2E80 on fill their square, as does what stands for a control sign
_GROUPS: Final = {
    260: "|",
    272: "ijl",
    278: " ,.:;\u00a0·íìîï",
    288: "!\\",
    297: "I",
    316: "ft",
    323: "/",
    333: "()²³",
    338: "-",
    351: "•",
    356: "[]",
    372: "r",
    389: "'\"*{}\u2018\u2019\u201c\u201d",
    400: "`°",
    516: "Jcvxyzsç",
    518: "k^",
    556: "0123456789#$?L_abdeghnopquäáàâåöóòôõüúùûéèêëñ–",
    584: "+<=>~\u2212×±≥≤÷",
    611: "FTZß",
    667: "BEKPSVXYÉÈ",
    705: "&AÄÁÀÅ",
    730: "CDHNRUÜÚ",
    747: "w",
    778: "GOQÖÓ",
    839: "Mm",
    889: "%",
    951: "W",
    1000: "…—",
    1015: "@",
    1130: "→←",
}
_WIDTHS: Final = {char: width for width, chars in _GROUPS.items() for char in chars}


@lru_cache(8192)
def width_of(text: str, size: float = 12, *, bold: bool = False) -> float:
    """The width of a line of text in the units of ``size``; an upper bound for what stands in the table."""
    thousandths = sum(_WIDTHS.get(char) or (UNKNOWN if " " <= char < "\u2e80" else WIDE) for char in text)
    return thousandths * size / 1000 * (BOLDER if bold else 1)


@lru_cache(4096)
def wrapped(text: str, width: float, size: float = 12, *, bold: bool = False) -> tuple[str, ...]:
    """The text in lines no wider than ``width``; a word that is wider alone is cut, at a hyphen or slash if it has one.

    Words part at plain spaces, not at those that do not break. Text without words is one empty line.
    """
    lines: list[str] = []
    for word in re.split(r"[ \t\r\n]+", text.strip(" \t\r\n")):
        last = f"{lines[-1]} {word}" if lines else word
        if width_of(last, size, bold=bold) <= width:
            lines[-1:] = [last]
        else:
            lines += _pieces(word, width, size, bold)
    return tuple(lines) or ("",)


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    pieces = []
    while len(word) > 1 and width_of(word, size, bold=bold) > width:
        fit = max(_fitting(word, width, size, bold), 1)
        at = max(word.rfind("-", 0, fit), word.rfind("/", 0, fit)) + 1 or fit
        pieces.append(word[:at])
        word = word[at:]
    return [*pieces, word]


def _fitting(word: str, width: float, size: float, bold: bool) -> int:
    """How many letters of a word fit."""
    ends = accumulate(width_of(char, size, bold=bold) for char in word)
    return sum(1 for _ in takewhile(lambda end: end <= width, ends))


def shortened(text: str, width: float, size: float = 12, *, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits with an ellipsis; always at least the ellipsis."""
    if width_of(text, size, bold=bold) <= width:
        return text
    kept = text[: _fitting(text, width - width_of("…", size, bold=bold), size, bold)]
    return f"{kept.rstrip()}…"
