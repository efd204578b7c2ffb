"""Amendments: which version holds where and for whom, what is refused, who is asked anew, and that it all replays."""

from datetime import date, timedelta

import pytest

from evenhand import steps
from evenhand.enrollment import newest_adopted, protocol_at, protocol_then, reconsent_list, require_running
from evenhand.protocol import StudyError, Versions, load_protocol, load_versions
from evenhand.record import Event, append, dump
from evenhand.refusal import Refusal
from evenhand.replay import verify_record
from evenhand.worklist import worklist
from tests.amended import ADMINISTRATOR, SECRET, START, Amended, add_version, amended_study, versions_in
from tests.studies_here import TINY, protocol_of


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    return versions_in(tmp_path_factory.mktemp("amended"))


@pytest.fixture
def trial(versions):
    return Amended(versions)


def refused(trial, step, *arguments, **given) -> Refusal:
    before = trial.history
    with pytest.raises(Refusal) as caught:
        step(*arguments, **given)
    assert trial.history is before, "a refused step records nothing"
    return caught.value


def verified(trial, **given):
    return verify_record(dump(trial.history.entries), trial.versions, secret=SECRET, **given)


# ---- a version is a folder, and stays what it was ----------------------------------------------


def test_a_version_keeps_its_digest_when_others_are_added(tmp_path):
    study = amended_study(tmp_path)
    for name in ("v1", "v2"):
        assert load_protocol(study, name).digest == load_protocol(TINY, name).digest


@pytest.mark.parametrize(
    "entries",
    [
        '  - id: v1\n    from: "2026-01-01"\n    note: First.\n    assumed: x\n',
        '  - {id: v1, from: "2026-01-01",\n     note: First., assumed: x}\n',
        '  - id: v1\n    from: "2026-01"\n    note: >\n      First,\n      folded.\n    assumed: x\n\n  # a remark\n',
    ],
)
@pytest.mark.parametrize("end", ["", "references:\n  R1: something\n"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_however_the_entry_is_written(tmp_path, entries, end, last):
    """One version alone has the digest of the file as it is; with a second one, the digest stays the same."""
    study = amended_study(tmp_path)
    sheet = study / "study.yaml"
    head = sheet.read_text("utf-8").split("versions:\n")[0]
    second = entries.replace("v1", "v2").replace("First", "Second")

    def digest(*parts):
        sheet.write_text("".join([head, "versions:\n", *parts, end]).rstrip("\n") + last, "utf-8")
        return load_protocol(study, "v1").digest

    assert digest(entries) == digest(entries, second)
    assert digest(entries) != digest(entries.replace("First", "Firstly"), second)


def test_versions_on_one_line_are_refused(tmp_path):
    study = amended_study(tmp_path)
    sheet = study / "study.yaml"
    head = sheet.read_text("utf-8").split("versions:\n")[0]
    both = ", ".join(f'{{id: {name}, from: "2026-01-01", note: N., assumed: x}}' for name in ("v1", "v2"))
    sheet.write_text(f"{head}versions: [{both}]\n", "utf-8")
    with pytest.raises(StudyError, match="lines of its own"):
        load_protocol(study)


def test_a_version_may_say_otherwise_what_all_share(tmp_path, versions):
    study = amended_study(tmp_path)
    (study / "v4/study.yaml").write_text(
        "short_title: Tiny\nclauses: {exclusion/1: Unable to sit., design/2: More.}\n", "utf-8"
    )
    amended, before = load_protocol(study, "v4"), versions.named("v4")
    assert (amended.short_title, amended.title) == ("Tiny", before.title)
    assert amended.clauses == {**before.clauses, "exclusion/1": "Unable to sit.", "design/2": "More."}
    assert amended.digest != before.digest
    assert load_protocol(study, "v3").digest == versions.named("v3").digest
    (study / "v4/study.yaml").write_text("clauses: {inclusion/2: null}\n", "utf-8")
    with pytest.raises(StudyError, match="inclusion/2"):
        load_protocol(study, "v4")
    (study / "v4/study.yaml").write_text("versions: []\n", "utf-8")
    with pytest.raises(StudyError, match=r"study.yaml:1:.*no key here"):
        load_protocol(study, "v4")


def test_all_versions_are_known_by_id_and_by_digest_in_their_order(versions):
    assert [one.version.id for one in versions] == ["v1", "v2", "v3", "v4"]
    assert versions.newest is versions.start is versions.named("v4")
    assert all(versions.of_digest(one.digest) is one for one in versions)
    assert versions.named("v9") is versions.of_digest("0" * 64) is versions.of_digest(None) is None
    assert versions.before(versions.named("v2")) is versions.named("v1")
    assert versions.before(versions.named("v1")) is None


def test_v10_comes_after_v9(tmp_path):
    study = amended_study(tmp_path)
    for number in (10, 9):
        add_version(study, f"v{number}", consent="2")
    assert [one.version.number for one in load_versions(study)] == [1, 2, 3, 4, 9, 10]


def test_a_draft_with_a_fault_does_not_stop_the_others(tmp_path):
    study = amended_study(tmp_path)
    (study / "v3/facts.yaml").write_text("facts: 1\n", "utf-8")
    known = load_versions(study, "v1")
    assert [one.version.id for one in known] == ["v1", "v2", "v4"]
    assert known.start.version.id == "v1"
    assert "facts.yaml:1" in known.faults["v3"][0]
    with pytest.raises(StudyError):
        load_versions(study, "v3")


ACCEPTS = """
version  consents that count for it
v1       1
v2       1
v3       2
v4       2 3
"""


@pytest.mark.parametrize("line", ACCEPTS.strip().splitlines()[1:])
def test_which_consents_count_for_which_version(versions, line):
    name, *counted = line.split()
    told = versions.named(name).enrollment
    assert [one for one in ("0.9", "1", "2", "3") if told.accepts("leaflet-a", one)] == counted
    assert not told.accepts("leaflet-b", counted[0])


# ---- which version a site and a person follow --------------------------------------------------


def test_activation_counts_as_adoption_at_its_sites(trial):
    assert {one.site: one.version for one in trial.history.state.adoptions} == {"ward": "v1", "annex": "v1"}
    assert not trial.history.state.amended
    assert trial.follows(trial.screened()) == "v1"


def test_each_site_adopts_on_its_own_day(trial, versions):
    here, there = trial.screened("ward"), trial.screened("annex")
    trial.later(3).adopt("ward", "v3")
    assert (trial.follows(here), trial.follows(there)) == ("v3", "v1")
    assert protocol_at(versions, trial.history, "ward").version.id == "v3"
    assert protocol_at(versions, trial.history, "annex").version.id == "v1"
    assert newest_adopted(versions, trial.history).version.id == "v3"
    trial.later(2).adopt("annex", "v2")
    assert (trial.follows(here), trial.follows(there)) == ("v3", "v2")


FOLLOWED = """
consented to   the site adopts   follows   after consent anew
1              v1 v2             v2        v2
1              v1 v3             v1        v3
1              v1 v2 v3          v2        v3
1              v1 v4             v1        v4
1              v1 v3 v4          v1        v4
none           v1 v3             v3        v3
0.9            v1 v3             v3        v3
2              v1 v3 v4          v4        v4
"""


@pytest.mark.parametrize("line", FOLLOWED.strip().splitlines()[1:])
def test_whom_an_amendment_moves_and_when(trial, line):
    given, *adopted, before, after = line.split()
    subject = trial.signed(trial.screened())
    if given not in ("none", "2"):
        trial.consented(subject, version=given)
    for version in adopted[1:]:
        trial.later(1).adopt("ward", version)
        if version == "v3" and given == "2":
            trial.consented(subject)
    assert trial.follows(subject) == before
    trial.consented(subject)
    assert trial.follows(subject) == after
    assert verified(trial).findings == ()


def test_withdrawn_consent_leaves_people_under_their_version(trial):
    subject = trial.randomized()
    trial.later(1).take(steps.withdraw_consent, subject=subject, reason=None)
    trial.adopt("ward", "v3")
    assert trial.follows(subject) == "v1"


def test_what_was_recorded_is_read_under_the_version_that_held_then(trial, versions):
    subject = trial.consented()
    (signed, consented) = [entry.seq for entry in trial.history.subject(subject).entries[1:]]
    trial.later(1).adopt("ward", "v2")
    trial.randomized(subject)
    made = trial.history.subject(subject).allocation.seq
    trial.later(1).adopt("ward", "v3")
    trial.consented(subject)
    last = trial.history.head.seq

    def then(seq):
        return protocol_then(versions, trial.history, subject, seq).version.id

    assert [then(seq) for seq in (signed, consented, made, last, last + 1)] == ["v1", "v1", "v2", "v2", "v3"]


def test_who_is_randomized_keeps_the_allocation(trial):
    subject = trial.randomized()
    allocation = trial.history.subject(subject).allocation
    trial.later(1).adopt("ward", "v3")
    assert trial.follows(subject) == "v1"
    trial.consented(subject)
    assert trial.follows(subject) == "v3"
    assert trial.history.subject(subject).allocation == allocation
    assert verified(trial).findings == ()


def test_a_criterion_is_judged_by_the_version_that_a_person_follows(trial, versions):
    early, late = trial.screened("annex", operated=16), trial.screened("ward", operated=16)
    trial.adopt("ward", "v2")
    for subject in (early, late):
        trial.consented(trial.signed(subject))
    assert "I2" in refused(trial, trial.registered, early).reason
    trial.registered(late)
    assert trial.history.subject(late).registration.body["protocol_version"] == "v2"


def test_a_site_opened_later_starts_with_the_newest_adopted_or_the_one_that_is_said(trial, versions):
    trial.later(1).adopt("annex", "v3")
    trial.opened("north")
    trial.opened("south", version="v1")
    assert trial.follows(trial.screened("north")) == "v3"
    assert trial.follows(trial.screened("south")) == "v1"
    assert "no site follows" in refused(trial, trial.opened, "west", version="v2").reason
    assert verified(trial).findings == ()


def test_one_protocol_alone_is_all_versions_of_itself(trial):
    alone = Amended(Versions.of(protocol_of(TINY)), "v2")
    subject = alone.randomized()
    assert alone.follows(subject) == "v2"
    assert verify_record(dump(alone.history.entries), protocol_of(TINY), secret=SECRET).findings == ()


# ---- what is refused ---------------------------------------------------------------------------


def test_there_is_no_way_back_and_no_adoption_twice(trial):
    trial.adopt("ward", "v2")
    assert "already" in refused(trial, trial.adopt, "ward", "v2").reason
    assert "no way back" in refused(trial, trial.adopt, "ward", "v1").reason


REFUSED = [
    ({"site": "west"}, "there is no site 'west'"),
    ({"version": "v9"}, "there is no version 'v9'"),
    ({"reason": " "}, "without a ground"),
    ({"on": START + timedelta(days=30)}, "lies in the future"),
    ({"on": date(2026, 5, 30)}, "valid from 2026-06-01"),
    ({"on": START - timedelta(days=1)}, f"adopted v1 on {START}"),
]


@pytest.mark.parametrize(("given", "said"), REFUSED, ids=lambda one: one if isinstance(one, str) else "")
def test_an_adoption_that_is_not_in_order_is_refused(trial, given, said):
    found = refused(trial, trial.adopt, **{"site": "ward", "version": "v2", **given})
    assert said in found.reason
    assert found.clause == "amendment"


CHANGES = [
    ("randomization", ("exercises: 2, leaflet: 1", "exercises: 1, leaflet: 1"), "changes the ratio"),
    ("randomization", ("probability: 0.8", "probability: 0.7"), "changes the method"),
    ("randomization", ("rule: operation.side == left", "rule: operation.side != right"), "changes the strata"),
    ("facts", ("  smoker: {kind: yes_no", "  smokes: {kind: yes_no"), "the fact smoker is gone"),
    ("facts", ("low: 0, high: 200", "low: 0, high: 100"), ""),
    ("facts", ('unit: "%"', "unit: cm"), "the fact volume has another unit: cm instead of %"),
    ("facts", ("{left: left, right: right}", "{left: left, right: right, both: both}"), ""),
    ("facts", ("metres: {kind: number, label: metres, low: 0, step: 1}", "metres: {kind: text, label: metres}"),
     "the fact walks.metres has another kind: text instead of number"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "change", "said"), CHANGES, ids=lambda one: one if isinstance(one, str) else "")
def test_what_an_amendment_may_not_change(tmp_path, file, change, said):
    study = amended_study(tmp_path)
    version = add_version(study, "v5", consent="3", **{file: change})
    if file == "facts" and "smokes" in change[1]:
        strata = version / "randomization.yaml"
        strata.write_text(strata.read_text("utf-8").replace("rule: smoker", "rule: smokes"), "utf-8")
        strata.write_text(strata.read_text("utf-8").replace("rule: not smoker", "rule: not smokes"), "utf-8")
    trial = Amended(load_versions(study))
    if not said:
        assert trial.adopt("ward", "v5")
    else:
        assert said in refused(trial, trial.adopt, "ward", "v5").reason


def test_a_version_that_cannot_be_loaded_is_not_adopted(tmp_path):
    study = amended_study(tmp_path)
    (study / "v3/facts.yaml").write_text("facts: 1\n", "utf-8")
    trial = Amended(load_versions(study))
    assert "cannot be loaded: facts.yaml:1" in refused(trial, trial.adopt, "ward", "v3").reason


def test_nobody_enters_under_a_version_that_the_site_replaced(trial):
    waiting, registered = trial.consented(), trial.registered()
    trial.later(1).adopt("ward", "v3")
    for step, subject in ((trial.registered, waiting), (trial.take, registered)):
        given = {"subject": subject, "secret": SECRET} if step == trial.take else {"subject": subject}
        found = refused(trial, step, *([steps.randomize] if step == trial.take else []), **given)
        assert found.clause == "amendment"
        assert "enrols under v3 since 2026-08-04" in found.reason
    trial.randomized(trial.consented(waiting))
    assert verified(trial).findings == ()


def test_steps_take_any_version_that_was_adopted_and_no_other(trial, versions):
    trial.adopt("ward", "v3")
    for name in ("v1", "v3"):
        require_running(versions.named(name), trial.history)
    with pytest.raises(Refusal, match="another text of protocol"):
        require_running(versions.named("v2"), trial.history)


def test_a_folder_that_is_missing_or_was_changed_after_adoption_is_said(trial, tmp_path):
    subject = trial.screened()
    trial.adopt("ward", "v3")
    study = amended_study(tmp_path)
    text = (study / "v3/facts.yaml").read_text("utf-8")
    (study / "v3/facts.yaml").write_text(text.replace("walking tests", "walks"), "utf-8")
    trial.versions = load_versions(study)
    with pytest.raises(StudyError, match="version v3 of tiny-lung, but no folder has its text as it was adopted"):
        trial.follows(subject)


# ---- who is asked anew -------------------------------------------------------------------------


def test_who_must_be_asked_anew_since_when_and_for_how_long(trial, versions):
    first, second = trial.randomized(), trial.consented()
    other, screened = trial.consented(site="annex"), trial.screened()
    assert reconsent_list(versions, trial.history, trial.today) == ()
    trial.later(4).adopt("ward", "v2")
    assert reconsent_list(versions, trial.history, trial.today) == ()
    trial.later(3).adopt("ward", "v3")
    trial.later(5).adopt("ward", "v4")
    trial.later(10)
    found = reconsent_list(versions, trial.history, trial.today)
    assert [(one.subject, one.randomized) for one in found] == [(first, True), (second, False)]
    assert {one.site for one in found} == {"ward"}
    assert {(one.follows.version.id, one.adopted.version.id, one.given.version) for one in found} == {("v2", "v4", "1")}
    assert {one.since for one in found} == {START + timedelta(days=7)}
    assert {one.waiting(trial.today) for one in found} == {15}
    assert found[0].participant and not found[1].participant
    trial.consented(first)
    assert [one.subject for one in reconsent_list(versions, trial.history, trial.today)] == [second]
    trial.take(steps.withdraw_consent, subject=second, reason=None)
    assert reconsent_list(versions, trial.history, trial.today) == ()
    assert other not in {one.subject for one in found} and screened not in {one.subject for one in found}


def test_an_outdated_paper_signed_after_the_adoption_counts_from_its_own_day(trial, versions):
    trial.adopt("ward", "v3")
    subject = trial.later(6).consented(version="1")
    (found,) = reconsent_list(versions, trial.history, trial.today)
    assert (found.subject, found.since, found.follows.version.id) == (subject, trial.today, "v1")


def test_a_paper_that_never_counted_has_to_be_given_anew_without_any_amendment(trial, versions):
    subject = trial.consented(version="0.9")
    (found,) = reconsent_list(versions, trial.history, trial.today)
    assert (found.subject, found.since, found.given.version) == (subject, trial.today, "0.9")


def test_those_who_left_are_not_asked(trial, versions):
    subject = trial.consented()
    trial.adopt("ward", "v3")
    assert reconsent_list(versions, trial.history, trial.today, asked=lambda known: known.subject != subject) == ()


# ---- the worklist ------------------------------------------------------------------------------


def test_the_worklist_asks_for_the_consent_that_the_site_needs_now(trial, versions):
    subject = trial.consented()
    days = {None: trial.today, "ward": trial.today, "annex": trial.today}

    def tasks():
        (row,) = worklist(versions, trial.history, days).rows
        return [(task.act, task.said) for task in row.tasks]

    assert tasks() == [("register", ())]
    trial.adopt("ward", "v3")
    assert tasks() == [("consent", ("given to leaflet-a 1; leaflet-a 2 is current",))]
    trial.consented(subject)
    assert tasks() == [("register", ())]


# ---- the record replays ------------------------------------------------------------------------


def forged(trial, kind, body, **rest):
    """Append an event that no step returned."""
    event = Event(kind, rest.pop("subject", None), rest.pop("on", trial.today), body, **rest)
    trial.history = trial.history.extend(append(trial.history, [event], by=ADMINISTRATOR, at=trial.at))


def test_a_record_across_versions_verifies_with_all_of_them_alone(trial, versions):
    trial.randomized()
    trial.later(1).adopt("ward", "v2")
    trial.randomized()
    assert verified(trial).findings == ()
    assert verified(trial).allocations == 2
    trial.versions = Versions.of(versions.named("v1"))
    with pytest.raises(StudyError, match="v2"):
        verified(trial)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"site": "west", "version": "v2"}, "there is no site 'west'"),
        ({"site": "ward", "version": "v1"}, "follows v1 already"),
        ({"site": "ward", "version": "v2", "digest": "0" * 64}, "digest is '000"),
    ],
)
def test_an_adoption_that_was_not_allowed_is_found(trial, versions, body, said):
    digest = versions.named(body["version"]).digest
    forged(trial, "version_adopted", {"digest": digest, **body}, reason="because")
    found = verified(trial).findings
    assert said in found[0].what


def test_a_site_opened_under_a_version_that_nobody_adopted_is_found(trial, versions):
    body = {"site": "west", "name": "W", "time_zone": "UTC", "version": "v2", "digest": versions.named("v2").digest}
    forged(trial, "site_opened", body)
    assert "no site had adopted 'v2' then" in verified(trial).findings[0].what


def test_a_registration_under_a_version_that_the_site_replaced_is_found(trial):
    subject = trial.consented()
    (event,) = steps.register(
        trial.versions.named("v1"), trial.history, subject=subject, on=trial.today, by=None, at=trial.at
    )
    trial.adopt("ward", "v3")
    forged(trial, "registered", dict(event.body), subject=subject)
    assert "enrols under v3" in verified(trial).findings[0].what
