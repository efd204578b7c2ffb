"""One stream of random bits for each trial number.

The block cipher Philox 4x64-10 turns (seed, trial) into the state of a xoshiro256++ generator, which draws for that
one trial. Any trial can thus be drawn without the ones before it, by any thread of any machine. Two trials of one seed
never begin alike, since Philox under one key is a bijection of the counter.

Sources: Salmon JK et al., Parallel random numbers: as easy as 1, 2, 3, SC11 (2011), for Philox and its constants;
Blackman D, Vigna S, Scrambled linear pseudorandom number generators, ACM TOMS 2021;47(4):36, for xoshiro256++.
"""

from __future__ import annotations

import numpy as np

from evenhand.simulation.fast.arrays import Words
from evenhand.simulation.fast.compiling import compiled

MULTIPLIER_A, MULTIPLIER_B = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
WEYL_A, WEYL_B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
ROUNDS = 10
HALF, LOW_HALF = np.uint64(32), np.uint64(0xFFFFFFFF)

# Our own key for this use of Philox, beside the seed: "evenhand" in ASCII.
OUR_KEY = np.uint64(0x6576656E68616E64)


@compiled
def high_product(a: np.uint64, b: np.uint64) -> np.uint64:
    """The upper 64 of the 128 bits of a product."""
    a_low, a_high = a & LOW_HALF, a >> HALF
    b_low, b_high = b & LOW_HALF, b >> HALF
    middle = a_high * b_low + (a_low * b_low >> HALF)
    other = a_low * b_high + (middle & LOW_HALF)
    return a_high * b_high + (middle >> HALF) + (other >> HALF)


@compiled
def philox(counter: Words, key_a: np.uint64, key_b: np.uint64, out: Words) -> None:
    """One block of Philox 4x64-10: four words ``out`` from the four words ``counter`` and a key of two."""
    a, b, c, d = counter[0], counter[1], counter[2], counter[3]
    for _ in range(ROUNDS):
        a, b, c, d = (
            high_product(MULTIPLIER_B, c) ^ b ^ key_a,
            MULTIPLIER_B * c,
            high_product(MULTIPLIER_A, a) ^ d ^ key_b,
            MULTIPLIER_A * a,
        )
        key_a, key_b = key_a + WEYL_A, key_b + WEYL_B
    out[0], out[1], out[2], out[3] = a, b, c, d


@compiled
def begin(seed: np.uint64, trial: np.uint64, state: Words) -> None:
    """The state from which one trial draws."""
    state[0], state[1], state[2], state[3] = trial, np.uint64(0), np.uint64(0), np.uint64(0)
    philox(state, seed, OUR_KEY, state)


@compiled
def turned(word: np.uint64, by: np.uint64) -> np.uint64:
    """The bits of a word turned left."""
    return (word << by) | (word >> (np.uint64(64) - by))


@compiled
def word_of(a: np.uint64, d: np.uint64) -> np.uint64:
    """The word that xoshiro256++ gives out in the state (a, b, c, d)."""
    return turned(a + d, np.uint64(23)) + a


@compiled
def after(a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """The next state of xoshiro256++."""
    shifted = b << np.uint64(17)
    c, d = c ^ a, d ^ b
    b, a = b ^ c, a ^ d
    return a, b, c ^ shifted, turned(d, np.uint64(45))


@compiled
def words(state: Words, out: Words) -> None:
    """Fill ``out`` with the next words of a stream."""
    a, b, c, d = state[0], state[1], state[2], state[3]
    for i in range(out.size):
        out[i] = word_of(a, d)
        a, b, c, d = after(a, b, c, d)
    state[0], state[1], state[2], state[3] = a, b, c, d


@compiled
def next_word(state: Words) -> np.uint64:
    """The next word of a stream."""
    a, b, c, d = state[0], state[1], state[2], state[3]
    state[0], state[1], state[2], state[3] = after(a, b, c, d)
    return word_of(a, d)


@compiled
def uniform(word: np.uint64) -> float:
    """A number in [0, 1) from the upper 53 bits of a word."""
    return float(np.int64(word >> np.uint64(11))) * 2.0**-53
