"""Accounts, and who may do what: one table from roles to actions, read by every page and by the HTTP API.

Least privilege: a role may do what stands in its row and nothing else; a role held at a site counts at that site alone.
Nobody but the statistician and the safety board sees what is counted by arm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int, int_to_base36

from evenhand.administration import Grant, grants
from evenhand.record import Actor, History
from evenhand.refusal import Refusal
from evenhand.web import lockout, models


class Action(StrEnum):
    """What somebody may or may not do. Actions about a candidate count at the candidate's site."""

    SEE_CANDIDATE = "see a candidate"
    SEE_NAME = "see a candidate's name"
    SEE_ARM = "see a participant's arm"
    ENTER_FACTS = "enter facts"
    ATTEST = "sign a judgement"
    RECORD_CONSENT = "record consent, its withdrawal, or that it was declined"
    REGISTER = "register a participant"
    RANDOMIZE = "randomize a participant"
    CORRECT = "correct an entry"
    CORRECT_NAME = "correct a candidate's name or number"
    ERASE_NAME = "erase a candidate's name"
    ENTER_FORMS = "fill in and correct forms"
    SIGN_FORMS = "sign forms"
    ANSWER_QUERY = "answer a query"
    ASK_QUERY = "open and close queries"
    VERIFY_SOURCE = "confirm entries against the source"
    LOCK = "lock and unlock entries"
    SEE_SAFETY = "see adverse events and their reports"
    SEE_QUALITY = "see queries and the quality of data"
    SEE_STUDY = "see the study"
    SEE_POOLED = "see what is counted after randomization, arms pooled"
    SEE_BY_ARM = "see what is counted by arm"
    HOLD_LOOK = "record a look or another meeting of the safety board"
    MAKE_FINAL = "record the final analysis"
    SEE_RECORD = "read the record"
    VERIFY = "verify the record"
    EXPORT = "export the record"
    SEE_ADMINISTRATION = "see sites, people and roles"
    ADMINISTER = "open sites, make accounts, grant and end roles"
    STEER = "activate or close the study, halt or resume accrual"


_CARE: Final = frozenset(
    {
        *(Action.SEE_CANDIDATE, Action.SEE_NAME, Action.SEE_ARM, Action.SEE_STUDY, Action.SEE_RECORD),
        *(Action.ENTER_FORMS, Action.ANSWER_QUERY, Action.SEE_SAFETY, Action.SEE_QUALITY),
    }
)
_SIGNER: Final = _CARE | {Action.ATTEST, Action.SIGN_FORMS}
_WATCH: Final = frozenset(
    {
        *(Action.SEE_CANDIDATE, Action.SEE_STUDY, Action.SEE_RECORD, Action.VERIFY),
        *(Action.SEE_SAFETY, Action.SEE_QUALITY, Action.SEE_POOLED),
    }
)

TABLE: Final[dict[str, frozenset[Action]]] = {
    "coordinator": _CARE
    | {Action.ENTER_FACTS, Action.RECORD_CONSENT, Action.REGISTER, Action.RANDOMIZE}
    | {Action.CORRECT, Action.CORRECT_NAME, Action.ERASE_NAME},
    "treating_clinician": _SIGNER | {Action.ENTER_FACTS, Action.RECORD_CONSENT},
    "pathologist": _SIGNER | {Action.ENTER_FACTS},
    "radiation_oncologist": _SIGNER,
    "surgeon": _SIGNER,
    "data_manager": _WATCH | {Action.SEE_ARM, Action.CORRECT, Action.EXPORT, Action.ASK_QUERY, Action.LOCK},
    # a monitor confirms entries against the person's own chart
    "monitor": _WATCH | {Action.SEE_NAME, Action.SEE_ARM, Action.ASK_QUERY, Action.VERIFY_SOURCE},
    "statistician": _WATCH | {Action.SEE_ARM, Action.SEE_BY_ARM, Action.MAKE_FINAL, Action.EXPORT},
    "safety_board": frozenset(
        {Action.SEE_STUDY, Action.SEE_POOLED, Action.SEE_BY_ARM, Action.SEE_SAFETY, Action.HOLD_LOOK}
    ),
    "administrator": frozenset(
        {Action.SEE_STUDY, Action.SEE_POOLED, Action.SEE_ADMINISTRATION, Action.ADMINISTER, Action.STEER}
    ),
    "inspector": _WATCH | {Action.SEE_NAME, Action.SEE_ARM, Action.EXPORT, Action.SEE_ADMINISTRATION},
}

_WHOLE_STUDY: Final = frozenset(
    {
        *(Action.SEE_POOLED, Action.SEE_BY_ARM, Action.HOLD_LOOK, Action.MAKE_FINAL, Action.VERIFY, Action.EXPORT),
        *(Action.SEE_ADMINISTRATION, Action.ADMINISTER, Action.STEER),
    }
)
"""Actions about the study as a whole: a role held at one site does not carry them."""


def held_by(history: History, user: str) -> tuple[Grant, ...]:
    """The roles that a user holds in a study."""
    return tuple(grant for grant in grants(history) if grant.user == user)


def roles_for(held: Iterable[Grant], action: Action, site: str | None) -> tuple[str, ...]:
    """The roles, of those held, in which an action may be done at a site (None: for the whole study)."""
    wide = action in _WHOLE_STUDY or site is None
    return tuple(
        dict.fromkeys(
            grant.role
            for grant in held
            if action in TABLE[grant.role] and (grant.site is None or (not wide and grant.site == site))
        )
    )


def may(held: Iterable[Grant], action: Action, site: str | None) -> bool:
    """Whether any role held allows an action at a site (None: for the whole study)."""
    return bool(roles_for(held, action, site))


def may_somewhere(held: Iterable[Grant], action: Action) -> bool:
    """Whether there is a site, or the whole study, where a role held allows an action: for what a menu offers."""
    return any(may([grant], action, grant.site) for grant in held)


def sites_for(held: Iterable[Grant], action: Action, sites: Iterable[str]) -> tuple[str, ...]:
    """Those of the sites at which a role held allows an action."""
    held = tuple(held)
    return tuple(site for site in sites if may(held, action, site))


def acting(held: Iterable[Grant], action: Action, site: str | None, roles: Iterable[str] | None = None) -> Actor | None:
    """Who acts: the user in the first role held that allows the action (and is one of ``roles``), at that site."""
    held = tuple(held)
    wanted = None if roles is None else set(roles)
    for role in roles_for(held, action, site):
        if wanted is None or role in wanted:
            return Actor(held[0].user, role, site)
    return None


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    username: str
    printed_name: str
    active: bool


def make_account(username: str, *, printed_name: str, password: str | None = None, demo: bool = False) -> None:
    """Make an account, which may do nothing until a study grants it a role. Raises Refusal for a name in use."""
    if models.User.objects.filter(username=username).exists():
        raise Refusal(f"the user name {username!r} is in use", "accounts", "Choose another one.")
    models.User.objects.create_user(username, password, printed_name=printed_name, demo=demo)


def accounts() -> list[Account]:
    """All accounts, by user name."""
    rows = models.User.objects.order_by("username").values_list("username", "printed_name", "is_active")
    return [Account(*row) for row in rows]


def account(username: str) -> Account | None:
    """One account, None where there is none."""
    return next((one for one in accounts() if one.username == username), None)


def set_active(username: str, active: bool) -> None:
    """Let an account sign in, or stop it from doing so; it is never deleted, since the record names it."""
    models.User.objects.filter(username=username).update(is_active=active)


# ---- links that work once ----------------------------------------------------------------------


class _Once(PasswordResetTokenGenerator):
    """Makes the keys of links; a key is spent by what it serves for, since that changes the user.

    It binds the password and the last sign-in, to the microsecond; the database need not know about it. It expires
    after PASSWORD_RESET_TIMEOUT.
    """

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.key_salt = f"evenhand {purpose}"

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        return repr((user.pk, user.password, user.last_login, user.is_active, timestamp))


_PASSWORD: Final = _Once("password")
_DEMO: Final = _Once("demonstration")


def make_password_link(username: str) -> str:
    """The path under which a user chooses a password, once; give it to nobody else. Raises Refusal for no such user.

    It ends by being used, by any sign-in of the user, and after three days.
    """
    return f"/account/first-password/{_key(username, _PASSWORD)}/"


def make_demo_link(username: str) -> str:
    """The path that signs a user of the demonstration in, once. Raises Refusal for any other user."""
    if not models.User.objects.filter(username=username, demo=True).exists():
        raise Refusal(f"{username!r} does not belong to the demonstration", "accounts", "Sign in with a password.")
    return f"/demo/{_key(username, _DEMO)}"


def user_of_password_link(key: str) -> models.User | None:
    """Who may choose a password by this key; None for a key that is spent, expired or none of ours."""
    return _user_of(key, _PASSWORD)


def enter_demo(key: str) -> models.User | None:
    """Spend the key of the demonstration; whom it signs in, or None. Of two at one moment, one gets in."""
    user = _user_of(key, _DEMO)
    if not settings.DEMO or user is None or not user.demo:
        return None
    same = models.User.objects.filter(pk=user.pk, last_login=user.last_login)
    return user if same.update(last_login=datetime.now(UTC)) else None


def demo_accounts() -> list[Account]:
    """The accounts of the demonstration that may sign in; none unless this is the demonstration."""
    if not settings.DEMO:
        return []
    rows = models.User.objects.filter(demo=True, is_active=True).order_by("pk")
    return [Account(row.username, row.printed_name, row.is_active) for row in rows]


def give_demo_password(password: str) -> None:
    """Let every account of the demonstration sign with this password: hashed once, since a hash is slow on purpose."""
    models.User.objects.filter(demo=True).update(password=make_password(password))


def _key(username: str, once: _Once) -> str:
    user = models.User.objects.filter(username=username).first()
    if user is None:
        raise Refusal(f"there is no user {username!r}", "accounts", "Make the account first.")
    return f"{int_to_base36(user.pk)}-{once.make_token(user)}"


def _user_of(key: str, once: _Once) -> models.User | None:
    number, _, token = key.partition("-")
    try:
        user = models.User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except ValueError:
        return None
    return user if user is not None and once.check_token(user, token) else None


# ---- passwords and second factors --------------------------------------------------------------


def set_password(user: AbstractBaseUser, password: str) -> None:
    """Give a user a new password: all sessions end, links are spent, and failures that were counted are forgotten."""
    user.set_password(password)
    user.save(update_fields=["password"])
    lockout.forgive(user.get_username())


def needs_second_factor(user: AbstractBaseUser) -> bool:
    """Whether a user must set up a second factor before anything else; in the demonstration its own users need none."""
    if not settings.SECOND_FACTOR or (settings.DEMO and getattr(user, "demo", False)):
        return False
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return not Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists()


def reset_second_factor(username: str) -> None:
    """For who lost it: the next sign-in sets up another one. Make sure who asks, and end it with a new password."""
    Authenticator.objects.filter(user__username=username).delete()
