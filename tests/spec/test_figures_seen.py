"""Colours that can be told apart and read, and figures that a typesetter prints with their text."""

import io
import re
from itertools import pairwise

import pypdf
import pytest
import typst

from evenhand.figures import Flow, FlowBox, FlowStep, SurvivalCurve, flow, survival_curves
from evenhand.figures.lettering import _WIDTHS, width_of
from evenhand.figures.palette import _DARK, _ROLES, SERIES, SHADES, dash

CARDS = {"light": "#ffffff", "dark": "#1a2126"}  # the ground of a card of our pages
LOOKS = {"light": dict(_ROLES), "dark": _DARK}
WRITTEN = ("ink", "quiet", "alarm", *(name for name, _ in SERIES))


def linear(colour):
    """Red, green and blue from 0 to 1 without the gamma of sRGB (WCAG 2.2, relative luminance)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]


def luminance(colour):
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


# Rows that give red, green and blue as seen without one kind of cone (Machado et al., IEEE TVCG 2009;15:1291, table 1,
# severity 1).
BLIND = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def lab(parts):
    """CIE L*a*b* under D65 of linear red, green and blue."""
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.95047, 1.0, 1.08883)
    xyz = [sum(a * b for a, b in zip(row, parts, strict=True)) / w for row, w in zip(rows, white, strict=True)]
    x, y, z = (one ** (1 / 3) if one > 0.008856 else 7.787 * one + 16 / 116 for one in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one, other, sight):
    """How far two colours are apart for an eye without one kind of cone, in CIE 1976 units (about 2 is noticed)."""
    seen = []
    for colour in (one, other):
        parts = [sum(a * b for a, b in zip(row, linear(colour), strict=True)) for row in BLIND[sight]]
        seen.append(lab([min(max(part, 0), 1) for part in parts]))
    return sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5


@pytest.mark.parametrize("ground", CARDS)
@pytest.mark.parametrize("role", WRITTEN)
def test_what_is_written_can_be_read(role, ground):
    assert contrast(LOOKS[ground][role], CARDS[ground]) >= 4.5
    assert contrast(LOOKS[ground][role], LOOKS[ground]["paper"]) >= 4.5


@pytest.mark.parametrize("ground", CARDS)
def test_texts_in_boxes_and_lines_can_be_seen(ground):
    look = LOOKS[ground]
    assert contrast(look["ink"], look["box"]) >= 4.5 and contrast(look["axis"], CARDS[ground]) >= 3


@pytest.mark.parametrize("ground", CARDS)
@pytest.mark.parametrize("sight", BLIND)
def test_the_two_arms_differ_for_every_eye(sight, ground):
    assert distance(LOOKS[ground]["s0"], LOOKS[ground]["s1"], sight) >= 30


def test_lines_next_to_one_another_differ_without_colour():
    assert len({dash(place) for place in range(6)}) == 6


@pytest.mark.parametrize("ground", CARDS)
@pytest.mark.parametrize("side", [0, 1])
def test_grades_step_from_the_ground_so_that_they_differ_in_grey(side, ground):
    steps = [contrast(LOOKS[ground][name], CARDS[ground]) for name, _ in SHADES[side]]
    assert all(after / before >= 1.3 for before, after in pairwise(steps))


def test_both_looks_know_every_role():
    assert set(_DARK) == {name for name, _ in _ROLES}


# ---- in typst ----------------------------------------------------------------------------------


def printed(svg):
    """The text of an archival, accessible PDF with this picture, by typst's own fonts."""
    source = '#set document(title: "x")\n#set text(lang: "en")\n#image(bytes(sys.inputs.svg), format: "svg", alt: "x")'
    fonts = typst.Fonts(include_system_fonts=False)
    compiler = typst.Compiler(source.encode(), font_paths=fonts, ignore_system_fonts=True, sys_inputs={"svg": svg})
    made = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"])
    return pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_a_figure_prints_with_its_text():
    curve = SurvivalCurve("Usual approach", (6, 12), (0.75, 0.5), (0.3, 0.2), (0.9, 0.8), (12,), ((6, 12), (8, 5)))
    note = "p < 0.001; ≥ 3 – 0.61 (0.43 to 0.87) é"
    text = re.sub(r"\s+", " ", printed(survival_curves([curve], prefix="a", label="PFS", annotation=[note]).svg))
    assert "Number at risk" in text and "Usual approach" in text and note in text
    boxes = Flow((FlowStep(FlowBox("Randomized", 147)),), ())
    assert "Randomized (n = 147)" in printed(flow(boxes, prefix="b").svg).replace("\u00a0", " ")


def test_no_letter_is_wider_in_the_type_that_stands_in():
    """Libertinus Serif, which typst takes for want of Helvetica, measured by typst."""
    chars = [char for char in _WIDTHS if not char.isspace()]
    source = (
        '#set text(size: 1000pt, font: "Libertinus Serif", fallback: false)\n'
        "#context [#metadata(sys.inputs.chars.clusters().map(c => measure(c).width.pt())) <w>]"
    )
    fonts = typst.Fonts(include_system_fonts=False)
    compiler = typst.Compiler(
        source.encode(), font_paths=fonts, ignore_system_fonts=True, sys_inputs={"chars": "".join(chars)}
    )
    widths = re.findall(r"[\d.]+", compiler.query("<w>", field="value", one=True))
    assert [char for char, wide in zip(chars, map(float, widths), strict=True) if wide > width_of(char, 1000) + 1] == []
