"""The rendered protocol as a part of a page: the same text as ``evenhand render``, with addresses for its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from evenhand.protocol import Protocol
from evenhand.protocol.render import render_markdown

_SHOWN_APART = {"Assumptions"}  # sections that the page shows in a form of its own


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the table of contents."""

    anchor: str
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class ProtocolText:
    """The protocol in HTML, without its title (the page has it) and its list of assumptions, and its contents."""

    html: SafeString
    headings: tuple[Heading, ...]


class _ById:
    """A protocol, equal to itself alone: comparing two by value would cost more than to render one."""

    __slots__ = ("protocol",)

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.protocol is self.protocol

    def __hash__(self) -> int:
        return hash(self.protocol.digest)


def text_of(protocol: Protocol) -> ProtocolText:
    """The text of a protocol, rendered once a process."""
    return _rendered(_ById(protocol))


@lru_cache(maxsize=16)
def _rendered(known: _ById) -> ProtocolText:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = list(_kept(markdown.parse(render_markdown(known.protocol))))
    headings = tuple(_anchored(tokens))
    html = markdown.renderer.render(tokens, markdown.options, {})
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace("</table>", "</table></div>")
    return ProtocolText(mark_safe(html), headings)  # markdown-it escapes, raw HTML is off


def _kept(tokens: Sequence[Token]) -> Iterator[Token]:
    """All but the title and the sections that the page shows apart."""
    skipping = False
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            skipping = (
                token.tag == "h1"
                or (token.tag == "h2" and tokens[place + 1].content in _SHOWN_APART)
                or (skipping and token.tag not in ("h1", "h2"))
            )
        if not skipping:
            yield token
        elif token.type == "heading_close" and token.tag == "h1":
            skipping = False


def _anchored(tokens: Sequence[Token]) -> Iterator[Heading]:
    """Give each heading an address, and list them."""
    used: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            text = tokens[place + 1].content
            anchor = _anchor(text, used)
            token.attrSet("id", anchor)
            yield Heading(anchor, text, int(token.tag[1]))


def _anchor(text: str, used: set[str]) -> str:
    plain = "-".join(re.findall(r"[a-z0-9]+", text.lower())) or "section"
    anchor, number = plain, 1
    while anchor in used:
        number += 1
        anchor = f"{plain}-{number}"
    used.add(anchor)
    return anchor
