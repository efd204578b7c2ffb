"""The text of a form to plain values: JSON or YAML 1.2, numbers exact, dates as they were written.

A date stays text, for a YAML reader would refuse "2026-02-30" without a word about the person, and would move the day
of a time with a zone. A key that stands twice, anchors and aliases are refused.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from evenhand.intake.accept import shown
from evenhand.intake.errors import InputError

Data = dict[str, "Data"] | list["Data"] | str | int | float | Decimal | bool | None

# A reader of YAML takes some 30 microseconds a character, in which a server does nothing else. Assumed: the forms of
# hundreds of people; JSON is read at any length.
_LONGEST_YAML: Final = 200_000  # characters

# Longer ones are no numbers of a person, and some would take a computer's whole memory.
_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"[-+]?(?=\.?[0-9])[0-9]{0,18}(\.[0-9]{0,18})?(e[-+]?[0-9]{1,2})?", re.IGNORECASE)


def read_data(text: str, origin: str) -> Data:
    """What a text says. Raises InputError with the place."""
    try:
        data = _json(text)
        json.dumps(data, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise InputError(f"{origin}: it holds half a character (a lone surrogate): save the file as UTF-8") from None
    except RecursionError:
        raise InputError(f"{origin}: nested too deeply") from None
    except InputError as error:
        raise InputError(f"{origin}: {error}") from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" line {mark.line + 1}, column {mark.column + 1}:" if mark else ""
        raise InputError(f"{origin}:{place} neither JSON nor YAML: {shown(_first_line(error))}") from error
    return data


def read_json(text: str) -> Data:
    """What a JSON text says, numbers exact. Raises InputError for any other text, and for a key that stands twice."""
    try:
        data = _values(text, _no_number)
        json.dumps(data, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise InputError("it holds half a character (a lone surrogate)") from None
    except RecursionError:
        raise InputError("nested too deeply") from None
    except json.JSONDecodeError as error:
        raise InputError(f"no JSON: line {error.lineno}, column {error.colno}: {error.msg}") from None
    return data


def _no_number(word: str) -> Data:
    raise InputError(f"JSON has no number {word}")


def _values(text: str, constant: Callable[[str], Data] | None = None) -> Data:
    hooks = {"parse_float": _decimal, "parse_int": _whole, "parse_constant": constant}
    return json.loads(text, object_pairs_hook=_once, **hooks)  # type: ignore[no-any-return, arg-type]


def _json(text: str) -> Data:
    try:
        return _values(text)
    except json.JSONDecodeError as error:
        if len(text) > _LONGEST_YAML:
            what = f"no JSON (line {error.lineno}, column {error.colno}: {error.msg})"
            mend = f"YAML is read up to {_LONGEST_YAML:,} characters: write it as JSON, or in several files"
            raise InputError(f"{what}, and too long for YAML. {mend}") from None
        root = YAML(typ="safe", pure=True).compose(text)
        return None if root is None else _value(root)


def _value(node: Node) -> Data:
    if node.anchor:
        raise InputError(f"{_line_of(node)}: anchors and aliases are not used in forms: write the value out")
    if isinstance(node, MappingNode):
        return _once([(_key(key), _value(value)) for key, value in node.value], _line_of(node))
    if isinstance(node, SequenceNode):
        return [_value(item) for item in node.value]
    kind, text = str(node.tag).rsplit(":", 1)[-1], str(node.value)
    if kind == "int":
        return _whole(text)
    if kind == "float":
        return _decimal(text)
    return {"null": None, "bool": text.lower() == "true"}.get(kind, text)


def _key(node: Node) -> str:
    if not isinstance(node, ScalarNode):
        raise InputError(f"{_line_of(node)}: a key is one word")
    return str(node.value)


def _line_of(node: Node) -> str:
    return f"line {node.start_mark.line + 1}"


def _once(pairs: Sequence[tuple[str, Data]], place: str = "JSON") -> dict[str, Data]:
    """A mapping in which every key stands once: of two values, neither is the right one by itself."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise InputError(f"{place}: the key {shown(twice)} stands more than once in one mapping")
    return found


def _whole(digits: str) -> int | str:
    """A number too long to be one stays text, which then fits no fact."""
    return int(digits) if _WHOLE.fullmatch(digits) else digits


def _decimal(digits: str) -> Decimal | str:
    return Decimal(digits) if _DECIMAL.fullmatch(digits) else digits


def _first_line(error: BaseException) -> str:
    return str(getattr(error, "problem", None) or error).splitlines()[0] if str(error) else type(error).__name__
