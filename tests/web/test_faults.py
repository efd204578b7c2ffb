"""What the trial must survive: many at once, workers killed, the database stopped. `./do soak` does it for longer."""

import random
import time

import pytest

from tests.web.databases import postgres_database
from tests.web.faults import randomized_by_clients, require_sound
from tests.web.servers import Server
from tests.web.trial_here import trial

MANY, SOME = 160, 120


def test_32_clients_at_once(each_database, server):
    subjects = trial(count=MANY)
    require_sound(randomized_by_clients(server, subjects), subjects)


def test_32_clients_while_workers_are_killed(each_database, server):
    subjects = trial(count=SOME)
    chance, killed = random.Random(1), []

    def breaking(over):
        while not over.wait(chance.uniform(0.2, 0.8)):
            killed.append(server.kill_worker(chance.randrange(4)))
            server.wait_until_healthy()  # however slow the machine: somebody answers before the next one is killed

    require_sound(randomized_by_clients(server, subjects, breaking=breaking), subjects)
    assert any(killed)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_32_clients_while_the_database_server_is_stopped_and_started(own_postgres, meeting, tmp_path, mode):
    with postgres_database(own_postgres, tmp_path, tmp_path) as database:
        subjects = trial(count=SOME)
        stops = []

        def breaking(over):
            while not over.wait(0.4):
                own_postgres.stop(mode)
                time.sleep(0.2)
                own_postgres.start()
                stops.append(mode)
                over.wait(0.8)

        with Server(database.environment, tmp_path / "server.log") as server:
            found = randomized_by_clients(server, subjects, breaking=breaking)
        from django.db import connections  # noqa: PLC0415

        connections.close_all()  # the test's own connection was cut as well
        require_sound(found, subjects)
    assert stops
