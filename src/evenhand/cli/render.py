"""``evenhand render``: the protocol for people."""

from __future__ import annotations

from argparse import Namespace

from evenhand.cli.console import print_json
from evenhand.protocol import find_study, load_protocol
from evenhand.protocol.render import render_html, render_markdown


def run(options: Namespace) -> int:
    """Print or write the protocol."""
    protocol = load_protocol(find_study(options.study), options.protocol_version)
    text = render_html(protocol) if options.html else render_markdown(protocol)
    if options.out is not None:
        options.out.write_text(text, encoding="utf-8")
        text = f"{options.out}: {len(text)} characters\n"
    if options.json:
        print_json({"study": protocol.study, "version": protocol.version.id, "digest": protocol.digest, "text": text})
    else:
        print(text, end="")
    return 0
