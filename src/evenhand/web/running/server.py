"""The server: gunicorn in this very process, with workers that are forked when everything is loaded.

Each worker shares the memory of what was loaded before (the program, the protocols, the histories) until it writes to
it. A worker that is replaced starts from there, so that it need not read the whole record again.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.db import connections
from gunicorn.app.base import BaseApplication

from evenhand.web import store
from evenhand.web.running.faults import CannotStart

_SHARED_MEMORY = Path("/dev/shm")
_JUDGING: Final = 20.0  # seconds for each study, assumed: what the start may take longer; the rest is judged when asked
_TRIES: Final = 20  # ports after the wanted one, where any will do
_FIXED: Final[dict[str, Any]] = {
    "worker_class": "gthread",
    "preload_app": True,
    "timeout": 60,  # seconds without a sign of life of the worker, not of a request
    "graceful_timeout": 20,
    "max_requests": 20_000,  # a worker is replaced now and then: memory stays bounded, whatever a library does
    "max_requests_jitter": 4_000,
    "umask": 0o077,
    "control_socket_disable": True,
    "logger_class": "evenhand.web.running.logs.AccessLog",
    "proc_name": "evenhand",
}


@dataclass(frozen=True, slots=True)
class Form:
    """How many processes and threads serve, and whether each request is logged."""

    workers: int
    threads: int
    log_requests: bool = True


def default_workers() -> int:
    """One process a core that we may use, and two at least, so that one may be replaced while another serves."""
    return max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2)


def listening(host: str, port: int, *, or_next: bool = False) -> socket.socket:
    """A socket that listens; with ``or_next`` on the next free port where this one is taken. Raises CannotStart."""
    ports = range(port, port + _TRIES if or_next else port + 1)
    for number in ports:
        try:
            return _bound(host, number)
        except OSError as error:
            if number == ports[-1]:
                mend = "Choose another one with --port, or end what listens there."
                raise CannotStart(f"cannot listen at {host}, port {port}: {error.strerror}. {mend}") from None
    raise AssertionError("a range of ports has a last one")


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen()
    except OSError:
        made.close()
        raise
    return made


def serve(at: socket.socket, form: Form, *, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until a signal ends it, then leave by SystemExit: 0 after SIGINT or SIGTERM.

    ``ready`` runs once, when the socket listens and before there is a worker.
    """
    call_command("collectstatic", interactive=False, verbosity=0)
    _Server(at, form, ready).run()


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, at: socket.socket, form: Form, ready: Callable[[], None]) -> None:
        self._chosen = {
            **_FIXED,
            "bind": f"fd://{at.detach()}",
            "workers": form.workers,
            "threads": form.threads,
            "accesslog": "-" if form.log_requests else None,
            "loglevel": "info" if form.log_requests else "warning",
            "worker_tmp_dir": str(_SHARED_MEMORY) if os.access(_SHARED_MEMORY, os.W_OK) else None,
            "when_ready": lambda _: ready(),
            "post_worker_init": _leaves_between_requests,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from evenhand.web.wsgi import application  # noqa: PLC0415 - it sets Django up, which is done by now

        load_all()
        return application


def _leaves_between_requests(worker: Any) -> None:
    """A worker ends when the master says so, only then, and after the requests in hand.

    Ctrl-C reaches the whole group of processes, and the master tells its workers as well: they listen to the master
    alone, which says SIGQUIT. gunicorn's own answer to that shuts the pool of threads within the handler of the signal,
    and waits for ever where the signal met the worker with the pool's lock in its hands. That of SIGTERM only takes
    note, and the worker leaves when it looks next.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, worker.handle_exit)


def load_all() -> None:
    """Load what every worker needs, before they are forked; connections are closed, since they cannot be shared."""
    from django.urls import get_resolver  # noqa: PLC0415 - not before Django is set up

    from evenhand.web.running.ahead import judge_ahead  # noqa: PLC0415 - the same

    get_resolver().url_patterns  # noqa: B018 - loads every page
    for study in store.studies():
        store.protocol_of(study)
        store.current(study)
        judge_ahead(study, _JUDGING)
    connections.close_all()
    gc.collect()
    gc.freeze()  # what is loaded is not looked through again, which would copy its memory into each worker
