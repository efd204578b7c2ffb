"""The colours of the figures, by what they mean; each has a plain value and a class that a page may restyle.

The plain value stands as an attribute of each mark, for a PDF knows no classes; `SHEET` is the style sheet by which a
page shows the same drawing on a dark ground. The series begin with Okabe and Ito's blue and vermilion (Color Universal
Design, 2008), darkened until text in them has a contrast of 4.5 on white (WCAG 2.2, 1.4.3); a second sign always goes
with the colour (dash, mark, pattern of light and dark, or name).
"""

from __future__ import annotations

from typing import Final

INK: Final = ("ink", "#1b2126")
QUIET: Final = ("quiet", "#59626a")
AXIS: Final = ("axis", "#6b747a")
GRID: Final = ("grid", "#dfe2e0")
PAPER: Final = ("paper", "#ffffff")
BOX: Final = ("box", "#f4f6f7")
ALARM: Final = ("alarm", "#a3261f")
SERIES: Final = (
    ("s0", "#005f95"),
    ("s1", "#b34700"),
    ("s2", "#00694a"),
    ("s3", "#8a3a74"),
    ("s4", "#4a4a4a"),
    ("s5", "#7a5c00"),
)
DASHES: Final = ("", "7 3", "2 2.5", "9 3 2 3", "5 2", "1.5 4")
# From light to dark, for grades: mild ones stay back, severe ones stand out; each step differs in grey as well.
SHADES: Final = (
    (("g0", "#d3e4ef"), ("g1", "#9cc4de"), ("g2", "#4f93c0"), ("g3", "#1d6391"), ("g4", "#0a2f4a")),
    (("h0", "#f6dfcf"), ("h1", "#ebb48e"), ("h2", "#d67d3f"), ("h3", "#a04608"), ("h4", "#4f2000")),
)
Role = tuple[str, str]

_DARK: Final = {
    "ink": "#e6eaec",
    "quiet": "#a3adb3",
    "axis": "#8b969d",
    "grid": "#323b41",
    "paper": "#1a2126",
    "box": "#222b31",
    "alarm": "#ffa199",
    "s0": "#6db9ea",
    "s1": "#f59a56",
    "s2": "#5fcaa0",
    "s3": "#dd9acb",
    "s4": "#c5c9cc",
    "s5": "#e0bf5a",
    "g0": "#1d3a4d",
    "g1": "#2a5b7a",
    "g2": "#4389b5",
    "g3": "#7dbbe2",
    "g4": "#d2eafa",
    "h0": "#4a2f1c",
    "h1": "#74441f",
    "h2": "#b3692c",
    "h3": "#ec9d5e",
    "h4": "#fde3cf",
}
_ROLES: Final = (INK, QUIET, AXIS, GRID, PAPER, BOX, ALARM, *SERIES, *SHADES[0], *SHADES[1])


def series(index: int) -> Role:
    """The colour of the series in place ``index``; the first comes again after the last."""
    return SERIES[index % len(SERIES)]


def dash(index: int) -> str:
    """The dashes of the line in place ``index``, empty for a solid one."""
    return DASHES[index % len(DASHES)]


def shade(side: int, part: int, parts: int) -> Role:
    """The shade of part ``part`` of ``parts``, the last the darkest, in the colour of series ``side`` (0 or 1)."""
    steps = SHADES[side % len(SHADES)]
    return steps[len(steps) - 1 if parts < 2 else round(part * (len(steps) - 1) / (parts - 1))]


def style_sheet(dark: bool) -> str:
    """Rules for every class: fill for `-f`, stroke for `-l`."""
    colours = _DARK if dark else dict(_ROLES)
    rules = (f".ev-{name}-f{{fill:{value}}}.ev-{name}-l{{stroke:{value}}}" for name, value in colours.items())
    return "".join(rules)


SHEET: Final = f"@media (prefers-color-scheme:dark){{@media not print{{{style_sheet(dark=True)}}}}}"
