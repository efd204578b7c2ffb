"""Draws from the secret."""

import itertools

import pytest

from evenhand.randomization import RandomizationError
from evenhand.randomization.stream import RANGE, Purpose, Stream, framed

SECRET = bytes(range(32))


def stream(purpose=Purpose.BLOCK_SIZE, study="S", stratum="", index=0):
    return Stream(SECRET, purpose, study, stratum, index)


def test_a_frame_is_each_field_after_its_length():
    assert framed("ab", "é") == bytes([0, 0, 0, 0, 0, 0, 0, 2]) + b"ab" + bytes([0] * 7 + [2]) + b"\xc3\xa9"


def test_fields_that_run_together_alike_are_framed_apart():
    lists = [("a", "bc"), ("ab", "c"), ("abc",), ("abc", ""), ("", "abc"), ("a", "b", "c")]
    assert len({framed(*fields) for fields in lists}) == len(lists)


def test_each_of_purpose_study_stratum_and_index_changes_the_draws():
    streams = [
        stream(),
        stream(purpose=Purpose.BLOCK_ORDER),
        stream(study="T"),
        stream(stratum="x"),
        stream(index=1),
        Stream(bytes(32), Purpose.BLOCK_SIZE, "S", "", 0),
    ]
    assert len({one.below(RANGE) for one in streams}) == len(streams)


def test_the_same_stream_gives_the_same_draws_and_goes_on():
    one, other = stream(), stream()
    draws = [one.below(RANGE) for _ in range(5)]
    assert draws == [other.below(RANGE) for _ in range(5)]
    assert len(set(draws)) == 5


@pytest.mark.parametrize("bound", [1, 2, 3, 60, 2**64 + 1, RANGE])
def test_a_draw_lies_below_its_bound(bound):
    assert all(0 <= stream(index=index).below(bound) < bound for index in range(50))


def test_a_digest_that_would_bias_the_draw_is_rejected():
    # Of 2^256 digests only the lowest 2^255 + 1 are kept: about half of all draws need a second digest.
    bound = 2**255 + 1
    rejected = 0
    for index in range(100):
        raw = stream(index=index)
        first_kept = next(x for x in (raw.below(RANGE) for _ in itertools.count()) if x < bound)
        assert stream(index=index).below(bound) == first_kept
        rejected += stream(index=index).below(RANGE) >= bound
    assert 25 <= rejected <= 75


def test_a_choice_follows_its_weights():
    chosen = [stream(index=index).choice((1, 0, 3)) for index in range(400)]
    assert 1 not in chosen
    assert 250 <= chosen.count(2) <= 350  # 300 expected, standard error 8.7


def test_a_shuffle_keeps_the_items():
    assert sorted(stream().shuffled("aabbbc")) == list("aabbbc")
    assert stream().shuffled(()) == ()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stream().below(0), "cannot draw below 0"),
        (lambda: stream().below(RANGE + 1), "between 1 and 2"),
        (lambda: stream().choice((0, 0)), "cannot draw below 0"),
        (lambda: stream().choice(()), "cannot draw below 0"),
        (lambda: stream().choice((2, -1)), "negative member"),
        (lambda: stream(study=""), "study id is empty"),
        (lambda: stream(index=-1), "index -1 is negative"),
        (lambda: Stream(bytes(16), Purpose.BLOCK_SIZE, "S", "", 0), "16 bytes"),
    ],
)
def test_a_draw_that_makes_no_sense_is_refused(call, message):
    with pytest.raises(RandomizationError, match=message):
        call()


def test_a_stream_does_not_show_its_secret():
    assert SECRET.hex() not in repr(stream())
    assert repr(SECRET)[2:20] not in repr(stream())
