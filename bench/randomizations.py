"""Randomizations on PostgreSQL against ``pgbench``, which changes one row: the same server, clients and run.

Each of the 32 clients asks for one randomization after the other. They are threads of as many processes as a server of
this machine has workers; pgbench has 32 connections.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

CLIENTS, PROCESSES, ROUNDS = 32, 2, 3
PEOPLE = 1_500  # randomized in each round
SECONDS = 5
HOT = "UPDATE hot SET n = n + 1 WHERE id = 1;"


def main() -> None:
    """Print rate and p99, as ratios within each round."""
    from tests.web.postgres import temporary_server  # noqa: PLC0415 - not for the benches without a database

    rates, tails = [], []
    with temporary_server() as server:
        for number in range(ROUNDS):
            ours = _ours(server.create(f"bench{number}"))
            rate, tail = _pgbench(server)
            said = f"{ours[0]:.0f}/s, p99 {ours[1]:.1f} ms; pgbench {rate:.0f}/s, p99 {tail:.1f} ms"
            print(f"  round {number + 1}: {said}", flush=True)
            rates.append(ours[0] / rate)
            tails.append(ours[1] / tail)
    _report("randomizations a second / one-row updates of pgbench", rates, "at least 0.4")
    _report("p99 of a randomization / p99 of pgbench", tails, "under 10")


def _report(name: str, found: list[float], limit: str) -> None:
    print(f"{name:<58} {median(found):6.2f}   ({min(found):.2f} to {max(found):.2f})   wanted: {limit}")


def _ours(url: str) -> tuple[float, float]:
    """Rate a second and p99 in ms over all processes, each of which starts at the same moment."""
    environment = {**os.environ, "DATABASE_URL": url, "EVENHAND_KEY": "a key for a benchmark, of the length asked for"}
    environment["DJANGO_SETTINGS_MODULE"] = "evenhand.web.settings"
    with tempfile.TemporaryDirectory() as folder:
        environment["EVENHAND_DATA"] = folder
        this = [sys.executable, "-m", "bench.randomizations"]
        subprocess.run([*this, "prepare"], env=environment, check=True)
        begin = str(time.time() + 8)  # time to load what a worker has loaded
        running = [
            subprocess.Popen([*this, str(part), begin], env=environment, stdout=subprocess.PIPE, text=True)
            for part in range(PROCESSES)
        ]
        said = [process.communicate()[0] for process in running]
        subprocess.run([*this, "verify"], env=environment, check=True)
    spans = [tuple(map(float, line.split())) for output in said for line in output.splitlines()]
    wall = max(end for _, end in spans) - min(start for start, _ in spans)
    return len(spans) / wall, _p99([1000 * (end - start) for start, end in spans])


def _p99(milliseconds: list[float]) -> float:
    return quantiles(milliseconds, n=100)[98]


def _pgbench(server: object) -> tuple[float, float]:
    """The same for pgbench: every transaction is logged, so that its p99 is known."""
    program, url = server.program("pgbench"), server.url("postgres")  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "hot.sql").write_text(HOT)
        psycopg_setup(url)
        options = ["-n", "-c", str(CLIENTS), "-j", str(PROCESSES), "-T", str(SECONDS), "-f", "hot.sql", "-l", url]
        done = subprocess.run([program, *options], cwd=folder, check=True, capture_output=True, text=True)
        rate = float(re.search(r"tps = ([\d.]+)", done.stdout)[1])  # type: ignore[index]
        times = [int(line.split()[2]) / 1000 for line in _lines(folder)]
    return rate, _p99(times)


def _lines(folder: Path) -> Iterator[str]:
    for log in folder.glob("pgbench_log.*"):
        yield from log.read_text().splitlines()


def psycopg_setup(url: str) -> None:
    """The one hot row."""
    import psycopg  # noqa: PLC0415

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS hot (id int PRIMARY KEY, n bigint)")
        connection.execute("INSERT INTO hot VALUES (1, 0) ON CONFLICT DO NOTHING")


# ---- in the processes that randomize -----------------------------------------------------------


def prepare() -> None:
    """A study with everybody registered."""
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    from tests.web.trial_here import trial  # noqa: PLC0415

    trial(count=PEOPLE)


def verify() -> None:
    """The record is whole, every allocation once and as the secret has it."""
    from evenhand.web import store  # noqa: PLC0415
    from tests.web.trial_here import STUDY  # noqa: PLC0415

    found = store.verified(STUDY)
    assert not found.findings, found.findings
    assert (found.allocations, found.arms) == (PEOPLE, "derived again")


def randomize(part: int, begin: float) -> None:
    """This process's share, by its share of the clients; prints when each request began and ended."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    from django.db import connection  # noqa: PLC0415

    from evenhand import steps  # noqa: PLC0415
    from evenhand.web import store  # noqa: PLC0415
    from tests.web.trial_here import COORDINATOR, STUDY, today  # noqa: PLC0415

    subjects = store.current(STUDY).subjects[part::PROCESSES]
    clients = CLIENTS // PROCESSES
    steps.assess(store.protocol_of(STUDY), store.current(STUDY), subject=subjects[0], on=today())  # rules compiled

    def client(number: int) -> list[tuple[float, float]]:
        connection.ensure_connection()
        time.sleep(max(0.0, begin - time.time()))
        spans = []
        for subject in subjects[number::clients]:
            start = time.time()
            store.perform(STUDY, steps.randomize, by=COORDINATOR, subject=subject, key=subject)
            spans.append((start, time.time()))
        connection.close()
        return spans

    with ThreadPoolExecutor(clients) as threads:
        for spans in threads.map(client, range(clients)):
            for start, end in spans:
                print(start, end)


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] in ("prepare", "verify"):
        {"prepare": prepare, "verify": verify}[sys.argv[1]]()
    else:
        randomize(int(sys.argv[1]), float(sys.argv[2]))
