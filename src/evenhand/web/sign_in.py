"""How allauth does the sign-in here: accounts are made by an administrator, and nothing goes by e-mail."""

from __future__ import annotations

import base64
import time
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from cryptography.fernet import Fernet
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from evenhand.web import lockout
from evenhand.web.deployment import derived_key

_REMEMBERED: Final = 120  # seconds; a code is good for 30 of them, and for one period before and after (RFC 6238, 5.2)


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up; addresses of clients are told as for the lockout."""

    error_messages = {  # noqa: RUF012 - as allauth has it
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "This user name and this password do not go together.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your present password.",
        "too_many_login_attempts": "Too many wrong attempts. Wait a quarter of an hour and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits of rate count by; all without one share theirs."""
        return lockout.client_address(request) or "0.0.0.0"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own account."""
        return reverse("account")

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Changes of the second factor ask for the password again, unless it was given at a sign-in just now."""
        began: int = context.request.session.get("began", 0)
        return time.time() - began >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of authenticators are kept encrypted: who holds the database alone can make no code."""

    error_messages = {  # noqa: RUF012 - as allauth has it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right, or was used already. Wait for the next one.",
        "cannot_delete_authenticator": "This is your only second factor. Set up another one first.",
    }

    def encrypt(self, text: str) -> str:
        """As it is kept in the database."""
        return _box().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """As it is used. Raises cryptography's InvalidToken under another key than it was encrypted with."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """A user always keeps one; whoever lost it asks an administrator."""
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        others = Authenticator.objects.filter(user=authenticator.user, type__in=kinds).exclude(pk=authenticator.pk)
        return bool(others.exists())

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """What a new passkey is called until its owner calls it something."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(settings.KEY, "second factor")))


class _Plain(forms.Form):
    """Labels stand above the fields; a placeholder that repeats them would vanish at the first letter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        if "code" in self.fields:
            self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "spellcheck": "false"}


class SignIn(_Plain, LoginForm):  # type: ignore[misc]  # allauth has no types
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "User name"
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class ChangePassword(_Plain, ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """The present password counts here as at sign-in: an open session is not a place to guess it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": "Present password", "password1": "New password", "password2": "New password again"}
        for name, label in labels.items():
            self.fields[name].label = label

    def clean_oldpassword(self) -> str:
        """The present password. Raises ValidationError where it is wrong, or where too many were."""
        given: str = self.cleaned_data["oldpassword"]
        proof = lockout.prove(context.request, self.user.get_username(), given)
        if proof is not lockout.Proof.GIVEN:
            word = "enter_current_password" if proof is lockout.Proof.WRONG else "too_many_login_attempts"
            raise Accounts().validation_error(word)
        return given


class PasswordAgain(_Plain, PasswordAgainForm):  # type: ignore[misc]  # allauth has no types
    """The password, before the second factor is changed."""


class _Counted(_Plain):
    """Wrong codes are counted with wrong passwords, and no code is good twice, whichever worker is asked."""

    user: AbstractBaseUser
    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code. Raises ValidationError for a wrong one, or where too many were."""
        name = self.user.get_username()
        if lockout.is_locked(context.request, name):
            raise Accounts().validation_error("too_many_login_attempts")
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # of allauth's forms
            _use_up(self.authenticator.pk, code)
        except forms.ValidationError:
            lockout.count_failure(context.request, name)
            raise
        return code


@transaction.atomic
def _use_up(number: int, code: str) -> None:
    """Remember a code for as long as it would be good. Raises ValidationError where it was used before."""
    row = Authenticator.objects.select_for_update().get(pk=number)
    if row.type != Authenticator.Type.TOTP:  # recovery codes are crossed out by allauth
        return
    now = time.time()
    used = [[one, at] for one, at in row.data.get("used", []) if at > now - _REMEMBERED]
    if any(one == code for one, _ in used):
        raise SecondFactor().validation_error("incorrect_code")
    row.data["used"] = [*used, [code, now]]
    row.save(update_fields=["data"])


class Code(_Counted, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The code at sign-in."""


class CodeAgain(_Counted, ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The code, before the second factor is changed."""


class FirstCode(_Plain, ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The code that shows that the authenticator app was set up."""


class NewPasskey(_Plain, AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey, with a name by which its owner knows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Name of this passkey"
