"""The store on both engines: one writer, everything or nothing, and a record that the database itself protects."""

import secrets
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, connections

from evenhand import administration, steps
from evenhand.administration import Grant, TokenTerms
from evenhand.record import Actor, dump
from evenhand.refusal import Refusal
from evenhand.web import models, store
from evenhand.web.store import Seen, Signing, Who
from evenhand.web.store.cache import caught_up
from evenhand.web.store.queue import _LARGEST_LOT
from tests.eligible import PROTOCOL
from tests.web.databases import forget, together
from tests.web.store_help import empty_by_force, randomize, run, verified
from tests.web.trial_here import ADMINISTRATOR, COORDINATOR, NORTH, STUDY, Making, eligible_now, trial, user

pytestmark = pytest.mark.usefixtures("each_database")


def kinds():
    return [entry.kind for entry in store.current(STUDY).entries]


# ---- perform -----------------------------------------------------------------------------------


def test_a_step_is_recorded_and_read_by_whoever_asks_next():
    (subject,) = trial()
    done = randomize(subject)
    forget()
    assert store.current(STUDY).entries[-1] == done.entries[0]
    assert done.entries[0].body["arm"] in PROTOCOL.randomization.ratio
    assert verified().findings == ()


def test_what_is_exported_is_the_record_byte_for_byte():
    (subject,) = trial()
    done = randomize(subject)
    assert b"".join(store.lines(STUDY)) == dump(done.history.entries)


def test_a_refused_step_leaves_no_trace():
    (subject,) = trial("consented")
    before = kinds()
    with pytest.raises(Refusal, match="not registered"):
        randomize(subject, key="k")
    forget()
    assert kinds() == before
    assert not models.Request.objects.exists()


def test_a_step_is_dated_by_the_day_at_the_site_of_whoever_takes_it():
    making = Making(sites=(NORTH,))
    opened = {"site": "far", "name": "Far", "time_zone": "Pacific/Kiritimati"}
    making.take(administration.open_site, ADMINISTRATOR, on=making.at.date(), **opened)
    making.keep()
    far = store.perform(STUDY, steps.screen, by=Actor("f", "coordinator", "far"), person=eligible_now())
    recorded = far.entries[0].recorded_at
    assert far.entries[0].effective == (recorded + timedelta(hours=14)).date()


def test_the_clock_never_goes_back():
    making = Making()
    making.at += timedelta(hours=29, minutes=59, seconds=50)
    making.candidate("screened")
    last = making.history.head.recorded_at + timedelta(minutes=5)  # written by a machine whose clock is ahead
    making.at = last
    making.candidate("screened")
    making.keep()
    done = store.perform(STUDY, steps.screen, by=COORDINATOR, person=eligible_now())
    assert done.entries[0].recorded_at == making.history.head.recorded_at


def test_a_study_that_does_not_run_here_is_a_key_error():
    with pytest.raises(KeyError):
        store.perform("elsewhere", steps.screen, by=COORDINATOR, person=eligible_now())


# ---- keys: a request counts once ---------------------------------------------------------------


def test_a_repeated_request_gets_the_same_answer_and_records_nothing():
    (subject,) = trial()
    first = randomize(subject, key="k")
    forget()
    again = randomize(subject, key="k")
    assert again.repeated and not first.repeated
    assert again.entries == first.entries
    assert kinds().count("randomized") == 1


def test_a_screening_repeated_by_a_lost_answer_makes_no_second_candidate():
    trial(count=0)
    asked = {"by": COORDINATOR, "person": eligible_now(), "key": "screen-1"}
    first = store.perform(STUDY, steps.screen, **asked)
    again = store.perform(STUDY, steps.screen, **asked)
    assert first.entries == again.entries
    assert store.current(STUDY).subjects == ("S0001-3",)


def test_a_key_cannot_stand_for_another_request():
    one, other = trial(count=2)
    randomize(one, key="k")
    with pytest.raises(Refusal, match="another request"):
        randomize(other, key="k")
    assert kinds().count("randomized") == 1


def test_many_clicks_at_one_moment_allocate_once():
    (subject,) = trial()
    answers = together([lambda: randomize(subject, key="k")] * 8)
    assert [answer.entries for answer in answers] == [answers[0].entries] * 8
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * 7
    assert verified().allocations == 1


# ---- many at once ------------------------------------------------------------------------------


def test_people_randomized_at_one_moment_stand_as_if_one_after_the_other():
    subjects = trial(count=_LARGEST_LOT + 8)
    answers = together([lambda subject=subject: randomize(subject, key=subject) for subject in subjects])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    found = verified()
    assert (found.findings, found.allocations, found.arms) == ((), len(subjects), "derived again")


def test_one_refusal_among_many_does_not_touch_the_others():
    subjects = trial(count=6)
    jobs = [lambda subject=subject: randomize(subject) for subject in [*subjects, "S9999-0", subjects[0]]]
    answers = together(jobs)
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(refused) == 2
    assert verified().allocations == len(subjects)


def test_two_coordinators_on_one_candidate_allocate_once():
    (subject,) = trial()
    other = Actor(user("cora", "coordinator", NORTH), "coordinator", NORTH)
    seen = Seen(subject, store.current(STUDY).subject(subject).entries[-1].seq)
    one, two = together(
        [
            lambda: randomize(subject, key="one", seen=seen),
            lambda: store.perform(STUDY, steps.randomize, by=other, subject=subject, key="two", seen=seen),
        ]
    )
    (refused,) = [answer for answer in (one, two) if isinstance(answer, Refusal)]
    assert refused.clause == "stale form"
    assert "randomized the participant" in refused.reason
    assert verified().allocations == 1


def test_what_failed_in_the_lead_of_a_lot_is_told_to_all_of_it(monkeypatch):
    subjects = trial(count=3)

    def broken(*_):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr("evenhand.web.store.transaction.locked", broken)
    answers = together([lambda subject=subject: randomize(subject) for subject in subjects])
    assert [type(answer) for answer in answers] == [DatabaseError] * 3
    monkeypatch.undo()
    assert randomize(subjects[0]).entries


# ---- stale forms -------------------------------------------------------------------------------


def test_a_form_opened_before_somebody_else_wrote_is_refused():
    (subject,) = trial("attested")
    seen = Seen(subject, store.current(STUDY).subject(subject).entries[0].seq)
    with pytest.raises(Refusal) as refused:
        store.perform(STUDY, steps.consent, by=COORDINATOR, subject=subject, seen=seen)
    assert refused.value.clause == "stale form"
    assert "clin attested a judgement" in refused.value.reason


def test_what_happens_to_others_does_not_make_a_form_stale():
    one, other = trial("attested", count=2)
    seen = Seen(one, store.current(STUDY).subject(one).entries[-1].seq)
    store.perform(STUDY, steps.consent, by=COORDINATOR, subject=other)
    assert store.perform(STUDY, steps.consent, by=COORDINATOR, subject=one, seen=seen).entries


# ---- signatures --------------------------------------------------------------------------------


def test_a_signature_binds_name_time_meaning_and_what_was_signed():
    (subject,) = trial()
    done = randomize(subject, signing=Signing("Carl Example (carl)", "I ask for the randomization."))
    (entry,) = done.entries
    assert entry.signature.signer == "Carl Example (carl)"
    assert entry.signature.meaning == "I ask for the randomization."
    assert entry.signature.signed_at == entry.recorded_at
    assert verified().findings == ()


# ---- the secret --------------------------------------------------------------------------------


def test_activation_keeps_the_secret_sealed_and_publishes_its_commitment():
    store.add_study(STUDY)
    state = store.activate(STUDY, by=ADMINISTRATOR).history.state
    sealed = bytes(models.Study.objects.get().sealed_secret)
    assert len(state.commitment) == 64
    closed = store.close(STUDY, by=ADMINISTRATOR).history.state
    assert bytes.fromhex(closed.secret) not in sealed


def test_a_secret_is_drawn_once():
    store.add_study(STUDY)
    store.activate(STUDY, by=ADMINISTRATOR)
    sealed = bytes(models.Study.objects.get().sealed_secret)
    with pytest.raises(Refusal, match="activated already"):
        store.activate(STUDY, by=ADMINISTRATOR)
    assert bytes(models.Study.objects.get().sealed_secret) == sealed


def test_the_database_alone_allocates_nobody(settings_key):
    (subject,) = trial()
    settings_key(b"another deployment's key, of the right length")
    with pytest.raises(Refusal, match="cannot be opened"):
        randomize(subject)


@pytest.fixture
def settings_key(monkeypatch):
    from django.conf import settings  # noqa: PLC0415

    return lambda key: monkeypatch.setattr(settings, "KEY", key)


# ---- identity ----------------------------------------------------------------------------------

ADA = Who("H-1", "Ada Example", date(1970, 5, 17))


def enter(who, site=NORTH, **more):
    by = Actor("carl", "coordinator", site)
    also = store.identify(STUDY, site, who, **more)
    return store.perform(STUDY, steps.screen, by=by, person=eligible_now(), also=also).entries[0].subject


def test_a_name_stands_beside_the_record_and_never_in_it():
    trial(count=0)
    subject = enter(ADA)
    assert store.identity_of(STUDY, [subject])[subject].who == ADA
    assert b"Ada" not in b"".join(store.lines(STUDY))


@pytest.mark.parametrize(
    ("again", "site"),
    [
        (Who("H-1", "Somebody Else", date(1980, 1, 1)), NORTH),
        (Who("H-2", "ADA  example", date(1970, 5, 17)), NORTH),
        (Who("X-9", "Example, Ada", date(1970, 5, 17)), "south"),
        (Who("X-9", "Äda Example", date(1970, 5, 17)), "south"),
    ],
)
def test_the_same_person_is_not_entered_twice(again, site):
    trial(count=0)
    enter(ADA)
    with pytest.raises(Refusal) as refused:
        enter(again, site)
    assert refused.value.clause == "one candidate a person"
    assert store.current(STUDY).subjects == ("S0001-3",)
    assert models.Identity.objects.count() == 1


def test_namesakes_can_be_entered_when_somebody_confirms_it():
    trial(count=0)
    enter(ADA)
    namesake = enter(Who("H-2", "Ada Example", date(1970, 5, 17)), another_person=True)
    assert namesake == "S0002-1"


def test_numbers_of_other_sites_and_unknown_birth_dates_do_not_clash():
    trial(count=0)
    enter(Who("1", "Ada Example", None))
    enter(Who("2", "Ada Example", None))
    enter(Who("1", "Bo Example", None), "south")
    assert len(store.current(STUDY).subjects) == 3


def test_the_same_person_submitted_at_one_moment_is_entered_once():
    trial(count=0)
    answers = together([lambda: enter(ADA)] * 4)
    assert [type(answer) for answer in answers].count(Refusal) == 3
    assert store.current(STUDY).subjects == ("S0001-3",)


def test_an_erased_name_is_gone_and_the_record_says_so_and_why():
    trial(count=0)
    subject = enter(ADA)
    done = store.erase(STUDY, subject, reason="asked by the person", by=COORDINATOR)
    assert done.entries[0].kind == "identity_erased"
    assert store.identity_of(STUDY, [subject]) == {}
    with pytest.raises(Refusal, match="no name is kept"):
        store.erase(STUDY, subject, reason="again", by=COORDINATOR)
    assert kinds().count("identity_erased") == 1


# ---- what a process remembers ------------------------------------------------------------------


def test_a_process_catches_up_with_what_others_wrote():
    one, other = trial(count=2)
    behind = store.current(STUDY)
    from evenhand.web.store import cache  # noqa: PLC0415

    randomize(one)
    cache._KNOWN[STUDY] = behind  # as in a process that did not do this
    done = randomize(other)
    assert done.entries[0].seq == behind.head.seq + 2
    assert verified().allocations == 2


def test_a_database_that_was_restored_is_read_anew():
    one, other = trial(count=2)
    rows = list(models.Entry.objects.order_by("seq").values_list("study", "seq", "line"))
    randomize(one)
    store.current(STUDY)
    empty_by_force(rows)
    run("DELETE FROM web_request")
    randomize(other)  # now entry n is another one than this process knows
    assert [given.subject for given in store.current(STUDY).allocations] == [other]
    assert verified().findings == ()


def test_what_is_rolled_back_is_not_remembered(monkeypatch):
    (subject,) = trial()

    def broken(*_):
        raise DatabaseError("no commit")

    with monkeypatch.context() as patched:
        patched.setattr("evenhand.web.store.transaction._New.write", broken)
        with pytest.raises(DatabaseError):
            randomize(subject)
    assert store.current(STUDY).allocations == ()
    assert randomize(subject).entries


def test_a_long_record_is_read_in_parts(monkeypatch):
    trial(count=3)
    whole = store.current(STUDY)
    monkeypatch.setattr("evenhand.web.store.cache._AT_ONCE", 4)
    forget()
    with connection.cursor() as cursor:
        assert caught_up(cursor, STUDY) == whole


def test_equal_texts_of_entries_are_kept_once_and_say_the_same():
    trial(count=3)
    kept = store.current(STUDY)
    forget()
    read = store.current(STUDY)
    assert read == kept
    assert read.entries is not kept.entries
    one, other = (read.subject(name).facts[0].body["facts"][0] for name in read.subjects[:2])
    assert one["fact"] is other["fact"]
    assert one["source"]["path"] is other["source"]["path"]
    assert verified().findings == ()


# ---- taking over, tokens -----------------------------------------------------------------------


def test_a_record_is_taken_over_only_by_an_empty_study():
    trial()
    with pytest.raises(Refusal, match="has entries already"):
        Making().keep()


def issue(**more):
    given = {"label": "EHR", "role": "coordinator", "scopes": ["read"], "life": timedelta(days=1), "key": None} | more
    terms = TokenTerms(given["label"], Grant("carl", given["role"], NORTH), tuple(given["scopes"]), given["life"])
    return store.issue_token(STUDY, terms, by=ADMINISTRATOR, key=given["key"])


@pytest.fixture
def carl(each_database):
    trial()
    models.User.objects.create_user("carl", secrets.token_hex(8), printed_name="Carl Example")


@pytest.mark.usefixtures("carl")
def test_a_token_is_known_by_its_digest_alone_until_it_ends():
    token = issue()
    bearer = store.bearer_of(token)
    assert (bearer.actor, bearer.scopes) == (COORDINATOR, frozenset({"read"}))
    assert token not in str(list(models.Token.objects.values()))
    store.revoke_token(STUDY, bearer.digest, by=ADMINISTRATOR, reason="replaced")
    assert store.bearer_of(token) is None


@pytest.mark.usefixtures("carl")
def test_tokens_of_people_who_left_and_tokens_past_their_day_are_void():
    token = issue()
    models.User.objects.update(is_active=False)
    assert store.bearer_of(token) is None
    models.User.objects.update(is_active=True)
    models.Token.objects.update(expires="2020-01-01T00:00:00Z")
    assert store.bearer_of(token) is None
    assert store.bearer_of("evenhand_unknown") is None


@pytest.mark.usefixtures("carl")
@pytest.mark.parametrize(
    "wrong", [{"scopes": ["all"]}, {"scopes": []}, {"life": timedelta(days=400)}, {"role": "surgeon"}]
)
def test_tokens_with_unknown_scopes_long_lives_or_roles_not_held_are_refused(wrong):
    with pytest.raises(Refusal):
        issue(**wrong)
    assert store.tokens_of(STUDY) == []


def test_connections_of_threads_are_their_own():
    assert len({id(answer) for answer in together([lambda: connections["default"]] * 3)}) == 3
