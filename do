#!/usr/bin/env python3
"""What a newcomer types:

    ./do run [ARGS]    start the web application with a demonstration study
    ./do test [ARGS]   check, then all tests with coverage; with ARGS, pytest on just these
    ./do soak [ARGS]   the tests of faults, for as long as asked
    ./do check         lint, format, types, floors and sizes
    ./do bench [NAME]  measure speed
    ./do docs          write docs/generated anew from the code and the tests
    ./do lock [ARGS]   lock the requirements anew; --upgrade takes newer releases
    ./do setup         only prepare the virtual environment

Each first prepares `.venv` if it must; then `.venv/bin/evenhand` works. A bare Python 3.11 to 3.13 is
enough; PYTHON=python3.12 ./do ... chooses one. The tests drive a browser: Debian's Chromium, or the
program that EVENHAND_CHROMIUM names. What Debian keeps in packages is installed where that is allowed.
Exit code: 0 done, 1 a finding, 2 cannot start.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "evenhand-stamp"
VERSION = ".".join(map(str, sys.version_info[:3]))
LEVELS = ("run", "test")  # requirements/run.txt, requirements/test.txt; each holds all of the one before
ENVIRONMENT = {**os.environ, "VIRTUAL_ENV": str(VENV), "PATH": f"{VENV}/bin:{os.environ['PATH']}"}
for leak in ("PYTHONHOME", "PYTHONPATH"):  # modules come from .venv alone
    ENVIRONMENT.pop(leak, None)


def say(message: str) -> None:
    print(f"do: {message}", file=sys.stderr, flush=True)


def stop(message: str) -> SystemExit:
    say(message)
    return SystemExit(2)


def call(*command: str | Path, stdout: int | None = None) -> int:
    """Run a command in the repository; return its exit code as a shell would give it."""
    with subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=stdout) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:  # the command heard it too, and ends as it sees fit
            if code := process.wait():
                raise
    return code if code >= 0 else 128 - code


def worked(*command: str | Path) -> bool:
    """Run a command of the set-up; all it says goes to stderr."""
    return call(*command, stdout=sys.stderr.fileno()) == 0


def fingerprint() -> str:
    """What the environment is made from: a change of any of it asks for another environment."""
    import tomllib  # noqa: PLC0415 - not in the older versions that `main` turns away

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    locked = [path.read_text("utf-8") for path in sorted((ROOT / "requirements").glob("*.txt"))]
    parts = json.dumps([VERSION, str(ROOT), project["project"], project["build-system"], locked])
    return hashlib.sha256(parts.encode()).hexdigest()


def prepared() -> tuple[str, ...]:
    """The levels that the last finished set-up reached; none where it is missing, interrupted or outdated."""
    try:
        made_from, level = STAMP.read_text("utf-8").split()
    except (OSError, ValueError):
        return ()
    return LEVELS[: LEVELS.index(level) + 1] if PYTHON.exists() and made_from == fingerprint() else ()


def add_packages(lack: str, *packages: str) -> None:
    """Install Debian packages, as root or by a sudo that asks nothing; where neither will do, name them and stop."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    if all(map(shutil.which, ["apt-get", *root[:1]])) and worked(*root, "true"):
        say(f"{lack}; installing {' '.join(packages)} with apt-get")
        if worked(*apt, "update") and worked(*apt, "install", "--no-install-recommends", "-y", *packages):
            return
    raise stop(f"{lack}; on Debian, as root: apt-get install {' '.join(packages)}")


def add_browser() -> None:
    """What the tests of pages need of the system: Chromium, letters to draw, a library of what drives it."""
    missing: list[str] = []
    if not (os.environ.get("EVENHAND_CHROMIUM") or shutil.which("chromium")):
        missing += ["chromium", "fonts-dejavu-core"]
    try:
        ctypes.CDLL("libatomic.so.1" if sys.platform == "linux" else None)
    except OSError:
        missing += ["libatomic1"]
    if missing:
        add_packages("the tests drive a browser (EVENHAND_CHROMIUM may name one)", *missing)


def make_venv() -> None:
    say(f"making .venv with Python {VERSION}")
    shutil.rmtree(VENV, ignore_errors=True)
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        add_packages(f"Python {VERSION} lacks venv and ensurepip", f"python{version}-venv")
    outside = getattr(sys, "_base_executable", sys.executable)  # even if called from a virtual environment
    if not worked(outside, "-m", "venv", VENV):
        raise stop("could not make .venv; the lines above say why")


def install(level: str) -> None:
    """The locked requirements, then the project from its own folder: by uv, or by pip where uv fails."""
    pip = (PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
    uv = ("uv", "pip", "install", "--quiet", "--python", PYTHON)
    locked = ("--require-hashes", "-r", f"requirements/{level}.txt")
    project = ("--no-deps", "--no-index", "--no-build-isolation", "--editable", ".")
    say(f"installing requirements/{level}.txt and the project")
    has_uv = shutil.which("uv") or worked(*pip, "--require-hashes", "-r", "requirements/uv.txt")
    if not (has_uv and worked(*uv, *locked) and worked(*uv, *project)):
        say("uv did not manage; trying pip, which is slower")
        if not (worked(*pip, *locked) and worked(*pip, *project)):
            raise stop("could not install the requirements; the lines above say why")


def set_up(level: str) -> None:
    start = time.monotonic()
    if not prepared():
        make_venv()
    STAMP.unlink(missing_ok=True)  # an interrupted set-up leaves no stamp, so it is done again
    install(level)
    STAMP.write_text(f"{fingerprint()} {level}\n", "utf-8")
    say(f".venv is ready after {time.monotonic() - start:.0f} s")


@contextlib.contextmanager
def environment(level: str) -> Iterator[None]:
    """The environment, ready at this level; no other ./do changes it while it is in use."""
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        while level not in prepared():
            say("preparing .venv, once no other ./do uses it")
            fcntl.flock(lock, fcntl.LOCK_EX)
            if level not in prepared():
                set_up(level)
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def check(*_: str) -> int:
    ours = [name for name in ("src", "tests", "bench", "do") if (ROOT / name).exists()]
    checks = {
        "lint": ("ruff", "check", "--quiet", *ours),
        "format": ("ruff", "format", "--check", "--quiet", *ours),
        "types": ("mypy", "--no-error-summary", *ours),
        "floors": ("lint-imports", "--no-logo"),
        "sizes": (PYTHON, "-m", "tests.house"),
    }
    failed = [name for name, command in checks.items() if call(*command)]
    say(f"check: {', '.join(failed)} failed" if failed else f"check: {', '.join(checks)} are in order")
    return 1 if failed else 0


def test(*args: str) -> int:
    add_browser()
    if args:
        return call(PYTHON, "-m", "pytest", *args)
    everything = ("-q", "-n", "2", "--cov", "--cov-report=term", "--hypothesis-profile=ci", "--durations=25")
    return check() or call(PYTHON, "-m", "pytest", *everything)


def lock(*args: str) -> int:
    """Hashes for every platform and Python, and no address, so that any mirror will do."""
    options = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-annotate", "--quiet"]
    options += ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command=./do lock"]
    sets = [f"requirements/{name}" for name in ("uv", *LEVELS)]
    return max(call("uv", "pip", "compile", *options, *args, f"{s}.in", "-o", f"{s}.txt") for s in sets)


COMMANDS: dict[str, tuple[str, Callable[..., int]]] = {
    "run": ("run", lambda *args: call(PYTHON, "-m", "evenhand.web", "run", *args)),
    "test": ("test", test),
    "soak": ("test", lambda *args: call(PYTHON, "-m", "tests.web.soak", *args)),
    "check": ("test", check),
    "bench": ("test", lambda *args: call(PYTHON, "-m", "bench", *args)),
    "docs": ("test", lambda *args: call(PYTHON, "-m", "tests.manual", *args)),
    "lock": ("test", lock),
    "setup": ("test", lambda *_: 0),
}


def main(name: str = "", *args: str) -> int:
    if name not in COMMANDS:
        raise stop(__doc__ or "")
    if chosen := os.environ.pop("PYTHON", ""):
        if not (path := shutil.which(chosen)):
            raise stop(f"PYTHON={chosen}: there is no such program")
        os.execv(path, [path, __file__, name, *args])
    if sys.version_info < (3, 11):  # noqa: UP036 - the very check
        raise stop(f"Python 3.11 to 3.13 is needed, this is {VERSION}; PYTHON=python3.12 ./do ... chooses")
    level, command = COMMANDS[name]
    with environment(level):
        return command(*args)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        raise SystemExit(main(*sys.argv[1:]))
    raise SystemExit(130)  # as a shell reports an interrupt
