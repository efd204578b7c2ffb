"""An electronic signature: whoever signs proves at that moment who they are.

Sources: 21 CFR 11.200(a)(1), two distinct components, here user name and password, and with every signing both of
them; 11.50, the printed name of the signer, date and time, and the meaning of the signature; 11.70, signatures are
linked to their records: the record binds name, time and meaning to the hash of what was signed. ICH E6(R3) 4.2.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from django import forms
from django.http import HttpRequest

from evenhand.web.forms import Guarded
from evenhand.web.lockout import Proof, prove
from evenhand.web.store import Signing

ENDED: Final = "Your session had ended, so nothing was recorded. Sign in and repeat it."
WRONG: Final = "The password is not the one of this user name. Nothing was recorded."
LOCKED: Final = (
    "After too many wrong passwords this account is locked from here for 15 minutes. Nothing was recorded. "
    "Wait and repeat it, or ask an administrator for a new password."
)
CHANGED: Final = (
    "What is signed here reads otherwise than when you opened this page. Nothing was recorded. "
    "Read it as it is now, and sign again."
)


class _AsShown(forms.CharField):
    """Hidden: which words were shown. A page that is shown again carries the words that it shows then."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What the page carries, never what was sent."""
        return initial


class SignatureForm(Guarded):
    """Asks for user name and password again; once it is valid, ``signing`` is what ``store.perform`` takes.

    ``meaning`` says what the signature stands for, in words that are shown above it and recorded with it (11.50(a)(3)).
    A page that showed other words, since the protocol was amended meanwhile, signs nothing (11.70): ``meant`` is the
    digest of the words that stood on it.
    Neither field is ever filled in by the server. Wrong passwords count as at sign-in, and lock as there (11.300(d)).
    """

    meant = _AsShown(widget=forms.HiddenInput({"id": False}), required=False, max_length=64)
    user_name = forms.CharField(
        label="User name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="Password",
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, meaning: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request
        self.meaning = meaning
        self.initial["meant"] = hashlib.sha256(meaning.encode()).hexdigest()

    @property
    def signer(self) -> str:
        """The printed name of whoever is signed in, with the user name (11.50(a)(1))."""
        user = self._request.user
        return f"{getattr(user, 'printed_name', '')} ({user.get_username()})"

    @property
    def signing(self) -> Signing:
        """The signature; only after the form was found valid."""
        if not self.is_bound or not self.is_valid():
            raise ValueError("there is no signature: the form is not valid")
        return Signing(self.signer, self.meaning)

    def clean(self) -> dict[str, Any]:
        """Check that it is whoever is signed in, then the password; in this order only one's own is counted."""
        given = super().clean() or self.cleaned_data
        if not self._request.user.is_authenticated:
            raise forms.ValidationError(ENDED)
        if self.errors:
            return given
        if given.get("meant") not in (None, "", self.initial["meant"]):
            raise forms.ValidationError(CHANGED)
        if given["user_name"] != self._request.user.get_username():
            self.add_error("user_name", self._somebody_else())
            return given
        proof = prove(self._request, given["user_name"], given["password"])
        if proof is Proof.LOCKED:
            raise forms.ValidationError(LOCKED)
        if proof is Proof.WRONG:
            self.add_error("password", WRONG)
        return given

    def _somebody_else(self) -> str:
        """A signature is its owner's alone (11.100(a), 11.200(a)(2))."""
        mine = self._request.user.get_username()
        return f"You are signed in as {mine}, so only {mine} can sign here. Nothing was recorded."
