"""``evenhand render``: the protocol for people."""

from __future__ import annotations

from argparse import Namespace

from evenhand.cli.console import print_json
from evenhand.cli.output import Output, shows
from evenhand.cli.writing import write_whole
from evenhand.protocol import find_study, load_protocol
from evenhand.protocol.render import render_html, render_markdown


def run(options: Namespace) -> int:
    """Print or write the protocol."""
    protocol = load_protocol(find_study(options.study), options.protocol_version)
    text = render_html(protocol) if options.html else render_markdown(protocol)
    if options.out is not None:
        write_whole(options.out, text.encode("utf-8"))
        text = f"{options.out}: {len(text)} characters\n"
    if options.json:
        print_json({"study": protocol.study, "version": protocol.version.id, "digest": protocol.digest, "text": text})
    else:
        spelt = options.html and options.out is None and not shows(text)  # a page can name what it cannot hold
        Output().write(text.encode("ascii", "xmlcharrefreplace").decode("ascii") if spelt else text)
    return 0
