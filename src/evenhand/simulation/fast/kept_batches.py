"""Finished batches in a file, so that a simulation that was interrupted goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from evenhand.refusal import Refusal
from evenhand.simulation.fast.sums import Sums

KIND = "finished batches of simulated trials"


class KeptBatches:
    """A file of JSON lines: first what is being simulated, then one line a finished batch.

    ``of`` names the simulations by digests. Opening a file of others raises Refusal. A last line that was torn is
    dropped, and its batch is simulated again.
    """

    def __init__(self, path: Path, of: list[str]) -> None:
        self._found: dict[tuple[str, int, int], Sums] = {}
        head = {"holds": KIND, "simulations": of}
        content = path.read_bytes() if path.exists() else b""
        whole = content[: content.rfind(b"\n") + 1]
        if whole:
            self._read(path, whole.splitlines(), head)
        elif not _line(head).startswith(content):
            raise _other(path, known=False)
        self._file = path.open("ab")
        self._file.truncate(len(whole))
        if not whole:
            self._file.write(_line(head))

    def _read(self, path: Path, whole: list[bytes], head: dict[str, Any]) -> None:
        try:
            first, *lines = (json.loads(line) for line in whole)
            if first != head:
                raise _other(path, isinstance(first, dict) and first.get("holds") == KIND)
            for line in lines:
                self._found[line["of"], line["first"], line["trials"]] = Sums.of_json(line)
        except (ValueError, KeyError, TypeError) as fault:
            raise _other(path, known=False) from fault

    def get(self, of: str, first: int, trials: int) -> Sums | None:
        """The sums of a batch, if it is finished."""
        return self._found.get((of, first, trials))

    def add(self, of: str, first: int, trials: int, sums: Sums) -> None:
        """Keep a finished batch."""
        self._file.write(_line({"of": of, "first": first, "trials": trials, **sums.as_json()}))
        self._file.flush()

    def __enter__(self) -> KeptBatches:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _line(value: Mapping[str, object]) -> bytes:
    return json.dumps(value).encode("ascii") + b"\n"


def _other(path: Path, known: bool) -> Refusal:
    what = "batches of other assumptions, another seed or another version of the program" if known else "something else"
    return Refusal(f"{path} holds {what}.", "--resume", "Name a new file, or go on with what it was begun with.")
