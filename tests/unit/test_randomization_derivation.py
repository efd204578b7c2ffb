"""An outsider's own derivation, written from the text in `evenhand.randomization.stream` with hmac alone."""

import hmac
from fractions import Fraction

import pytest

from evenhand.randomization import (
    Arms,
    Factor,
    Minimization,
    PermutedBlocks,
    minimized_sequence,
    sequence,
)

SECRET = bytes(range(100, 148))
STUDY, STRATUM = "STUDY-7", "burden=1–3;receptor=positive"


def draws(purpose, study, stratum, index):
    """A function below(n) for one list of fields."""
    counter = 0

    def below(n):
        nonlocal counter
        while True:
            fields = ["evenhand randomization", "1", purpose, study, stratum, str(index), str(counter)]
            message = b"".join(len(f.encode()).to_bytes(8, "big") + f.encode() for f in fields)
            counter += 1
            x = int.from_bytes(hmac.new(SECRET, message, "sha256").digest(), "big")
            if x < 2**256 // n * n:
                return x % n

    return below


def blocked_arms(ratio, sizes_and_weights, n):
    arms = []
    block = 0
    while len(arms) < n:
        drawn = draws("block size", STUDY, STRATUM, block)(sum(weight for _, weight in sizes_and_weights))
        size = [size for size, weight in sizes_and_weights for _ in range(weight)][drawn]
        places = [arm for arm in sorted(ratio) for _ in range(ratio[arm] * size // sum(ratio.values()))]
        below = draws("block order", STUDY, STRATUM, block)
        for i in range(size - 1, 0, -1):
            j = below(i + 1)
            places[i], places[j] = places[j], places[i]
        arms, block = arms + places, block + 1
    return arms[:n]


@pytest.mark.parametrize(
    ("ratio", "sizes_and_weights"),
    [
        ({"b": 1, "a": 1}, [(4, 1), (6, 1)]),
        ({"x": 1, "y": 2}, [(3, 5), (6, 2), (9, 1)]),
        ({"n": 1, "l": 1, "h": 2}, [(4, 1), (8, 3)]),
        ({"b": 1, "a": 1}, [(4, 1)]),
    ],
)
def test_an_outsider_derives_every_blocked_allocation(ratio, sizes_and_weights):
    sizes, weights = zip(*sizes_and_weights, strict=True)
    design = PermutedBlocks(Arms.from_ratio(ratio), sizes, weights)
    ours = [allocation.arm for allocation in sequence(design, SECRET, STUDY, STRATUM, 60)]
    assert ours == blocked_arms(ratio, sizes_and_weights, 60)


def test_an_outsider_derives_every_minimized_allocation():
    design = Minimization(Arms.from_ratio({"new": 1, "control": 1}), (Factor("sex", ("f", "m")),), Fraction(4, 5))
    people = [{"sex": "f" if number % 3 else "m"} for number in range(60)]
    counts = {level: {"control": 0, "new": 0} for level in "fm"}
    expected = []
    for position, person in enumerate(people):
        seen = counts[person["sex"]]
        lead = seen["control"] - seen["new"]
        weights = [1, 1] if lead == 0 else [1, 4] if lead > 0 else [4, 1]
        drawn = draws("minimization", STUDY, "", position)(sum(weights))
        arm = "control" if drawn < weights[0] else "new"
        seen[arm] += 1
        expected.append(arm)
    assert [one.arm for one in minimized_sequence(design, SECRET, STUDY, people)] == expected


def test_the_derivation_never_changes():
    """Fixed values: a change here would make the allocations of running studies underivable."""
    design = PermutedBlocks(Arms.from_ratio({"A": 1, "B": 1}), (4, 6))
    arms = "".join(one.arm for one in sequence(design, SECRET, STUDY, STRATUM, 24))
    assert arms == "".join(blocked_arms({"A": 1, "B": 1}, [(4, 1), (6, 1)], 24)) == "BBAAABBABBAAAAABBBBABABA"
