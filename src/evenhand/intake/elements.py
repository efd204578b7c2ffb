"""Safe access to the elements of parsed JSON: each reader checks what it finds, and says where it stands.

Files hold anything. A reader returns the element, None when it is absent, or raises :class:`Unreadable` with the
element's path, which becomes one Problem of the resource. Nothing else is raised.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from evenhand.dates import DateSpan, parse_date
from evenhand.units import Number, exact

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
Object = dict[str, Json]

LARGEST: Final = 10**15  # nothing that a form or a laboratory reports is larger
_LEAST: Final = -LARGEST
_NONE: Final[list[Object]] = []


class Unreadable(ValueError):
    """An element that cannot be used: ``path`` within its resource, and what is wrong with it."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(path, what)
        self.path = path
        self.what = what


def kind_of(value: object) -> str:
    """What a JSON value is, in words for people."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {dict: "an object", list: "a list", str: "text", int: "a number", float: "a number"}
    return names.get(type(value), type(value).__name__)


def object_in(node: Object, name: str, path: str = "") -> Object | None:
    """The object under a name. ``path`` is where ``node`` itself stands, for the message."""
    value = node.get(name)
    if value is None or type(value) is dict:
        return value
    raise Unreadable(path + name, f"expected an object, found {kind_of(value)}")


def objects_in(node: Object, name: str, path: str = "") -> list[Object]:
    """The list of objects under a name; a single object counts as a list of one."""
    value = node.get(name)
    if value is None:
        return _NONE
    if type(value) is dict:
        return [value]
    if type(value) is not list:
        raise Unreadable(path + name, f"expected a list of objects, found {kind_of(value)}")
    for item in value:
        if type(item) is not dict:
            place = f"{path}{name}[{value.index(item)}]"
            raise Unreadable(place, f"expected an object, found {kind_of(item)}")
    return value  # type: ignore[return-value]  # every item was just seen to be an object


def text_in(node: Object, name: str, path: str = "") -> str:
    """The text under a name; empty when there is none."""
    value = node.get(name)
    if value is None:
        return ""
    if type(value) is str:
        return value
    raise Unreadable(path + name, f"expected text, found {kind_of(value)}")


def number_in(node: Object, name: str, path: str = "") -> Number | None:
    """The exact number under a name."""
    value = node.get(name)
    if value is None:
        return None
    if type(value) is int and _LEAST < value < LARGEST:
        return value
    if type(value) is float and _LEAST < value < LARGEST:
        return _decimal(value)
    if type(value) in (int, float):
        raise Unreadable(path + name, "is no usable number: too large, or not finite")
    raise Unreadable(path + name, f"expected a number, found {kind_of(value)}")


def date_in(node: Object, name: str, path: str = "") -> DateSpan | None:
    """The date under a name, as partial as it was written; a time of day is dropped."""
    text = node.get(name)
    if text is None:
        return None
    if type(text) is not str:
        raise Unreadable(path + name, f"expected a date, found {kind_of(text)}")
    try:
        return _parsed(text)
    except ValueError as error:
        raise Unreadable(path + name, str(error)) from None


@lru_cache(maxsize=1 << 12)  # laboratories report few values many times
def _decimal(value: float) -> Number:
    return exact(value)


@lru_cache(maxsize=1 << 16)
def _parsed(text: str) -> DateSpan:
    return parse_date(text)


def codings_in(node: Object, name: str) -> list[Object]:
    """The codings of a CodeableConcept."""
    concept = object_in(node, name)
    return _NONE if concept is None else objects_in(concept, "coding", name + ".")


def extension_in(node: Object, *endings: str) -> list[Object]:
    """The extensions whose URL ends with one of the names, whatever guide or release it belongs to."""
    if "extension" not in node:
        return _NONE
    found = []
    for one in objects_in(node, "extension"):
        url = one.get("url")
        if type(url) is not str:
            raise Unreadable("extension.url", f"expected text, found {kind_of(url)}")
        if url.endswith(endings):
            found.append(one)
    return found


def reference_in(node: Object, name: str) -> str:
    """The reference under a name; empty when there is none."""
    value = object_in(node, name)
    return "" if value is None else text_in(value, "reference", name + ".")


def last_part(reference: str) -> str:
    """``Type/id`` or the bare id that a reference ends with: of a URL, a URN, a versioned or a plain reference."""
    if reference.startswith("urn:"):
        return reference.rpartition(":")[2]
    parts = reference.partition("/_history/")[0].split("/")
    return "/".join(parts[-2:])
