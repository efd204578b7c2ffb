"""The HTTP API: who may, what comes back, what is refused and how, and what a request sent twice does."""

import json
from datetime import timedelta

import pytest
from django.db import OperationalError

from evenhand import administration, steps
from evenhand.administration import Grant
from evenhand.record import Actor
from evenhand.web import access, store
from evenhand.web.api import candidates as routes
from evenhand.web.models import User
from tests.web.api_help import BUNDLE, FACTS, FORM, HERE, PATIENTS, ROOT, System, problem_of, token
from tests.web.databases import together
from tests.web.trial_here import ADMINISTRATOR, COORDINATOR, NORTH, SOUTH, STUDY, today, trial, user

pytestmark = pytest.mark.usefixtures("database")


def staffed(stage="registered", **more):
    """A trial with accounts for its staff; gives the first subject."""
    (subject,) = trial(stage, **more)
    user(COORDINATOR.user, "coordinator", NORTH, password=None)
    return subject


def entries():
    """How many there are, tokens aside: each system of a test has one issued."""
    return sum(entry.kind != "token_issued" for entry in store.current(STUDY).entries)


# ---- who may ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", ["", "nonsense", "évenhand", "Basic YTpi"])
def test_without_a_valid_token_nothing_is_told(shown):
    subject = staffed()
    answer = System(shown).get(f"/candidates/{subject}")
    assert problem_of(answer, 401)["type"].endswith("unauthenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_token_that_expired_or_was_revoked_or_whose_user_is_gone_opens_nothing():
    subject = staffed()
    expired, revoked, gone = (System(label=word) for word in ("a", "b", "c"))
    soon = token(life=timedelta(microseconds=1))
    problem_of(System(soon).get(f"/candidates/{subject}"), 401)
    assert revoked.get(f"/candidates/{subject}").status_code == 200
    (digest,) = (one.digest for one in store.tokens_of(STUDY) if one.label == "b")
    store.revoke_token(STUDY, digest, by=ADMINISTRATOR, reason="replaced")
    problem_of(revoked.get(f"/candidates/{subject}"), 401)
    assert expired.get(f"/candidates/{subject}").status_code == 200
    access.set_active(COORDINATOR.user, False)
    problem_of(gone.get(f"/candidates/{subject}"), 401)


def test_a_token_acts_in_a_role_only_while_its_user_holds_it():
    subject = staffed()
    system = System()
    given = Grant(COORDINATOR.user, "coordinator", NORTH)
    store.perform(STUDY, administration.revoke_role, by=ADMINISTRATOR, given=given, reason="left the site")
    said = problem_of(system.get(f"/candidates/{subject}"), 403)
    assert "not held" in said["detail"]
    assert said["clause"] == "delegation"


SCOPED = [
    ("screen", "post", "/candidates", {"number": "1", "facts": FACTS}, 201),
    ("screen", "post", "/candidates/{}/facts", {"facts": FACTS}, 201),
    ("read", "get", "/candidates/{}", None, 200),
    ("read", "get", "/record", None, 200),
    ("register", "post", "/candidates/{}/register", None, 422),  # is registered already
    ("randomize", "post", "/candidates/{}/randomize", None, 201),
]


@pytest.mark.parametrize(("scope", "method", "address", "content", "status"), SCOPED)
def test_a_token_does_what_its_scopes_name_and_nothing_else(scope, method, address, content, status):
    address = address.format(staffed())
    others = [one for one in store.tokens.SCOPES if one != scope]

    def ask(system):
        return system.get(address) if method == "get" else system.post(address, content)

    before = entries()
    assert problem_of(ask(System(scopes=others)), 403)["clause"] == "scopes"
    assert entries() == before
    assert ask(System(scopes=[scope])).status_code == status


@pytest.mark.parametrize("role", [role for role in access.TABLE if role != "coordinator"])
def test_a_role_that_may_not_randomize_may_not_do_so_by_a_token(role):
    subject = staffed()
    user("somebody", role, NORTH, password=None)
    problem_of(System(user="somebody", role=role).post(f"/candidates/{subject}/randomize"), 403)
    assert store.current(STUDY).allocations == ()


@pytest.mark.parametrize(
    ("method", "tail"), [("get", ""), ("post", "/facts"), ("post", "/register"), ("post", "/randomize")]
)
def test_a_candidate_of_another_site_is_nobody(method, tail):
    subject = staffed()
    user(COORDINATOR.user, "coordinator", SOUTH, password=None)
    south = System(site=SOUTH)
    address = f"/candidates/{subject}{tail}"
    said = problem_of(south.get(address) if method == "get" else south.post(address, {"facts": FACTS}), 404)
    unknown = problem_of(south.get("/candidates/S9999-0"), 404)
    assert said["detail"].replace(subject, "X") == unknown["detail"].replace("S9999-0", "X")


def test_a_token_is_for_one_study():
    staffed()
    answer = System().client.get(f"{ROOT}/studies/another/record", headers=System().headers())
    problem_of(answer, 404)


# ---- candidates ------------------------------------------------------------------------------------------------


def test_a_form_makes_a_candidate_with_verdict_calendar_and_what_is_missing():
    staffed()
    before = entries()
    answer = System().candidate(name="Example, Ada")
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert entries() == before + 1
    entry = store.current(STUDY).head
    assert (said["entry"]["seq"], said["entry"]["hash"]) == (entry.seq, entry.hash)
    assert said["verdict"]["verdict"] == "undetermined"
    assert said["verdict"]["on"] == str(entry.effective)
    assert said["verdict"]["calendar"][0]["first"] is None
    assert {"missing", "needs attestation"} & {m["why"] for c in said["verdict"]["criteria"] for m in c["missing"]}
    assert entry.by == Actor(COORDINATOR.user, "coordinator", NORTH)
    assert entry.signature is None
    assert entry.reason == 'sent by the system "Chart system"'


def test_names_and_birth_dates_stay_out_of_the_record():
    staffed()
    subject = System().candidate(name="Example, Ada").json()["subject"]
    who = store.identity_of(STUDY, [subject])[subject].who
    assert (who.number, who.name, str(who.birth_date)) == ("4711", "Example, Ada", "1970-05-17")
    record = b"".join(store.lines(STUDY)).decode()
    assert "Ada" not in record
    assert "1970-05-17" not in record
    assert '"4711"' not in record


@pytest.mark.parametrize("path", PATIENTS, ids=lambda path: path.stem)
def test_an_mcode_bundle_makes_a_candidate_and_says_what_was_not_used(path):
    staffed()
    answer = System().post("/candidates", path.read_bytes(), kind=BUNDLE, **{"Person-Number": "b 1"})
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert said["verdict"]["subject"] == said["subject"]
    assert store.identity_of(STUDY, [said["subject"]])[said["subject"]].who.number == "b 1"


def test_facts_can_be_added_as_a_form_or_as_a_bundle():
    subject = staffed("screened")
    system = System()
    more = system.post(f"/candidates/{subject}/facts", {"facts": {"ecog": {"value": 3, "date": str(today())}}})
    assert more.status_code == 201, more.content
    assert more.json()["verdict"]["verdict"] == "ineligible"
    bundle = system.post(f"/candidates/{subject}/facts", PATIENTS[0].read_bytes(), kind=BUNDLE)
    assert bundle.status_code == 201, bundle.content
    assert len(store.current(STUDY).subject(subject).facts) == 3


def test_the_verdict_can_be_asked_for_another_day():
    subject = staffed()
    system = System()
    now = system.get(f"/candidates/{subject}").json()
    assert (now["verdict"], now["stage"], now["consents"], now["arm"]) == ("eligible", "registered", True, None)
    later = system.get(f"/candidates/{subject}", on=str(today() + timedelta(days=900))).json()
    assert (later["verdict"], later["consents"]) == ("ineligible", True)
    for day in ("0001-01-01", "9999-12-31"):
        assert system.get(f"/candidates/{subject}", on=day).status_code == 200


DUPLICATES = [
    ({"number": "4711"}, 409),
    ({"number": " 4711 "}, 409),
    ({"number": "4712", "name": "ADA  Éxample"}, 409),
    ({"number": "4712", "name": "Ada Example", "birth_date": "1970-05-18"}, 201),
    ({"number": "4712", "name": "Ada Other"}, 201),
]


@pytest.mark.parametrize(("second", "status"), DUPLICATES)
def test_the_same_person_twice_is_refused(second, status):
    staffed()
    system = System()
    first = system.candidate(name="Example Ada").json()["subject"]
    before = entries()
    answer = system.candidate(**second)
    assert answer.status_code == status, answer.content
    if status == 409:
        said = problem_of(answer, 409)
        assert (said["clause"], first in said["detail"]) == ("one candidate a person", True)
        assert entries() == before


# ---- register and randomize ------------------------------------------------------------------------------------


def test_register_then_randomize():
    subject = staffed("consented")
    system = System()
    registered = system.post(f"/candidates/{subject}/register")
    assert registered.status_code == 201, registered.content
    randomized = system.post(f"/candidates/{subject}/randomize")
    assert randomized.status_code == 201, randomized.content
    allocation = store.current(STUDY).subject(subject).allocation
    said = randomized.json()
    assert (said["arm"], said["levels"]) == (allocation.arm, allocation.levels)
    assert said["participant"] == registered.json()["participant"]
    entry = store.current(STUDY).entry(said["entry"]["seq"])
    assert (entry.signature, entry.reason) == (None, 'sent by the system "Chart system"')
    assert system.get(f"/candidates/{subject}").json()["arm"] == allocation.arm
    assert store.verified(STUDY).findings == ()


@pytest.mark.parametrize(("stage", "step", "clause"), [
    ("screened", "register", "consent"),
    ("attested", "register", "consent"),
    ("consented", "randomize", "registration"),
    ("registered", "register", "registration"),
])  # fmt: skip
def test_what_the_protocol_does_not_allow_is_refused_with_clause_and_mend(stage, step, clause):
    subject = staffed(stage)
    before = entries()
    said = problem_of(System().post(f"/candidates/{subject}/{step}"), 422)
    assert (said["type"], said["clause"]) == ("urn:evenhand:problem:refused", clause)
    assert entries() == before


def test_an_open_judgement_is_not_replaced_by_a_system():
    subject = staffed("screened")
    store.perform(STUDY, steps.consent, by=COORDINATOR, subject=subject)
    said = problem_of(System().post(f"/candidates/{subject}/register"), 422)
    assert "to be signed by" in said["detail"]


def test_steps_without_content_take_none():
    subject = staffed()
    problem_of(System().post(f"/candidates/{subject}/randomize", {"arm": "the better one"}), 400)
    assert System().post(f"/candidates/{subject}/randomize", {}).status_code == 201


# ---- the same request twice ------------------------------------------------------------------------------------


def everything(system, subject):
    """One request of each kind, as functions of the key."""
    bundle = PATIENTS[0].read_bytes()
    return {
        "form": lambda key: system.post("/candidates", {"number": "1", "facts": FACTS}, key=key),
        "bundle": lambda key: system.post("/candidates", bundle, kind=BUNDLE, key=key, **{"Person-Number": "2"}),
        "facts": lambda key: system.post(f"/candidates/{subject}/facts", {"facts": FACTS}, key=key),
        "register": lambda key: system.post(f"/candidates/{subject}/register", key=key),
        "randomize": lambda key: system.post(f"/candidates/{subject}/randomize", key=key),
    }


@pytest.mark.parametrize("kind", ["form", "bundle", "facts", "register", "randomize"])
def test_the_same_key_gives_the_same_answer_and_records_nothing_more(kind):
    subject = staffed("registered" if kind == "randomize" else "consented")
    system = System()
    ask = everything(system, subject)[kind]
    first = ask("one")
    assert first.status_code == 201, first.content
    assert "Idempotent-Replayed" not in first
    system.post(f"/candidates/{first.json()['subject']}/facts", {"facts": {"ecog": {"value": 4, "date": str(today())}}})
    before = entries()
    second = ask("one")
    assert (second.status_code, second["Idempotent-Replayed"]) == (201, "true")
    assert second.json() == first.json()
    assert entries() == before


@pytest.mark.parametrize("changed", [
    {"number": "9"}, {"name": "Somebody Else"}, {"birth_date": "1971-01-01"}, {"facts": {"ecog": 2}},
])  # fmt: skip
def test_a_key_stands_for_one_request(changed):
    staffed()
    system = System()
    given = {"number": "1", "name": "A", "facts": FACTS}
    assert system.post("/candidates", given, key="one").status_code == 201
    before = entries()
    said = problem_of(system.post("/candidates", {**given, **changed}, key="one"), 409)
    assert said["clause"] == "idempotency key"
    assert entries() == before


def test_two_systems_may_use_the_same_key():
    staffed()
    user("cora", "coordinator", NORTH, password=None)
    one, other = System(), System(user="cora")
    assert one.post("/candidates", {"number": "1", "facts": FACTS}, key="1").status_code == 201
    assert other.post("/candidates", {"number": "2", "facts": FACTS}, key="1").status_code == 201


def test_a_refused_request_may_be_repeated_under_its_key_once_it_is_mended():
    subject = staffed("attested")
    system = System()
    problem_of(system.post(f"/candidates/{subject}/register", key="one"), 422)
    store.perform(STUDY, steps.consent, by=COORDINATOR, subject=subject)
    assert system.post(f"/candidates/{subject}/register", key="one").status_code == 201


def test_a_renewed_token_finds_what_the_old_one_did():
    subject = staffed()
    first = System(label="old").post(f"/candidates/{subject}/randomize", key="one")
    second = System(label="new").post(f"/candidates/{subject}/randomize", key="one")
    assert (second.json(), second["Idempotent-Replayed"]) == (first.json(), "true")


def test_a_key_is_needed():
    subject = staffed()
    system = System()
    answer = system.client.post(f"{HERE}/candidates/{subject}/randomize", headers=system.headers())
    assert "Idempotency-Key" in problem_of(answer, 400)["detail"]


def test_requests_that_come_at_once_under_one_key_allocate_once(each_database):
    subject = staffed()
    system = System()
    answers = together([lambda: System(system.token).post(f"/candidates/{subject}/randomize", key="one")] * 6)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(store.current(STUDY).allocations) == 1


# ---- content that cannot be used -------------------------------------------------------------------------------

DEEP = b'{"number": "1", "facts": ' + b'{"ecog": ' * 40 + b"1" + b"}" * 41
BAD = [
    (b"", FORM, 415),  # the client sends no content type with nothing
    (b" ", FORM, 400),
    (b"{", FORM, 400),
    (b"\xff", FORM, 400),
    (b'{"number": "1", "number": "2", "facts": {"ecog": 1}}', FORM, 400),
    (b'{"number": "1", "facts": {"ecog": NaN}}', FORM, 400),
    (b'{"number": "1", "facts": {"ecog": "\\u0000"}}', FORM, 422),
    (b'{"number": "1", "facts": {"ecog": "\\ud800"}}', FORM, 400),
    (DEEP, FORM, 400),
    (b"[" * 200_000, FORM, 400),
    (b" " * (1024 * 1024 + 1), FORM, 413),
    (b"patient: anna", "application/yaml", 415),
    (b"{}", "text/plain", 415),
    (b"[]", FORM, 422),
    (b"null", FORM, 422),
    (b"{}", FORM, 422),
    (b'{"number": "1", "facts": {}}', FORM, 422),
    (b'{"number": " ", "facts": {"ecog": 1}}', FORM, 422),
    (b'{"number": 1, "facts": {"ecog": 1}}', FORM, 422),
    (b'{"number": "1\\n", "facts": {"ecog": 1}}', FORM, 422),
    (b'{"number": "1", "facts": {"ecog": 7}}', FORM, 422),
    (b'{"number": "1", "facts": {"ecog": 1e999}}', FORM, 422),
    (b'{"number": "1", "facts": {"no_such_fact": 1}}', FORM, 422),
    (b'{"number": "1", "facts": {"ecog": 1}, "patient": "anna"}', FORM, 422),
    (b'{"number": "1", "facts": {"ecog": 1}, "attestations": []}', FORM, 422),
    (b'{"number": "1", "facts": {"ecog": 1}, "birth_date": "1970-05"}', FORM, 422),
    (b'{"number": "1", "facts": {"ecog": 1}, "birth_date": 5}', FORM, 422),
    (b"nothing", BUNDLE, 400),
    (b"[" * 200_000, BUNDLE, 400),
    (b'{"resourceType": "Bundle", "entry": []}', BUNDLE, 422),
    (b'{"resourceType": "Bundle", "id": "\\u0000"}', BUNDLE, 422),
    (b"{}", BUNDLE, 422),
]


@pytest.mark.parametrize(("content", "kind", "status"), BAD, ids=range(len(BAD)))
def test_content_that_cannot_be_used_is_refused_as_a_whole(content, kind, status):
    staffed()
    before = entries()
    answer = System().post("/candidates", content, kind=kind, **{"Person-Number": "1"})
    problem_of(answer, status)
    assert entries() == before


def test_a_form_that_does_not_fit_says_where():
    staffed()
    said = problem_of(System().candidate(facts={"ecog": 7, "nothing": 1}), 422)
    assert {one["where"] for one in said["problems"]} == {"facts.ecog", "facts.nothing"}
    said = problem_of(System().post("/candidates", {"facts": {"ecog": 1}, "arm": "A"}), 422)
    assert {one["where"] for one in said["problems"]} == {"number", "arm"}


def test_a_bundle_about_several_people_or_without_a_number_is_refused():
    staffed()
    two = [json.loads(path.read_bytes()) for path in PATIENTS[:2]]
    both = {"resourceType": "Bundle", "entry": [one for bundle in two for one in bundle["entry"]]}
    said = problem_of(System().post("/candidates", both, kind=BUNDLE, **{"Person-Number": "1"}), 422)
    assert "one bundle a person" in said["problems"][-1]["what"]
    said = problem_of(System().post("/candidates", PATIENTS[0].read_bytes(), kind=BUNDLE), 422)
    assert [one["where"] for one in said["problems"]] == ["Person-Number"]


# ---- the record ------------------------------------------------------------------------------------------------


def test_the_record_of_the_own_site_comes_in_parts():
    trial("consented", count=3)
    user(COORDINATOR.user, "coordinator", NORTH, password=None)
    system = System()
    seen, since, parts = [], 0, 0
    while since is not None:
        part = system.get("/record", since=since, limit=7).json()
        seen += [one["seq"] for one in part["entries"]]
        since, parts = part["next"], parts + 1
    assert seen == [entry.seq for entry in store.current(STUDY).entries]
    assert parts == -(-len(seen) // 7)
    assert part["head"] == seen[-1]
    assert system.get("/record", since=2**53).json()["entries"] == []


def test_the_record_shows_no_candidate_of_another_site():
    subject = staffed(site=SOUTH)
    shown = System().get("/record", limit=500).json()["entries"]
    assert subject not in {one["subject"] for one in shown}
    assert {one["subject"] for one in shown} == {None}


def test_the_position_of_an_allocation_is_withheld_from_who_recruits():
    subject = staffed()
    System().post(f"/candidates/{subject}/randomize")
    seq = store.current(STUDY).subject(subject).entries[-1].seq
    (last,) = System().get("/record", since=seq - 1, limit=1).json()["entries"]
    assert (last["kind"], last["withheld"]) == ("randomized", ["position"])
    assert "position" not in last["body"]
    user("watch", "data_manager", None, password=None)
    (whole,) = System(user="watch", role="data_manager").get("/record", since=seq - 1, limit=1).json()["entries"]
    assert (whole["withheld"], whole["body"]["position"]) == ([], 0)


@pytest.mark.parametrize("query", [
    {"since": -1}, {"since": "x"}, {"limit": 0}, {"limit": 501}, {"since": 10**30},
])  # fmt: skip
def test_a_part_that_cannot_be_is_refused(query):
    staffed()
    problem_of(System().get("/record", **query), 400)


# ---- what goes wrong elsewhere ---------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/api/", "/api/v1/", "/api/v2/x", f"{HERE}/nothing", f"{HERE}/candidates/anna"])
def test_an_address_where_nothing_is_answers_like_all_others(address):
    staffed()
    problem_of(System().client.get(address, headers=System().headers()), 404)


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
@pytest.mark.parametrize("address", ["/openapi.json", f"{HERE.removeprefix(ROOT)}/record"])
def test_a_method_that_is_not_known_is_refused_with_those_that_are(method, address):
    answer = getattr(System("none").client, method)(ROOT + address)
    assert answer["Allow"].startswith("GET")
    assert answer.status_code == 405


def test_a_session_is_no_token():
    subject = staffed()
    client = System("none").client
    client.force_login(User.objects.get(username=COORDINATOR.user), "django.contrib.auth.backends.ModelBackend")
    problem_of(client.get(f"{HERE}/candidates/{subject}"), 401)


@pytest.mark.parametrize(("error", "status"), [(OperationalError("lost"), 503), (RuntimeError("secret inside"), 500)])
def test_a_fault_of_ours_tells_nothing_of_the_inside(error, status, monkeypatch, caplog):
    subject = staffed()

    def fails(*_, **__):
        raise error

    monkeypatch.setattr(routes.store, "perform", fails)
    answer = System().post(f"/candidates/{subject}/randomize")
    said = problem_of(answer, status)
    assert str(error) not in json.dumps(said)
    assert type(error).__name__ in caplog.text
    assert answer.get("Retry-After") == ("2" if status == 503 else None)


def test_a_halted_study_refuses_with_its_reason():
    subject = staffed()
    store.perform(STUDY, steps.halt_accrual, by=ADMINISTRATOR, reason="drug supply")
    said = problem_of(System().post(f"/candidates/{subject}/randomize"), 422)
    assert (said["clause"], "drug supply" in said["detail"]) == ("accrual", True)
