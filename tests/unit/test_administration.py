"""Sites and roles, as the record keeps them: the delegation log."""

import pytest

from evenhand import steps
from evenhand.administration import (
    ROLES,
    SITE_ROLES,
    Grant,
    Site,
    erase_identity,
    grant_role,
    grants,
    open_site,
    revoke_role,
    site_of,
    sites,
)
from evenhand.record import Actor, append, dump
from evenhand.refusal import Refusal
from evenhand.replay import verify_record
from tests.eligible import BY, ON, PROTOCOL, SECRET, Trial, person

HEAD = Grant("ada", "administrator", None)
ADA = Actor("ada", "administrator")


class Office(Trial):
    """A trial whose steps are taken by somebody else than the coordinator."""

    def done(self, step, by=ADA, **given):
        self.at = self.at.replace(second=(self.at.second + 1) % 60, minute=(self.at.minute + 1) % 60)
        at = max(self.at, self.history.head.recorded_at) if self.history.head else self.at
        self.history = self.history.extend(
            append(self.history, step(PROTOCOL, self.history, on=ON_, by=by, at=at, **given), by=by, at=at)
        )
        return self


ON_ = ON.replace(month=6, day=20)


def opened(office=None, site="north", name="North Hospital", time_zone="Europe/Berlin"):
    return (office or Office()).done(open_site, site=site, name=name, time_zone=time_zone)


def staffed():
    return opened().done(grant_role, given=HEAD).done(grant_role, given=Grant("carl", "coordinator", "north"))


def findings(office):
    return [finding.what for finding in verify_record(dump(office.history.entries), PROTOCOL, secret=SECRET).findings]


def test_sites_are_known_by_code_name_and_time_zone():
    assert sites(opened().history) == (Site("north", "North Hospital", "Europe/Berlin"),)


def test_a_site_named_at_activation_has_its_code_for_a_name_and_counts_days_in_utc():
    trial = Trial()
    trial.take(steps.activate, secret=SECRET, sites=["north"], on=trial.at.date())
    assert sites(trial.history) == (Site("north", "north", "UTC"),)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"site": " "}, "needs a code and a name"),
        ({"name": ""}, "needs a code and a name"),
        ({"site": "north"}, "open already"),
        ({"time_zone": "Mars/Olympus"}, "no time zone"),
        ({"time_zone": "../../etc/passwd"}, "no time zone"),
        ({"time_zone": ""}, "no time zone"),
    ],
)
def test_a_site_that_cannot_be_is_refused(given, said):
    with pytest.raises(Refusal, match=said):
        opened(opened(), **{"site": "south", **given})


def test_roles_are_held_from_grant_to_revocation():
    office = staffed()
    carl = Grant("carl", "coordinator", "north")
    assert grants(office.history) == (HEAD, carl)
    office.done(revoke_role, given=carl, reason="left the site")
    assert grants(office.history) == (HEAD,)
    assert grants(office.done(grant_role, given=carl).history) == (HEAD, carl)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Grant("eve", "king", None), "no role"),
        *((Grant("eve", role, None), "acts at a site") for role in SITE_ROLES),
        (Grant("eve", "monitor", "moon"), "no site"),
        (Grant("carl", "coordinator", "north"), "already"),
    ],
)
def test_a_grant_that_cannot_be_is_refused(given, said):
    with pytest.raises(Refusal, match=said):
        staffed().done(grant_role, given=given)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_can_be_held_at_a_site(role):
    assert Grant("eve", role, "north") in grants(staffed().done(grant_role, given=Grant("eve", role, "north")).history)


@pytest.mark.parametrize(
    ("given", "reason", "said"),
    [
        (Grant("carl", "surgeon", "north"), "left", "does not hold"),
        (HEAD, "left", "only administrator"),
        (Grant("carl", "coordinator", "north"), " ", "without a reason"),
    ],
)
def test_a_revocation_that_cannot_be_is_refused(given, reason, said):
    with pytest.raises(Refusal, match=said):
        staffed().done(revoke_role, given=given, reason=reason)


def test_one_of_two_administrators_may_go():
    office = staffed().done(grant_role, given=Grant("bea", "administrator", None))
    assert HEAD not in grants(office.done(revoke_role, given=HEAD, reason="retired").history)


def test_a_subject_belongs_to_the_site_that_recorded_it_first():
    trial = Trial().activated()
    trial.take(steps.screen, person=person(), on=trial.at.date())
    assert site_of(trial.history, "S0001-3") == BY.site
    assert site_of(trial.history, "S0009-9") is None


def test_the_name_of_nobody_is_not_erased():
    with pytest.raises(Refusal, match="not in the record"):
        staffed().done(erase_identity, subject="S0001-3", reason="asked")


def test_a_name_is_not_erased_without_a_reason():
    office = Office().activated()
    office.take(steps.screen, person=person(), on=office.at.date())
    with pytest.raises(Refusal, match="without a reason"):
        office.done(erase_identity, subject="S0001-3", reason=" ")


def test_nothing_is_administered_after_closure():
    office = staffed()
    office.done(steps.activate, secret=SECRET, sites=[]).done(steps.close, secret=SECRET)
    with pytest.raises(Refusal, match="closed"):
        opened(office, site="south")
    with pytest.raises(Refusal, match="closed"):
        office.done(grant_role, given=Grant("eve", "monitor", None))


def test_who_acts_without_holding_the_role_is_found():
    office = staffed().done(steps.activate, secret=SECRET, sites=[])
    assert findings(office) == []
    office.done(steps.screen, Actor("carl", "coordinator", "north"), person=person())
    assert findings(office) == []
    office.done(steps.screen, Actor("carl", "coordinator", "south"), person=person())
    office.done(steps.screen, Actor("eve", "coordinator", "north"), person=person())
    assert [what.split(": ")[1] for what in findings(office)] == [
        "carl did not hold the role coordinator at south then",
        "eve did not hold the role coordinator at north then",
    ]


def test_who_acts_after_losing_the_role_is_found():
    office = staffed().done(steps.activate, secret=SECRET, sites=[])
    office.done(revoke_role, given=Grant("carl", "coordinator", "north"), reason="left")
    office.done(steps.screen, Actor("carl", "coordinator", "north"), person=person())
    assert "did not hold" in findings(office)[0]
