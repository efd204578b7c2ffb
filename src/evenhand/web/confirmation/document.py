"""A confirmation set on paper: one page, PDF/A-2a and PDF/UA-1, the same bytes for the same content.

The text goes to typst as JSON and is never part of its source, so that nothing in it is read as an instruction. Fonts
are those inside typst, whatever the machine has.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import typst

from evenhand.record import JSON

SOURCE: Final = Path(__file__).with_name("confirmation.typ").read_bytes()
_STANDARDS: Final[list[typst.PDFStandard]] = ["a-2a", "ua-1"]  # archival (ISO 19005-2) and accessible (ISO 14289-1)
_PROBE: Final = b'#set document(title: "x")\n#json(bytes(sys.inputs.data))'
_ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
_FEW = 64


def as_pdf(content: dict[str, JSON], *, demo: bool = False) -> bytes:
    """The confirmation as PDF, dated by the entry's moment. ``demo`` marks it as one of made-up people."""
    return _pdf(json.dumps({**content, "demo": demo}, sort_keys=True))


@lru_cache(_FEW)
def _pdf(data: str) -> bytes:
    at = datetime.fromisoformat(json.loads(data)["made"]).replace(microsecond=0)  # a PDF counts whole seconds
    try:
        return _compiled(SOURCE, data, at)
    except typst.TypstError:
        shown = json.dumps(_displayable(json.loads(data)), sort_keys=True)
        if shown == data:
            raise
        return _compiled(SOURCE, shown, at)


def _compiled(source: bytes, data: str, at: datetime) -> bytes:
    compiler = typst.Compiler(source, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"data": data})
    made = compiler.compile(format="pdf", pdf_standards=_STANDARDS, timestamp=at)
    assert isinstance(made, bytes)  # a list is what the picture formats give
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _displayable(value: JSON) -> JSON:
    """The same with what no font shows written as its Unicode number: nothing of a name is dropped in silence."""
    if isinstance(value, str):
        return "".join(char if _has_glyph(char) else f"[U+{ord(char):04X}]" for char in value)
    if isinstance(value, list):
        return [_displayable(one) for one in value]
    if isinstance(value, dict):
        return {key: _displayable(one) for key, one in value.items()}
    return value


@lru_cache(4096)
def _has_glyph(char: str) -> bool:
    if char.isascii():
        return char.isprintable()
    try:
        _compiled(_PROBE, json.dumps(f"a{char}"), _ANY_TIME)
    except typst.TypstError:
        return False
    return True
