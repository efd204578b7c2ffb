"""Setting text on paper: PDF/A-2a and PDF/UA-1 from a typst source and its data, the same bytes for the same content.

The text goes to typst as JSON and is never part of its source, so that nothing in it is read as an instruction. Fonts
are those inside typst, whatever the machine has.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, Final

import typst

STANDARDS: Final[list[typst.PDFStandard]] = ["a-2a", "ua-1"]  # archival (ISO 19005-2) and accessible (ISO 14289-1)
_PROBE: Final = b'#set document(title: "x")\n#json(bytes(sys.inputs.data))'
_ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
_PLAIN: Final = re.compile(r"[\x20-\x7e\xa0-\xac\xae-\xff\n]*")  # what every font inside typst shows


def typeset(source: bytes, content: dict[str, Any], at: datetime) -> bytes:
    """The PDF, dated ``at`` (aware; whole seconds count). A sign that no font shows becomes its Unicode number."""
    moment = at.replace(microsecond=0)  # a PDF counts whole seconds
    try:
        return _compiled(source, json.dumps(content), moment)
    except typst.TypstError:
        shown = displayable(content)
        if shown == content:
            raise
        return _compiled(source, json.dumps(shown), moment)


def _compiled(source: bytes, data: str, at: datetime) -> bytes:
    compiler = typst.Compiler(source, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"data": data})
    made = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=at)
    assert isinstance(made, bytes)  # a list is what the picture formats give
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def displayable(value: Any) -> Any:
    """The same with what no font shows written as its Unicode number: nothing is dropped in silence."""
    if isinstance(value, str):
        if _PLAIN.fullmatch(value):
            return value
        return "".join(char if _PLAIN.fullmatch(char) or _has_glyph(char) else f"[U+{ord(char):04X}]" for char in value)
    if isinstance(value, (list, tuple)):
        return [displayable(one) for one in value]
    if isinstance(value, dict):
        return {key: displayable(one) for key, one in value.items()}
    return value


@lru_cache(4096)
def _has_glyph(char: str) -> bool:
    try:
        _compiled(_PROBE, json.dumps(f"a{char}"), _ANY_TIME)
    except typst.TypstError:
        return False
    return True
