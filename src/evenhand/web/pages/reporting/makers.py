"""How each kind is made. What counts and draws is loaded here once somebody asks, since it takes seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

import orjson

from evenhand.protocol import Versions
from evenhand.record import History
from evenhand.web.pages.board_desk.counting import counted
from evenhand.web.pages.reporting.making import Maker, Progress
from evenhand.web.store import Wanted

_FILES = 4  # steps that the files of a report take
_LOADING = "getting ready"
LOOK: Final = "look.json"
"""Which look is due by the board's view, and its events."""


def report_maker(wanted: Wanted, versions: Versions, history: History) -> Maker:
    """Makes a report of one of the kinds that are handed out."""

    def make(progress: Progress) -> Mapping[str, bytes]:
        progress(_LOADING, 0, 0)
        from evenhand.reports import files_of, make_report  # noqa: PLC0415 - seconds, once somebody asks

        counted = 0

        def counting(what: str, done: int, parts: int) -> None:
            nonlocal counted
            counted = parts
            progress(what, done, parts + _FILES)

        def writing(what: str, done: int, parts: int) -> None:
            progress(what, counted + done, counted + parts)

        made = make_report(
            wanted.kind, versions, history, effective=wanted.effective, recorded=wanted.recorded, progress=counting
        )
        return files_of(made, writing, named=wanted.named)

    return make


def board_maker(wanted: Wanted, versions: Versions, history: History) -> Maker:
    """Makes the safety board's view."""

    def make(progress: Progress) -> Mapping[str, bytes]:
        progress(_LOADING, 0, 0)
        from evenhand.reports import BOARD, make_report  # noqa: PLC0415 - seconds, once somebody asks
        from evenhand.web.pages.reporting.board_files import board_files  # noqa: PLC0415 - the same

        made = make_report(
            BOARD, versions, history, effective=wanted.effective, recorded=wanted.recorded, progress=progress
        )
        now = counted(versions, history, wanted.effective, wanted.recorded, wanted.hash)
        return board_files(made) | ({} if now is None else {LOOK: orjson.dumps(asdict(now))})

    return make
