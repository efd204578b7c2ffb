"""The body of a request: bytes to plain values, within limits, with nothing in it that could not be kept."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from evenhand.intake import InputError
from evenhand.intake.sheet import Data, read_json
from evenhand.web.api.problems import Trouble

FORM: Final = "application/json"
BUNDLE: Final = "application/fhir+json"
LARGEST_FORM: Final = 1024 * 1024  # bytes; assumed: a person's facts written out have some 10 kB
DEEPEST: Final = 20  # lists and objects in each other; assumed: a form of facts has 5


def body_of(request: HttpRequest) -> tuple[bytes, str]:
    """The body and its media type, which is one of the two. Raises Trouble (413, 415, 400)."""
    kind = str(request.content_type)
    if kind not in (FORM, BUNDLE):
        mend = f"Send a form as {FORM}, or an mCODE bundle as {BUNDLE}."
        raise Trouble(415, "unsupported-media-type", f"{kind[:100]!r} is not read here.", mend=mend)
    try:
        data = request.body
    except RequestDataTooBig:
        raise _too_large() from None
    except UnreadablePostError:
        raise malformed("The connection ended before the whole request had come.") from None
    if kind == FORM and len(data) > LARGEST_FORM:
        raise _too_large()
    return data, kind


def require_empty(request: HttpRequest) -> None:
    """A step that needs nothing but its address takes no content. Raises Trouble (400, 413)."""
    try:
        given = request.body.strip()
    except RequestDataTooBig:
        raise _too_large() from None
    except UnreadablePostError:
        raise malformed("The connection ended before the whole request had come.") from None
    if given not in (b"", b"{}"):
        raise malformed("This step takes no content.", "Send an empty body: all it needs stands in the record.")


def values_of(data: bytes) -> Data:
    """The values of a form, numbers exact. Raises Trouble (400) for what is no JSON, has a key twice or is too deep."""
    try:
        values = read_json(data.decode())
    except UnicodeDecodeError as error:
        raise malformed(f"Byte {error.start} is not UTF-8.") from None
    except InputError as error:
        raise malformed(str(error)) from None
    if _deeper(values, DEEPEST):
        raise malformed(f"It is nested deeper than {DEEPEST} levels.")
    return values


def malformed(detail: str, mend: str = "") -> Trouble:
    """The answer to what cannot be read."""
    return Trouble(400, "malformed", detail, mend=mend)


def _deeper(values: Data, levels: int) -> bool:
    """Whether values are nested deeper than this; level by level, so that no depth is too much to look at."""
    row: list[Data] = [values]
    for _ in range(levels):
        row = [
            inner
            for value in row
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return any(isinstance(value, dict | list) for value in row)


def _too_large() -> Trouble:
    mend = f"A form may have {LARGEST_FORM} bytes, a bundle 20 MiB. Send one person."
    return Trouble(413, "too-large", "The request has more bytes than are read.", mend=mend)
