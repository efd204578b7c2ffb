"""``./do soak [--minutes N] [--engine sqlite|postgresql]``: the faults of the tests, for as long as asked.

Each round is a new database with registered participants, 32 clients that randomize them, and one thing that breaks.
After it, everything that must hold is checked; the first thing that does not ends the soak, with exit code 1.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, product
from pathlib import Path

from tests.web import databases

databases.set_up()  # before anything imports a model

from django.db import connections  # noqa: E402

from tests.web.faults import CLIENTS, randomized_by_clients, require_sound  # noqa: E402
from tests.web.postgres import PostgresServer, temporary_server  # noqa: E402
from tests.web.servers import Server  # noqa: E402
from tests.web.trial_here import trial  # noqa: E402

PEOPLE = 600  # a round
WORKERS = 3
Breaking = Callable[[threading.Event], None]


def quiet(server: Server, postgres: PostgresServer | None, chance: random.Random, told: Counter) -> Breaking:
    """Nothing breaks."""
    return lambda over: None


def kills(server: Server, postgres: PostgresServer | None, chance: random.Random, told: Counter) -> Breaking:
    """Workers are killed at random moments."""

    def breaking(over: threading.Event) -> None:
        while not over.wait(chance.uniform(0.1, 1.5)):
            told["workers killed"] += server.kill_worker(chance.randrange(WORKERS)) is not None
            server.wait_until_healthy()

    return breaking


def stops(server: Server, postgres: PostgresServer | None, chance: random.Random, told: Counter) -> Breaking:
    """The database server is stopped or crashed, and started again; all workers, where there is no such server."""

    def breaking(over: threading.Event) -> None:
        while not over.wait(chance.uniform(0.5, 3)):
            if postgres is None:
                told["servers killed"] += 1
                server.kill()
                server.start()
            else:
                told["database servers stopped"] += 1
                postgres.stop(chance.choice(["fast", "immediate"]))
                time.sleep(chance.uniform(0, 0.5))
                postgres.start()

    return breaking


@contextmanager
def fresh(engine: str, folder: Path) -> Iterator[tuple[databases.Database, PostgresServer | None]]:
    """A database of one round."""
    if engine == "sqlite":
        with databases.sqlite_database(folder, folder) as database:
            yield database, None
        return
    with temporary_server() as postgres, databases.postgres_database(postgres, folder, folder) as database:
        yield database, postgres


def round_of(engine: str, fault: Callable[..., Breaking], chance: random.Random, told: Counter) -> float:
    """One round; gives the rate of allocations a second. Raises AssertionError for whatever does not hold."""
    with tempfile.TemporaryDirectory() as name, fresh(engine, Path(name)) as (database, postgres):
        subjects = trial(count=PEOPLE)
        with Server(database.environment, Path(name) / "server.log", workers=WORKERS) as server:
            begun = time.monotonic()
            found = randomized_by_clients(server, subjects, breaking=fault(server, postgres, chance, told))
            taken = time.monotonic() - begun
        connections.close_all()
        require_sound(found, subjects)
        told["allocations"] += len(subjects)
        told["requests"] += sum(found.tries.values())
        told["requests without an answer"] += sum(
            count for ended, count in found.tries.items() if not isinstance(ended, int) or ended >= 500
        )
        return len(subjects) / taken


def main(arguments: list[str]) -> int:
    """Soak; 0 when everything held."""
    parser = argparse.ArgumentParser(
        prog="./do soak", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--engine", choices=databases.ENGINES, action="append")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args(arguments)
    told: Counter[str] = Counter()
    chance, end = random.Random(options.seed), time.monotonic() + 60 * options.minutes
    print(f"{CLIENTS} clients, {PEOPLE} participants a round, seed {options.seed}", flush=True)
    for number, (fault, engine) in enumerate(
        cycle(product((quiet, kills, stops), options.engine or databases.ENGINES))
    ):
        if time.monotonic() > end:
            break
        begun = time.monotonic()
        rate = round_of(engine, fault, chance, told)
        took = time.monotonic() - begun
        print(f"round {number + 1}: {engine}, {fault.__name__}: sound; {rate:.0f}/s, {took:.0f} s in all", flush=True)
    print(", ".join(f"{count} {what}" for what, count in told.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
