"""YAML read so that every value remembers where it stands in its file.

YAML 1.2 by ruamel.yaml's composer: duplicate keys are refused, NO is a word and not false, decimals stay exact,
and dates stay text, since a partial date is no timestamp.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Keys = tuple[str | int, ...]
Data = dict[str, "Data"] | list["Data"] | str | int | Decimal | bool | None


# Longer ones are no numbers of a study, and some would take a computer's whole memory.
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(?=\.?[0-9])[0-9]{0,18}(\.[0-9]{0,18})?(e[-+]?[0-9]{1,2})?", re.IGNORECASE)

_LONG_LINE, _BRACKETS = 1000, 3000  # more of either, and a text may be nested too deeply for libyaml


class StudyError(Exception):
    """A study folder that cannot be used: one line for each fault, as ``file:line:column: what is wrong``."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(slots=True)
class Sheet:
    """One YAML file: its data, and for each value the node that it came from."""

    path: Path
    text: str
    data: Data = None
    nodes: dict[Keys, Node] = field(default_factory=dict)

    def fault(self, keys: Keys, message: str, offset: int | None = None) -> str:
        """A fault line for the value under ``keys`` (or the nearest enclosing one), ``offset`` characters into it."""
        while keys and keys not in self.nodes:
            keys = keys[:-1]
        node = self.nodes.get(keys)
        index = 0 if node is None else _index(node, self.text, offset)
        line = self.text.count("\n", 0, index) + 1
        column = index - (self.text.rfind("\n", 0, index) + 1) + 1
        return f"{self.path.name}:{line}:{column}: {message}"


def read_sheet(path: Path) -> Sheet:
    """Read one YAML file. Raises StudyError when it is missing, not UTF-8, not YAML, or has a key twice."""
    try:
        sheet = Sheet(path, path.read_text(encoding="utf-8"))
        root = _composed(sheet.text)
    except FileNotFoundError:
        raise StudyError(f"{path.name}: the file is missing from {path.parent.name}/") from None
    except UnicodeDecodeError as error:
        raise StudyError(f"{path.name}: not UTF-8 text at byte {error.start}") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        raise StudyError(f"{path.name}:{place}: not YAML: {error.problem or error}") from error
    except YAMLError as error:
        raise StudyError(f"{path.name}: not YAML: {error}") from error
    except RecursionError:
        raise StudyError(f"{path.name}: not read: nested too deeply") from None
    except OSError as error:
        raise StudyError(f"{path.name}: cannot be read: {error.strerror or error}") from error
    if root is not None:
        sheet.data = _construct(sheet, root, ())
    return sheet


def _composed(text: str) -> Node | None:
    """The nodes of a text. libyaml reads them many times quicker than Python does, but knows YAML 1.1 alone; what it
    refuses goes to the reference reader, which knows 1.2 and words the faults. What is nested deeply goes there too,
    because libyaml would take the stack of the process for it.
    """
    shallow = max(map(len, text.splitlines()), default=0) < _LONG_LINE and text.count("[") + text.count("{") < _BRACKETS
    if shallow:
        try:
            return _nodes(YAML(typ="safe"), text)
        except YAMLError:
            pass
    return _nodes(YAML(typ="safe", pure=True), text)


def _nodes(reader: YAML, text: str) -> Node | None:
    composed: Node | None = reader.compose(text)
    return composed


def _construct(sheet: Sheet, node: Node, keys: Keys) -> Data:
    sheet.nodes[keys] = node
    if node.anchor:
        raise StudyError(sheet.fault(keys, "anchors and aliases are not used in study files: write the value out"))
    if isinstance(node, MappingNode):
        return _mapping(sheet, node, keys)
    if isinstance(node, SequenceNode):
        return [_construct(sheet, item, (*keys, number)) for number, item in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    return _scalar(node)


def _mapping(sheet: Sheet, node: MappingNode, keys: Keys) -> Data:
    mapping: dict[str, Data] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in mapping:
            sheet.nodes[(*keys, key)] = key_node
            raise StudyError(sheet.fault((*keys, key), f"the key {key!r} stands here a second time"))
        mapping[key] = _construct(sheet, value_node, (*keys, key))
    return mapping


def _scalar(node: ScalarNode) -> Data:
    kind, text = str(node.tag).rsplit(":", 1)[-1], str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int" and _WHOLE.fullmatch(text):
        return int(text)
    if kind == "float" and _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text


def _index(node: Node, text: str, offset: int | None) -> int:
    """Where the character ``offset`` of a scalar stands in its file; without one, where the value begins.

    Folding changes white space only, so the n-th visible character of the value is the n-th visible one of its source.
    (Backslashes of a text in double quotes count as characters: nothing in a study file needs them.)
    """
    start: int = node.start_mark.index
    if offset is None or not isinstance(node, ScalarNode):
        return start
    if node.style in ("|", ">"):
        start = text.index("\n", start)
    elif node.style in ("'", '"'):
        start += 1
    visible = sum(not character.isspace() for character in node.value[:offset])
    for index in range(start, len(text)):
        if not text[index].isspace():
            if visible == 0:
                return index
            visible -= 1
    return start
