"""The real server, as a process of its own on a free port: for tests in a browser, and for faults."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.web.postgres import ROOT

START, STOP = 120, 20  # seconds that a start and an orderly end may take, on a busy machine
PAUSE = 0.05  # seconds between two looks
# Coverage is not measured in servers: it makes every page two to three times slower, and the lines behind the pages are
# reached, and counted, by the tests that ask for them within the process.
_NOT_HANDED_ON = ("DJANGO_", "GUNICORN_", "COVERAGE_")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Server:
    """Evenhand under gunicorn. As a context it is started, and in the end stopped; what it says is kept in ``log``.

    ``environment`` adds to ours, as `Database.environment` does. ``command`` stands for another program that takes
    ``--port`` and ``--workers`` and answers /healthz.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        log: Path,
        workers: int = 2,
        command: Iterable[str] = ("evenhand.web", "serve"),
    ):
        self.port, self.log = free_port(), log
        self.address = f"http://127.0.0.1:{self.port}"
        self.command = (sys.executable, "-m", *command, "--port", str(self.port), "--workers", str(workers))
        self.workers = workers
        ours = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_HANDED_ON)}
        self.environment = {**ours, "PYTHONUNBUFFERED": "1", **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # ---- life and death

    def start(self) -> None:
        """Start it and wait until it answers. Raises RuntimeError with what it said if it does not."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_dies_with_us(), *self.command],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # its own group, so that it can be killed as a whole
            )
        self.wait_until_healthy()

    def wait_until_healthy(self, seconds: float = START) -> None:
        """Wait for an answer. Raises RuntimeError with what the server said if it ends or takes too long."""
        end = time.monotonic() + seconds
        while not self.healthy():
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.output()}")
            if time.monotonic() > end:
                said = self.output()
                self.kill()
                raise RuntimeError(f"the server did not answer within {seconds:.0f} s: {said}")
            time.sleep(PAUSE)

    def healthy(self) -> bool:
        """Whether it answers /healthz with 200 at this moment."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(connection):
            try:
                connection.request("GET", "/healthz")
                return connection.getresponse().status == http.HTTPStatus.OK
            except (OSError, http.client.HTTPException):
                return False

    def stop(self) -> None:
        """End it in order: work in hand is finished. Killed if that takes too long."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP)
        self.kill()

    def kill(self) -> None:
        """SIGKILL to the server and all its workers at once."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def kill_worker(self, which: int = 0) -> int | None:
        """SIGKILL to one worker, in the middle of whatever it does; its process id, None if there was none."""
        workers = self.worker_pids()
        if not workers:
            return None
        pid = workers[which % len(workers)]
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return pid

    def restart(self) -> None:
        self.stop()
        self.start()

    # ---- what is known of it

    def worker_pids(self) -> list[int]:
        """The processes that answer requests: those of its tree that have no child."""
        if self._process is None:
            return []
        parents = dict(_living())
        tree = {self._process.pid}
        while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
            tree |= more
        return sorted(tree - {self._process.pid} - {parents[pid] for pid in tree if pid in parents})

    def memory(self) -> list[int]:
        """The resident memory of each worker, in bytes; shared pages count in each."""
        return [_resident(pid) for pid in self.worker_pids()]

    def output(self, characters: int = 5000) -> str:
        """The end of all that it said."""
        return self.log.read_text("utf-8", "replace")[-characters:] if self.log.exists() else ""


def _dies_with_us() -> list[str]:
    """Nothing stays where a test run is killed: the kernel ends the server, and its workers notice."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _living() -> Iterable[tuple[int, int]]:
    """Each living process with its parent."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                state, parent = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[:2]
                if state != "Z":
                    yield int(entry.name), int(parent)


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
