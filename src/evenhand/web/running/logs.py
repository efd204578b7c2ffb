"""What the application writes to stderr: enough to find a fault, and nothing about people.

No addresses of clients, no query strings, no messages of exceptions (a database quotes the values of a row in them).
What people did stands in the record, where it belongs.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from types import TracebackType
from typing import Any, Final
from urllib.parse import quote

from gunicorn.glogging import Logger

_TOKEN = re.compile(r"[A-Za-z0-9_~-]{30,}")  # one-time links carry a secret that is longer than any name in an address
_ExcInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)  # as logging hands it on


class Discreet(logging.Formatter):
    """Says of which kind an error is and where it arose, and not what it says."""

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the name that logging calls
        """One line for each error of the chain, each with the places it passed through."""
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
            lines += _places(error.__traceback__)
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"  {code.co_filename}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return places


class AccessLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's log in our form: method, path, status, milliseconds. Handlers are those of ``LOGGING``."""

    def setup(self, cfg: Any) -> None:
        """Keep the handlers that Django's logging has set up, and set only the levels."""
        self.cfg = cfg
        self.loglevel = self.LOG_LEVELS[cfg.loglevel]
        self.error_log.setLevel(self.loglevel)
        self.access_log.setLevel(logging.INFO)
        self.error_log.propagate = self.access_log.propagate = True

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        """One line a request."""
        if self.cfg.accesslog:
            status = str(resp.status).split(" ", 1)[0]
            took = int(request_time.total_seconds() * 1000)
            where = shown_path(str(environ.get("PATH_INFO", "")))
            self.access_log.info("%s %s %s %d ms", environ.get("REQUEST_METHOD"), where, status, took)


def shown_path(path: str) -> str:
    """A path as it may be logged: on one line, without the secret of a one-time link."""
    return _TOKEN.sub("*", quote(path, safe="/:~"))


LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "discreet": {
            "()": Discreet,
            "format": "%(asctime)s [%(process)d] %(levelname)s %(name)s: %(message)s",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {
        "django.request": {"level": "ERROR"},  # refusals and wrong addresses stand in the access log
        "axes": {"level": "ERROR"},  # names of users and addresses; it keeps them in a table of its own
    },
}
