"""The random streams of the fast simulation: known answers, other programs' streams, and distributions."""

import math

import numpy as np
import pytest

from evenhand.simulation.fast.exponentials import exponentials
from evenhand.simulation.fast.streams import OUR_KEY, begin, high_product, next_word, philox, uniform, words

ONES = 0xFFFFFFFFFFFFFFFF


def words_of(*values):
    return np.array(values, np.uint64)


@pytest.mark.parametrize(
    ("counter", "key", "block"),
    [
        (
            (0, 0, 0, 0),
            (0, 0),
            (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B),
        ),
        (
            (ONES, ONES, ONES, ONES),
            (ONES, ONES),
            (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0),
        ),
    ],
)
def test_philox_gives_its_published_answers(counter, key, block):
    """The known answers that come with Random123, for philox4x64 with 10 rounds."""
    out = words_of(0, 0, 0, 0)
    philox(words_of(*counter), np.uint64(key[0]), np.uint64(key[1]), out)
    assert [int(word) for word in out] == list(block)


@pytest.mark.parametrize(("seed", "trial"), [(0, 1), (7, 5), (2**64 - 1, 123_456_789)])
def test_a_trial_begins_where_numpys_philox_stands(seed, trial):
    """numpy counts one up before each block, so that it is set one back here."""
    state = words_of(0, 0, 0, 0)
    begin(np.uint64(seed), np.uint64(trial), state)
    theirs = np.random.Philox(key=words_of(seed, int(OUR_KEY)), counter=words_of(trial - 1, 0, 0, 0))
    assert state.tolist() == theirs.random_raw(4).tolist()


def test_xoshiro_gives_its_known_words():
    """The first words from the state (1, 2, 3, 4), as the authors' own program prints them."""
    out = np.zeros(6, np.uint64)
    words(words_of(1, 2, 3, 4), out)
    assert out.tolist() == [
        41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205, 9973669472204895162,
    ]  # fmt: skip


def test_words_one_by_one_are_the_same_words():
    one, all_at_once, out = words_of(1, 2, 3, 4), words_of(1, 2, 3, 4), np.zeros(5, np.uint64)
    words(all_at_once, out)
    assert [int(next_word(one)) for _ in range(5)] == out.tolist()
    assert one.tolist() == all_at_once.tolist()


def test_the_high_half_of_a_product_is_exact():
    draw = np.random.default_rng(1)
    pairs = [(ONES, ONES), (0, ONES), (1, ONES), *(draw.integers(0, ONES, (200, 2), np.uint64, endpoint=True))]
    for a, b in pairs:
        assert int(high_product(np.uint64(a), np.uint64(b))) == int(a) * int(b) >> 64


def test_streams_of_neighbouring_trials_are_uniform_together():
    """The first word of each of many trials: chi-square over 256 boxes of their upper and of their lower bits."""
    state, first = words_of(0, 0, 0, 0), []
    for trial in range(20_000):
        begin(np.uint64(1), np.uint64(trial), state)
        first.append(int(next_word(state)))
    for shift in (56, 0):
        counts = np.bincount([word >> shift & 255 for word in first], minlength=256)
        chi_square = ((counts - len(first) / 256) ** 2 / (len(first) / 256)).sum()
        assert abs(chi_square - 255) < 4 * math.sqrt(2 * 255)


def test_a_uniform_number_has_53_bits():
    assert uniform(np.uint64(0)) == 0.0
    assert uniform(np.uint64(ONES)) == 1 - 2.0**-53


def test_exponential_numbers_have_the_distribution():
    """Moments, and chi-square over boxes of equal probability and over the tail beyond the lowest layer's edge."""
    drawn = np.zeros(2_000_000)
    exponentials(words_of(1, 2, 3, 4), drawn, drawn.size)
    for power in (1, 2, 3):
        truth, variance = math.factorial(power), math.factorial(2 * power) - math.factorial(power) ** 2
        assert abs((drawn**power).mean() - truth) < 4 * math.sqrt(variance / drawn.size)
    counts = np.histogram(np.exp(-drawn), 500, (0, 1))[0]
    assert abs(((counts - 4000) ** 2 / 4000).sum() - 499) < 4 * math.sqrt(2 * 499)
    for edge in (7.69711747013104972, 10.0):
        beyond, expected = (drawn > edge).sum(), drawn.size * math.exp(-edge)
        assert abs(beyond - expected) < 4 * math.sqrt(expected)


def test_only_as_many_exponential_numbers_as_asked_are_drawn():
    drawn = np.zeros(5)
    exponentials(words_of(1, 2, 3, 4), drawn, 3)
    assert (drawn > 0).tolist() == [True, True, True, False, False]
