"""Clients that randomize at once, while something breaks: what must hold afterwards, whatever broke.

Each client is another system at the HTTP API: it asks under a key, and again under the same key until it is answered,
as a client should. Some ask again although they were answered.
"""

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from queue import Empty, SimpleQueue

from evenhand.administration import Grant, TokenTerms
from evenhand.replay import verify_record
from evenhand.web import store
from tests.eligible import PROTOCOL, SECRET
from tests.web.servers import Server
from tests.web.trial_here import ADMINISTRATOR, COORDINATOR, NORTH, STUDY, user

CLIENTS = 32
PATIENCE = 120.0  # seconds after which a client gives up, which fails the test
AGAIN = 0.1  # of the requests that were answered are sent once more
LARGEST_BLOCK = max(PROTOCOL.randomization.block_sizes)
DONE = frozenset({200, 201})


@dataclass
class Found:
    """What the clients saw: the answer that each subject got, how often they had to ask, what was wrong."""

    answers: dict[str, tuple[str, int]] = field(default_factory=dict)  # subject: arm, number of the entry
    tries: Counter = field(default_factory=Counter)  # by how a try ended
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0  # seconds from the first try to the answer


def token() -> str:
    """A key to the API for a system that randomizes at one site."""
    user(COORDINATOR.user, "coordinator", NORTH)
    held = Grant(COORDINATOR.user, "coordinator", NORTH)
    terms = TokenTerms("load", held, ("read", "randomize"), timedelta(days=1))
    return store.issue_token(STUDY, terms, by=ADMINISTRATOR)


def randomized_by_clients(
    server: Server, subjects: list[str], *, breaking: Callable[[threading.Event], None] | None = None
) -> Found:
    """All subjects randomized by 32 clients; ``breaking`` runs beside them until the event says that they are done."""
    found, waiting, done = Found(), SimpleQueue[str](), threading.Event()
    for subject in subjects:
        waiting.put(subject)
    shown = token()
    clients = [
        threading.Thread(target=_client, args=(server, shown, waiting, found, random.Random(number)))
        for number in range(CLIENTS)
    ]
    breaker = threading.Thread(target=breaking or (lambda over: None), args=(done,))
    for thread in [*clients, breaker]:
        thread.start()
    for thread in clients:
        thread.join()
    done.set()
    breaker.join()
    return found


def _client(server: Server, shown: str, waiting: "SimpleQueue[str]", found: Found, chance: random.Random) -> None:
    while True:
        try:
            subject = waiting.get_nowait()
        except Empty:
            return
        begun = time.monotonic()
        answer = _until_answered(server, shown, subject, found)
        if answer is None:
            continue
        found.slowest = max(found.slowest, time.monotonic() - begun)
        found.answers[subject] = answer
        if chance.random() < AGAIN and (again := _until_answered(server, shown, subject, found)) != answer:
            found.wrong.append(f"{subject}: first {answer}, then {again}")


def _until_answered(server: Server, shown: str, subject: str, found: Found) -> tuple[str, int] | None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            status, said = _asked(server, shown, subject)
        except (OSError, http.client.HTTPException, json.JSONDecodeError) as error:
            found.tries[type(error).__name__] += 1
        else:
            found.tries[status] += 1
            if status in DONE:
                return said["arm"], said["entry"]["seq"]
            if status < 500:
                found.wrong.append(f"{subject}: {status} {said}")
                return None
        time.sleep(0.05)
    found.wrong.append(f"{subject}: no answer within {PATIENCE:.0f} s")
    return None


def _asked(server: Server, shown: str, subject: str) -> tuple[int, dict]:
    headers = {"Authorization": f"Bearer {shown}", "Idempotency-Key": f"randomize {subject}"}
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        connection.request("POST", f"/api/v1/studies/{STUDY}/candidates/{subject}/randomize", b"", headers)
        response = connection.getresponse()
        text = response.read()
        return response.status, json.loads(text or b"{}")


def require_sound(found: Found, subjects: list[str]) -> None:
    """Every allocation once, none that was acknowledged lost, blocks in balance, and the record as by serial replay."""
    assert found.wrong == []
    store.forget()
    history = store.current(STUDY)
    made = {given.subject: (given.arm, given.seq) for given in history.allocations}
    assert len(history.allocations) == len(made) == len(subjects), "every allocation exactly once"
    assert found.answers == made, "what was acknowledged is what stands in the record"
    for arms in history.counts.values():
        assert max(arms.values()) - min(arms.values() if len(arms) > 1 else [0]) <= LARGEST_BLOCK // 2, "balance"
    verified = verify_record(b"".join(store.lines(STUDY)), PROTOCOL, secret=SECRET)
    assert verified.findings == ()
    assert (verified.allocations, verified.arms) == (len(subjects), "derived again")
